import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openApiText } from '../api/openapi.js'
import { clientTypes } from '../scripts/gen/client-types.js'
import { catalog } from '../workflows/catalog.js'

test('the committed document is the one that the code gives; else run npm run gen', () => {
  expect(readFileSync('docs/openapi.json', 'utf8') === openApiText()).toBe(true)
})

test('the types of the client are those of the document; else run npm run gen', async () => {
  expect(readFileSync('cli/api/schema.ts', 'utf8') === (await clientTypes(openApiText()))).toBe(true)
})

test('every reference in the document leads somewhere, every job type is in it', () => {
  const text = openApiText()
  const document = JSON.parse(text) as { components: { schemas: Record<string, unknown> } }
  const names = new Set(Object.keys(document.components.schemas))
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) expect(names).toContain(name)
  for (const job_type of Object.keys(catalog)) expect(text).toContain(`"Order_${job_type}"`)
})

test('the linter of OpenAPI documents finds nothing, without asking anybody outside', () => {
  const lint = ['node_modules/@redocly/cli/bin/cli.js', 'lint', 'docs/openapi.json', '--format', 'json']
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const { stdout } = spawnSync(process.execPath, lint, { env, encoding: 'utf8' })
  const found = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { totals: object; problems: { message: string }[] }
  expect(found.problems.map(({ message }) => message)).toEqual([])
  expect(found.totals).toMatchObject({ errors: 0, warnings: 0 })
})

test('every operation tells its error answers, and every job type an order to copy', () => {
  const document = JSON.parse(openApiText()) as OpenApi
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      expect(Object.keys(responses), `${method} ${path}`).toEqual(
        expect.arrayContaining(['400', '401', '403', '405', '429', '500', '503', 'default']),
      )
    }
  }
  const order = document.paths['/api/v1/jobs']?.post?.requestBody?.content['application/json']
  expect(Object.keys(order?.examples ?? {}).sort()).toEqual(Object.keys(catalog).sort())
})

interface OpenApi {
  paths: Record<
    string,
    Record<string, { responses: object; requestBody?: { content: Record<string, { examples?: object }> } }>
  >
}

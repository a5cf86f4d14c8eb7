import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openApiText } from '../../api/openapi.js'
import { clientTypes } from '../../scripts/gen/client-types.js'
import { catalog } from '../../workflows/catalog.js'

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

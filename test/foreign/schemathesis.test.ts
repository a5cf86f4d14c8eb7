import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../scripts/embedded/run-command.js'
import { startSystem, type TestSystem } from '../helpers/system.js'
import { describeWith, pathOf } from './parts/part.js'
import { pythonTools } from './parts/python.js'

/**
 * The API judged by schemathesis with what its own document promises: requests made from the schemas, good and bad ones,
 * and every answer compared with the schema of its status, on a system that runs.
 */
const tools = await pythonTools()

/** Seed and number of examples per operation; the same requests each time. */
const SEED = 1
const EXAMPLES = 8

/** What is left out, with the reason. */
const LEFT_OUT = [
  // Streams without an end: schemathesis waits for the whole answer.
  ['--exclude-path-regex', '/events$'],
  // Would end the session that all requests use.
  ['--exclude-path', '/api/v1/sessions/current'],
  // schemathesis cannot make texts for the pattern "no control character" (`^\P{Cc}+$`).
  ['--exclude-path', '/api/v1/sessions'],
  // A schema cannot say everything: that an address is in a range, an If-Match is the newest, a cursor is one of ours.
  ['--exclude-checks', 'positive_data_acceptance'],
].flat()

describeWith([tools], 'schemathesis and the API', () => {
  let system: TestSystem
  let folder: string
  let token: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsm-schemathesis-'))
    system = await startSystem()
    const answer = await fetch(`${system.product.endpoints.api}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: await system.product.adminPassword() }),
    })
    token = ((await answer.json()) as { token: string }).token
  })
  afterAll(async () => {
    await system?.end()
    await rm(folder, { recursive: true, force: true })
  })

  test('no server error, and no answer that the document does not promise', { timeout: 300_000 }, async () => {
    const options = [
      ['--header', `Authorization: Bearer ${token}`],
      ['--phases', 'fuzzing'],
      ['--checks', 'all'],
      ['--max-examples', String(EXAMPLES)],
      ['--seed', String(SEED)],
      ['--workers', '2'],
      ['--request-timeout', '20'],
      ['--warnings', 'off'],
      ['--no-shrink', '--continue-on-failure'],
      LEFT_OUT,
    ].flat()
    const args = ['run', `${system.product.endpoints.api}/api/v1/openapi.json`, ...options]
    const run = await runCommand(join(pathOf(tools), 'bin', 'st'), args, { timeoutMs: 280_000, cwd: folder })
    expect(run.code, run.output).toBe(0)
    expect(run.output).toMatch(/No issues found|passed|generated/)
  })
})

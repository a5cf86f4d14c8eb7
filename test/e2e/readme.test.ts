import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECT_ROOT } from '../../scripts/embedded/project.js'
import { startSystem, type TestSystem } from '../helpers/system.js'

const HOSTS = 32
let system: TestSystem
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsm-readme-'))
  system = await startSystem({ env: { LAB_SITE: `small:${HOSTS}`, LAB_SPEED: '300' } })
}, 300_000)
afterAll(async () => {
  await system?.end()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

/** The blocks of shell commands below a heading of README.md. */
async function blocksBelow(heading: string): Promise<string[]> {
  const text = await readFile(join(PROJECT_ROOT, 'README.md'), 'utf8')
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
}

/** The same commands with this system's addresses, which are not those of a system that is alone on its machine. */
async function here(commands: string): Promise<string> {
  const { product, lab } = system
  const site = await lab.site()
  const second = (address = '') => address.split('.').slice(0, 2).join('.')
  return commands
    .replaceAll('http://127.0.0.1:8090', product.endpoints.lab ?? '')
    .replaceAll('http://127.0.0.1:8080', product.endpoints.api)
    .replaceAll('127.20.', `${second(site.idracs[0]?.address)}.`)
    .replaceAll('127.30.', `${second(site.vcenters[0]?.address)}.`)
    .replaceAll('.data/', `${product.dataDir}/`)
    .replaceAll('npx dsm', `node ${join(PROJECT_ROOT, 'cli/dsm.js')}`)
}

test('README leads from an empty database to the plan of a 32-host cluster in at most eight commands', async () => {
  const [known = '', commands = ''] = await blocksBelow('From an empty database to a plan')
  expect(commands.match(/^npx dsm /gm)?.length).toBeLessThanOrEqual(8)
  const script = join(folder, 'readme.sh')
  await writeFile(script, `set -euo pipefail\n${await here(known)}\n${await here(commands)}`)
  const env = { ...process.env, XDG_CONFIG_HOME: folder, HOME: folder, DSM_TOKEN: undefined }
  const { stdout } = await promisify(execFile)('bash', [script], { cwd: folder, env, timeout: 240_000 }).catch(
    (failed: { stdout: string; stderr: string }) => {
      throw new Error(`${failed.stdout}\n${failed.stderr}`)
    },
  )
  const api = await system.signIn()
  const [plan] = await api.list<{ id: string; status: string; dry_run: boolean; job_type: string }>(
    '/jobs?job_type=rolling_update',
  )
  expect(plan).toMatchObject({ status: 'completed', dry_run: true })
  const { result } = await api.send<{ result: { plan: { would_start: boolean; blockers: unknown[] } } }>(
    'GET',
    `/jobs/${plan?.id}`,
  )
  expect(result.plan).toMatchObject({ would_start: true, blockers: [] })
  for (const host of (await system.lab.site()).vcenters[0]?.clusters[0]?.hosts ?? [])
    expect(stdout).toContain(host.name)
  expect(await system.lab.mutationsSince(0)).toBe(0)
})

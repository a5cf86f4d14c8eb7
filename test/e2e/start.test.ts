import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identify } from '../../scripts/embedded/process-identity.js'
import { waitUntil } from '../../scripts/embedded/wait-until.js'
import { ROOT } from '../helpers/source-files.js'
import { startSystem, type TestSystem } from '../helpers/system.js'

const NAMES = ['start', 'postgres', 'temporal', 'worker', 'api', 'lab'] as const
const STOP_LIMIT_MS = 20_000

let system: TestSystem
const ready = async () => (await fetch(`${system.product.endpoints.api}/readyz`).catch(() => undefined))?.status === 200

beforeAll(async () => {
  system = await startSystem()
}, 300_000)
afterAll(async () => {
  await system?.end()
}, 60_000)

/** Another supervisor with these variables, to its end. */
function runStart(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        output += text.toString()
      })
    }
    child.once('exit', (code) => resolve({ code, output }))
  })
}

describe('npm start', () => {
  test('is READY with a pid file per process and endpoints without a password', async () => {
    for (const name of NAMES) expect(await system.product.pid(name), name).toBeGreaterThan(1)
    const { endpoints } = system.product
    expect(Object.keys(endpoints).sort()).toEqual([
      'api',
      'database',
      'lab',
      'media',
      'metrics',
      'temporal',
      'temporal_ui',
    ])
    expect(endpoints.temporal).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(endpoints.database).not.toMatch(/:[^/@]+@/)
    expect(await ready()).toBe(true)
  })

  test('its first line says that the site is simulated, and its last begins with READY', async () => {
    const lines = (await readFile(system.product.logFile, 'utf8')).trim().split('\n')
    expect(lines[0]).toContain('simulated site')
    expect(lines.findIndex((line) => line.startsWith('READY '))).toBeGreaterThan(0)
  })

  test('the console tells the first password once, before READY', async () => {
    const password = (await readFile(join(system.product.dataDir, 'initial-admin-password'), 'utf8')).trim()
    const lines = (await readFile(system.product.logFile, 'utf8')).split('\n')
    const told = lines.filter((line) => line.includes(password))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/^First start: sign in as admin with the password /)
  })

  test('a second start on the same folder refuses and names the running process', async () => {
    const pid = await system.product.pid('start')
    const second = await runStart({ DATA_DIR: system.product.dataDir, PORT: '0' })
    expect(second.code).toBe(1)
    expect(second.output).toContain(`process ${pid}`)
    expect(await system.product.pid('start')).toBe(pid)
  })

  test('a bad variable is one line with its name and an example', async () => {
    const bad = await runStart({ DATA_DIR: system.product.dataDir, PORT: 'eighty' })
    expect(bad.code).toBe(1)
    expect(bad.output.trim()).toMatch(/^PORT [^\n]+ Example: PORT=8080$/)
  })

  test('all metrics are gathered at one address', async () => {
    const text = await (await fetch(system.product.endpoints.metrics)).text()
    for (const name of ['api', 'worker', 'temporal']) expect(text).toContain(`dsm_scrape_up{process="${name}"} 1`)
  })

  test.each(['api', 'worker', 'temporal', 'postgres'] as const)(
    '%s comes back on its port after SIGKILL',
    async (name) => {
      const before = { ...system.product.endpoints }
      const pid = await system.kill(name)
      await system.back(name, pid)
      expect(await waitUntil(ready, 90_000, 100)).toBe(true)
      const after = JSON.parse(await readFile(join(system.product.dataDir, 'run', 'endpoints.json'), 'utf8'))
      expect(after).toEqual(before)
    },
  )

  test('after SIGKILL of everything the next start goes on, with the same lab', { timeout: 240_000 }, async () => {
    const lab = await system.product.pid('lab')
    const api = await system.signIn()
    await api.send('POST', '/credential-sets', {
      name: 'kept',
      credential_type: 'idrac',
      username: 'u',
      password: 'long-enough-1',
    })
    await system.killEverything()
    const { dataDir } = system.product
    system = await startSystem({ dataDir })
    expect(await system.product.pid('lab')).toBe(lab)
    const sets = await (await system.signIn()).list<{ name: string }>('/credential-sets')
    expect(sets.map(({ name }) => name)).toContain('kept')
  })

  test('SIGTERM stops everything within 20 s with exit code 0 and leaves no process and no pid file', async () => {
    const pids = await Promise.all(NAMES.map((name) => system.product.pid(name)))
    const since = Date.now()
    expect(await system.product.stop()).toBe(0)
    expect(Date.now() - since).toBeLessThan(STOP_LIMIT_MS)
    for (const pid of pids) expect(identify(pid ?? 0)).toBeUndefined()
    expect((await readdir(join(system.product.dataDir, 'run'))).filter((name) => name.endsWith('.pid'))).toEqual([])
  })
})

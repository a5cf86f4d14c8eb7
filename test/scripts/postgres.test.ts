import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WatchedProcess } from '../../scripts/embedded/child.js'
import { createConsole } from '../../scripts/embedded/console.js'
import { openRunNotes, prepareDataDirectory } from '../../scripts/embedded/data-directory.js'
import { createPortChooser } from '../../scripts/embedded/ports.js'
import { hasRealDevices, startPostgres } from '../../scripts/embedded/postgres.js'
import { checkReachable } from '../../scripts/embedded/postgres-account.js'
import { identify } from '../../scripts/embedded/process-identity.js'
import { waitUntil } from '../../scripts/embedded/wait-until.js'

let folder: string
const made: WatchedProcess[] = []
const deps = () => ({
  dataDir: folder,
  console: createConsole('json', 'error', () => {}),
  notes: openRunNotes(folder, { processes: {} }),
  created: (process: WatchedProcess) => void made.push(process),
  onHopeless: (name: string, reason: string) => {
    throw new Error(`${name}: ${reason}`)
  },
})

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsm-postgres-'))
  await prepareDataDirectory(folder)
})
afterAll(async () => {
  for (const process of made) await process.stop()
  await rm(folder, { recursive: true, force: true })
})

test('embedded PostgreSQL: first start, kill -9, adoption by a second supervisor, stop', {
  timeout: 60_000,
}, async () => {
  const first = await startPostgres(folder, createPortChooser(), deps())
  expect(await ask(first.databaseUrl, `select rolsuper from pg_roles where rolname = current_user`)).toEqual([
    { rolsuper: false },
  ])
  expect(await ask(first.databaseUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  await expect(ask(first.databaseUrl.replace(/:[^:@/]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({
    code: '28P01',
  })
  expect((await stat(join(folder, 'postgres-passwords.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(folder)).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700)
  expect(await hasRealDevices(first.databaseUrl)).toBe(false)
  await ask(first.databaseUrl, 'create table servers (ip_address text); ')
  await ask(first.databaseUrl, `insert into servers values ('127.20.0.1')`)
  expect(await hasRealDevices(first.databaseUrl)).toBe(false)
  await ask(first.databaseUrl, `insert into servers values ('10.1.2.3')`)
  expect(await hasRealDevices(first.databaseUrl)).toBe(true)

  // An open session becomes an orphaned backend for a moment when the postmaster is killed.
  const open = new pg.Client({ connectionString: first.databaseUrl })
  open.on('error', () => {})
  await open.connect()
  const pid = first.process.pid ?? 0
  process.kill(pid, 'SIGKILL')
  const back = await waitUntil(
    async () => first.process.pid !== pid && (await ask(first.databaseUrl, 'select 1')).length === 1,
    30_000,
  )
  expect(back).toBe(true)
  expect(await ask(first.databaseUrl, 'select count(*)::int as n from servers')).toEqual([{ n: 2 }])

  const second = await startPostgres(folder, createPortChooser(), deps())
  expect(second.adopted).toBe(true)
  expect(second.databaseUrl).toBe(first.databaseUrl)
  expect(second.process.pid).toBe(first.process.pid)
  const running = second.process.pid ?? 0
  await Promise.all([first.process.stop(), second.process.stop()])
  expect(identify(running)).toBeUndefined()
})

test('as another user Postgres needs passable folders, and the message names the one that is not', async () => {
  const closed = join(folder, 'closed')
  await mkdir(closed)
  await chmod(closed, 0o700)
  await expect(checkReachable({ uid: 1, gid: 1 }, join(closed, 'postgres'))).rejects.toThrow(`chmod o+x ${closed}`)
  await expect(checkReachable(undefined, join(closed, 'postgres'))).resolves.toBeUndefined()
})

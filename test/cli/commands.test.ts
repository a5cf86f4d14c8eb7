import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { upsertServer } from '../../db/stores/servers.js'
import { holdWorkerPresence } from '../../db/worker-presence.js'
import { type ApiClient, PASSWORD, startApi, type TestApi } from '../helpers/api.js'
import { type DsmClient, dsmClient } from '../helpers/dsm.js'
import { freePort, startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let admin: ApiClient
let dsm: DsmClient
const SERVERS = 205

beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  admin = await api.as('admin')
  dsm = dsmClient({ server: api.url, token: admin.token })
  for (let at = 0; at < SERVERS; at++) {
    const service_tag = `CLI${String(at).padStart(4, '0')}`
    await upsertServer(api.services.database.db, {
      service_tag,
      ip_address: `10.9.${Math.floor(at / 200)}.${(at % 200) + 1}`,
      hostname: at < 2 ? 'twin' : `host-${at}`,
      source: 'manual',
    })
  }
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

describe('exit codes', () => {
  test('0: a list holds every row, over all pages, as the API gives them', async () => {
    const { items } = await dsm.json(['servers', 'list'])
    expect(items).toHaveLength(SERVERS)
    expect(items[0]).toEqual((await admin.call('GET', `/servers/${items[0].id}`)).body)
    const table = await dsm.run(['servers', 'list', 'service_tag=CLI0003'])
    expect(table).toMatchObject({ code: 0, stdout: expect.stringMatching(/^SERVICE TAG .*\nCLI0003 .*host-3.*\n$/) })
  })

  test("1: the API's sentence, code and fields", async () => {
    const refused = await dsm.run(['jobs', 'create', 'power_action', '--details', '{"action":"off"}'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^dsm: Name at least one target\. \(EmptyTarget\)\n {2}\/target_scope: /)
    const json = await dsm.run(['jobs', 'create', 'power_action', '-d', 'action=off', '--json'])
    expect([json.code, JSON.parse(json.stderr)]).toMatchObject([1, { code: 'EmptyTarget', status: 422 }])
  })

  test.each([
    [['jobs', 'no-such-verb'], /unknown command/],
    [['servers', 'list', '--limit', 'many'], /no number/],
    [['jobs', 'create', 'health_check', '--target', 'CLI0001'], /kind=name/],
    [['jobs', 'create', 'health_check', '-d', '{broken'], /no JSON object/],
    [['servers', 'list', '--server', 'ftp://x'], /no URL/],
    [['login'], /--password-file/],
    [['groups', 'add', 'g', '--members-file', '/nowhere'], /file of members cannot be read/],
    [['servers', 'show', 'twin'], /name of 2 servers/],
  ])('2: %j', async (args, said) => {
    expect(await dsm.run(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(said) })
  })

  test('5: no token, a wrong one, and a role that is too low', async () => {
    const nobody = dsmClient({ server: api.url, token: null })
    expect(await nobody.run(['servers', 'list'])).toMatchObject({ code: 5, stderr: expect.stringContaining('Sign in') })
    expect((await nobody.run(['servers', 'list', '--token', 'dsm_wrong'])).code).toBe(5)
    const viewer = dsmClient({ server: api.url, token: (await api.as('viewer')).token })
    const refused = await viewer.run(['power', 'off', 'CLI0003'])
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('operator or admin') })
  })

  test('6: nothing answers', async () => {
    const away = dsmClient({ server: `http://127.0.0.1:${await freePort()}`, token: 'x' })
    expect(await away.run(['servers', 'list'])).toMatchObject({ code: 6, stderr: expect.stringContaining('reached') })
    expect((await away.run(['doctor'])).code).toBe(6)
  })
})

test('login keeps a token that only the user can read; logout ends it', async () => {
  const fresh = dsmClient({})
  const signedIn = await fresh.run(['login', api.url, '-u', 'operator', '--password-file', '-'], `${PASSWORD}\n`)
  expect(signedIn).toMatchObject({ code: 0, stdout: '' })
  const file = join(fresh.config_home, 'dsm', 'logins.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain(PASSWORD)
  expect(await fresh.json(['whoami'])).toMatchObject({ username: 'operator' })
  const { token } = JSON.parse(readFileSync(file, 'utf8')).by_server[api.url]
  expect((await fresh.run(['logout'])).code).toBe(0)
  expect(readFileSync(file, 'utf8')).not.toContain(token)
  expect((await dsm.run(['whoami', '--token', token])).code).toBe(5)
})

test('logout forgets a session that has ended already', async () => {
  const fresh = dsmClient({})
  await fresh.run(['login', api.url, '-u', 'operator', '--password-file', '-'], `${PASSWORD}\n`)
  const file = join(fresh.config_home, 'dsm', 'logins.json')
  const { token } = JSON.parse(readFileSync(file, 'utf8')).by_server[api.url]
  expect((await dsm.run(['logout', '--token', token])).code).toBe(0)
  expect(await fresh.run(['whoami'])).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('Sign in with: dsm login'),
  })
  expect((await fresh.run(['logout'])).code).toBe(0)
  expect(readFileSync(file, 'utf8')).not.toContain(token)
})

test('an order names targets by tag, group and query, leaves some out, and reads what its details mean', async () => {
  const group = await dsm.run(['groups', 'add', 'lab', '--member', 'CLI0005', '--member', '10.9.0.7'])
  expect(group).toMatchObject({ code: 0, stderr: '' })
  const args = ['jobs', 'create', 'health_check', '--target', 'server=cli0003', '-t', 'group=lab']
  const more = ['-t', 'servers=q=host-10', '--exclude', 'server=CLI0010', '-d', 'concurrency=7', '-d', 'note=42']
  const job = await dsm.json([...args, ...more, '-d', 'depth=components'])
  expect(job).toMatchObject({
    job_type: 'health_check',
    status: 'pending',
    details: { concurrency: 7, note: '42', depth: 'components' },
  })
  const names = job.targets.map((target: { name: string }) => target.name).join(' ')
  for (const tag of ['CLI0003', 'CLI0005', 'CLI0006', 'CLI0100']) expect(names).toContain(tag)
  expect(names).not.toContain('CLI0010')
  const file = join(dsm.config_home, 'details.json')
  writeFileSync(file, '{"depth":"summary"}')
  const quiet = await dsm.run(['health', 'CLI0004', '-d', `@${file}`, '--quiet'])
  expect(quiet).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^[0-9a-f-]{36}\n$/) })
})

test('labels are added and removed without touching others', async () => {
  await dsm.run(['servers', 'label', 'CLI0020', '--add', 'a', '--add', 'b'])
  const { items } = await dsm.json(['servers', 'label', 'CLI0020', '--add', 'c', '--remove', 'a'])
  expect(items[0].labels).toEqual(['b', 'c'])
})

test('a secret is never taken from the command line', async () => {
  const refused = await dsm.run(['settings', 'set', 'activity', 'bind_password=geheim'])
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('=@FILE') })
  const made = await dsm.run(
    ['credentials', 'add', 'one', '--type', 'idrac', '-u', 'root', '--range', '10.9.0.0/24=5', '--password-file', '-'],
    'geheim\n',
  )
  expect([made.code, made.stdout.includes('geheim')]).toEqual([0, false])
  const why = await dsm.json(['credentials', 'resolve', '10.9.0.4'])
  expect(why.choice.name).toBe('one')
})

test('a removal asks first, and does not guess the answer', async () => {
  expect(await dsm.run(['servers', 'remove', 'CLI0030'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--yes'),
  })
  expect((await dsm.run(['servers', 'remove', 'CLI0030', '--yes'])).code).toBe(0)
  expect((await dsm.run(['servers', 'show', 'CLI0030'])).code).toBe(1)
})

test('doctor fails for the product, not for its devices', async () => {
  const { database } = api.services
  await database.db.execute(`update servers set health_status = 'Critical' where service_tag = 'CLI0001'`)
  const ill = await dsm.run(['doctor'])
  expect(ill).toMatchObject({ code: 1, stdout: expect.stringMatching(/worker +error +no worker process is alive/) })
  const worker = await holdWorkerPresence(database.url, 'worker-1')
  const well = await dsm.json(['doctor'])
  expect(well.ok).toBe(true)
  expect(well.checks).toContainEqual(expect.objectContaining({ check: 'server health', outcome: 'warning' }))
  await worker.close()
})

test('settings, tokens and records can be read and changed', async () => {
  expect(await dsm.json(['settings', 'set', 'activity', 'job_retention_days=400'])).toMatchObject({
    job_retention_days: 400,
  })
  const token = await dsm.run(['tokens', 'create', 'ci', '--role', 'viewer', '--days', '3', '--quiet'])
  const as = dsmClient({ server: api.url, token: token.stdout.trim() })
  expect(await as.json(['whoami'])).toMatchObject({ role: 'viewer' })
  expect((await dsm.run(['tokens', 'revoke', 'ci'])).code).toBe(0)
  expect((await as.run(['whoami'])).code).toBe(5)
  const deeds = await dsm.json(['audit', 'list', 'action=token.revoke'])
  expect(deeds.items).toHaveLength(1)
})

test('the completion of both shells names every command', async () => {
  for (const shell of ['bash', 'zsh']) {
    const { code, stdout } = await dsm.run(['completion', shell])
    expect([code, stdout]).toEqual([0, expect.stringContaining("'jobs create') words='--details")])
  }
})

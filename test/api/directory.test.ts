/** Signing in at the company directory, and its settings: the real application, a real Postgres, the simulated directories. */
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../db/connect.js'
import { loginAttempts } from '../../db/schema/credentials.js'
import { idmAuthSessions } from '../../db/schema/identity.js'
import { profiles, sessions, userRoles } from '../../db/schema/people.js'
import { type ApiClient, PASSWORD, startApi, type TestApi } from '../helpers/api.js'
import { type DirectoryLab, type ShownDirectory, startDirectoryLab } from '../helpers/directory-lab.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
let api: TestApi
let lab: DirectoryLab
let admin: ApiClient

beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
  api = await startApi(database)
  lab = await startDirectoryLab(9)
  admin = await api.as('admin')
})
afterAll(async () => {
  await api.close()
  await lab.stop()
  await postgres.stop()
})
beforeEach(() => forgetAttempts())
afterEach(() => lab.calm())

const forgetAttempts = () => database.db.delete(loginAttempts)
const group = (directory: ShownDirectory, name: string): string => {
  const found = directory.users.flatMap((user) => user.groups).find((dn) => dn.toLowerCase().startsWith(`cn=${name},`))
  if (!found) throw new Error(`there is no group ${name}`)
  return found
}
const settingsOf = (directory: ShownDirectory, more: object = {}) => ({
  enabled: true,
  vendor: directory.vendor,
  servers: [new URL(directory.url).hostname],
  port: Number(new URL(directory.url).port),
  tls_mode: 'ldaps',
  base_dn: directory.base_dn,
  bind_dn: directory.bind_dn,
  bind_password: directory.bind_password,
  ca_pem: directory.ca_pem,
  group_mappings: [
    { group_dn: group(directory, 'dsm-operators').toUpperCase().replaceAll(',', ', '), role: 'operator' },
    { group_dn: group(directory, 'dsm-admins'), role: 'admin' },
    { group_dn: group(directory, 'dsm-viewers'), role: 'viewer' },
    { group_dn: group(directory, 'dsm-auditors'), role: 'auditor' },
  ],
  ...more,
})
const use = async (directory: ShownDirectory, more: object = {}) => {
  const answer = await admin.call('PATCH', '/settings/directory', settingsOf(directory, more))
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer
}
const signIn = async (username: string, password: string) => {
  const client = await api.as(null)
  const answer = await client.call('POST', '/sessions', { username, password })
  client.token = answer.body?.token ?? null
  return { client, ...answer }
}
const authSessions = () => database.db.select().from(idmAuthSessions)

describe('settings', () => {
  it('are read by admin and auditor, changed by an admin, with ETag; the password never comes back', async () => {
    const { body, headers } = await use(lab.freeipa)
    expect(body).toMatchObject({ vendor: 'freeipa', enabled: true, has_bind_password: true, tls_mode: 'ldaps' })
    expect(body.group_mappings).toHaveLength(4)
    expect(JSON.stringify(body)).not.toContain(lab.freeipa.bind_password)
    expect(JSON.stringify(body)).not.toContain('encrypted')
    const stale = await admin.call('PATCH', '/settings/directory', { nested_groups: true }, { 'if-match': '"0"' })
    expect(stale.status).toBe(412)
    const fresh = await admin.call(
      'PATCH',
      '/settings/directory',
      { nested_groups: true },
      { 'if-match': headers.get('etag') ?? '' },
    )
    expect(fresh.status).toBe(200)
    expect((await (await api.as('auditor')).call('GET', '/settings/directory')).status).toBe(200)
    for (const role of ['viewer', 'operator'] as const) {
      expect((await (await api.as(role)).call('GET', '/settings/directory')).status).toBe(403)
      expect((await (await api.as(role)).call('PATCH', '/settings/directory', { enabled: false })).status).toBe(403)
    }
    const audit = await database.pool.query("select after from audit_log where object_id = 'directory'")
    expect(JSON.stringify(audit.rows)).not.toContain(lab.freeipa.bind_password)
  })

  it('enabled ones are tested first; save_anyway keeps them all the same', async () => {
    await use(lab.freeipa)
    const wrong = await admin.call('PATCH', '/settings/directory', { bind_password: 'wrong' })
    expect([wrong.status, wrong.body.code, wrong.body.checks.at(-1).name]).toEqual([
      409,
      'DirectoryMisconfigured',
      'bind',
    ])
    const other = await admin.call('PATCH', '/settings/directory', { servers: ['127.60.0.250'] })
    expect([other.status, other.body.code]).toEqual([422, 'OptionConflict'])
    const { bind_password } = lab.freeipa
    const away = await admin.call('PATCH', '/settings/directory', { servers: ['127.60.0.250'], bind_password })
    expect([away.status, away.body.code]).toEqual([409, 'DirectoryUnavailable'])
    expect((await signIn('olivia.park', lab.passwordOf('freeipa', 'olivia.park'))).status).toBe(201)
    expect(
      (await admin.call('PATCH', '/settings/directory', { bind_password: 'wrong', save_anyway: true })).status,
    ).toBe(200)
    expect((await signIn('olivia.park', lab.passwordOf('freeipa', 'olivia.park'))).status).toBe(503)
  })

  it('unknown fields, a group mapped twice and an empty password are refused', async () => {
    const { group_dn } = settingsOf(lab.freeipa).group_mappings[0] ?? { group_dn: '' }
    for (const body of [
      { colour: 'blue' },
      { bind_password: '' },
      { user_filter: 'uid=*' },
      { group_mappings: [{ group_dn: 'admins', role: 'admin' }] },
      {
        group_mappings: [
          { group_dn, role: 'admin' },
          { group_dn: group_dn.toLowerCase(), role: 'viewer' },
        ],
      },
    ]) {
      expect((await admin.call('PATCH', '/settings/directory', body)).status, JSON.stringify(body)).toBe(400)
    }
  })
})

describe.each(['freeipa', 'active_directory'] as const)('signing in at %s', (vendor) => {
  beforeAll(async () => {
    await use(lab[vendor])
    await database.pool.query("delete from profiles where source = 'directory'")
  })
  const own = (username: string) => signIn(username, lab.passwordOf(vendor, username))

  it('gives the role of the mapped groups, nested ones too, and the highest of several', async () => {
    for (const [username, role] of [
      ['olivia.park', 'operator'],
      ['nina.torres', 'operator'],
      ['adam.stone', 'admin'],
      ['victor.blum', 'viewer'],
      ['aurora.quist', 'auditor'],
    ] as const) {
      const { status, body, client } = await own(username)
      expect([username, status, body.user?.role], JSON.stringify(body)).toEqual([username, 201, role])
      expect((await client.call('GET', '/sessions/current')).body).toMatchObject({ username, role })
    }
    const [olivia] = await database.db.select().from(profiles).where(eq(profiles.username, 'olivia.park'))
    expect(olivia).toMatchObject({
      source: 'directory',
      display_name: 'Olivia Park',
      email: expect.stringContaining('@'),
    })
    expect(olivia?.directory_id).toBeTruthy()
    expect(olivia?.dn?.toLowerCase()).toContain('park')
    const noted = (await authSessions()).filter((row) => row.user_id === olivia?.id)
    expect(noted.at(-1)).toMatchObject({ kind: 'login', outcome: 'ok', role: 'operator', username: 'olivia.park' })
    expect(noted.at(-1)?.session_id).toBeTruthy()
    expect(noted.at(-1)?.groups).toHaveLength(1)
    const users = (await admin.call('GET', '/users')).body.items
    expect(users.find((user: { username: string }) => user.username === 'olivia.park')).toMatchObject({
      source: 'directory',
      roles: ['operator'],
    })
  })

  it('without a mapped group: 403, and only for a right password', async () => {
    const { status, body } = await own('tim.ohne')
    expect([status, body.code]).toEqual([403, 'NoRoleMapped'])
    expect((await signIn('tim.ohne', 'wrong')).status).toBe(401)
    expect(await database.db.select().from(profiles).where(eq(profiles.username, 'tim.ohne'))).toHaveLength(0)
  })

  it('disabled, locked, expired, unknown and wrong all look the same', async () => {
    const answers = [
      await own('dora.winter'),
      await own('lars.klemm'),
      await own('elif.yilmaz'),
      await signIn('nobody.here', 'whatever'),
      await signIn('victor.blum', 'wrong'),
    ]
    for (const { status, body } of answers)
      expect([status, body.code, body.detail]).toEqual([401, 'InvalidCredentials', answers[0]?.body.detail])
  })

  it('signs of a filter find nobody and are never asked for; an empty password is 400', async () => {
    const before = lab.lab.ledger.last
    for (const name of [
      '*',
      'olivia*',
      'olivia.park)(uid=*',
      '(|(uid=*))',
      `${'x'.repeat(250)}`,
      'a\tb',
      'olivia.park\u0000',
    ]) {
      const { status } = await signIn(name, 'whatever password')
      expect([name, status]).toEqual([name, /\p{Cc}/u.test(name) ? 400 : 401])
      await forgetAttempts()
    }
    expect(lab.asked(/\*\)|x\\29/, before).filter((row) => /\(uid=\*|AccountName=\*/.test(row.path))).toEqual([])
    expect((await signIn('x'.repeat(300), 'whatever')).status).toBe(400)
    const bound = lab.lab.ledger.last
    expect((await signIn('olivia.park', '')).status).toBe(400)
    expect(lab.asked(/^bind/, bound)).toEqual([])
  })

  it('our lock comes before that of the directory: three wrong passwords, then nothing is sent', async () => {
    const before = lab.lab.ledger.last
    for (let i = 0; i < 8; i++) expect((await signIn('mia.lee', `wrong ${i}`)).status).toBe(401)
    expect((await own('mia.lee')).status).toBe(401)
    expect(lab.asked(/^bind .*(mia\.lee|Lee)/, before)).toHaveLength(3)
    expect(lab.lab.state.history.failed_logins['ipa-01']?.locked ?? 0).toBe(0)
    await forgetAttempts()
    expect((await own('mia.lee')).status).toBe(201)
  })

  it('other ways to write the same name are the same person to the limit', async () => {
    const upn = lab.state(vendor).entries.find((entry) => entry.attributes.sAMAccountName?.[0] === 'mia.lee')
    const names = ['mia.lee', 'MIA.LEE', 'mia.lee ', ...(upn?.attributes.userPrincipalName ?? [])]
    const before = lab.lab.ledger.last
    for (let i = 0; i < 9; i++) {
      expect((await signIn(names[i % names.length] ?? '', `wrong ${i}`)).status).toBe(401)
    }
    expect(lab.asked(/^bind .*(mia\.lee|Lee)/, before)).toHaveLength(3)
    for (const name of names) expect((await signIn(name, lab.passwordOf(vendor, 'mia.lee'))).status).toBe(401)
    expect(lab.asked(/^bind .*(mia\.lee|Lee)/, before)).toHaveLength(3)
  })

  it('many at once cannot pass the limit', async () => {
    const before = lab.lab.ledger.last
    await Promise.all(Array.from({ length: 12 }, (_, i) => signIn('mia.lee', `wrong ${i}`)))
    expect(lab.asked(/^bind .*(mia\.lee|Lee)/, before).length).toBeLessThanOrEqual(3)
  })

  it('one address cannot try everybody: at most ten wrong ones reach the directory', async () => {
    const before = lab.lab.ledger.last
    for (const { username } of lab[vendor].users.slice(0, 20)) await signIn(username, 'Winter2026!')
    const people = lab.asked(/^bind/, before).filter((row) => !/sysaccounts|svc-dsm/.test(row.path))
    expect(people.length).toBeLessThanOrEqual(10)
    expect((await signIn('admin', PASSWORD)).status).toBe(201)
  })

  it('a right password clears what was wrong before', async () => {
    for (let i = 0; i < 4; i++) {
      expect((await signIn('olivia.park', 'wrong')).status).toBe(401)
      expect((await signIn('olivia.park', 'wrong')).status).toBe(401)
      expect((await own('olivia.park')).status).toBe(201)
    }
  })
})

describe('what stands beside it', () => {
  beforeAll(() => use(lab.freeipa))
  const own = (username: string) => signIn(username, lab.passwordOf('freeipa', username))

  it('a change of groups shows at the next sign-in and ends the sessions of before', async () => {
    const first = await own('olivia.park')
    await admin.call('PATCH', '/settings/directory', {
      group_mappings: [{ group_dn: group(lab.freeipa, 'dsm-operators'), role: 'viewer' }],
    })
    const second = await own('olivia.park')
    expect(second.body.user.role).toBe('viewer')
    expect((await first.client.call('GET', '/sessions/current')).status).toBe(401)
    expect((await second.client.call('GET', '/sessions/current')).status).toBe(200)
    const { id } = second.body.user
    expect(await database.db.select().from(userRoles).where(eq(userRoles.user_id, id))).toMatchObject([
      { role: 'viewer', source: 'directory' },
    ])
    await use(lab.freeipa)
  })

  it('whom an admin disabled is not let in with the right password, and looks like any other refusal', async () => {
    const { body, client } = await own('olivia.park')
    const token = await api.as(null)
    token.token = (await client.call('POST', '/tokens', { name: 'ci' })).body.token
    const disable = (disabled: boolean) => admin.call('PATCH', `/users/${body.user.id}`, { disabled })
    expect((await disable(true)).status).toBe(200)
    const refused = await own('olivia.park')
    expect([refused.status, refused.body.code]).toEqual([401, 'InvalidCredentials'])
    expect((await signIn('olivia.park', 'wrong')).body.detail).toBe(refused.body.detail)
    expect((await admin.call('GET', `/users/${body.user.id}`)).body.disabled_how).toBe('admin')
    expect((await authSessions()).filter((row) => row.user_id === body.user.id).at(-1)?.outcome).toBe('AccountDisabled')
    expect((await disable(false)).status).toBe(200)
    expect((await client.call('GET', '/servers')).status).toBe(401)
    expect((await token.call('GET', '/servers')).status).toBe(401)
    expect((await own('olivia.park')).status).toBe(201)
  })

  it('roles given by hand stand beside those of the directory', async () => {
    const { body, client } = await own('olivia.park')
    await admin.call('PATCH', `/users/${body.user.id}`, { roles: ['auditor'] })
    expect((await client.call('GET', '/users')).status).toBe(401)
    const again = await own('olivia.park')
    expect(again.body.user).toMatchObject({ role: 'operator', roles: ['operator', 'auditor'] })
    expect((await again.client.call('GET', '/users')).status).toBe(200)
    await admin.call('PATCH', `/users/${body.user.id}`, { roles: [] })
  })

  it('with the directory away local accounts sign in as ever, others get 503 and it does not count', async () => {
    lab.lab.rules.add({ selector: { device: 'ipa-01' }, action: 'reset', after_bytes: 0 })
    for (let i = 0; i < 5; i++) expect((await own('olivia.park')).status).toBe(503)
    expect((await signIn('admin', PASSWORD)).status).toBe(201)
    lab.calm()
    expect((await own('olivia.park')).status).toBe(201)
  })

  it('a person is shown with where the role comes from; signing out ends the record of the sign-in', async () => {
    const { body, client } = await own('olivia.park')
    const shown = await admin.call('GET', `/users/${body.user.id}`)
    expect(shown.body).toMatchObject({
      username: 'olivia.park',
      source: 'directory',
      roles: ['operator'],
      grants: [{ role: 'operator', source: 'directory' }],
    })
    expect((await client.call('GET', `/users/${body.user.id}`)).status).toBe(403)
    expect((await admin.call('GET', '/users/00000000-0000-4000-8000-000000000001')).status).toBe(404)
    expect((await client.call('DELETE', '/sessions/current')).status).toBe(204)
    const mine = (await authSessions()).filter((row) => row.user_id === body.user.id).at(-1)
    expect(mine?.ended_at).not.toBeNull()
  })

  it('a local account keeps its name: the directory is not asked', async () => {
    const before = lab.lab.ledger.last
    expect((await signIn('operator', 'wrong')).status).toBe(401)
    expect(lab.asked(/./, before)).toEqual([])
  })

  it('a name that another person has now belongs to that person, not to the former one', async () => {
    const before = await own('victor.blum')
    const entry = lab.state('freeipa').entries.find((one) => one.attributes.uid?.[0] === 'victor.blum')
    const old_id = entry?.attributes.ipaUniqueID
    if (!entry) throw new Error('victor.blum is missing')
    entry.attributes.ipaUniqueID = ['00000000-0000-4000-8000-000000000001']
    const after = await own('victor.blum')
    expect(after.status).toBe(201)
    expect(after.body.user.id).not.toBe(before.body.user.id)
    expect((await before.client.call('GET', '/sessions/current')).status).toBe(401)
    entry.attributes.ipaUniqueID = old_id ?? []
  })

  it('switched off, nobody of the directory signs in', async () => {
    await admin.call('PATCH', '/settings/directory', { enabled: false })
    const before = lab.lab.ledger.last
    expect((await own('olivia.park')).status).toBe(401)
    expect(lab.asked(/./, before)).toEqual([])
    await use(lab.freeipa)
  })

  it('what was sent is on record, without a password', async () => {
    await own('olivia.park')
    const { rows } = await database.pool.query("select * from idrac_commands where command_type = 'LDAP'")
    expect(rows.length).toBeGreaterThan(3)
    const text = JSON.stringify(rows) + JSON.stringify(await database.db.select().from(sessions))
    expect(text).toContain('uid=olivia.park')
    expect(text.includes(lab.passwordOf('freeipa', 'olivia.park')) || text.includes(lab.freeipa.bind_password)).toBe(
      false,
    )
  })
})

describe('job orders', () => {
  const order = (job_type: string, details: object) =>
    admin.call('POST', '/jobs', { job_type, target_scope: {}, details })

  it('a password is sealed before the row is written, for a minute; only its reference stands there', async () => {
    const { status, body } = await order('idm_authenticate', { username: 'olivia.park', password: 'Very Secret 1' })
    expect(status).toBe(202)
    expect(body.targets).toEqual([{ kind: 'user_source', id: 'idm_authenticate', name: expect.any(String) }])
    expect(body.details).toMatchObject({
      username: 'olivia.park',
      secret_ref: expect.any(String),
      update_profile: true,
    })
    expect(body.details.password).toBeUndefined()
    const test = await order('idm_test_connection', { settings: { port: 636, bind_password: 'Very Secret 2' } })
    expect(test.body.details).toEqual({ settings: { port: 636 }, secret_ref: expect.any(String) })
    const { rows } = await database.pool.query(
      'select *, extract(epoch from expires_at - created_at)::int as lives from sealed_secrets order by purpose',
    )
    expect(rows.map((row) => [row.purpose, row.lives])).toEqual([
      ['idm_authenticate', 60],
      ['idm_test', 60],
    ])
    const everything = await database.pool.query(
      'select (select json_agg(j)::text from jobs j) || (select json_agg(a)::text from audit_log a) || (select json_agg(s)::text from sealed_secrets s) as text',
    )
    expect(everything.rows[0].text).not.toContain('Very Secret')
  })

  it('an empty password, none, two ways at once, and names with signs of a filter are 400', async () => {
    const secret_ref = '00000000-0000-4000-8000-000000000001'
    for (const details of [
      { username: 'olivia.park', password: '' },
      { username: 'olivia.park' },
      { username: 'olivia.park', password: 'x', secret_ref },
      { username: '*', password: 'x' },
      { username: 'a)(uid=*', password: 'x' },
      { username: 'x'.repeat(300), password: 'x' },
      { username: 'a\u0000b', password: 'x' },
      { username: 'olivia.park', password: 'x', colour: 'blue' },
    ]) {
      expect((await order('idm_authenticate', details)).status, JSON.stringify(details)).toBe(400)
    }
  })

  it('only an admin starts them, and two of them not later', async () => {
    const operator = await api.as('operator')
    for (const job_type of ['idm_authenticate', 'idm_test_connection', 'idm_sync_users']) {
      const details = job_type === 'idm_authenticate' ? { username: 'a', password: 'b' } : {}
      expect((await operator.call('POST', '/jobs', { job_type, target_scope: {}, details })).status).toBe(403)
      const later = { job_type, target_scope: {}, details, schedule_at: '2099-01-01T00:00:00Z' }
      const { status } = await admin.call('POST', '/jobs', later)
      expect([job_type, status]).toEqual([job_type, job_type === 'idm_sync_users' ? 202 : 422])
    }
  })
})

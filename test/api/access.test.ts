import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../db/new-id.js'
import { isAllowed, mayStartJob, ROLES, type Role, rolesAllowed } from '../../domain/permissions.js'
import { type ApiClient, PASSWORD, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
const clients = new Map<Role | null, ApiClient>()
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  for (const role of [null, ...ROLES]) clients.set(role, await api.as(role))
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

const client = (role: Role | null): ApiClient => {
  const found = clients.get(role)
  if (!found) throw new Error(`no client for ${role}`)
  return found
}

test('every route answers 401 without a token, 403 to the wrong role, and neither to the right one', async () => {
  for (const line of api.routes) {
    // Streams never end by themselves, signing out would end the walk.
    if (line.raw && line.method === 'GET') continue
    if (line.path === '/sessions/current' && line.method === 'DELETE') continue
    const path = line.path.replace(/:\w+/g, newId())
    for (const role of [null, ...ROLES]) {
      const { status, body, headers } = await client(role).call(
        line.method,
        path,
        line.method === 'GET' ? undefined : {},
      )
      const where = `${line.method} ${line.path} as ${role}: ${status} ${JSON.stringify(body)}`
      if (isAllowed(role ? [role] : [], line.permission)) {
        expect(status, where).not.toBe(500)
        if (line.permission !== 'open') expect(status, where).not.toBe(401)
        continue
      }
      expect(status, where).toBe(role === null ? 401 : 403)
      expect(body.code, where).toBe(role === null ? 'Unauthenticated' : 'Forbidden')
      expect(headers.get('content-type'), where).toContain('application/problem+json')
    }
  }
})

interface OrderableType {
  job_type: string
  role: 'operator' | 'admin'
  admin_options: string[]
  example: { target_scope: object; details: Record<string, unknown> }
  details_schema: Schema
}

interface Schema {
  type?: string
  enum?: unknown[]
  default?: unknown
  properties?: Record<string, Schema>
  anyOf?: Schema[]
}

test('every type of job is ordered by its role and no lower one: 401, 403 with the roles allowed, else neither', async () => {
  const types: OrderableType[] = (await client('viewer').call('GET', '/job-types?limit=200')).body.items
  expect(types.length).toBeGreaterThan(30)
  for (const { job_type, role: needed, example } of types) {
    // Nothing begins: what passes is only looked at.
    const order = { job_type, ...example, dry_run: true }
    for (const role of [null, ...ROLES]) {
      const { status, body } = await client(role).call('POST', '/jobs', order)
      const where = `${job_type} as ${role}: ${status} ${JSON.stringify(body)}`
      if (role !== null && mayStartJob([role], needed)) {
        expect([401, 403], where).not.toContain(status)
        expect(status, where).toBeLessThan(500)
        continue
      }
      expect([status, body.code], where).toEqual(role === null ? [401, 'Unauthenticated'] : [403, 'Forbidden'])
      if (role !== null) expect(body.roles_allowed, where).toEqual(rolesAllowed(needed))
    }
  }
})

test('an option for admins is 403 with its place for an operator, and open to an admin', async () => {
  const types: OrderableType[] = (await client('viewer').call('GET', '/job-types?limit=200')).body.items
  const options = types.flatMap((type) => type.admin_options.map((path) => ({ type, path })))
  expect(options.length).toBeGreaterThan(10)
  for (const { type, path } of options) {
    const { body: shown } = await client('viewer').call('GET', `/job-types/${type.job_type}`)
    const part = path.split('.').reduce<Schema | undefined>((at, name) => at?.properties?.[name], shown.details_schema)
    const details = withValue(type.example.details, path.split('.'), otherThanDefault(part ?? {}))
    const order = { job_type: type.job_type, target_scope: type.example.target_scope, details, dry_run: true }
    const refused = await client('operator').call('POST', '/jobs', order)
    const where = `${type.job_type} ${path}: ${JSON.stringify(refused.body)}`
    expect([refused.status, refused.body.code], where).toEqual([403, 'Forbidden'])
    if (type.role === 'operator') {
      expect(refused.body.errors, where).toEqual([
        expect.objectContaining({ pointer: `/details/${path.replaceAll('.', '/')}` }),
      ])
    }
    expect(refused.body.roles_allowed, where).toEqual(['admin'])
    const { status, body } = await client('admin').call('POST', '/jobs', order)
    expect([401, 403], `${where} as admin: ${JSON.stringify(body)}`).not.toContain(status)
  }
})

/** A value that says something else than the default of an option. */
function otherThanDefault({ type, enum: words, default: preset, anyOf }: Schema): unknown {
  if (anyOf?.[0]) return otherThanDefault(anyOf[0])
  if (words) return words.find((word) => word !== preset)
  return type === 'array' ? ['x'] : true
}

function withValue(details: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): object {
  const inner = (details[name] ?? {}) as Record<string, unknown>
  return { ...details, [name]: rest.length === 0 ? value : withValue(inner, rest, value) }
}

test('every route on the router is in the table', () => {
  const keys = api.routes.map((line) => `${line.method} ${line.path}`)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.length).toBeGreaterThan(50)
})

test('streams ask for a token too', async () => {
  for (const path of ['/events', `/jobs/${newId()}/events`]) {
    expect((await client(null).call('GET', path)).status).toBe(401)
  }
})

test('a wrong password is refused, three lock the account for a while, unknown users look the same', async () => {
  const { db } = api.services.database
  const { createLocalAccount } = await import('../../db/stores/accounts.js')
  const { hashPassword } = await import('../../api/auth/passwords.js')
  await createLocalAccount(db, { username: 'lockme', password_hash: await hashPassword(PASSWORD), role: 'viewer' })
  const attempt = (username: string, password: string) => client(null).call('POST', '/sessions', { username, password })
  const unknown = await attempt('nobody', 'x')
  const wrong = await attempt('lockme', 'x')
  expect([unknown.status, wrong.status, unknown.body.detail]).toEqual([401, 401, wrong.body.detail])
  await attempt('lockme', 'x')
  await attempt('lockme', 'x')
  expect((await attempt('lockme', PASSWORD)).body.code).toBe('InvalidCredentials')
  await api.services.database.pool.query(`update local_accounts set locked_until = now() - interval '1 second'`)
  expect((await attempt('lockme', PASSWORD)).status).toBe(201)
})

test('a session can be ended, and its token is nowhere in the database', async () => {
  const own = await api.as('viewer')
  expect((await own.call('GET', '/sessions/current')).body).toMatchObject({ username: 'viewer', role: 'viewer' })
  const { rows } = await api.services.database.pool.query('select sessions::text as raw from sessions')
  expect(JSON.stringify(rows)).not.toContain(own.token)
  expect((await own.call('DELETE', '/sessions/current')).status).toBe(204)
  expect((await own.call('GET', '/sessions/current')).status).toBe(401)
})

test('the cookie works, but not from another site', async () => {
  const answer = await client(null).call('POST', '/sessions', { username: 'admin', password: PASSWORD })
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\//)
  const headers = { cookie: cookie.split(';')[0] ?? '' }
  expect((await client(null).call('GET', '/users', undefined, headers)).status).toBe(200)
  const foreign = await client(null).call('PATCH', '/settings/media', {}, { ...headers, origin: 'http://evil.example' })
  expect(foreign.status).toBe(403)
  const own = await client(null).call('PATCH', '/settings/media', {}, { ...headers, origin: api.url })
  expect(own.status).toBe(200)
})

test('an API token is shown once, never exceeds its user, and can be limited and revoked', async () => {
  const operator = client('operator')
  const made = await operator.call('POST', '/tokens', { name: 'ci', role: 'admin' })
  expect(made.status).toBe(201)
  const holder: ApiClient = await api.as(null)
  holder.token = made.body.token
  expect((await holder.call('GET', '/sessions/current')).body.role).toBe('operator')
  expect((await holder.call('POST', '/tokens', { name: 'more' })).status).toBe(403)
  expect((await operator.call('POST', '/tokens', { name: 'ci' }, { 'idempotency-key': '' })).status).toBe(400)
  const list = await operator.call('GET', '/tokens')
  expect(JSON.stringify(list.body)).not.toContain(made.body.token)
  const elsewhere = await operator.call('POST', '/tokens', { name: 'lan', allowed_cidrs: ['10.0.0.0/8'] })
  holder.token = elsewhere.body.token
  expect((await holder.call('GET', '/servers')).status).toBe(401)
  holder.token = made.body.token
  expect((await operator.call('DELETE', `/tokens/${made.body.id}`)).status).toBe(204)
  expect((await holder.call('GET', '/servers')).status).toBe(401)
})

test('changing the password ends the other sessions', async () => {
  const admin = client('admin')
  const username = 'changer'
  await admin.call('POST', '/users', { username, password: PASSWORD, role: 'viewer' })
  const sign = async (password: string) =>
    (await client(null).call('POST', '/sessions', { username, password })).body.token
  const [one, two] = [await api.as(null), await api.as(null)]
  one.token = await sign(PASSWORD)
  two.token = await sign(PASSWORD)
  expect(
    (await one.call('POST', '/users/me/password', { current_password: PASSWORD, new_password: 'short' })).status,
  ).toBe(400)
  const next = 'quite another passphrase'
  expect(
    (await one.call('POST', '/users/me/password', { current_password: PASSWORD, new_password: next })).status,
  ).toBe(204)
  expect((await two.call('GET', '/sessions/current')).status).toBe(401)
  expect((await one.call('GET', '/sessions/current')).status).toBe(200)
  expect(await sign(next)).toBeTruthy()
})

test('sign-ins and requests are limited', async () => {
  const limited = await startApi(await postgres.database(), { requests: 20, sign_ins: 3 })
  const anon = await limited.as(null)
  const statuses: number[] = []
  for (let i = 0; i < 5; i++)
    statuses.push((await anon.call('POST', '/sessions', { username: 'x', password: 'y' })).status)
  expect(statuses).toEqual([401, 401, 401, 429, 429])
  const last = await anon.call('POST', '/sessions', { username: 'x', password: 'y' })
  expect(last.headers.get('retry-after')).toBe('60')
  expect(last.body.code).toBe('RateLimited')
  // Another invented token each time makes nobody somebody else; who is signed in is not held up by that.
  const invented: number[] = []
  const known = await limited.as(null)
  const { insertApiToken } = await import('../../db/stores/accounts.js')
  const { hashToken } = await import('../../api/auth/secrets.js')
  const { rows } = await limited.services.database.pool.query("select id from profiles where username = 'viewer'")
  known.token = 'dsm_0_a-token-of-the-test'
  const token = { user_id: rows[0].id, name: 'known', prefix: 'dsm_0', token_hash: hashToken(known.token), role: null }
  await insertApiToken(limited.services.database.db, { ...token, expires_at: '2099-01-01T00:00:00Z' })
  for (let i = 0; i < 25; i++) {
    anon.token = `invented${i}`
    invented.push((await anon.call('GET', '/servers')).status)
  }
  expect([invented[0], invented.at(-1)]).toEqual([401, 429])
  expect((await known.call('GET', '/servers')).status).toBe(200)
  await limited.close()
})

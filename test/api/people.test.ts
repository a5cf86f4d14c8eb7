/** People, their roles, passwords and tokens: the real application on a real Postgres. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../db/connect.js'
import type { Role } from '../../domain/permissions.js'
import { type ApiClient, PASSWORD, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
let api: TestApi
let admin: ApiClient

beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
  api = await startApi(database)
  admin = await api.as('admin')
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

let count = 0
/** A new person with these roles, signed in. */
async function person(roles: Role[]): Promise<{ id: string; username: string; client: ApiClient }> {
  count += 1
  const username = `person${count}`
  const { body } = await admin.call('POST', '/users', { username, password: PASSWORD, role: roles[0] })
  if (roles.length > 1) expect((await admin.call('PATCH', `/users/${body.id}`, { roles })).status).toBe(200)
  return { id: body.id, username, client: await signedIn(username) }
}
const signIn = async (username: string, password = PASSWORD) =>
  (await api.as(null)).call('POST', '/sessions', { username, password })
async function signedIn(username: string, password = PASSWORD): Promise<ApiClient> {
  const { status, body } = await signIn(username, password)
  expect(status, JSON.stringify(body)).toBe(201)
  return bearer(body.token)
}
async function bearer(token: string): Promise<ApiClient> {
  const client = await api.as(null)
  client.token = token
  return client
}
const tokenOf = async (client: ApiClient, more: object = {}) => {
  const { status, body } = await client.call('POST', '/tokens', { name: `token ${++count}`, ...more })
  expect(status, JSON.stringify(body)).toBe(201)
  return { id: body.id as string, client: await bearer(body.token) }
}
const statusOf = async (client: ApiClient, path: string) => (await client.call('GET', path)).status

describe('several roles', () => {
  it('add up: an operator who is auditor too orders jobs and reads the audit', async () => {
    const { client, username, id } = await person(['operator', 'auditor'])
    const who = await client.call('GET', '/sessions/current')
    expect(who.body).toMatchObject({ username, role: 'operator', roles: ['operator', 'auditor'] })
    expect(await statusOf(client, '/users')).toBe(200)
    expect((await client.call('POST', '/server-groups', { name: 'of both' })).status).toBe(201)
    const order = { job_type: 'health_check', target_scope: {}, details: {} }
    expect((await client.call('POST', '/jobs', order)).body.code).toBe('EmptyTarget')
    const foreign = await tokenOf(admin)
    expect(await statusOf(client, `/tokens/${foreign.id}`)).toBe(200)
    const refused = await client.call('PATCH', '/settings/media', {})
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      'This needs the role admin; you have operator and auditor.',
    ])
    const { rows } = await database.pool.query(
      "select after from audit_log where action = 'login.ok' and actor_id = $1",
      [id],
    )
    expect(rows.at(-1).after).toEqual({ roles: ['operator', 'auditor'] })
  })

  it('a token narrows them and never adds one', async () => {
    const { client } = await person(['operator', 'auditor'])
    const roles = async (role: Role) => {
      const token = await tokenOf(client, { role })
      return (await token.client.call('GET', '/sessions/current')).body.roles
    }
    expect([await roles('admin'), await roles('operator'), await roles('auditor'), await roles('viewer')]).toEqual([
      ['operator', 'auditor'],
      ['operator'],
      ['auditor'],
      ['viewer'],
    ])
    const operator = await person(['operator'])
    const audit = await tokenOf(operator.client, { role: 'auditor' })
    expect(await statusOf(audit.client, '/users')).toBe(403)
    expect((await audit.client.call('POST', '/codec/decode', { payloads: [] })).status).toBe(403)
    expect(await statusOf(audit.client, '/credential-sets')).toBe(403)
    const viewer = await person(['viewer'])
    expect(await statusOf((await tokenOf(viewer.client, { role: 'auditor' })).client, '/users')).toBe(403)
  })
})

describe('sessions', () => {
  it('the token of a sign-in is stored nowhere, not for an Idempotency-Key either', async () => {
    const { username, client } = await person(['viewer'])
    const again = { username, password: PASSWORD }
    const one = await client.call('POST', '/sessions', again, { 'idempotency-key': 'sign-in' })
    const two = await client.call('POST', '/sessions', again, { 'idempotency-key': 'sign-in' })
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.body.token).not.toBe(two.body.token)
    const { rows } = await database.pool.query('select i::text as raw from idempotency_keys i')
    expect(JSON.stringify(rows)).not.toContain(one.body.token)
  })
})

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

const auditOf = async (object_id: string) =>
  (await database.pool.query('select * from audit_log where object_id = $1 order by at, id', [object_id])).rows
const patch = (id: string, body: object, client = admin) => client.call('PATCH', `/users/${id}`, body)

/** Makes requests that all come to wait for a row, then lets them go on together. */
async function whileLocked<Answer>(lock: string, values: unknown[], ask: () => Promise<Answer>[]): Promise<Answer[]> {
  const holder = await database.pool.connect()
  await holder.query('begin')
  await holder.query(lock, values)
  const asked = ask()
  const waiting =
    "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
  await expect.poll(async () => (await database.pool.query(waiting)).rows[0].n).toBe(asked.length)
  holder.release(true)
  return Promise.all(asked)
}

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

describe('disabling', () => {
  it('ends sessions and tokens for good: enabling gives none of them back', async () => {
    const { id, username, client } = await person(['operator'])
    const token = await tokenOf(client)
    expect(await statusOf(token.client, '/servers')).toBe(200)
    expect((await patch(id, { disabled: true })).body).toMatchObject({ disabled_how: 'admin' })
    expect([await statusOf(client, '/servers'), await statusOf(token.client, '/servers')]).toEqual([401, 401])
    expect((await signIn(username)).status).toBe(401)
    const [first, second] = [await patch(id, { disabled: false }), await patch(id, { disabled: false })]
    expect([first.body.disabled_at, first.body.disabled_how, second.status]).toEqual([null, null, 200])
    expect([await statusOf(client, '/servers'), await statusOf(token.client, '/servers')]).toEqual([401, 401])
    expect(await statusOf(await signedIn(username), '/servers')).toBe(200)
    expect((await admin.call('GET', `/tokens/${token.id}`)).body.revoked_at).toBeTruthy()
  })

  it('a sign-in or a token that was on its way meanwhile gives nothing that enabling brings to life', async () => {
    const { openSession, insertApiToken, findLocalLogin } = await import('../../db/stores/accounts.js')
    const { id, username } = await person(['operator'])
    const login = await findLocalLogin(database.db, username)
    await patch(id, { disabled: true })
    const session = {
      user_id: id,
      token_hash: Buffer.from(id),
      max_hours: 1,
      idle_minutes: 15,
      ip: null,
      user_agent: null,
    }
    expect(await openSession(database.db, session, login?.password_hash ?? '')).toBeNull()
    const token = { user_id: id, name: 'late', prefix: 'p', token_hash: Buffer.from(id), role: null }
    expect(await insertApiToken(database.db, { ...token, expires_at: '2099-01-01T00:00:00Z' })).toBeNull()
  })

  it('other roles end the sessions, but not for who gives them to oneself', async () => {
    const { id, client } = await person(['viewer'])
    await patch(id, { display_name: 'Somebody', roles: ['viewer'] })
    expect(await statusOf(client, '/servers')).toBe(200)
    await patch(id, { roles: ['viewer', 'auditor'] })
    expect(await statusOf(client, '/servers')).toBe(401)
    expect((await auditOf(id)).at(-1)).toMatchObject({
      before: { roles: ['viewer'] },
      after: { roles: ['auditor', 'viewer'] },
    })
    const own = await person(['admin'])
    expect((await patch(own.id, { roles: ['admin', 'auditor'] }, own.client)).status).toBe(200)
    expect(await statusOf(own.client, '/servers')).toBe(200)
    await patch(own.id, { disabled: true })
  })

  it('two changes of what was read at the same time: one is 412', async () => {
    const { id } = await person(['viewer'])
    const headers = { 'if-match': (await admin.call('GET', `/users/${id}`)).headers.get('etag') ?? '' }
    const answers = await whileLocked('select id from profiles where id = $1 for update', [id], () =>
      ['a', 'b'].map((name) => admin.call('PATCH', `/users/${id}`, { display_name: name }, headers)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  })
})

describe("the last admin of one's own", () => {
  const lastTwo = async () => {
    const [one, two] = [await person(['admin']), await person(['admin'])]
    const others = (await admin.call('GET', '/users?role=admin&disabled=false')).body.items
    for (const { id } of others)
      if (id !== one.id && id !== two.id) expect((await patch(id, { disabled: true }, one.client)).status).toBe(200)
    return { one, two, others }
  }
  const bringBack = async (client: ApiClient, others: { id: string }[]) => {
    for (const { id } of others) await patch(id, { disabled: false }, client)
    admin = await api.as('admin')
  }

  it('is neither disabled nor demoted, not by an admin of the directory either', async () => {
    const { one, two, others } = await lastTwo()
    await database.pool.query("update profiles set source = 'directory' where id = $1", [two.id])
    await database.pool.query('delete from local_accounts where user_id = $1', [two.id])
    for (const body of [{ disabled: true }, { roles: ['operator'] }, { roles: [] }]) {
      const { status, body: answer } = await patch(one.id, body, two.client)
      expect([status, answer.code, answer.detail]).toEqual([
        409,
        'StateConflict',
        'At least one enabled local admin must remain.',
      ])
    }
    expect((await patch(one.id, { disabled: true }, one.client)).status).toBe(409)
    expect(await statusOf(one.client, '/users')).toBe(200)
    await expect(database.pool.query('delete from profiles where id = $1', [one.id])).rejects.toThrow(/local admin/)
    await expect(database.pool.query('delete from local_accounts where user_id = $1', [one.id])).rejects.toThrow(
      /local/,
    )
    await bringBack(one.client, others)
  })

  it('stays when two disable or demote each other at the same time', async () => {
    for (const body of [{ disabled: true }, { roles: ['viewer'] }]) {
      const { one, two, others } = await lastTwo()
      const answers = await Promise.all([patch(two.id, body, one.client), patch(one.id, body, two.client)])
      const statuses = answers.map(({ status }) => status)
      // Who is out before asking is refused as nobody; who asks in time, by the rule.
      expect(
        statuses.filter((status) => status === 200),
        statuses.join(),
      ).toHaveLength(1)
      expect([401, 403, 409]).toContain(statuses.find((status) => status !== 200))
      const { rows } = await database.pool.query(
        "select count(*)::int as n from profiles p join user_roles r on r.user_id = p.id where r.role = 'admin' and p.disabled_at is null",
      )
      expect(rows[0].n).toBe(1)
      await bringBack(statuses[0] === 200 ? one.client : two.client, others)
    }
  })

  it('stays when two transactions take the last two away and neither sees the other', async () => {
    const { one, two, others } = await lastTwo()
    const disable = "update profiles set disabled_at = now(), disabled_how = 'admin' where id = $1"
    const [first, second] = [await database.pool.connect(), await database.pool.connect()]
    try {
      for (const [client, id] of [
        [first, one.id],
        [second, two.id],
      ] as const) {
        await client.query('begin')
        await client.query(disable, [id])
      }
      const ends = await Promise.allSettled([first.query('commit'), second.query('commit')])
      expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected'])
    } finally {
      first.release()
      second.release()
    }
    const left = (await statusOf(one.client, '/users')) === 200 ? one.client : two.client
    await bringBack(left, others)
  })
})

describe('passwords', () => {
  const next = 'quite another passphrase'

  it('an admin sets that of somebody else: sessions end, it is to be changed, and it stands nowhere', async () => {
    const { id, username, client } = await person(['operator'])
    for (let i = 0; i < 3; i++) await signIn(username, 'wrong')
    expect((await signIn(username)).status).toBe(401)
    const set = await patch(id, { password: next })
    expect([set.status, JSON.stringify(set.body).includes(next)]).toEqual([200, false])
    expect(await statusOf(client, '/servers')).toBe(401)
    expect((await signIn(username)).status).toBe(401)
    await database.pool.query('update local_accounts set locked_until = null where user_id = $1', [id])
    const { status, body } = await signIn(username, next)
    expect([status, body.user.must_change_password]).toEqual([201, true])
    expect((await auditOf(id)).at(-1)).toMatchObject({ action: 'user.update', after: { password: 'changed' } })
    const { rows } = await database.pool.query(
      'select (select json_agg(a)::text from audit_log a) || (select json_agg(l)::text from local_accounts l) as text',
    )
    expect(rows[0].text.includes(next)).toBe(false)
  })

  it('a weak one is 400; that of the own account or of nobody here is 409; only an admin may', async () => {
    const { id, username, client } = await person(['operator'])
    for (const password of ['short', `x ${username} is in it`, 'aaaaaaaaaaaaaaaa', 'x'.repeat(300)]) {
      const { status, body } = await patch(id, { password })
      expect([password, status, body.code, body.errors[0].pointer]).toEqual([
        password,
        400,
        'InvalidRequest',
        '/password',
      ])
      expect(JSON.stringify(body)).not.toContain(password)
    }
    expect((await patch(id, { password: next }, client)).status).toBe(403)
    const self = (await admin.call('GET', '/sessions/current')).body.id
    const own = await patch(self, { password: next })
    expect([own.status, own.body.code]).toEqual([409, 'StateConflict'])
    expect(await statusOf(admin, '/users')).toBe(200)
    const { rows } = await database.pool.query(
      "insert into profiles (id, username, source) values (gen_random_uuid(), 'of.directory', 'directory') returning id",
    )
    expect((await patch(rows[0].id, { password: next })).body.code).toBe('StateConflict')
  })

  it('the own one asks for the current one, counts wrong ones as a sign-in does, and is no business of a token', async () => {
    const { username, client, id } = await person(['operator'])
    const change = (current_password: string, new_password: string, by = client) =>
      by.call('POST', '/users/me/password', { current_password, new_password })
    expect((await change(PASSWORD, next, (await tokenOf(client)).client)).status).toBe(403)
    expect((await change(PASSWORD, PASSWORD)).status).toBe(400)
    for (let i = 0; i < 3; i++) expect((await change('wrong', next)).body.code).toBe('InvalidCredentials')
    expect((await change(PASSWORD, next)).status).toBe(403)
    expect((await signIn(username)).status).toBe(401)
    await database.pool.query('update local_accounts set locked_until = null where user_id = $1', [id])
    const other = await signedIn(username)
    expect((await change(PASSWORD, next)).status).toBe(204)
    expect([await statusOf(client, '/servers'), await statusOf(other, '/servers')]).toEqual([200, 401])
    expect((await auditOf(id)).map((row) => row.action).slice(-2)).toEqual(['password.refused', 'password.change'])
  })

  it('guesses made side by side get no more than those one after another', async () => {
    const { username } = await person(['viewer'])
    await Promise.all(Array.from({ length: 12 }, () => signIn(username, 'wrong')))
    expect((await signIn(username)).status).toBe(401)
    const { findLocalLogin, noteFailedLogin, openSession } = await import('../../db/stores/accounts.js')
    const fresh = await person(['viewer'])
    const judged = await findLocalLogin(database.db, fresh.username)
    for (let i = 0; i < 3; i++) await noteFailedLogin(database.db, fresh.id)
    const session = {
      user_id: fresh.id,
      token_hash: Buffer.from(fresh.id),
      max_hours: 1,
      idle_minutes: 15,
      ip: null,
      user_agent: null,
    }
    expect(await openSession(database.db, session, judged?.password_hash ?? '')).toBeNull()
    const others = await person(['viewer'])
    const right = await Promise.all(Array.from({ length: 6 }, () => signIn(others.username)))
    expect(right.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201])
  })
})

describe('settings', () => {
  it('two changes of what was read at the same time: one is 412', async () => {
    const etag = (await admin.call('GET', '/settings/media')).headers.get('etag') ?? ''
    const answers = await whileLocked('select id from media_settings for update', [], () =>
      [10, 20].map((max_upload_gb) => admin.call('PATCH', '/settings/media', { max_upload_gb }, { 'if-match': etag })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  })
})

describe('what a viewer does not see', () => {
  it.each(['/credential-sets', '/credential-resolution?ip=10.0.0.1', '/scp-backups'])('%s', async (path) => {
    const { client } = await person(['viewer'])
    expect(await statusOf(client, path)).toBe(403)
    for (const role of ['operator', 'auditor'] as const) expect(await statusOf(await api.as(role), path)).toBe(200)
  })
})

describe('tokens', () => {
  it('a token ends itself and no other one of its owner', async () => {
    const { client } = await person(['operator'])
    const [one, two] = [await tokenOf(client, { role: 'viewer' }), await tokenOf(client)]
    expect((await one.client.call('DELETE', `/tokens/${two.id}`)).status).toBe(404)
    expect(await statusOf(two.client, '/servers')).toBe(200)
    expect((await one.client.call('DELETE', `/tokens/${one.id}`)).status).toBe(204)
    expect(await statusOf(one.client, '/servers')).toBe(401)
  })
})

describe('sessions', () => {
  it.each(['%', '%E0%A4%A', 'x'.repeat(5000), ''])('a cookie that is none (%j) is nobody', async (value) => {
    const { status, body } = await (await api.as(null)).call('GET', '/servers', undefined, {
      cookie: `dsm_session=${value}`,
    })
    expect([status, body.code]).toEqual([401, 'Unauthenticated'])
  })

  it('a stream ends with the session or token that it was opened with', async () => {
    const { id, client } = await person(['viewer'])
    const token = await tokenOf(client)
    const open = (by: ApiClient) =>
      fetch(`${api.url}/api/v1/events`, {
        headers: { authorization: `Bearer ${by.token}` },
        signal: AbortSignal.timeout(12_000),
      })
    const streams = await Promise.all([open(client), open(token.client), open(admin)])
    const [of_session, of_token, of_admin] = streams.map((answer) => answer.text())
    await patch(id, { disabled: true })
    expect(await of_session).toContain('retry')
    expect(await of_token).toContain('retry')
    // The stream of somebody else goes on until it is given up.
    expect(await Promise.race([of_admin, Promise.resolve('goes on')])).toBe('goes on')
    of_admin?.catch(() => {})
  })

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

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../db/new-id.js'
import { insertLogEntries } from '../../db/stores/event-logs.js'
import { sealSecret } from '../../db/stores/sealed-secrets.js'
import { upsertServer } from '../../db/stores/servers.js'
import { insertVcenter } from '../../db/stores/vcenters.js'
import { UNDATED } from '../../domain/event-logs.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let operator: ApiClient
let server_id: string
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  operator = await api.as('operator')
  server_id = await addServer('TST0001', '10.0.0.1')
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

async function addServer(service_tag: string, ip_address: string): Promise<string> {
  return (await upsertServer(api.services.database.db, { service_tag, ip_address, idrac_port: 443 })).server.id
}

describe('the event logs of a server', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
  const entry = (entry_id: number, logged_at: string, more: object = {}) => ({
    entry_id,
    logged_at,
    severity: 'OK' as const,
    message_id: 'USR0030',
    message: `Entry ${entry_id} says 100%.`,
    category: 'Audit',
    raw: null,
    ...more,
  })
  const read = async (query = '') => {
    const { status, body } = await operator.call('GET', `/servers/${server_id}/event-logs${query}`)
    expect(status, JSON.stringify(body)).toBe(200)
    return body as { items: { entry_id: number; logged_at: string | null; log: string }[]; next_cursor: string | null }
  }
  const idsOf = async (query: string) => (await read(query)).items.map((item) => item.entry_id)

  beforeAll(async () => {
    const { db } = api.services.database
    const sel = [
      entry(9, at(5), {
        severity: 'Critical',
        message_id: '3ffff',
        message: 'The power input is lost.',
        category: null,
      }),
      entry(10, at(5)),
      entry(2, at(1), { severity: 'Warning' }),
      entry(1, UNDATED),
    ]
    expect(await insertLogEntries(db, { server_id, log: 'sel', job_id: null }, sel)).toBe(4)
    expect(await insertLogEntries(db, { server_id, log: 'sel', job_id: null }, sel)).toBe(0)
    await insertLogEntries(db, { server_id, log: 'lifecycle', job_id: null }, [entry(700, at(3))])
  })

  test('stand newest first, in the order of their ids within a second, the undated at the end', async () => {
    const { items } = await read()
    expect(items.map((item) => item.entry_id)).toEqual([10, 9, 700, 2, 1])
    expect(items.at(-1)?.logged_at).toBeNull()
    expect(items[0]?.logged_at).toBe(at(5))
    expect(await idsOf('?sort=logged_at')).toEqual([1, 2, 700, 9, 10])
  })

  test('come in pages that neither repeat nor lose an entry', async () => {
    const seen: number[] = []
    let query: string | null = '?limit=2'
    while (query) {
      const page: Awaited<ReturnType<typeof read>> = await read(query)
      seen.push(...page.items.map((item) => item.entry_id))
      query = page.next_cursor && `?limit=2&cursor=${encodeURIComponent(page.next_cursor)}`
    }
    expect(seen).toEqual([10, 9, 700, 2, 1])
  })

  test.each([
    ['?log=lifecycle', [700]],
    ['?log=sel,lifecycle&severity=Warning,Critical', [9, 2]],
    ['?message_id=3ffff', [9]],
    ['?q=power%20INPUT', [9]],
    ['?q=100%25.', [10, 700, 2, 1]],
    ['?q=1_0%25', []],
    ['?q=audit', [10, 700, 2, 1]],
    [`?logged_after=${at(3)}`, [10, 9, 700]],
    [`?logged_after=${at(1)}&logged_before=${at(5)}`, [700, 2]],
  ])('%s', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids)
  })

  test('refuse what they do not know', async () => {
    for (const query of ['?log=kernel', '?severity=bad', '?logged_after=yesterday', '?colour=blue'])
      expect((await operator.call('GET', `/servers/${server_id}/event-logs${query}`)).status, query).toBe(400)
    expect((await operator.call('GET', `/servers/${newId()}/event-logs`)).status).toBe(404)
  })
})

describe('the ticket of a console', () => {
  const SECRET = 'c4n4ry-ticket'
  const url = `https://10.0.0.1/console?username=root&tempUsername=x&tempPassword=${SECRET}`
  const userId = async (client: ApiClient) => (await client.call('GET', '/sessions/current')).body.id as string
  const seal = async (client: ApiClient, ttl_seconds = 60, of = server_id) =>
    sealSecret(api.services.database.db, api.keys, {
      purpose: 'console_ticket',
      content: JSON.stringify({ server_id: of, type: 'kvm', url }),
      ttl_seconds,
      owner_user_id: await userId(client),
    })
  const take = (client: ApiClient, ref: string, headers: Record<string, string> = {}, of = server_id) =>
    client.call('POST', `/servers/${of}/console-tickets/${ref}`, {}, headers)

  test('is given once, is kept by nobody on the way, and the taking is audited without it', async () => {
    const ref = await seal(operator)
    const key = { 'idempotency-key': newId() }
    const first = await take(operator, ref, key)
    expect([first.status, first.body, first.headers.get('cache-control')]).toEqual([
      200,
      { type: 'kvm', url },
      'no-store',
    ])
    const second = await take(operator, ref, key)
    expect([second.status, second.body.code]).toEqual([409, 'SecretExpired'])
    const admin = await api.as('admin')
    const audit = await admin.call('GET', `/audit?action=console.open&object_id=${server_id}`)
    expect(audit.body.items).toMatchObject([{ actor_label: 'operator', object_label: 'TST0001' }])
    const { pool } = api.services.database
    for (const table of ['audit_log', 'idempotency_keys', 'sealed_secrets']) {
      const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${table} t`)
      expect(
        rows.filter(({ row }) => row.includes(SECRET)),
        table,
      ).toEqual([])
    }
  })

  test('is for who asked, not for others, not for another server, and not for ever', async () => {
    const admin = await api.as('admin')
    const ref = await seal(operator)
    expect((await take(admin, ref)).body.code).toBe('SecretExpired')
    const other = await addServer('TST0002', '10.0.0.2')
    expect((await take(operator, ref, {}, other)).body.code).toBe('SecretExpired')
    expect((await take(operator, newId())).status).toBe(409)
    expect((await take(await api.as('viewer'), ref)).status).toBe(403)
    expect((await take(operator, ref)).status).toBe(200)
    expect((await take(operator, await seal(operator, -1))).status).toBe(409)
  })

  test('is asked for by a job with exactly one server, that cannot be planned', async () => {
    const other = await addServer('TST0003', '10.0.0.3')
    const order = (more: object, server_ids = [server_id]) =>
      operator.call('POST', '/jobs', { job_type: 'console_launch', target_scope: { server_ids }, details: {}, ...more })
    expect((await order({}, [server_id, other])).body.code).toBe('TooManyTargets')
    expect((await order({}, [])).body.code).toBe('EmptyTarget')
    expect((await order({ schedule_at: new Date(Date.now() + 3_600_000).toISOString() })).body.code).toBe(
      'NotSchedulable',
    )
    expect((await order({})).status).toBe(202)
  })
})

test('looking into a datastore is asked for with a vCenter that is known, a path that stays inside, and one host at most', async () => {
  const order = (details: object, host_ids: string[] = []) =>
    operator.call('POST', '/jobs', {
      job_type: 'browse_datastore',
      target_scope: { host_ids },
      details: { vcenter_id: newId(), datastore: 'ds1', ...details },
    })
  expect((await order({})).body.code).toBe('UnknownTarget')
  for (const path of ['../x', 'a/../../b', 'a\u0000b']) expect((await order({ path })).status, path).toBe(400)
  expect((await order({ patterns: [] })).status).toBe(400)
  expect((await order({ limit: 1001 })).status).toBe(400)
  const { id } = await insertVcenter(api.services.database.db, { name: 'vc', host: '10.0.9.9', port: 443 })
  const taken = await order({ vcenter_id: id })
  expect(taken.status).toBe(202)
  expect(taken.body.targets).toEqual([{ kind: 'datastore', id: `${id}/ds1`, name: 'ds1 (vc)' }])
  expect((await order({ vcenter_id: id }, [newId()])).body.code).toBe('UnknownTarget')
  expect((await order({ vcenter_id: id }, [newId(), newId()])).body.code).toBe('TooManyTargets')
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../db/new-id.js'
import { insertLogEntries } from '../../db/stores/event-logs.js'
import { upsertServer } from '../../db/stores/servers.js'
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

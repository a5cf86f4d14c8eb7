import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LogPiece, RecordActivities } from '../../activities/contracts/records.js'
import { createRecordActivities } from '../../activities/event-logs.js'
import { readLogCursor } from '../../db/stores/event-logs.js'
import { type ActivityBench, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { askIdrac } from '../helpers/idrac-request.js'
import { type LabIdrac, type LabProcess, startLab, until } from '../helpers/lab-process.js'

let lab: LabProcess
let bench: ActivityBench
let activities: RecordActivities
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  activities = createRecordActivities(bench.deps)
  idracs.push(...lab.site.idracs.filter((idrac) => !idrac.personality))
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await lab?.stop()
})

/** Another ordinary iDRAC for each test. */
async function place() {
  const idrac = idracs.shift()
  if (!idrac) throw new Error('the lab has too few iDRACs for these tests')
  const server_id = await bench.addServer(idrac)
  const context = await bench.work(server_id, [])
  type Input = Parameters<RecordActivities['fetchLogPiece']>[0]
  const fetchAll = async (more: Partial<Input> = {}): Promise<LogPiece> => {
    let piece: LogPiece | null = null
    while (!piece?.done) {
      const reading: LogPiece | null = piece
      const fixed = { context, server_id, log: 'sel', since: 'last_fetch', max_entries: 2000, store: true } as const
      piece = await untilDone(() => activities.fetchLogPiece({ ...fixed, reading, ...more }))
    }
    return piece
  }
  const rows = async (log = 'sel') =>
    (
      await bench.database.pool.query<{ entry_id: string; message_id: string; logged_at: Date; raw: object }>(
        'select entry_id, message_id, logged_at, raw from server_event_logs where server_id = $1 and log = $2 order by id',
        [server_id, log],
      )
    ).rows
  const clear = async (times = 1) => {
    for (let i = 0; i < times; i += 1) expect((await askIdrac(idrac, 'POST', CLEAR, {})).status).toBe(204)
  }
  const fault = (selector: object, rule: object) =>
    lab.control('POST', '/lab/faults', { selector: { ...selector, device: idrac.name }, ...rule })
  return { idrac, server_id, fetchAll, rows, clear, fault }
}

const CLEAR = '/redfish/v1/Managers/iDRAC.Embedded.1/LogServices/Sel/Actions/LogService.ClearLog'
const RESET = '/redfish/v1/Systems/System.Embedded.1/Actions/ComputerSystem.Reset'

test('fetches a log once, then only what is new, also after it was cleared', async () => {
  const { server_id, fetchAll, rows, clear } = await place()
  expect(await fetchAll()).toMatchObject({ fetched: 1, new: 1, worst_severity: 'OK', truncated: false, missing: false })
  expect(await readLogCursor(bench.deps.db, server_id, 'sel')).toMatchObject({ entry_id: 1 })
  expect(await fetchAll()).toMatchObject({ fetched: 0, new: 0, worst_severity: null })

  // The number of the entry after the clear is the same again: only its time tells.
  await clear()
  expect(await fetchAll()).toMatchObject({ fetched: 1, new: 1 })
  expect((await rows()).map((row) => [row.entry_id, row.message_id])).toEqual([
    ['1', '2ffff'],
    ['1', '2ffff'],
  ])
  expect(await fetchAll({ since: 'all' })).toMatchObject({ fetched: 1, new: 0 })
})

test('follows the pages of a Lifecycle log that grows, and tells when there was more', async () => {
  const { server_id, fetchAll, rows, clear } = await place()
  await clear(60)
  const some = await fetchAll({ log: 'lifecycle', max_entries: 70 })
  expect(some).toMatchObject({ fetched: 70, new: 70, truncated: true })
  const newest = (await readLogCursor(bench.deps.db, server_id, 'lifecycle'))?.entry_id ?? 0
  expect(newest).toBe(Math.max(...(await rows('lifecycle')).map((row) => Number(row.entry_id))))
  const all = await fetchAll({ log: 'lifecycle', since: 'all' })
  expect(all.fetched).toBeGreaterThan(120)
  expect(all).toMatchObject({ truncated: false })
  const stored = await rows('lifecycle')
  expect(new Set(stored.map((row) => row.entry_id)).size).toBe(stored.length)
  expect(stored.map((row) => row.message_id)).toEqual(expect.arrayContaining(['SEL0014', 'USR0030']))
})

test('a fetch from a time on leaves the mark alone, and a dry run leaves everything alone', async () => {
  const { server_id, fetchAll, rows, clear } = await place()
  const looked = await fetchAll({ store: false })
  expect([looked.fetched, looked.new, await rows()]).toEqual([1, 1, []])
  await clear()
  const recent = await fetchAll({ since: new Date(Date.now() - 365 * 86_400_000 * 10).toISOString() })
  expect(recent.fetched).toBeGreaterThan(0)
  expect(await fetchAll({ since: '2999-01-01T00:00:00Z' })).toMatchObject({ fetched: 0 })
  expect(await readLogCursor(bench.deps.db, server_id, 'sel')).toBeNull()
})

test('entries without a time are kept once', async () => {
  const { fetchAll, rows, clear, fault } = await place()
  await fault({}, { action: 'personality', name: 'untidy_data' })
  await clear(4)
  await fetchAll({ log: 'lifecycle' })
  await fetchAll({ log: 'lifecycle', since: 'all' })
  const undated = (await rows('lifecycle')).filter((row) => row.logged_at.getTime() === 0)
  expect(undated.length).toBeGreaterThan(1)
  expect(new Set(undated.map((row) => row.entry_id)).size).toBe(undated.length)
})

test('a boot leaves its codes in the log', async () => {
  const { idrac, fetchAll, rows } = await place()
  expect((await askIdrac(idrac, 'POST', RESET, { ResetType: 'ForceRestart' })).status).toBe(204)
  await until('the boot', async () => {
    await fetchAll()
    return (await rows()).length >= 6
  })
  expect((await rows()).map((row) => row.message_id)).toContain('7e012790')
})

test('a log that this firmware does not have is missing, and past its end there is nothing', async () => {
  const { fetchAll, fault } = await place()
  const past = JSON.stringify({ error: { '@Message.ExtendedInfo': [{ MessageId: 'IDRAC.2.8.SYS417' }] } })
  await fault({ method: 'GET', path: '*/Sel/Entries*' }, { action: 'status', code: 400, body: past, remaining: 1 })
  expect(await fetchAll()).toMatchObject({ fetched: 0, done: true, missing: false })
  const other = await place()
  const none = JSON.stringify({ Members: [], 'Members@odata.count': 0 })
  await other.fault({ method: 'GET', path: '*/LogServices' }, { action: 'replace_body', body: none })
  expect(await other.fetchAll()).toMatchObject({ fetched: 0, done: true, missing: true })
})

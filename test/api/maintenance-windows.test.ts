import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { holdForWindows } from '../../api/windows/hold-jobs.js'
import { occurrencesAhead, timeProblems, type WindowTimes } from '../../api/windows/occurrences.js'
import { newId } from '../../db/new-id.js'
import { getJob, takeDueJobs } from '../../db/stores/jobs.js'
import { upsertServer } from '../../db/stores/servers.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let admin: ApiClient
let operator: ApiClient
let viewer: ApiClient
let server_id: string
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  ;[admin, operator, viewer] = await Promise.all([api.as('admin'), api.as('operator'), api.as('viewer')])
  const at = { service_tag: 'WINDOW1', ip_address: '10.7.0.1' }
  server_id = (await upsertServer(api.services.database.db, at)).server.id
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})
beforeEach(() => api.services.database.pool.query('truncate maintenance_windows, jobs cascade'))

const MINUTE = 60_000
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString()
const window = (from: number, to: number, more: object = {}) =>
  operator.call('POST', '/maintenance-windows', {
    title: `w ${from}`,
    maintenance_type: 'firmware',
    planned_start: inMinutes(from),
    planned_end: inMinutes(to),
    ...more,
  })
const order = (maintenance_window_id: string, job_type = 'health_check') =>
  operator.call('POST', '/jobs', { job_type, target_scope: { server_ids: [server_id] }, maintenance_window_id })
const move = (id: string, minutes: number) =>
  api.services.database.pool.query(
    `update maintenance_windows set planned_start = planned_start + interval '${minutes} minutes',
       planned_end = planned_end + interval '${minutes} minutes' where id = $1`,
    [id],
  )
/** One look of the dispatcher: what it would start. */
async function look(): Promise<string[]> {
  const { db } = api.services.database
  const open = await holdForWindows(db)
  return (await db.transaction((tx) => takeDueJobs(tx, 10, [], open))).map(({ id }) => id)
}

const series = (more: Partial<WindowTimes> = {}): WindowTimes => ({
  planned_start: '2026-03-28T01:30:00.000Z',
  planned_end: '2026-03-28T03:30:00.000Z',
  recurrence_enabled: true,
  recurrence_pattern: '30 2 * * *',
  time_zone: 'Europe/Berlin',
  recurrence_until: null,
  recurrence_count: null,
  ...more,
})
const starts = (times: WindowTimes, now: string, most = 3) =>
  occurrencesAhead(times, Date.parse(now), most).map(({ starts_at }) => starts_at)

test('a series keeps its local time; what a clock change leaves out begins after it, what comes twice counts once', () => {
  expect(starts(series(), '2026-03-28T00:00:00Z')).toEqual([
    '2026-03-28T01:30:00.000Z',
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ])
  expect(starts(series(), '2026-10-24T12:00:00Z')).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
    '2026-10-27T01:30:00.000Z',
  ])
})

test('one that has begun is still there until it ends; a series ends by date or by count', () => {
  const [open] = occurrencesAhead(series(), Date.parse('2026-04-02T02:29:59.999Z'))
  expect(open).toEqual({ starts_at: '2026-04-02T00:30:00.000Z', ends_at: '2026-04-02T02:30:00.000Z' })
  expect(starts(series(), '2026-04-02T02:30:00Z', 1)).toEqual(['2026-04-03T00:30:00.000Z'])
  expect(starts(series({ recurrence_count: 2 }), '2026-03-28T12:00:00Z')).toEqual(['2026-03-29T01:00:00.000Z'])
  expect(starts(series({ recurrence_until: '2026-03-29T12:00:00.000Z' }), '2026-03-28T12:00:00Z')).toEqual([
    '2026-03-29T01:00:00.000Z',
  ])
  expect(starts(series({ recurrence_enabled: false }), '2026-03-28T03:30:00Z')).toEqual([])
})

test.each([
  ['/planned_end', { planned_end: '2026-03-28T01:30:00.000Z' }],
  ['/planned_end', { planned_end: '2026-04-28T01:30:00.000Z' }],
  ['/time_zone', { time_zone: 'Mars/Olympus' }],
  ['/recurrence_pattern', { recurrence_pattern: null }],
  ['/recurrence_pattern', { recurrence_pattern: '0 30 2 * * *' }],
  ['/recurrence_pattern', { recurrence_pattern: '@daily' }],
  ['/recurrence_pattern', { recurrence_pattern: '99 2 * * *' }],
  ['/recurrence_pattern', { recurrence_pattern: '0 0 31 2 *' }],
  ['/recurrence_pattern', { recurrence_pattern: '*/10 * * * *', planned_end: '2026-03-28T01:35:00.000Z' }],
  ['/recurrence_pattern', { recurrence_pattern: '0 * * * *' }],
])('%s is refused: %j', (pointer, more) => {
  expect(timeProblems(series(more)).map((problem) => problem.pointer)).toEqual([pointer])
  expect(timeProblems(series())).toEqual([])
})

test('a window is planned, shown with its occurrences, changed under its version and cancelled', async () => {
  const weekly = { recurrence_enabled: true, recurrence_pattern: '0 22 * * 6', time_zone: 'Europe/Berlin' }
  const made = await window(60, 180, { ...weekly, server_ids: [server_id] })
  expect([made.status, made.body.status, made.body.next_occurrences.length]).toEqual([201, 'planned', 5])
  const path = `/maintenance-windows/${made.body.id}`
  const shown = await viewer.call('GET', path)
  expect((await viewer.call('GET', '/maintenance-windows')).body.items).toEqual([shown.body])
  expect((await viewer.call('PATCH', path, { title: 'x' })).status).toBe(403)
  const bad = await operator.call('PATCH', path, { recurrence_pattern: 'every day' })
  expect([bad.status, bad.body.code, bad.body.errors[0].pointer]).toEqual([422, 'WindowInvalid', '/recurrence_pattern'])
  const unknown = await operator.call('PATCH', path, { server_ids: [server_id, newId()] })
  expect([unknown.body.code, unknown.body.errors[0].pointer]).toEqual(['UnknownTarget', '/server_ids/1'])
  const if_match = { 'if-match': shown.headers.get('etag') ?? '' }
  expect((await operator.call('PATCH', path, { title: 'Saturdays' }, if_match)).body.title).toBe('Saturdays')
  expect((await operator.call('PATCH', path, { title: 'late' }, if_match)).status).toBe(412)
  expect((await window(60, 180, { title: 'Saturdays' })).body.code).toBe('DuplicateName')
  expect((await operator.call('DELETE', path)).status).toBe(204)
  expect((await viewer.call('GET', path)).body).toMatchObject({ status: 'cancelled', next_occurrences: [] })
  expect((await operator.call('PATCH', path, { title: 'again' })).body.code).toBe('StateConflict')
  const audited = (await admin.call('GET', '/audit?limit=50')).body.items.map((row: { action: string }) => row.action)
  expect(audited).toEqual(expect.arrayContaining(['window.create', 'window.update', 'window.cancel']))
})

test('only an admin changes a window that is open', async () => {
  const { body } = await window(-5, 55)
  expect(body.status).toBe('in_progress')
  const path = `/maintenance-windows/${body.id}`
  expect((await operator.call('PATCH', path, { title: 'x' })).body.roles_allowed).toEqual(['admin'])
  expect((await operator.call('DELETE', path)).status).toBe(403)
  expect((await admin.call('PATCH', path, { planned_end: inMinutes(90) })).status).toBe(200)
})

test('a job waits for its window and says until when; it may start while it is open, and ends when it is over', async () => {
  const { db } = api.services.database
  const { body: planned } = await window(60, 120)
  const job = (await order(planned.id)).body.id
  expect(await look()).toEqual([])
  const waiting = (await viewer.call('GET', `/jobs/${job}`)).body
  expect([waiting.status, waiting.waiting_for]).toMatchObject([
    'pending',
    [{ code: 'WindowNotOpen', until: planned.planned_start, data: { window_id: planned.id } }],
  ])
  const { version } = waiting
  await look()
  expect((await getJob(db, job))?.version, 'the same sentence is not written again').toBe(version)
  await move(planned.id, -90)
  expect(await look()).toEqual([job])
  await move(planned.id, -90)
  expect(await look()).toEqual([])
  expect(await getJob(db, job)).toMatchObject({ status: 'failed', error: { code: 'WindowClosed' } })
})

test('an order names a window that will open; cancelling it cancels what waits for it', async () => {
  const { db } = api.services.database
  const unknown = await order(newId())
  expect([unknown.status, unknown.body.code, unknown.body.errors[0].pointer]).toEqual([
    422,
    'WindowInvalid',
    '/maintenance_window_id',
  ])
  const { body: over } = await window(-120, -60)
  expect([over.status, (await order(over.id)).body.code]).toEqual(['completed', 'WindowInvalid'])
  const { body: planned } = await window(60, 120)
  expect((await order(planned.id, 'console_launch')).body.code).toBe('NotSchedulable')
  const job = (await order(planned.id)).body.id
  expect((await operator.call('DELETE', `/maintenance-windows/${planned.id}`)).status).toBe(204)
  expect((await getJob(db, job))?.status).toBe('cancelled')
  expect((await order(planned.id)).body.code).toBe('WindowInvalid')
})

import { expect, test } from 'vitest'
import { type BackgroundWork, backgroundConcurrency, backgroundDetails, dueWork } from '../../domain/background-work.js'
import { catalog } from '../../workflows/catalog.js'

const NOW = '2026-01-01T12:00:00.000Z'
const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString()
const work = (more: Partial<BackgroundWork> = {}): BackgroundWork => ({
  job_type: 'vcenter_sync',
  subject: 'v',
  every_minutes: 30,
  since: ago(600),
  last_at: null,
  busy: false,
  ...more,
})

test.each([
  ['the first time is one interval after there is something to read', { since: ago(29) }, false],
  ['then it is due', { since: ago(30) }, true],
  ['what was read a while ago, by whomever, is not due', { last_at: ago(29) }, false],
  ['what was read an interval ago is', { last_at: ago(30) }, true],
  ['0 is off', { every_minutes: 0 }, false],
  ['never a second one beside the first', { busy: true }, false],
])('%s', (_what, more, due) => {
  expect(dueWork([work(more)], NOW)).toHaveLength(due ? 1 : 0)
})

test('not all at once: two at a look, longest overdue first; with many subjects enough for each to have its turn', () => {
  const works = Array.from({ length: 5 }, (_, i) => work({ subject: `${i}`, last_at: ago(40 + i) }))
  expect(dueWork(works, NOW).map(({ subject }) => subject)).toEqual(['4', '3'])
  const many = Array.from({ length: 100 }, (_, i) => work({ subject: `${i}`, every_minutes: 5 }))
  expect(dueWork(many, NOW)).toHaveLength(20)
})

test('half of the interval is enough for all servers, and there is no herd', () => {
  expect([1, 100, 1000, 10_000].map((servers) => backgroundConcurrency(servers, 60))).toEqual([2, 2, 3, 23])
  expect(backgroundConcurrency(10_000, 5)).toBe(50)
})

test('a deep reading of servers takes longer, and says what it reads', () => {
  expect(backgroundConcurrency(10_000, 1440, true)).toBe(7)
  const details = (subject: string | null) => backgroundDetails(work({ job_type: 'health_check', subject }), 10)
  expect([details(null).depth, details('components').depth]).toEqual(['summary', 'components'])
})

test.each(['health_check', 'fetch_event_logs', 'vcenter_sync', 'openmanage_sync', 'idm_sync_users'] as const)(
  'the details of %s are complete and as the catalogue wants them, and it changes nothing on a device',
  (job_type) => {
    const subject = job_type === 'vcenter_sync' ? '00000000-0000-4000-8000-000000000001' : null
    const details = backgroundDetails(work({ job_type, subject }), 500)
    expect(catalog[job_type].details.parse(details)).toEqual(details)
    expect(catalog[job_type].risk === 'read' || catalog[job_type].family === 'directory').toBe(true)
    expect(catalog[job_type].schedulable).toBe(true)
  },
)

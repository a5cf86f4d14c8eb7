import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutPage, type EntrySeverity, newestMark, UNDATED, worstSeverity } from '../../domain/event-logs.js'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const entry = (entry_id: number, logged_at = at(entry_id), severity: EntrySeverity = 'OK') => ({
  entry_id,
  logged_at,
  severity,
})
const ids = (entries: { entry_id: number }[]) => entries.map((one) => one.entry_id)

describe('a page of a log is cut', () => {
  const page = [entry(9), entry(8), entry(7), entry(6)]

  test.each([
    ['at the marked entry', { mark: { entry_id: 7, logged_at: at(7) } }, [9, 8], true],
    [
      'at the marked entry, whatever zone its time is written in',
      { mark: { entry_id: 8, logged_at: '2026-01-01T01:00:08+01:00' } },
      [9],
      true,
    ],
    ['nowhere when the log was cleared: same id, other time', { mark: { entry_id: 7, logged_at: at(99) } }, 4, false],
    ['nowhere when the log was cleared: higher id', { mark: { entry_id: 900, logged_at: at(1) } }, 4, false],
    ['nowhere when the marked entry has wrapped away', { mark: { entry_id: 1, logged_at: at(1) } }, 4, false],
    ['nowhere when all is wanted', 'all' as const, 4, false],
    ['at a time', { time: at(8) }, [9, 8], true],
    ['nowhere before a time that is older', { time: at(0) }, 4, false],
  ])('%s', (_what, since, wanted, reached) => {
    const cut = cutPage(page, since)
    expect(cut.reached).toBe(reached)
    expect(typeof wanted === 'number' ? cut.wanted.length : ids(cut.wanted)).toEqual(wanted)
  })

  test('an entry without a time is not older than the time asked for', () => {
    const cut = cutPage([entry(9), entry(8, UNDATED), entry(7), entry(1)], { time: at(7) })
    expect({ ids: ids(cut.wanted), reached: cut.reached }).toEqual({ ids: [9, 8, 7], reached: true })
  })

  test('reading page by page up to the mark gives what reading all and dropping the known gives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (n, known, size) => {
          const log = Array.from({ length: n }, (_, i) => entry(n - i))
          const mark = known > 0 && known <= n ? { mark: { entry_id: known, logged_at: at(known) } } : ('all' as const)
          const got: number[] = []
          for (let from = 0; from < n; from += size) {
            const cut = cutPage(log.slice(from, from + size), mark)
            got.push(...ids(cut.wanted))
            if (cut.reached) break
          }
          expect(got).toEqual(ids(log).filter((id) => mark === 'all' || id > known))
        },
      ),
    )
  })
})

test('the next mark is the highest id of the reading with its time', () => {
  expect(newestMark([], null)).toBeNull()
  expect(newestMark([entry(3), entry(5), entry(4)], null)).toEqual({ entry_id: 5, logged_at: at(5) })
  expect(newestMark([entry(2)], { entry_id: 5, logged_at: at(5) })).toEqual({ entry_id: 5, logged_at: at(5) })
})

test.each<[EntrySeverity[], EntrySeverity | null]>([
  [[], null],
  [['Unknown'], 'Unknown'],
  [['OK', 'Unknown'], 'OK'],
  [['OK', 'Warning', 'Unknown'], 'Warning'],
  [['Warning', 'Critical', 'OK'], 'Critical'],
])('the worst of %j is %s', (severities, worst) => {
  expect(worstSeverity(severities)).toBe(worst)
})

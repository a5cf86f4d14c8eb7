import { Cron } from 'croner'
import type { MaintenanceWindow } from '../../db/schema/windows.js'
import { type WindowOccurrence, whyWindowInvalid } from '../../domain/maintenance-window.js'
import type { FieldProblem } from '../errors.js'

export type WindowTimes = Pick<
  MaintenanceWindow,
  | 'planned_start'
  | 'planned_end'
  | 'recurrence_enabled'
  | 'recurrence_pattern'
  | 'time_zone'
  | 'recurrence_until'
  | 'recurrence_count'
>

const MINUTE_MS = 60_000
const SHORTEST_DISTANCE_MINUTES = 15
/** So many occurrences are looked through for two that lie too near to each other: enough for a year of weeks. */
const COMPARED = 60
/** Enough to say when work may begin, and when again. */
const AHEAD = 10

/**
 * The occurrences of a window that have not ended yet, soonest first. Those of a series are read from its pattern in its own
 * zone and each lasts as long as the first, in elapsed time: an hour that a clock change leaves out begins at the first moment
 * after it, one that comes twice counts once.
 */
export function occurrencesAhead(window: WindowTimes, now_ms: number, most = AHEAD): WindowOccurrence[] {
  const length_ms = Date.parse(window.planned_end) - Date.parse(window.planned_start)
  const starts = window.recurrence_enabled
    ? startsOf(window, now_ms - length_ms, most)
    : [Date.parse(window.planned_start)]
  return starts
    .map((start) => ({ starts_ms: start, ends_ms: start + length_ms }))
    .filter(({ ends_ms }) => ends_ms > now_ms)
    .slice(0, most)
    .map(({ starts_ms, ends_ms }) => ({
      starts_at: new Date(starts_ms).toISOString(),
      ends_at: new Date(ends_ms).toISOString(),
    }))
}

/** Starts of a series after `after_ms`; a count is counted from the first one. */
function startsOf(window: WindowTimes, after_ms: number, most: number): number[] {
  const first_ms = Date.parse(window.planned_start)
  const cron = new Cron(window.recurrence_pattern ?? '', { timezone: window.time_zone, mode: '5-part', paused: true })
  const { recurrence_count: count, recurrence_until: until } = window
  // The pattern knows whole minutes, and its next time lies after the one given.
  const from = count === null ? Math.max(first_ms, after_ms) : first_ms
  const runs = cron.nextRuns(count ?? most + 1, new Date(from - 1))
  return runs.map((run) => run.getTime()).filter((at) => at >= after_ms && (until === null || at <= Date.parse(until)))
}

/** What is wrong with the times of a window, each at its field; empty = it can be saved. */
export function timeProblems(window: WindowTimes): FieldProblem[] {
  const wrong = whyWindowInvalid(window.planned_start, window.planned_end)
  if (wrong.length > 0) return wrong.map((detail) => ({ pointer: '/planned_end', detail }))
  const zone = zoneProblem(window.time_zone)
  if (zone) return [{ pointer: '/time_zone', detail: zone }]
  if (!window.recurrence_enabled) return []
  const pointer = '/recurrence_pattern'
  if (!/^\S+(\s+\S+){4}$/.test(window.recurrence_pattern?.trim() ?? ''))
    return [{ pointer, detail: 'cron with 5 fields' }]
  try {
    const detail = seriesProblem(window)
    return detail ? [{ pointer, detail }] : []
  } catch (error) {
    return [{ pointer, detail: error instanceof Error ? error.message : 'cannot be read' }]
  }
}

function zoneProblem(time_zone: string): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone: time_zone })
    return null
  } catch {
    return 'an IANA zone such as Europe/Berlin or UTC'
  }
}

function seriesProblem(window: WindowTimes): string | null {
  const length_ms = Date.parse(window.planned_end) - Date.parse(window.planned_start)
  const starts = startsOf(window, Date.parse(window.planned_start), COMPARED)
  if (starts.length === 0) return 'never comes'
  const distances = starts.slice(1).map((start, i) => start - (starts[i] ?? 0))
  const shortest = Math.min(...distances)
  if (shortest < SHORTEST_DISTANCE_MINUTES * MINUTE_MS)
    return `comes more often than every ${SHORTEST_DISTANCE_MINUTES} min`
  return shortest < length_ms ? 'comes again before the one before has ended' : null
}

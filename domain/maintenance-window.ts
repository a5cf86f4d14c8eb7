import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

/** One occurrence of a window; ISO times. */
export interface WindowOccurrence {
  starts_at: string
  ends_at: string
}

export type WindowAnswer =
  | { type: 'open'; ends_ms: number; minutes_left: number }
  /** Not now; `until` is when to look again. */
  | { type: 'closed'; reason: Blocker; until_ms: number }
  /** No occurrence is left, or the work fits into none of them. */
  | { type: 'over'; reason: Blocker }

const MINUTE_MS = 60_000
const parse = (occurrence: WindowOccurrence) => ({
  starts_ms: Date.parse(occurrence.starts_at),
  ends_ms: Date.parse(occurrence.ends_at),
})

/**
 * May work of so many minutes begin now? It may while an occurrence is open and now + estimate is not after its end.
 * Occurrences are half open: at `ends_at` the window is closed. An open occurrence that is too short waits for the next
 * one into which the work fits; without one it is `DoesNotFitWindow`, and `WindowClosed` when all have ended.
 */
export function judgeWindow(
  occurrences: readonly WindowOccurrence[],
  estimate_minutes: number,
  now_ms: number,
): WindowAnswer {
  const ahead = occurrences
    .map(parse)
    .filter((entry) => entry.ends_ms > now_ms)
    .sort((a, b) => a.starts_ms - b.starts_ms)
  if (ahead.length === 0) {
    return { type: 'over', reason: blocker('WindowClosed', 'The maintenance window has ended.') }
  }
  const needed_ms = estimate_minutes * MINUTE_MS
  const open = ahead.find((entry) => entry.starts_ms <= now_ms && now_ms + needed_ms <= entry.ends_ms)
  if (open) return { type: 'open', ends_ms: open.ends_ms, minutes_left: (open.ends_ms - now_ms) / MINUTE_MS }
  const next = ahead.find((entry) => entry.starts_ms > now_ms && entry.starts_ms + needed_ms <= entry.ends_ms)
  if (next) {
    const at = new Date(next.starts_ms).toISOString()
    const reason = blocker('WindowNotOpen', `The window opens at ${at}.`, { data: { until: at } })
    return { type: 'closed', reason, until_ms: next.starts_ms }
  }
  const text = `The work takes about ${estimate_minutes} min, which no occurrence of the window has left.`
  return { type: 'over', reason: blocker('DoesNotFitWindow', text, { data: { estimate_minutes } }) }
}

/** Why a window cannot be saved; empty = it can. */
export function whyWindowInvalid(planned_start: string, planned_end: string): string[] {
  const { starts_ms, ends_ms } = parse({ starts_at: planned_start, ends_at: planned_end })
  if (Number.isNaN(starts_ms) || Number.isNaN(ends_ms)) return ['planned_start and planned_end must be times.']
  if (ends_ms <= starts_ms) return ['planned_end must be after planned_start.']
  return ends_ms - starts_ms > 7 * 24 * 60 * MINUTE_MS ? ['A window is at most 7 days long.'] : []
}

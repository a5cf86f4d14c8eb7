/** Names of the device's own logs that are kept. */
export type EventLog = 'sel' | 'lifecycle'
export type EntrySeverity = 'OK' | 'Warning' | 'Critical' | 'Unknown'

/** How far a log was fetched: the newest entry then. Ids begin anew after a clear, so its time belongs to it. */
export interface LogMark {
  entry_id: number
  logged_at: string
}

/** From where on entries are wanted: behind the mark, from a time on, or all there are. */
export type LogSince = { mark: LogMark } | { time: string } | 'all'

/**
 * Written for an entry whose time the device does not know: the key of a stored entry needs one. Also what a clock without a
 * battery shows.
 */
export const UNDATED = '1970-01-01T00:00:00.000Z'

interface Entry extends LogMark {
  severity: EntrySeverity
}

export interface PageVerdict<T> {
  /** Entries of this page that are wanted, newest first. */
  wanted: T[]
  /** Nothing behind this page is wanted: the mark or the time was reached. */
  reached: boolean
}

const instant = (text: string): number => Date.parse(text)

/** Is this the very entry of the mark? Only id and time together say so. */
export function isMark(entry: LogMark, mark: LogMark): boolean {
  return entry.entry_id === mark.entry_id && instant(entry.logged_at) === instant(mark.logged_at)
}

/**
 * Cuts a page (newest first) where the wanted entries end. Only the marked entry itself ends the reading: smaller ids
 * without it mean that the log was cleared or has wrapped since, and then all of it is wanted. An entry without a time is
 * never older than a time that was asked for.
 */
export function cutPage<T extends Entry>(page: readonly T[], since: LogSince): PageVerdict<T> {
  if (since === 'all') return { wanted: [...page], reached: false }
  const end = page.findIndex((entry) =>
    'mark' in since
      ? isMark(entry, since.mark)
      : entry.logged_at !== UNDATED && instant(entry.logged_at) < instant(since.time),
  )
  return end < 0 ? { wanted: [...page], reached: false } : { wanted: page.slice(0, end), reached: true }
}

/** The mark that the next fetch goes by: the highest id of one reading, since a log is numbered upwards between two clears. */
export function newestMark(entries: readonly LogMark[], before: LogMark | null): LogMark | null {
  let newest = before
  for (const { entry_id, logged_at } of entries)
    if (newest === null || entry_id > newest.entry_id) newest = { entry_id, logged_at }
  return newest
}

const RANK: Record<EntrySeverity, number> = { Critical: 3, Warning: 2, OK: 1, Unknown: 0 }

/** The worst of the severities, null of none. */
export function worstSeverity(severities: readonly EntrySeverity[]): EntrySeverity | null {
  let worst: EntrySeverity | null = null
  for (const severity of severities) if (worst === null || RANK[severity] > RANK[worst]) worst = severity
  return worst
}

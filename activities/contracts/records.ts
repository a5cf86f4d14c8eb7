import type { EntrySeverity, EventLog, LogMark } from '../../domain/event-logs.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

/** Where a reading of one log stands; passed from piece to piece. */
export interface LogReading {
  /** Path of the next page; null at the beginning. */
  next: string | null
  fetched: number
  new: number
  worst_severity: EntrySeverity | null
  /** Newest entry met so far; becomes the mark of the next fetch at the end. */
  newest: LogMark | null
}

export interface LogPiece extends LogReading {
  done: boolean
  /** There was more than `max_entries`. */
  truncated: boolean
  /** This firmware has no such log. */
  missing: boolean
}

export interface RecordActivities {
  /**
   * Reads a few pages of a log, newest first, and stores what is new. Repeatable: entries that are there are left alone, and
   * the mark of the last fetch moves only with the last piece.
   */
  fetchLogPiece(input: {
    context: WorkContext
    server_id: string
    log: EventLog
    since: string
    max_entries: number
    store: boolean
    reading: LogReading | null
  }): Promise<LogPiece>
}

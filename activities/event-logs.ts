import { DeviceError } from '../clients/errors.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import type { LogEntry, LogPage } from '../clients/redfish/facts.js'
import { readLogPage } from '../clients/redfish/logs.js'
import {
  countUnknownEntries,
  insertLogEntries,
  type NewLogEntry,
  readLogCursor,
  saveLogCursor,
} from '../db/stores/event-logs.js'
import { cutPage, type LogSince, newestMark, UNDATED, worstSeverity } from '../domain/event-logs.js'
import type { LogPiece, LogReading, RecordActivities } from './contracts/records.js'
import type { Deps } from './deps.js'
import { withServer } from './with-server.js'

type Input = Parameters<RecordActivities['fetchLogPiece']>[0]

/** Pages of one activity: a cancel takes effect between two of them. */
const PAGES_AT_ONCE = 4
const MOST_RAW_BYTES = 8_192

/** Activities that copy records of a device into ours. */
export function createRecordActivities(deps: Deps): RecordActivities {
  return {
    fetchLogPiece: (input) =>
      withServer(deps, input.context, input.server_id, 'logs', (at) => fetchPiece(deps, at.client, input)),
  }
}

const BEGINNING: LogReading = { next: null, fetched: 0, new: 0, worst_severity: null, newest: null }

async function fetchPiece(deps: Deps, client: RedfishClient, input: Input): Promise<LogPiece> {
  const since = await sinceOf(deps, input)
  let piece: LogPiece = { ...(input.reading ?? BEGINNING), done: false, truncated: false, missing: false }
  for (let pages = 0; pages < PAGES_AT_ONCE && !piece.done; pages += 1) {
    const page = await pageOrNothing(client, input.log, piece.next)
    if (page === null) return { ...piece, done: true, missing: true }
    piece = await takePage(deps, input, since, piece, page)
    // A dry run looks at the newest page only.
    if (!input.store) return { ...piece, done: true }
  }
  if (piece.done && piece.newest && movesMark(since))
    await saveLogCursor(deps.db, input.server_id, input.log, piece.newest)
  return piece
}

/** A fetch from a time on may leave a gap behind the mark, so it neither uses nor moves it. */
const movesMark = (since: LogSince) => since === 'all' || 'mark' in since

async function sinceOf(deps: Deps, input: Input): Promise<LogSince> {
  if (input.since === 'all') return 'all'
  if (input.since !== 'last_fetch') return { time: input.since }
  const mark = await readLogCursor(deps.db, input.server_id, input.log)
  return mark ? { mark } : 'all'
}

async function pageOrNothing(client: RedfishClient, log: Input['log'], next: string | null): Promise<LogPage | null> {
  try {
    return await readLogPage(client, log, next ?? undefined)
  } catch (thrown) {
    if (thrown instanceof DeviceError && thrown.code === 'Unsupported') return null
    throw thrown
  }
}

async function takePage(deps: Deps, input: Input, since: LogSince, piece: LogPiece, page: LogPage): Promise<LogPiece> {
  const rows = page.entries.map(rowOf).filter((row) => row !== null)
  const { wanted, reached } = cutPage(rows, since)
  const kept = wanted.slice(0, input.max_entries - piece.fetched)
  const of = { server_id: input.server_id, log: input.log }
  const fresh = input.store
    ? await insertLogEntries(deps.db, { ...of, job_id: input.context.job_id }, kept)
    : await countUnknownEntries(deps.db, of, kept)
  const fetched = piece.fetched + kept.length
  const more = kept.length < wanted.length || (page.next !== null && !reached)
  const full = fetched >= input.max_entries
  return {
    next: page.next,
    fetched,
    new: piece.new + fresh,
    worst_severity: worstSeverity([
      ...(piece.worst_severity ? [piece.worst_severity] : []),
      ...kept.map((row) => row.severity),
    ]),
    newest: newestMark(rows, piece.newest),
    done: reached || page.next === null || full,
    truncated: full && more,
    missing: false,
  }
}

/** The row of an entry; null for one without a number, which could not be told from the next. */
function rowOf(entry: LogEntry): NewLogEntry | null {
  const { entry_id, severity, message_id, message, category, raw } = entry
  if (entry_id === null) return null
  const logged_at = entry.logged_at === null ? UNDATED : new Date(entry.logged_at).toISOString()
  const text = JSON.stringify(raw)
  const storable = text.length <= MOST_RAW_BYTES && !text.includes('\\u0000')
  return {
    entry_id,
    logged_at,
    severity,
    message_id,
    // The database has no place for NUL, and some devices end their texts with it.
    message: message.replaceAll('\0', ''),
    category,
    raw: storable ? raw : null,
  }
}

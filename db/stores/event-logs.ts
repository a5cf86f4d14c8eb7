import { and, eq, inArray, sql } from 'drizzle-orm'
import type { EventLog, LogMark } from '../../domain/event-logs.js'
import type { Db } from '../connect.js'
import { serverEventLogs, serverLogCursors } from '../schema/server-records.js'

export interface NewLogEntry extends LogMark {
  severity: 'OK' | 'Warning' | 'Critical' | 'Unknown'
  message_id: string | null
  message: string
  category: string | null
  raw: Record<string, unknown> | null
}

/** Rows per statement: far below the limit of its parameters. */
const BATCH = 500

/** Stores entries; those that are there are left alone. @returns how many were new */
export async function insertLogEntries(
  db: Db,
  of: { server_id: string; log: EventLog; job_id: string | null },
  entries: readonly NewLogEntry[],
): Promise<number> {
  let stored = 0
  for (let from = 0; from < entries.length; from += BATCH) {
    const rows = await db
      .insert(serverEventLogs)
      .values(entries.slice(from, from + BATCH).map((entry) => ({ ...entry, ...of })))
      .onConflictDoNothing()
      .returning({ id: serverEventLogs.id })
    stored += rows.length
  }
  return stored
}

/** How many of these entries are not stored yet. */
export async function countUnknownEntries(
  db: Db,
  of: { server_id: string; log: EventLog },
  entries: readonly LogMark[],
): Promise<number> {
  if (entries.length === 0) return 0
  const ids = entries.map((entry) => entry.entry_id)
  const rows = await db
    .select({ entry_id: serverEventLogs.entry_id, logged_at: serverEventLogs.logged_at })
    .from(serverEventLogs)
    .where(
      and(
        eq(serverEventLogs.server_id, of.server_id),
        eq(serverEventLogs.log, of.log),
        inArray(serverEventLogs.entry_id, ids),
      ),
    )
  const keyOf = (entry: LogMark) => `${entry.entry_id} ${Date.parse(entry.logged_at)}`
  const known = new Set(rows.map(keyOf))
  return entries.filter((entry) => !known.has(keyOf(entry))).length
}

/** Up to where a log was fetched, or null when it never was. */
export async function readLogCursor(db: Db, server_id: string, log: EventLog): Promise<LogMark | null> {
  const [row] = await db
    .select({ entry_id: serverLogCursors.entry_id, logged_at: serverLogCursors.logged_at })
    .from(serverLogCursors)
    .where(and(eq(serverLogCursors.server_id, server_id), eq(serverLogCursors.log, log)))
  return row ?? null
}

export async function saveLogCursor(db: Db, server_id: string, log: EventLog, mark: LogMark): Promise<void> {
  await db
    .insert(serverLogCursors)
    .values({ server_id, log, ...mark })
    .onConflictDoUpdate({
      target: [serverLogCursors.server_id, serverLogCursors.log],
      set: { entry_id: sql`excluded.entry_id`, logged_at: sql`excluded.logged_at` },
    })
}

import { DrizzleQueryError, type ExtractTablesWithRelations, sql } from 'drizzle-orm'
import { drizzle, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { StatementClient } from './statement-client.js'

type NoSchema = Record<string, never>

/** A handle that stores take: the pool's, or a transaction's. `db.transaction(fn)` works on both (the inner one is a savepoint). */
export type Db = PgDatabase<NodePgQueryResultHKT, NoSchema, ExtractTablesWithRelations<NoSchema>>

export interface Database {
  readonly db: Db
  readonly pool: pg.Pool
  readonly url: string
  close(): Promise<void>
}

export interface ConnectOptions {
  url: string
  /** Shown in `pg_stat_activity`. */
  application_name: string
  /** Statement time-out: 5,000 for the API, 30,000 for a worker. */
  statement_timeout_ms?: number
  max_connections?: number
  /** Called for errors of idle connections (the server went away); the pool makes new ones by itself. */
  onIdleError?: (error: Error) => void
}

/** Opens a pool. Nothing is connected until the first query; lock time-out is 2 s. A transaction that
 * idles for 15 s is ended: no transaction waits for anything outside, so its process hangs, and others need its locks. */
export function openDatabase(options: ConnectOptions): Database {
  const pool = new pg.Pool({
    Client: StatementClient,
    connectionString: options.url,
    application_name: options.application_name,
    max: options.max_connections ?? 10,
    statement_timeout: options.statement_timeout_ms ?? 30_000,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 15_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  pool.on('error', (error) => options.onIdleError?.(error))
  // QUIRK pg 8: a connection that breaks while it is checked out but between two queries emits 'error' on the client itself,
  // which ends the process when nobody listens. The next query on it fails anyway. Seen: exit 1 when Postgres was killed
  // inside a transaction. Source: test/db/connect.test.ts.
  pool.on('connect', (client) => {
    client.on('error', (error: Error) => options.onIdleError?.(error))
  })
  const db: Db = drizzle(pool)
  return { db, pool, url: options.url, close: () => pool.end() }
}

/** SQLSTATE of a database error, also below drizzle's wrapper; null when it is no database error. */
export function sqlState(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code
  }
  return null
}

/** The error as it may be logged: a failed statement without its values, among which are hashes and sealed secrets. */
export function withoutValues(error: unknown): unknown {
  if (!(error instanceof DrizzleQueryError)) return error
  const cause = error.cause instanceof Error ? error.cause.message : String(error.cause)
  return Object.assign(new Error(`${cause} (${error.query})`), { code: sqlState(error) })
}

/** Name of the constraint that a database error names; null when there is none. */
export function violatedConstraint(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('constraint' in at && typeof at.constraint === 'string') return at.constraint
  }
  return null
}

/** Is the error one that a second try may cure (server away, serialisation, deadlock, lock time-out)? */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== null) return /^(08|57P|40001|40P01|55P03|53)/.test(state)
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^E(CONN|PIPE|TIMEDOUT)/.test(at.code)) return true
    if (/Connection terminated|timeout exceeded when trying to connect/.test(at.message)) return true
  }
  return false
}

/** Takes a transaction-long advisory lock on a text; waits for it. */
export async function lockText(tx: Db, ...texts: string[]): Promise<void> {
  const locks = texts.map((text) => sql`pg_advisory_xact_lock(hashtextextended(${text}, 7))`)
  await tx.execute(sql`select ${sql.join(locks, sql`, `)}`)
}

/** The database's clock, RFC 3339: the only clock that several processes share. */
export async function databaseNow(db: Db): Promise<string> {
  const { rows } = await db.execute<{ now: string }>(sql`select now()::text as now`)
  return new Date(rows[0]?.now ?? Date.now()).toISOString()
}

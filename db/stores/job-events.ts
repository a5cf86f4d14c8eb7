import { and, asc, eq, gt, inArray, or, type SQL, sql } from 'drizzle-orm'
import { PgTransaction } from 'drizzle-orm/pg-core'
import type { Db } from '../connect.js'
import { type JobEvent, jobEvents, jobs } from '../schema/jobs.js'

export interface NewEvent {
  job_id: string | null
  task_id?: string | null
  type: JobEvent['type']
  level?: 'debug' | 'info' | 'warning' | 'error'
  message?: string
  data?: Record<string, unknown>
  actor_id?: string | null
}

/** Channel that wakes the event streams; the payload is the id of the newest event. */
export const EVENTS_CHANNEL = 'dsm_events'
const ORDER_LOCK = 7_224_118_202

/** Appends one event; returns its id. See {@link appendEvents}. */
export function appendEvent(db: Db, event: NewEvent): Promise<number> {
  return appendEvents(db, [event])
}

/**
 * Appends events in the order given and returns the id of the last. Ids become visible in order: they are given under an
 * advisory lock that lasts to the end of the transaction, so a reader that has seen *n* misses nothing below it. Therefore
 * call it last in a transaction, and once for all of its events: every other writer waits meanwhile.
 */
export async function appendEvents(db: Db, events: readonly NewEvent[]): Promise<number> {
  if (events.length === 0) return 0
  return inTransaction(db, async (tx) => {
    const job_ids = [...new Set(events.flatMap(({ job_id }) => job_id ?? []))]
    // The rows of the jobs before the order lock, always in this order: else two writers could wait for each other.
    await tx.execute(sql`
      select pg_advisory_xact_lock(${ORDER_LOCK}) from (
        select count(*) from (
          select 1 from jobs where id = any(${sql.param(job_ids)}::uuid[]) order by id for no key update) row_locks) locked`)
    const { rows } = await tx.execute<{ id: string }>(sql`
      with added as (
        insert into job_events (id, job_id, task_id, type, level, message, data, actor_id, at)
        select nextval('job_events_id_seq'), job_id, task_id, type, level, message, data, actor_id, clock_timestamp()
        from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) event (
          job_id uuid, task_id uuid, type text, level text, message text, data jsonb, actor_id uuid)
        returning id, job_id),
      told as (
        update jobs set event_seq = newest.id
        from (select job_id, max(id) as id from added group by job_id) newest where jobs.id = newest.job_id)
      select last.id, pg_notify(${EVENTS_CHANNEL}, last.id::text) from (select max(id) as id from added) last`)
    return Number(rows[0]?.id ?? 0)
  })
}

/** The transaction that is open already, or one of its own: no savepoint for what fails as a whole. */
function inTransaction<T>(db: Db, body: (tx: Db) => Promise<T>): Promise<T> {
  return db instanceof PgTransaction ? body(db as Db) : db.transaction(body)
}

/** A line for people: the log of a job or of one of its targets. */
export function appendLog(
  db: Db,
  line: {
    job_id: string
    task_id?: string | null
    level?: NewEvent['level']
    message: string
    data?: Record<string, unknown>
  },
): Promise<number> {
  return appendEvent(db, { level: 'info', ...line, type: 'log' } as NewEvent)
}

/** Events behind `after_id` in order; of one job with its child jobs, or of all. */
export async function readEvents(
  db: Db,
  query: { after_id: number; job_id?: string; limit?: number },
): Promise<JobEvent[]> {
  const conditions: SQL[] = [gt(jobEvents.id, query.after_id)]
  if (query.job_id) conditions.push(inArray(jobEvents.job_id, familyOf(db, query.job_id)))
  return db
    .select()
    .from(jobEvents)
    .where(and(...conditions))
    .orderBy(asc(jobEvents.id))
    .limit(query.limit ?? 500)
}

/** Id of the newest event; 0 when there is none. */
export async function newestEventId(db: Db): Promise<number> {
  const [row] = await db.select({ id: sql<number>`coalesce(max(id), 0)::bigint`.mapWith(Number) }).from(jobEvents)
  return row?.id ?? 0
}

/** Ids of a job and of its child jobs, as a sub-select: what people see of the parent includes the children's. */
export function familyOf(db: Db, job_id: string) {
  return db
    .select({ id: jobs.id })
    .from(jobs)
    .where(or(eq(jobs.id, job_id), eq(jobs.parent_job_id, job_id)))
}

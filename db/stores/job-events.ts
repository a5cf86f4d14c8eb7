import { and, asc, eq, gt, inArray, or, type SQL, sql } from 'drizzle-orm'
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

/**
 * Appends one event. Ids become visible in order: they are given under an advisory lock that lasts to the end of the
 * transaction, so a reader that has seen *n* misses nothing below it. Therefore call it last in a transaction.
 */
export async function appendEvent(db: Db, event: NewEvent): Promise<number> {
  return db.transaction(async (tx) => {
    // The job's row before the order lock, always in this order: else two writers could wait for each other.
    if (event.job_id) await tx.execute(sql`select 1 from jobs where id = ${event.job_id} for no key update`)
    await tx.execute(sql`select pg_advisory_xact_lock(${ORDER_LOCK})`)
    const [row] = await tx
      .insert(jobEvents)
      .values({ ...event, id: sql`nextval('job_events_id_seq')`, at: sql`clock_timestamp()` })
      .returning({ id: jobEvents.id })
    const id = row?.id ?? 0
    if (event.job_id) await tx.update(jobs).set({ event_seq: id }).where(eq(jobs.id, event.job_id))
    await tx.execute(sql`select pg_notify(${EVENTS_CHANNEL}, ${String(id)})`)
    return id
  })
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

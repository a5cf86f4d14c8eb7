import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type JobAttention, jobAttention, jobs } from '../schema/jobs.js'
import { appendEvent, familyOf } from './job-events.js'

export interface NewAttention {
  target_kind?: string | null
  target_id?: string | null
  target_label?: string | null
  state_left: string
  code: string
  message: string
  next_action: string
}

/** Opens entries; one that is open already (same target and code) is not opened twice. */
export async function openAttention(db: Db, job_id: string, entries: NewAttention[]): Promise<void> {
  if (entries.length === 0) return
  await db.transaction(async (tx) => {
    await tx
      .insert(jobAttention)
      .values(entries.map((entry) => ({ ...entry, id: newId(), job_id })))
      .onConflictDoNothing()
    await refreshNeedsAttention(tx, job_id)
    await appendEvent(tx, { job_id, type: 'attention', level: 'warning', data: { opened: entries } })
  })
}

/** Closes the open entries of a job (and of its child jobs) with a person's name. Returns how many. */
export async function acknowledgeAttention(db: Db, job_id: string, user_id: string): Promise<number> {
  return db.transaction(async (tx) => {
    const closed = await tx
      .update(jobAttention)
      .set({ acknowledged_by: user_id, acknowledged_at: sql`now()` })
      .where(
        and(
          inArray(jobAttention.job_id, familyOf(tx, job_id)),
          isNull(jobAttention.acknowledged_at),
          isNull(jobAttention.resolved_at),
        ),
      )
      .returning({ job_id: jobAttention.job_id })
    for (const id of new Set([job_id, ...closed.map((row) => row.job_id)])) await refreshNeedsAttention(tx, id)
    await appendEvent(tx, { job_id, type: 'attention', actor_id: user_id, data: { acknowledged: closed.length } })
    return closed.length
  })
}

/** A later read shows that it is right again: closes matching open entries of any job. */
export async function resolveAttention(
  db: Db,
  match: { target_kind: string; target_id: string; code?: string },
): Promise<number> {
  return db.transaction(async (tx) => {
    const closed = await tx
      .update(jobAttention)
      .set({ resolved_at: sql`now()` })
      .where(
        and(
          eq(jobAttention.target_kind, match.target_kind),
          eq(jobAttention.target_id, match.target_id),
          match.code ? eq(jobAttention.code, match.code) : undefined,
          isNull(jobAttention.resolved_at),
        ),
      )
      .returning({ job_id: jobAttention.job_id })
    for (const id of new Set(closed.map((row) => row.job_id))) await refreshNeedsAttention(tx, id)
    return closed.length
  })
}

/** All entries of a job and of its child jobs, oldest first. */
export async function listAttention(db: Db, job_id: string): Promise<JobAttention[]> {
  return db
    .select()
    .from(jobAttention)
    .where(inArray(jobAttention.job_id, familyOf(db, job_id)))
    .orderBy(asc(jobAttention.created_at), asc(jobAttention.id))
}

async function refreshNeedsAttention(tx: Db, job_id: string): Promise<void> {
  await tx
    .update(jobs)
    .set({
      needs_attention: sql`exists (select 1 from job_attention a join jobs j on j.id = a.job_id
        where (j.id = jobs.id or j.parent_job_id = jobs.id) and a.acknowledged_at is null and a.resolved_at is null)`,
      updated_at: sql`now()`,
      version: sql`version + 1`,
    })
    .where(sql`id = ${job_id} or id = (select parent_job_id from jobs where id = ${job_id})`)
}

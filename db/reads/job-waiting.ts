import { and, inArray, or, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { jobs, jobTasks, type WaitingReason } from '../schema/jobs.js'

/** More reasons than a person reads; the tasks have them all. */
const MOST_SHOWN = 20

/**
 * Why targets of these jobs wait, by job id, each reason once; those of child jobs stand with their parent. Jobs whose
 * targets all work are left out.
 */
export async function waitingOfTasks(db: Db, job_ids: readonly string[]): Promise<Map<string, WaitingReason[]>> {
  const found = new Map<string, WaitingReason[]>()
  if (job_ids.length === 0) return found
  const ids = [...job_ids]
  const rows = await db
    .select({ id: jobs.id, parent_id: jobs.parent_job_id, waiting_for: jobTasks.waiting_for })
    .from(jobTasks)
    .innerJoin(jobs, sql`${jobs.id} = ${jobTasks.job_id}`)
    .where(
      and(or(inArray(jobs.id, ids), inArray(jobs.parent_job_id, ids)), sql`${jobTasks.waiting_for} <> '[]'::jsonb`),
    )
    .orderBy(jobTasks.position)
  for (const row of rows) {
    for (const id of [row.id, row.parent_id]) {
      if (id === null || !ids.includes(id)) continue
      found.set(id, joinReasons(found.get(id) ?? [], row.waiting_for))
    }
  }
  return found
}

/** The reasons of both, each code and sentence once. */
export function joinReasons(one: readonly WaitingReason[], other: readonly WaitingReason[]): WaitingReason[] {
  const joined = [...one]
  for (const reason of other) {
    const known = joined.some((each) => each.code === reason.code && each.message === reason.message)
    if (!known && joined.length < MOST_SHOWN) joined.push(reason)
  }
  return joined
}

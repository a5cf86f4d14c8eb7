import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { jobs, jobTasks } from '../schema/jobs.js'

/** What happened to a server that was only read, as it should be. */
const ORDINARY = ['answered', 'unchanged']

/**
 * A background job over all servers keeps rows only for those where something was wrong: otherwise it would write a row for each
 * server each hour. How many there were stays in `result.summary`. Repeatable; does nothing to jobs of people.
 */
export async function keepOnlyExceptions(db: Db, job_id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [job] = await tx
      .select({ targets: jobs.targets, result: jobs.result })
      .from(jobs)
      .where(and(eq(jobs.id, job_id), eq(jobs.origin, 'background'), inArray(jobs.status, ['completed', 'failed'])))
      .for('update')
    if (!job) return
    const dropped = await tx
      .delete(jobTasks)
      .where(and(eq(jobTasks.job_id, job_id), eq(jobTasks.target_kind, 'server'), inArray(jobTasks.outcome, ORDINARY)))
      .returning({ id: jobTasks.target_id })
    if (dropped.length === 0) return
    const gone = new Set(dropped.map(({ id }) => id))
    const kept = (job.result?.targets as { target: { id: string | null } }[] | undefined) ?? []
    await tx
      .update(jobs)
      .set({
        targets: job.targets.filter(({ id }) => !gone.has(id)),
        result: { ...job.result, targets: kept.filter(({ target }) => !gone.has(target.id)) },
        version: sql`version + 1`,
      })
      .where(eq(jobs.id, job_id))
  })
}

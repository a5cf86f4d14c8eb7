import { sql } from 'drizzle-orm'
import type { Db } from '../connect.js'

/**
 * The job's own phase is the one of its target in work (the first in order); its note says what happens there. Derived from
 * the tasks, so it needs no counter of the workflow's; a job that is paused or final keeps what it has.
 */
export async function noteJobPhase(db: Db, job_id: string, phase_note: string | null): Promise<void> {
  await db.execute(sql`
    update jobs set
      phase = coalesce(task.phase, jobs.phase),
      phase_since = case when task.phase is distinct from jobs.phase then now() else jobs.phase_since end,
      phase_note = coalesce(${phase_note}, jobs.phase_note),
      last_progress_at = now(), updated_at = now(), version = version + 1
    from (select (select phase from job_tasks where job_id = ${job_id} and status = 'running' order by position limit 1) as phase) task
    where jobs.id = ${job_id} and jobs.status = 'running'`)
}

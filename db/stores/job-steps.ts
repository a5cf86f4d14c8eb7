import { asc, inArray, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type JobStep, jobSteps } from '../schema/jobs.js'
import { familyOf, type NewEvent } from './job-events.js'

export interface StepRecord {
  task_id: string | null
  seq: number
  phase: string
  kind: string
  status: JobStep['status']
  component?: string | null
  fqdd?: string | null
  from_version?: string | null
  to_version?: string | null
  planned_minutes?: number | null
  device_job_id?: string | null
  safe_to_stop?: boolean | null
  reversible?: boolean | null
  detail?: Record<string, unknown> | null
}

const ENDED: JobStep['status'][] = ['completed', 'failed', 'skipped', 'unknown']

/**
 * Writes or moves on one step of a target (key: job, task, seq); gives the event of it, which the caller appends in the same
 * transaction. A step that has ended is not opened again: null.
 */
export async function moveStep(tx: Db, job_id: string, step: StepRecord): Promise<NewEvent | null> {
  const begun = step.status === 'planned' || step.status === 'skipped' ? null : sql`now()`
  const ended = ENDED.includes(step.status) ? sql`now()` : null
  const [row] = await tx
    .insert(jobSteps)
    .values({ ...step, id: newId(), job_id, started_at: begun, completed_at: ended })
    .onConflictDoUpdate({
      target: [jobSteps.job_id, jobSteps.task_id, jobSteps.seq],
      set: {
        ...step,
        started_at: begun ? sql`coalesce(job_steps.started_at, now())` : sql`job_steps.started_at`,
        completed_at: ended,
      },
      setWhere: sql`job_steps.status not in ('completed', 'failed', 'skipped', 'unknown')`,
    })
    .returning()
  if (!row) return null
  const { task_id, seq, kind, phase, status, component, from_version, to_version, device_job_id } = row
  const data = { seq, kind, phase, status, component, from_version, to_version, device_job_id }
  return { job_id, task_id, type: 'step.changed', data }
}

/** Steps of a job and of its child jobs; what the Gantt draws. */
export async function listSteps(db: Db, job_id: string): Promise<JobStep[]> {
  return db
    .select()
    .from(jobSteps)
    .where(inArray(jobSteps.job_id, familyOf(db, job_id)))
    .orderBy(asc(jobSteps.task_id), asc(jobSteps.seq))
}

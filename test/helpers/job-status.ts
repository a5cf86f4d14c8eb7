import type { Db } from '../../db/connect.js'
import { writeStatus } from '../../db/stores/job-status.js'
import type { StepRecord } from '../../db/stores/job-steps.js'
import type { TaskPatch } from '../../db/stores/job-tasks.js'
import type { JobPatch } from '../../db/stores/jobs.js'

/** One change of a job's own row, as its workflow writes it. */
export async function moveJobTo(db: Db, job_id: string, state_seq: number, patch: JobPatch): Promise<boolean> {
  const [applied] = await writeStatus(db, [{ kind: 'job', job_id, state_seq, patch }])
  return applied ?? false
}

/** One change of the row of a target. */
export async function moveTaskTo(
  db: Db,
  task: { id: string; job_id: string } | undefined,
  state_seq: number,
  patch: TaskPatch,
): Promise<boolean> {
  if (!task) throw new Error('there is no such task')
  const [applied] = await writeStatus(db, [{ kind: 'task', job_id: task.job_id, task_id: task.id, state_seq, patch }])
  return applied ?? false
}

/** One change of a step. */
export async function moveStepTo(db: Db, job_id: string, step: StepRecord): Promise<boolean> {
  const [applied] = await writeStatus(db, [{ kind: 'step', job_id, step }])
  return applied ?? false
}

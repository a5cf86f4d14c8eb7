import type { Db } from '../connect.js'
import { appendEvents, type NewEvent } from './job-events.js'
import { moveStep, type StepRecord } from './job-steps.js'
import { moveTask, type TaskPatch } from './job-tasks.js'
import { type JobPatch, moveJob } from './jobs.js'

/** One change of what people see of a job: of its own row, of the row of one target, or of one step of a target. */
export type StatusRow =
  | { kind: 'job'; job_id: string; state_seq: number; patch: JobPatch }
  | { kind: 'task'; job_id: string; task_id: string; state_seq: number; patch: TaskPatch }
  | { kind: 'step'; job_id: string; step: StepRecord }

/**
 * Writes changes in one transaction, with their events at its end; tells of each whether it was applied. Late and repeated
 * ones change nothing. Rows are locked in the order that every writer keeps: targets by id, then jobs.
 */
export async function writeStatus(db: Db, rows: readonly StatusRow[]): Promise<boolean[]> {
  const applied = new Map<StatusRow, boolean>()
  await db.transaction(async (tx) => {
    const events: NewEvent[] = []
    for (const row of rows.toSorted(byLockOrder)) {
      const event = await move(tx, row)
      applied.set(row, event !== null)
      if (event) events.push(event)
    }
    await appendEvents(tx, events)
  })
  return rows.map((row) => applied.get(row) ?? false)
}

function move(tx: Db, row: StatusRow): Promise<NewEvent | null> {
  if (row.kind === 'job') return moveJob(tx, row.job_id, row.state_seq, row.patch)
  if (row.kind === 'task') return moveTask(tx, row.task_id, row.state_seq, row.patch)
  return moveStep(tx, row.job_id, row.step)
}

/** The sort is stable: changes of the same row stay in the order in which they came. */
function byLockOrder(a: StatusRow, b: StatusRow): number {
  if (a.kind === 'job' || b.kind === 'job') return Number(a.kind === 'job') - Number(b.kind === 'job')
  return taskOf(a).localeCompare(taskOf(b))
}

const taskOf = (row: Exclude<StatusRow, { kind: 'job' }>) =>
  row.kind === 'task' ? row.task_id : (row.step.task_id ?? '')

import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { TaskStatus } from '../../domain/job-status.js'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type JobError, type JobTarget, type JobTask, jobTasks, type WaitingReason } from '../schema/jobs.js'
import { appendEvent, familyOf, type NewEvent } from './job-events.js'

/** One row per target, in the order given; repeating it adds nothing. Returns the rows in position order. */
export async function createTasks(db: Db, job_id: string, targets: JobTarget[]): Promise<JobTask[]> {
  for (let from = 0; from < targets.length; from += 500) {
    const rows = targets.slice(from, from + 500).map((target, i) => taskRow(job_id, target, from + i))
    await db.insert(jobTasks).values(rows).onConflictDoNothing()
  }
  return listTasks(db, job_id)
}

function taskRow(job_id: string, target: JobTarget, position: number): typeof jobTasks.$inferInsert {
  const server_id = target.kind === 'server' ? target.id : (target.server_id ?? null)
  const vcenter_host_id = target.kind === 'host' ? target.id : (target.host_id ?? null)
  return {
    id: newId(),
    job_id,
    target_kind: target.kind,
    target_id: target.id,
    target_label: target.name,
    server_id,
    vcenter_host_id,
    position,
    phase: 'queued',
  }
}

export async function listTasks(db: Db, job_id: string): Promise<JobTask[]> {
  return db.select().from(jobTasks).where(eq(jobTasks.job_id, job_id)).orderBy(asc(jobTasks.position))
}

/** Task of a job or of one of its child jobs by its own id or by its target's id; null when there is none. */
export async function findTask(db: Db, job_id: string, id: string): Promise<JobTask | null> {
  const [row] = await db
    .select()
    .from(jobTasks)
    .where(
      and(
        inArray(jobTasks.job_id, familyOf(db, job_id)),
        sql`(${jobTasks.id}::text = ${id} or ${jobTasks.target_id} = ${id})`,
      ),
    )
    .limit(1)
  return row ?? null
}

export interface TaskPatch {
  status?: TaskStatus | undefined
  phase?: string | undefined
  progress?: number | undefined
  waiting_for?: WaitingReason[] | undefined
  outcome?: string | undefined
  error?: JobError | null | undefined
  result?: Record<string, unknown> | undefined
  attempt?: number | undefined
  /** A line to append; the last 64 KiB are kept. */
  log?: string | undefined
}

const LOG_BYTES = 65_536
const ENDED: TaskStatus[] = ['completed', 'failed', 'cancelled', 'skipped']

/**
 * Moves the row of one target on: applied only if `state_seq` is greater than the row's, else null. A task that failed may
 * begin again (retry); progress never goes back inside one attempt. Gives the event of it, which the caller appends in the
 * same transaction.
 */
export async function moveTask(tx: Db, task_id: string, state_seq: number, patch: TaskPatch): Promise<NewEvent | null> {
  const { status, phase, progress, log, ...plain } = patch
  const restarts = status === 'pending' || (status === 'running' && patch.attempt !== undefined)
  const [row] = await tx
    .update(jobTasks)
    .set({
      ...plain,
      ...(status ? { status } : {}),
      ...(status === 'running' ? { started_at: sql`coalesce(started_at, now())`, completed_at: null } : {}),
      ...(status && ENDED.includes(status) ? { completed_at: sql`now()`, waiting_for: [] } : {}),
      ...(phase === undefined
        ? {}
        : { phase, phase_since: sql`case when phase is distinct from ${phase} then now() else phase_since end` }),
      ...(progress === undefined
        ? {}
        : { progress: restarts ? clamp(progress) : sql`greatest(progress, ${clamp(progress)})` }),
      ...(log === undefined ? {} : { log: sql`right(coalesce(log, '') || ${`${log}\n`}, ${LOG_BYTES})` }),
      state_seq,
    })
    .where(and(eq(jobTasks.id, task_id), lt(jobTasks.state_seq, state_seq)))
    .returning()
  return row ? taskEvent(row) : null
}

/**
 * What an activity sees while it works (percent, waiting reason, a log line): no state counter, since it only adds. Ignored
 * once the task has ended.
 */
export async function reportTask(
  db: Db,
  task_id: string,
  report: { progress?: number; waiting_for?: WaitingReason[]; log?: string },
): Promise<void> {
  const { progress, waiting_for, log } = report
  await db.transaction(async (tx) => {
    const [row] = await tx
      .update(jobTasks)
      .set({
        ...(progress === undefined ? {} : { progress: sql`greatest(progress, ${clamp(progress)})` }),
        ...(waiting_for === undefined ? {} : { waiting_for }),
        ...(log === undefined ? {} : { log: sql`right(coalesce(log, '') || ${`${log}\n`}, ${LOG_BYTES})` }),
        attempt: sql`attempt`,
      })
      .where(and(eq(jobTasks.id, task_id), sql`status not in ('completed', 'failed', 'cancelled', 'skipped')`))
      .returning()
    if (!row) return
    if (log !== undefined)
      await appendEvent(tx, { job_id: row.job_id, task_id, type: 'log', level: 'info', message: log })
    else await announceTask(tx, row)
  })
}

/** Mean progress of the tasks of a job; ended ones count as 100. Never 100 while one is not ended. */
export async function meanProgress(db: Db, job_id: string): Promise<{ mean: number; tasks: number }> {
  const [row] = await db
    .select({
      mean: sql<number>`floor(avg(case when status in ('completed', 'failed', 'cancelled', 'skipped') then 100 else least(progress, 99) end))::int`,
      tasks: sql<number>`count(*)::int`,
    })
    .from(jobTasks)
    .where(eq(jobTasks.job_id, job_id))
  return { mean: row?.mean ?? 0, tasks: row?.tasks ?? 0 }
}

/** Ends the tasks that the end of their job left open; for jobs that were lost or cancelled. */
export async function endOpenTasks(
  db: Db,
  job_id: string,
  status: 'cancelled' | 'failed',
  error: JobError | null,
): Promise<void> {
  await db
    .update(jobTasks)
    .set({ status, error, waiting_for: [], completed_at: sql`now()` })
    .where(and(eq(jobTasks.job_id, job_id), inArray(jobTasks.status, ['pending', 'running', 'paused'])))
}

/** Ends the open tasks of targets that their job answered as a whole, as a dry run does. */
export async function endAnsweredTasks(db: Db, job_id: string, target_ids: readonly string[]): Promise<void> {
  if (target_ids.length === 0) return
  await db
    .update(jobTasks)
    .set({
      status: 'completed',
      outcome: 'answered',
      phase: 'done',
      progress: 100,
      waiting_for: [],
      completed_at: sql`now()`,
    })
    .where(
      and(
        eq(jobTasks.job_id, job_id),
        inArray(jobTasks.status, ['pending', 'running', 'paused']),
        inArray(jobTasks.target_id, [...target_ids]),
      ),
    )
}

/** Open tasks of a job whose child jobs did the work end as the tasks of the children did. */
export async function endTasksAsChildren(db: Db, job_id: string): Promise<void> {
  await db.execute(sql`
    update job_tasks own set status = child.status, outcome = child.outcome, phase = child.phase, error = child.error,
      progress = child.progress, started_at = child.started_at, completed_at = child.completed_at, waiting_for = '[]'
    from job_tasks child join jobs on jobs.id = child.job_id
    where jobs.parent_job_id = ${job_id} and own.job_id = ${job_id} and own.target_id = child.target_id
      and own.status in ('pending', 'running', 'paused')
      and child.status in ('completed', 'failed', 'cancelled', 'skipped')`)
}

/** Appends the event of a task that has changed; in the transaction of the change. */
export async function announceTask(tx: Db, task: JobTask): Promise<void> {
  await appendEvent(tx, taskEvent(task))
}

function taskEvent(task: JobTask): NewEvent {
  const { status, phase, progress, waiting_for, outcome, target_kind, target_id, target_label } = task
  const target = { kind: target_kind, id: target_id, name: target_label }
  return {
    job_id: task.job_id,
    task_id: task.id,
    type: 'task.changed',
    data: { status, phase, progress, waiting_for, outcome, target },
  }
}

const clamp = (value: number) => Math.max(0, Math.min(100, Math.floor(value)))

import { and, eq, inArray, isNull, lt, ne, notInArray, or, sql } from 'drizzle-orm'
import { jobWorkflowId } from '../../domain/ids.js'
import { type CancelMode, isFinal, sharperCancel } from '../../domain/job-status.js'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import {
  FINAL_JOB_STATUSES,
  type Job,
  type JobError,
  type JobTarget,
  jobs,
  type TargetScope,
  type WaitingReason,
} from '../schema/jobs.js'
import { appendEvent, appendEvents, type NewEvent } from './job-events.js'

/** Channel that nudges the dispatcher when a row becomes due. */
export const JOBS_CHANNEL = 'dsm_jobs'

export interface NewJob {
  id?: string
  job_type: string
  created_by: string | null
  target_scope: TargetScope
  details: Record<string, unknown>
  targets: JobTarget[]
  dry_run?: boolean
  credential_set_ids?: string[]
  schedule_at?: string | null
  parent_job_id?: string | null
  priority?: number
  origin?: Job['origin']
  request_id?: string | null
  maintenance_window_id?: string | null
}

/** Writes the `pending` row: the row is the outbox. Nudges the dispatcher at commit. */
export async function insertJob(db: Db, job: NewJob): Promise<Job> {
  const id = job.id ?? newId()
  const source = job.details.firmware_source
  return db.transaction(async (tx) => {
    const [row] = await tx
      .insert(jobs)
      .values({
        ...job,
        id,
        workflow_id: jobWorkflowId(job.job_type, id),
        firmware_source: typeof source === 'string' ? source : null,
      })
      .returning()
    if (!row) throw new Error('the job was not inserted')
    await appendEvent(tx, { job_id: id, type: 'job.changed', data: { status: 'pending', phase: null, progress: 0 } })
    await tx.execute(sql`select pg_notify(${JOBS_CHANNEL}, ${id})`)
    return row
  })
}

/** One job, or null. */
export async function getJob(db: Db, job_id: string): Promise<Job | null> {
  const [row] = await db.select().from(jobs).where(eq(jobs.id, job_id))
  return row ?? null
}

export interface Claim {
  claimed: boolean
  job: Job | null
}

/**
 * First act of a job's workflow: `pending` -> `running` for this run. A repeat by the same run is a success; a job that was
 * cancelled meanwhile, or that another run has claimed, is `claimed: false`, and the workflow ends without effect.
 * `run_id` = the first execution's run id, so that continue-as-new stays the owner.
 */
export async function claimJob(db: Db, job_id: string, run_id: string): Promise<Claim> {
  return db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.id, job_id)).for('update')
    if (!job) return { claimed: false, job: null }
    if (job.status !== 'pending') return { claimed: job.run_id === run_id && !isFinal(job.status), job }
    const [row] = await tx
      .update(jobs)
      .set({
        status: 'running',
        run_id,
        phase: 'queued',
        waiting_for: [],
        started_at: sql`now()`,
        phase_since: sql`now()`,
        last_progress_at: sql`now()`,
        updated_at: sql`now()`,
        version: sql`version + 1`,
      })
      .where(eq(jobs.id, job_id))
      .returning()
    await appendEvent(tx, { job_id, type: 'job.changed', data: { status: 'running', phase: 'queued', progress: 0 } })
    return { claimed: true, job: row ?? job }
  })
}

export interface JobPatch {
  status?: 'running' | 'paused'
  phase?: string | undefined
  phase_note?: string | null | undefined
  progress?: number | undefined
  waiting_for?: WaitingReason[] | undefined
  plan?: Record<string, unknown> | undefined
  stuck_since?: string | null | undefined
}

/**
 * Moves the row of a job on: applied only if `state_seq` is greater than the row's, and only while the job is not final, else
 * null. Progress never goes back. Gives the event of it, which the caller appends in the same transaction.
 */
export async function moveJob(tx: Db, job_id: string, state_seq: number, patch: JobPatch): Promise<NewEvent | null> {
  const { phase, progress, status, plan, ...plain } = patch
  const [row] = await tx
    .update(jobs)
    .set({
      ...plain,
      ...(status ? { status, pause_requested_at: null } : {}),
      ...(phase === undefined
        ? {}
        : { phase, phase_since: sql`case when phase is distinct from ${phase} then now() else phase_since end` }),
      ...(progress === undefined ? {} : { progress: sql`greatest(progress, ${clampProgress(progress)})` }),
      ...(plan === undefined ? {} : { plan, plan_version: sql`plan_version + 1` }),
      state_seq,
      last_progress_at: sql`now()`,
      updated_at: sql`now()`,
      version: sql`version + 1`,
    })
    .where(and(eq(jobs.id, job_id), lt(jobs.state_seq, state_seq), notInArray(jobs.status, [...FINAL_JOB_STATUSES])))
    .returning()
  return row ? jobEvent(row, plan ? 'plan' : 'job.changed') : null
}

/** Progress from the tasks, without the workflow's counter: only ever forward. */
export async function raiseJobProgress(db: Db, job_id: string, progress: number): Promise<void> {
  await db
    .update(jobs)
    .set({ progress: clampProgress(progress), last_progress_at: sql`now()` })
    .where(
      and(
        eq(jobs.id, job_id),
        lt(jobs.progress, clampProgress(progress)),
        notInArray(jobs.status, [...FINAL_JOB_STATUSES]),
      ),
    )
}

export interface JobEnd {
  status: 'completed' | 'failed' | 'cancelled'
  result: Record<string, unknown> | null
  error: JobError | null
}

/**
 * Writes the final state, once: a job that is final already stays as it is (`applied: false`). The phase stays where it
 * stopped, except for a completed job.
 */
export async function endJob(db: Db, job_id: string, state_seq: number, end: JobEnd): Promise<{ applied: boolean }> {
  return db.transaction(async (tx) => {
    const completed = end.status === 'completed'
    const [row] = await tx
      .update(jobs)
      .set({
        ...end,
        ...(completed ? { phase: 'done', phase_note: null, progress: 100 } : {}),
        waiting_for: [],
        pause_requested_at: null,
        stuck_since: null,
        state_seq: sql`greatest(state_seq, ${state_seq})`,
        completed_at: sql`now()`,
        updated_at: sql`now()`,
        version: sql`version + 1`,
      })
      .where(and(eq(jobs.id, job_id), notInArray(jobs.status, [...FINAL_JOB_STATUSES])))
      .returning()
    if (!row) return { applied: false }
    await appendEvent(tx, jobEvent(row, 'job.changed'))
    return { applied: true }
  })
}

/** Sets the marks of a press and says so in the events. What it does is decided by the workflow. */
async function mark(db: Db, job_id: string, actor_id: string | null, control: string, set: Record<string, unknown>) {
  return db.transaction(async (tx) => {
    const [row] = await tx
      .update(jobs)
      .set({ ...set, updated_at: sql`now()`, version: sql`version + 1` })
      .where(and(eq(jobs.id, job_id), notInArray(jobs.status, [...FINAL_JOB_STATUSES])))
      .returning()
    if (row) await appendEvent(tx, { job_id, type: 'control', actor_id, data: { control, status: row.status } })
    return row ?? null
  })
}

/** Pause asked for; the status changes when the workflow reaches a safe point. Null when the job is final. */
export function markPauseRequested(db: Db, job_id: string, actor_id: string | null): Promise<Job | null> {
  return mark(db, job_id, actor_id, 'pause', { pause_requested_at: sql`coalesce(pause_requested_at, now())` })
}

/** Takes a pause back. */
export function markResumeRequested(db: Db, job_id: string, actor_id: string | null): Promise<Job | null> {
  return mark(db, job_id, actor_id, 'resume', { pause_requested_at: null })
}

/**
 * Cancel asked for. A `pending` job is `cancelled` in this very transaction; otherwise the mode is noted (abort sharpens
 * graceful, nothing softens abort). Null when the job does not exist or is final.
 */
export async function markCancelRequested(
  db: Db,
  job_id: string,
  mode: CancelMode,
  actor_id: string | null,
): Promise<Job | null> {
  return db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.id, job_id)).for('update')
    if (!job || isFinal(job.status)) return null
    await mark(tx, job_id, actor_id, 'cancel', {
      cancel_requested_at: sql`coalesce(cancel_requested_at, now())`,
      cancel_mode: sharperCancel(job.cancel_mode, mode),
    })
    if (job.status === 'pending') {
      const error = { code: 'Cancelled', message: 'Cancelled before it began.' }
      await endJob(tx, job_id, job.state_seq, { status: 'cancelled', result: cancelledResult(job), error })
    }
    return getJob(tx, job_id)
  })
}

/** Skip or retry asked for: only an event, the workflow knows the rest. */
export function markControl(
  db: Db,
  job_id: string,
  actor_id: string | null,
  control: 'skip' | 'retry',
): Promise<Job | null> {
  return mark(db, job_id, actor_id, control, {})
}

/**
 * Jobs that are due and have no workflow yet; other dispatchers skip the rows that this transaction holds. Child jobs are
 * started by their parent's workflow, which decides when; those of a maintenance window only while it is open.
 */
export async function takeDueJobs(
  tx: Db,
  limit: number,
  but: string[] = [],
  open_windows: string[] = [],
): Promise<Job[]> {
  return tx
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.status, 'pending'),
        ne(jobs.origin, 'child'),
        sql`coalesce(schedule_at, created_at) <= now()`,
        but.length > 0 ? notInArray(jobs.id, but) : undefined,
        or(isNull(jobs.maintenance_window_id), inArray(jobs.maintenance_window_id, open_windows)),
      ),
    )
    .orderBy(jobs.priority, jobs.created_at)
    .limit(limit)
    .for('update', { skipLocked: true })
}

/**
 * Jobs that shall be cancelled and whose workflow has shown no life since: the cancel may not have arrived. Each is listed at
 * most once in `seconds`, and counted as touched by that.
 */
export async function listUndeliveredCancels(db: Db, seconds: number): Promise<Job[]> {
  return db
    .update(jobs)
    .set({ updated_at: sql`now()` })
    .where(
      and(
        inArray(jobs.status, ['running', 'paused']),
        sql`cancel_requested_at is not null and coalesce(last_progress_at, created_at) < cancel_requested_at`,
        sql`updated_at < now() - make_interval(secs => ${seconds})`,
      ),
    )
    .returning()
}

/**
 * Jobs that are not final and whose workflow has shown no life for `idle_seconds`; the reconciler looks after them. What
 * others write on the row (presses, repeated cancels) is no sign of life. Due rows that were not claimed are among them.
 */
export async function listIdleJobs(db: Db, idle_seconds: number, limit = 1000): Promise<Job[]> {
  const shown = sql`coalesce(last_progress_at, greatest(created_at, schedule_at))`
  return db
    .select()
    .from(jobs)
    .where(
      and(
        inArray(jobs.status, ['pending', 'running', 'paused']),
        sql`${shown} < now() - make_interval(secs => ${idle_seconds})`,
      ),
    )
    .orderBy(shown)
    .limit(limit)
}

/** Ends the child jobs that their parent never began: nobody else would start them. Returns how many. */
export async function endPendingChildren(db: Db, parent_job_id: string, message: string): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(jobs)
      .where(and(eq(jobs.parent_job_id, parent_job_id), eq(jobs.status, 'pending')))
      .for('update')
    for (const job of rows) {
      const error = { code: 'Cancelled', message }
      await endJob(tx, job.id, job.state_seq, { status: 'cancelled', result: cancelledResult(job), error })
    }
    return rows.length
  })
}

/** Says on every due job that has waited for `seconds` to be claimed why it does; once each. */
export async function explainPending(db: Db, reason: Omit<WaitingReason, 'since'>, seconds: number): Promise<void> {
  const since = new Date().toISOString()
  await db.transaction(async (tx) => {
    const explained = await tx
      .update(jobs)
      .set({ waiting_for: [{ ...reason, since }], version: sql`version + 1` })
      .where(
        and(
          eq(jobs.status, 'pending'),
          ne(jobs.origin, 'child'),
          sql`coalesce(schedule_at, created_at) < now() - make_interval(secs => ${seconds})`,
          sql`waiting_for = '[]'::jsonb`,
        ),
      )
      .returning()
    await appendEvents(
      tx,
      explained.map((job) => jobEvent(job, 'job.changed')),
    )
  })
}

/** Says on one job that has not begun what it waits for; the same sentence again changes nothing. */
export async function explainPendingJob(db: Db, job_id: string, reason: WaitingReason): Promise<void> {
  await db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.id, job_id)).for('update')
    const [shown, second] = job?.waiting_for ?? []
    const same = shown?.code === reason.code && shown.message === reason.message && !second
    if (job?.status !== 'pending' || same) return
    const [row] = await tx
      .update(jobs)
      .set({ waiting_for: [reason], version: sql`version + 1` })
      .where(eq(jobs.id, job_id))
      .returning()
    if (row) await appendEvent(tx, jobEvent(row, 'job.changed'))
  })
}

/** Ends a job that never began, as failed; one that has begun or ended meanwhile stays as it is. */
export async function endPendingJob(db: Db, job_id: string, error: JobError): Promise<void> {
  await db.transaction(async (tx) => {
    const [job] = await tx.select().from(jobs).where(eq(jobs.id, job_id)).for('update')
    if (job?.status !== 'pending') return
    await endJob(tx, job_id, job.state_seq, { status: 'failed', result: cancelledResult(job), error })
  })
}

/** Child jobs of a job, oldest first. */
export async function listChildJobs(db: Db, parent_job_id: string): Promise<Job[]> {
  return db.select().from(jobs).where(eq(jobs.parent_job_id, parent_job_id)).orderBy(jobs.created_at)
}

function jobEvent(job: Job, type: 'job.changed' | 'plan'): NewEvent {
  const { status, phase, phase_note, progress, waiting_for, needs_attention, plan_version } = job
  const data = { status, phase, phase_note, progress, waiting_for, needs_attention }
  return { job_id: job.id, type, data: type === 'plan' ? { ...data, plan_version } : data }
}

const clampProgress = (value: number) => Math.max(0, Math.min(100, Math.floor(value)))

function cancelledResult(job: Job): Record<string, unknown> {
  const total = job.targets.length
  return {
    summary: { total, succeeded: 0, failed: 0, skipped: 0, unchanged: 0, not_started: total },
    targets: job.targets.map(({ kind, id, name }) => ({ target: { kind, id, name }, outcome: 'not_started' })),
  }
}

import type { Job, JobTask } from '../../db/schema/jobs.js'
import { acknowledgeAttention, listAttention } from '../../db/stores/attention.js'
import { writeAudit } from '../../db/stores/audit.js'
import { findTask } from '../../db/stores/job-tasks.js'
import {
  getJob,
  listChildJobs,
  markCancelRequested,
  markControl,
  markPauseRequested,
  markResumeRequested,
} from '../../db/stores/jobs.js'
import type { FailureCode } from '../../domain/failures.js'
import {
  type CancelMode,
  type Control,
  type ControlLetter,
  isFinal,
  maySkipTask,
  whyNotControl,
} from '../../domain/job-status.js'
import { mayStartJob } from '../../domain/permissions.js'
import { findJob } from '../../workflows/catalog.js'
import { Problem } from '../errors.js'
import type { Answer, RouteContext } from '../route.js'
import type { Services } from '../services.js'
import type { JobSignal } from '../temporal.js'
import { jobView } from './view.js'

type Context = RouteContext<{ id: string }, unknown, { mode?: CancelMode | undefined; target_id?: string | undefined }>

const LETTERS: Record<string, ControlLetter> = { pause: 'P', cancel: 'C', skip: 'S', retry: 'R' }

/** One press of a control: may it apply, tell the workflow, note it on the row and in the audit, answer the state now. */
export async function pressControl(services: Services, control: Control, context: Context): Promise<Answer> {
  const { db } = services.database
  const job = await getJob(db, context.params.id)
  if (!job) throw new Problem('NotFound', 'There is no such job.')
  authorise(job, context)
  refuseIfNotNow(control, job)
  await press(services, control, job, context)
  await writeAudit(db, {
    actor_id: context.user.user_id,
    actor_label: context.user.username,
    actor_ip: context.ip,
    origin: context.user.origin,
    action: `job.${control}`,
    object_kind: 'job',
    object_id: job.id,
    object_label: job.job_type,
    after: { ...context.body },
    request_id: context.request_id,
  })
  const now = (await getJob(db, job.id)) ?? job
  return {
    status: 200,
    body: jobView(now, await listAttention(db, job.id), services.config.temporal),
    version: now.version,
  }
}

/** Who may start a job type may also control its jobs. */
function authorise(job: Job, context: Context): void {
  const role = findJob(job.job_type)?.role ?? 'admin'
  if (!mayStartJob(context.user.roles, role)) {
    throw new Problem('Forbidden', `Jobs of type ${job.job_type} are controlled by the role ${role}.`, {
      members: { roles_allowed: [role] },
    })
  }
}

function refuseIfNotNow(control: Control, job: Job): void {
  const letters = (findJob(job.job_type)?.controls ?? []).flatMap((name) => LETTERS[name] ?? [])
  const refusal = whyNotControl(control, {
    status: job.status,
    controls: letters,
    pause_requested: job.pause_requested_at !== null,
  })
  if (!refusal) return
  const members = refusal.code === 'JobFinal' && control === 'retry' ? { new_job: failedOnly(job) } : {}
  throw new Problem(refusal.code as FailureCode, refusal.message, { members })
}

/** A body for `POST /jobs` with only the failed targets; null when none failed or the type takes no targets. */
function failedOnly(job: Job) {
  const results = Array.isArray(job.result?.targets) ? job.result.targets : []
  const failed = new Set(
    results.flatMap((entry: { outcome?: string; target?: { id?: string } }) =>
      entry.outcome === 'failed' || entry.outcome === 'unknown' || entry.outcome === 'not_started'
        ? (entry.target?.id ?? [])
        : [],
    ),
  )
  const targets = job.targets.filter((target) => failed.has(target.id))
  const ids = (kind: string) => targets.filter((target) => target.kind === kind).map((target) => target.id)
  if (targets.length === 0) return null
  const target_scope = { server_ids: ids('server'), host_ids: ids('host'), cluster_ids: ids('cluster') }
  const { job_type, details, dry_run, credential_set_ids } = job
  const { factory_secret_id: _sealed, ...open } = details
  return { job_type, target_scope, details: open, dry_run, credential_set_ids }
}

async function press(services: Services, control: Control, job: Job, context: Context): Promise<void> {
  const { db } = services.database
  const actor = context.user.user_id
  const { target_id, mode = 'graceful' } = context.body
  if (control === 'acknowledge') {
    await acknowledgeAttention(db, job.id, actor)
  } else if (control === 'cancel') {
    await cancel(services, job, mode, actor)
  } else if (control === 'pause' || control === 'resume') {
    await tell(services, job, { name: control, args: [] })
    await (control === 'pause' ? markPauseRequested : markResumeRequested)(db, job.id, actor)
  } else if (control === 'skip') {
    await skip(services, job, target_id)
    await markControl(db, job.id, actor, 'skip')
  } else {
    await retry(services, job, target_id)
    await markControl(db, job.id, actor, 'retry')
  }
}

/** The mark comes first, so that a cancel is never lost: what cannot be delivered now is repeated by the dispatcher. */
async function cancel(services: Services, job: Job, mode: CancelMode, actor: string): Promise<void> {
  const marked = await markCancelRequested(services.database.db, job.id, mode, actor)
  if (!marked || isFinal(marked.status)) return
  const signal: JobSignal = { name: 'cancel', args: [{ mode: marked.cancel_mode ?? mode }] }
  await services.temporal.signal(job.workflow_id, signal).catch((error: unknown) => {
    services.log.warn({ job_id: job.id, reason: String(error) }, 'the cancel could not be delivered yet')
  })
}

async function skip(services: Services, job: Job, target_id: string | undefined): Promise<void> {
  const task = await taskOf(services, job, target_id)
  if (!maySkipTask(task.status, task.waiting_for.length > 0)) {
    throw new Problem(
      'StateConflict',
      `${task.target_label} is ${task.status}; only a target that has not begun, or waits, can be skipped.`,
    )
  }
  await tell(services, await ownerOf(services, job, task), { name: 'skip', args: [{ target_id: task.target_id }] })
}

async function retry(services: Services, job: Job, target_id: string | undefined): Promise<void> {
  if (target_id !== undefined) {
    const task = await taskOf(services, job, target_id)
    if (task.status !== 'failed')
      throw new Problem('StateConflict', `${task.target_label} is ${task.status}, not failed.`)
    await tell(services, await ownerOf(services, job, task), { name: 'retry', args: [{ target_id: task.target_id }] })
    return
  }
  for (const each of [job, ...(await listChildJobs(services.database.db, job.id))]) {
    if (!isFinal(each.status) && each.status !== 'pending')
      await tell(services, each, { name: 'retry', args: [{ target_id: null }] })
  }
}

async function taskOf(services: Services, job: Job, target_id: string | undefined): Promise<JobTask> {
  const task = target_id === undefined ? null : await findTask(services.database.db, job.id, target_id)
  if (task) return task
  throw new Problem('UnknownTarget', 'The job has no such target.', {
    errors: [{ pointer: '/target_id', detail: 'unknown' }],
  })
}

/** The target of a parent job may lie in one of its child jobs: that one's workflow must hear it. */
async function ownerOf(services: Services, job: Job, task: JobTask): Promise<Job> {
  return task.job_id === job.id ? job : ((await getJob(services.database.db, task.job_id)) ?? job)
}

/** Signals the workflow. Without Temporal nothing is noted, so that the row never claims what nobody will do. */
async function tell(services: Services, job: Job, signal: JobSignal): Promise<void> {
  let delivered: boolean
  try {
    delivered = await services.temporal.signal(job.workflow_id, signal)
  } catch (error) {
    services.log.warn({ job_id: job.id, reason: String(error) }, `${signal.name} could not be delivered`)
    throw new Problem('ServiceUnavailable', `Temporal is away: ${signal.name} was not taken.`, {
      headers: { 'retry-after': '5' },
    })
  }
  if (!delivered) throw new Problem('StateConflict', 'The workflow of this job has ended; its row is about to follow.')
}

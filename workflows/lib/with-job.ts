import { CancellationScope, condition, setCurrentDetails, workflowInfo } from '@temporalio/workflow'
import type { JobPatch } from '../../activities/contracts/jobs.js'
import type { JobStatus } from '../../domain/job-status.js'
import { CancelRequested, Controls } from './controls.js'
import { jobErrorOf } from './failure.js'
import type { JobError, JobInput, TargetResult } from './job-input.js'
import { claimJob, core, leases, status } from './proxies.js'
import { TaskRun } from './task-run.js'

/** What a job's body answers. Any failed target makes the job `failed`; a cancel makes it `cancelled`. */
export interface JobAnswer {
  targets: TargetResult[]
  plan?: unknown
  [field: string]: unknown
}

/** A job while it runs: its input, controls, rows and leases. */
export class JobRun<Details = Record<string, unknown>> {
  readonly tasks: TaskRun[]
  #seq = 0
  #shown: JobPatch = {}

  constructor(
    readonly input: JobInput<Details>,
    readonly controls: Controls,
    task_ids: Map<string, string | null>,
  ) {
    this.tasks = input.targets.map((target) => new TaskRun(input, task_ids.get(target.id) ?? null, target))
  }

  get workflow_id(): string {
    return workflowInfo().root?.workflowId ?? workflowInfo().workflowId
  }

  nextSeq(): number {
    this.#seq += 1
    return this.#seq
  }

  async project(patch: JobPatch): Promise<void> {
    this.#shown = { ...this.#shown, ...patch }
    setCurrentDetails(story(this.#shown))
    await status.write({ kind: 'job', job_id: this.input.job_id, state_seq: this.nextSeq(), patch })
  }

  /** A safe point: stops on cancel, holds on pause. `note` says where it stands. */
  async gate(note: string): Promise<void> {
    this.controls.throwIfCancelled()
    if (!this.controls.paused) return
    const since = new Date().toISOString()
    await this.project({
      status: 'paused',
      phase_note: `Paused ${note}.`,
      waiting_for: [{ code: 'PausedByOperator', message: `Paused by an operator ${note}.`, since }],
    })
    await condition(() => !this.controls.paused || this.controls.cancel !== null)
    this.controls.throwIfCancelled()
    await this.project({ status: 'running', phase_note: 'Resumed.', waiting_for: [] })
  }

  /**
   * Takes leases for the whole job or one target; waits as long as `lease_wait_minutes` says. Who waits for a lease has
   * touched nothing yet, so any cancel ends the waiting at once.
   */
  async lease(resources: string[], wait_minutes: number, reason: string, task?: TaskRun): Promise<void> {
    const asking = new CancellationScope()
    this.controls.onCancel(() => asking.cancel())
    await asking.run(() => this.#ask(resources, wait_minutes, reason, task))
    this.controls.throwIfCancelled(task ? 'abort' : 'graceful')
  }

  /** Takes leases for giving something back: a cancel does not end this waiting. Run it in a non-cancellable scope. */
  leaseToGiveBack(resources: string[], wait_minutes: number, reason: string, task: TaskRun): Promise<void> {
    return this.#ask(resources, wait_minutes, reason, task)
  }

  async #ask(resources: string[], wait_minutes: number, reason: string, task?: TaskRun): Promise<void> {
    const answer = await leases.acquireLeases({
      job_id: this.input.job_id,
      owner_workflow_id: this.workflow_id,
      resources: [...resources].sort(),
      wait_ms: wait_minutes * 60_000,
      asked_at: new Date().toISOString(),
      reason,
      task_id: task?.task_id ?? null,
    })
    for (const run of task ? [task] : this.tasks) Object.assign(run.tokens, answer.tokens)
  }

  async release(resources: string[]): Promise<void> {
    await leases.releaseLeases({ job_id: this.input.job_id, owner_workflow_id: this.workflow_id, resources })
  }
}

/** A few lines for people who look into Temporal Web. */
function story(shown: JobPatch): string {
  const waiting = (shown.waiting_for ?? []).map((reason) => `- waiting: ${reason.message}`)
  return [`**${shown.status ?? 'running'}** ${shown.phase ?? ''}`, shown.phase_note ?? '', ...waiting]
    .filter(Boolean)
    .join('\n\n')
}

/** What the workflow of a job answers: a summary; the full result is in Postgres. */
export interface JobEnd {
  status: JobStatus
  targets: number
  changed: number
  /** Dry runs: the verdict of the plan. */
  would_start?: boolean
  /** Shards: what became of each target; a job's own are in Postgres. */
  shard?: TargetResult[]
}

/**
 * The frame of every job: claim, run, final projection, whatever happens in between. Temporal's own cancel is an `abort` and
 * breaks nothing off; a body that throws fails the job with the code of what it threw.
 */
export async function withJob<Details>(
  input: JobInput<Details>,
  body: (run: JobRun<Details>) => Promise<JobAnswer>,
): Promise<JobEnd> {
  const controls = new Controls().register()
  return controls.heeding(() => (input.shard ? runShard(input, controls, body) : runJob(input, controls, body)))
}

async function runJob<Details>(
  input: JobInput<Details>,
  controls: Controls,
  body: (run: JobRun<Details>) => Promise<JobAnswer>,
): Promise<JobEnd> {
  const claim = await claimJob({ job_id: input.job_id, run_id: workflowInfo().runId, targets: input.targets })
  if (!claim.claimed) return { status: 'cancelled', targets: 0, changed: 0 }
  const run = new JobRun(input, controls, new Map(claim.tasks.map((task) => [task.target_id, task.task_id])))
  const end = await runBody(run, body)
  await core.finishJob({ job_id: input.job_id, state_seq: run.nextSeq(), owner_workflow_id: run.workflow_id, ...end })
  setCurrentDetails(`**${end.status}** ${end.error?.message ?? ''}`)
  const { targets, plan } = end.result
  const would_start = (plan as { would_start?: boolean } | undefined)?.would_start
  return {
    status: end.status,
    targets: targets.length,
    changed: targets.filter((target) => target.outcome === 'changed').length,
    ...(would_start === undefined ? {} : { would_start }),
  }
}

const STEPS_OF_A_ROUND = 1_000

/** A part of a wide job: the same body over some of its targets; claim and end belong to the parent. */
async function runShard<Details>(
  input: JobInput<Details>,
  controls: Controls,
  body: (run: JobRun<Details>) => Promise<JobAnswer>,
): Promise<JobEnd> {
  const run = new JobRun(input, controls, new Map(input.shard?.map((each) => [each.target_id, each.task_id])))
  for (const [at, task] of run.tasks.entries()) {
    const counters = input.shard?.[at]
    task.seq = counters?.seq ?? 0
    task.round = counters?.round ?? 1
    // A later round's steps do not overwrite those of an earlier one.
    task.startStepsAt((task.round - 1) * STEPS_OF_A_ROUND)
  }
  const { status, result } = await runBody(run, body)
  return { status, targets: result.targets.length, changed: 0, shard: result.targets }
}

type Ending = { status: 'completed' | 'failed' | 'cancelled'; result: JobAnswer; error: JobError | null }

async function runBody<Details>(
  run: JobRun<Details>,
  body: (run: JobRun<Details>) => Promise<JobAnswer>,
): Promise<Ending> {
  try {
    return judge(run.controls, await body(run))
  } catch (thrown) {
    const error = jobErrorOf(thrown)
    const status = thrown instanceof CancelRequested || error.code === 'Cancelled' ? 'cancelled' : 'failed'
    const targets = run.input.targets.map((target) => notStarted(target, error))
    // The plan that was refused is part of the answer, not of the error.
    const { plan, ...data } = error.data ?? {}
    const result = plan === undefined ? { targets } : { targets, plan }
    return { status, result, error: status === 'cancelled' ? null : { ...error, ...(error.data ? { data } : {}) } }
  }
}

/** Not begun because of a cancel, or stopped between its parts with the host given back. */
function wasStopped(target: TargetResult): boolean {
  const left_out = Array.isArray(target.parts_not_started) && target.parts_not_started.length > 0
  return (target.outcome === 'not_started' && target.code === 'Cancelled') || (target.outcome === 'changed' && left_out)
}

/** One failed target makes a job failed, with the first one's code; a cancel that stopped something makes it cancelled. */
function judge(controls: Controls, answer: JobAnswer): Ending {
  const bad = answer.targets.filter((target) => target.outcome === 'failed' || target.outcome === 'unknown')
  const stopped = answer.targets.some(wasStopped)
  if (controls.cancel && (stopped || answer.targets.length === 0))
    return { status: 'cancelled', result: answer, error: null }
  const first = bad[0] ?? answer.targets.find((target) => target.outcome === 'not_started')
  if (!first) return { status: 'completed', result: answer, error: null }
  const message = `${first.target.name}: ${first.message ?? first.code ?? 'failed'}`
  return { status: 'failed', result: answer, error: { code: first.code ?? 'StepTimeout', message } }
}

function notStarted(target: { kind: string; id: string; name: string }, error: JobError): TargetResult {
  return {
    target: { kind: target.kind, id: target.id, name: target.name },
    outcome: 'not_started',
    code: error.code,
    message: error.message,
  }
}

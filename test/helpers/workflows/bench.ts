import { activityInfo } from '@temporalio/activity'
import type { WorkflowHandle } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime, Worker, type WorkerOptions } from '@temporalio/worker'
import { jobOfWorkflowId, jobWorkflowId } from '../../../domain/ids.js'
import type { CancelMode } from '../../../domain/job-status.js'
import { queuesOf } from '../../../domain/task-queues.js'
import { activityFrame } from '../../../workers/activity-interceptor.js'
import { failureConverterPath, workflowBundle } from '../../../workers/bundle.js'
import { catalog, type JobType } from '../../../workflows/catalog.js'
import type { JobInput, Target } from '../../../workflows/lib/job-input.js'
import { cancelSignal, pauseSignal, resumeSignal, retrySignal, skipSignal } from '../../../workflows/signals.js'
import { until } from '../lab-process.js'
import { realTemporal, timeSkippingTemporal } from '../temporal.js'
import { type ActivityName, type AllActivities, PlayedJob, PROJECTIONS } from './played-job.js'
import type { World } from './world.js'

export const SITE = 'main'
const RESULT_LIMIT_MS = 60_000

export interface Play {
  world: World
  targets: Target[]
  details?: object
  dry_run?: boolean
  background?: boolean
  target_scope?: Record<string, unknown>
  /** Other answers than the doubles' own. */
  answers?: Partial<AllActivities>
  /** Called before the workflow starts: to plan faults and holds. */
  prepare?: (job: PlayedJob) => void
}

/** A job that runs: its doubles and its controls. */
export interface RunningJob {
  job: PlayedJob
  handle: WorkflowHandle
  pause(): Promise<void>
  resume(): Promise<void>
  /**
   * Resolves when the workflow has taken it in, and the child of that id too, if one is named. Letting a held activity go
   * earlier would end it in the very task that cancels it, which this test server (other than the real one) cannot bear.
   */
  cancel(mode: CancelMode, child?: string): Promise<void>
  /** The same by Temporal's own cancel, as its command line or web page sends it. */
  cancelInTemporal(child?: string): Promise<void>
  skip(target_id: string): Promise<void>
  retry(target_id: string | null): Promise<void>
  /** Waits for the end with time skipping, and gives the job's doubles. */
  end(): Promise<PlayedJob>
}

export interface Bench {
  env: TestWorkflowEnvironment
  start(job_type: JobType, play: Play): Promise<RunningJob>
  /** Starts a job and waits for its end. */
  run(job_type: JobType, play: Play): Promise<PlayedJob>
  /** Another bench of this kind with a server and a clock of its own: started when first asked for, closed with this one. */
  beside(): Promise<Bench>
  close(): Promise<void>
}

/**
 * Real workflows in the real sandbox on a server that skips time; only activities are played. Each job has doubles and a
 * world of its own, found by the job id in the workflow id. `real` is for what the time-skipping server cannot do: it breaks
 * when a workflow with an open activity is terminated.
 */
export async function startBench(server: 'time-skipping' | 'real' = 'time-skipping'): Promise<Bench> {
  quietRuntime()
  const env = await (server === 'real' ? realTemporal() : timeSkippingTemporal())
  const jobs = new Map<string, PlayedJob>()
  const workers = await createWorkers(env, jobs)
  const running = Promise.all(workers.map((worker) => worker.run()))
  const started: WorkflowHandle[] = []
  let number = 0
  let second: Promise<Bench> | undefined
  const start = async (job_type: JobType, play: Play): Promise<RunningJob> => {
    number += 1
    const job_id = `j${number}`
    const job = new PlayedJob(play.world, childrenOf(play, jobs))
    jobs.set(job_id, job)
    play.prepare?.(job)
    const handle = await env.client.workflow.start(job_type, {
      taskQueue: 'wf',
      workflowId: jobWorkflowId(job_type, job_id),
      args: [inputOf(job_type, job_id, play)],
    })
    started.push(handle)
    return runningJob(env, job, handle)
  }
  return {
    env,
    start,
    run: async (job_type, play) => (await start(job_type, play)).end(),
    beside() {
      second ??= startBench(server)
      return second
    },
    async close() {
      await (await second)?.close()
      for (const handle of started) await handle.terminate('end of the test').catch(() => {})
      for (const worker of workers) worker.shutdown()
      await running
      await env.teardown()
    },
  }
}

/** A child job is a job of its own: it gets doubles over the same world as soon as its row is made. */
function childrenOf(play: Play, jobs: Map<string, PlayedJob>): Partial<AllActivities> {
  const createChildJobs: AllActivities['createChildJobs'] = async ({ children }) =>
    children.map(({ cluster_id }) => {
      const job_id = `child-${cluster_id}-${jobs.size}`
      jobs.set(job_id, new PlayedJob(play.world, play.answers))
      return { job_id, cluster_id, cluster: cluster_id, workflow_id: jobWorkflowId('rolling_update', job_id) }
    })
  return { createChildJobs, ...play.answers }
}

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number]
const bySignal = (event: HistoryEvent) =>
  event.workflowExecutionSignaledEventAttributes?.signalName === cancelSignal.name
const byTemporal = (event: HistoryEvent) => Boolean(event.workflowExecutionCancelRequestedEventAttributes)

/** Waits until a workflow task that knows of the cancel is over, by the history: a query may be answered too early. */
async function seen(handle: WorkflowHandle, asked_by: typeof bySignal = bySignal): Promise<void> {
  await until(`the cancel at ${handle.workflowId}`, async () => {
    const events = (await handle.fetchHistory()).events ?? []
    const asked = events.findIndex(asked_by)
    return asked >= 0 && events.slice(asked).some((event) => event.workflowTaskCompletedEventAttributes)
  })
}

function runningJob(env: TestWorkflowEnvironment, job: PlayedJob, handle: WorkflowHandle): RunningJob {
  return {
    job,
    handle,
    pause: () => handle.signal(pauseSignal),
    resume: () => handle.signal(resumeSignal),
    async cancel(mode, child) {
      await handle.signal(cancelSignal, { mode })
      await seen(handle)
      if (child) await seen(env.client.workflow.getHandle(child))
    },
    async cancelInTemporal(child) {
      await handle.cancel()
      await seen(handle, byTemporal)
      if (child) await seen(env.client.workflow.getHandle(child))
    },
    skip: (target_id) => handle.signal(skipSignal, { target_id }),
    retry: (target_id) => handle.signal(retrySignal, { target_id }),
    async end() {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        const what = () => new Error(`the job did not end; last calls: ${job.stepNames.slice(-8).join(', ')}`)
        timer = setTimeout(() => reject(what()), RESULT_LIMIT_MS)
      })
      try {
        await Promise.race([handle.result(), late])
      } finally {
        clearTimeout(timer)
      }
      return job
    },
  }
}

/** The details go through the job type's own schema, so that a test can leave out what the API would fill in. */
export function inputOf(job_type: JobType, job_id: string, play: Play): JobInput<unknown> {
  return {
    job_id,
    job_type,
    targets: play.targets,
    target_scope: play.target_scope ?? {},
    details: catalog[job_type].details.parse(play.details ?? {}),
    dry_run: play.dry_run ?? false,
    credential_set_ids: [],
    requested_by: null,
    site: SITE,
    device_time_scale: 1,
    ...(play.background ? { background: true } : {}),
  }
}

let quiet = false
/** Only errors: a worker's life is no news in a test.  */
function quietRuntime(): void {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('ERROR') })
  quiet = true
}

async function createWorkers(env: TestWorkflowEnvironment, jobs: Map<string, PlayedJob>): Promise<Worker[]> {
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    dataConverter: { failureConverterPath },
    interceptors: { activity: [() => ({ inbound: activityFrame() })] },
    shutdownGraceTime: '1 second',
    shutdownForceTime: '5 seconds',
  }
  const all = routed(PlayedJob.names, jobs)
  const workers = [
    await Worker.create({
      ...common,
      taskQueue: 'wf',
      workflowBundle: await workflowBundle(),
      activities: routed(PROJECTIONS, jobs),
      enableNonLocalActivities: false,
      maxCachedWorkflows: 50,
    }),
  ]
  for (const taskQueue of queuesOf(['core', 'redfish', 'vsphere', 'ssh', 'transfer'], SITE)) {
    workers.push(await Worker.create({ ...common, taskQueue, activities: all, maxConcurrentActivityTaskPolls: 1 }))
  }
  return workers
}

/** Each activity finds the doubles of the job that its workflow belongs to. */
function routed(names: readonly ActivityName[], jobs: Map<string, PlayedJob>) {
  return Object.fromEntries(
    names.map((name) => [
      name,
      (input: unknown) => {
        const job_id = jobOfWorkflowId(activityInfo().workflowExecution?.workflowId ?? '')?.job_id ?? ''
        const job = jobs.get(job_id)
        if (!job) throw new Error(`no doubles for job ${job_id}`)
        return job.run(name, input)
      },
    ]),
  )
}

import { setTimeout as pause } from 'node:timers/promises'
import { type Api, answer } from '../api/client.js'
import { followEvents } from '../api/event-stream.js'
import { listAll } from '../api/lists.js'
import type { Context } from '../context.js'
import { EXIT, type ExitCode, INTERRUPTED, Refusal } from '../exit-codes.js'
import { createLiveTable, type Task } from './live-table.js'
import type { Job } from './order.js'
import { showPlan } from './show-plan.js'
import { printVerdict, verdictCode } from './verdict.js'

export interface WatchOptions {
  /** Seconds; the job goes on when they are over. */
  timeout?: number
  /** false: the command shows in its own way what the job found out. */
  answers?: boolean
}

const PATIENCE_MS = 10 * 60_000
/** Events come in bursts; the rows are read at most so often. */
const LOOK_EVERY_MS = 250
/** Also without an event: elapsed times move, and an event may be the last. */
const LOOK_AT_LEAST_MS = 5_000
/** States in which nothing happens any more. */
export const FINAL = ['completed', 'failed', 'cancelled']

/** Follows a job to its end with a live table, through restarts of the API; its verdict is the exit code. */
export async function watchJob(context: Context, id: string, options: WatchOptions = {}): Promise<ExitCode> {
  const { print } = context
  const table = print.json || print.quiet ? null : createLiveTable(print.out)
  const job = await followJob(context.api, id, options, (now, tasks) => table?.draw(now, tasks), print.note)
  if (print.json) print.body(job)
  else {
    printVerdict(print, job, options)
    if (job.dry_run) await showPlan(context, job)
  }
  return verdictCode(job)
}

/** Reads the job after each of its events until it has ended. @throws {Refusal} `unreachable`, also when the time is over */
export async function followJob(
  api: Api,
  id: string,
  options: WatchOptions,
  onLook: (job: Job, tasks: Task[]) => void,
  note: (text: string) => void,
): Promise<Job> {
  const stop = new AbortController()
  const limit = options.timeout ? AbortSignal.timeout(options.timeout * 1000) : null
  const signal = limit ? AbortSignal.any([stop.signal, limit]) : stop.signal
  const news = createBell()
  const onInterrupt = () => {
    note(`The job goes on. Follow it again: dsm jobs watch ${id}`)
    process.exit(INTERRUPTED)
  }
  process.once('SIGINT', onInterrupt)
  const onState = (connected: boolean) => note(connected ? 'The API is back.' : 'The API is away; trying again.')
  const listening = listen(api, id, { signal, onState, patience_ms: PATIENCE_MS }, news.ring)
  // It may end with a refusal while the job is read: that is looked at below, and is no accident until then.
  listening.catch(() => undefined)
  try {
    for (;;) {
      const job = await readPatiently(() => readJob(api, id), signal)
      onLook(job, await readPatiently(() => readTasks(api, id), signal))
      if (FINAL.includes(job.status)) return job
      await Promise.race([news.heard(LOOK_AT_LEAST_MS, signal), listening.then(() => undefined)])
      await pause(LOOK_EVERY_MS)
      if (limit?.aborted)
        throw new Refusal(
          `The job is still ${job.status} after ${options.timeout} s and goes on: dsm jobs watch ${id}`,
          EXIT.unreachable,
        )
    }
  } finally {
    process.off('SIGINT', onInterrupt)
    stop.abort()
    await listening.catch(() => undefined)
  }
}

async function listen(api: Api, id: string, how: Parameters<typeof followEvents>[2], ring: () => void): Promise<void> {
  for await (const _event of followEvents(api, `/api/v1/jobs/${id}/events`, how)) ring()
}

/** Something that can ring before anybody waits for it, and is then heard at once. */
function createBell() {
  let rung = false
  let wake = () => {}
  return {
    ring: () => {
      rung = true
      wake()
    },
    heard: async (at_most_ms: number, signal: AbortSignal): Promise<void> => {
      const over = AbortSignal.any([signal, AbortSignal.timeout(at_most_ms)])
      if (!rung && !over.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve
          over.addEventListener('abort', () => resolve(), { once: true })
        })
      }
      rung = false
    },
  }
}

/** One job as it is now. */
export const readJob = (api: Api, id: string): Promise<Job> =>
  answer(api.client.GET('/api/v1/jobs/{id}', { params: { path: { id } } }))

/** Tasks of a job and of its child jobs; where a child works on a target, the parent's own row of it says nothing. */
export async function readTasks(api: Api, id: string): Promise<Task[]> {
  const tasks = await listAll(api, '/api/v1/jobs/{id}/tasks', {}, { id })
  const byChild = new Set(tasks.filter((task) => task.job_id !== id).map((task) => task.target_id))
  return tasks.filter((task) => task.job_id !== id || !byChild.has(task.target_id))
}

/** A read that outlasts a restart of the API. */
async function readPatiently<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await read()
    } catch (error) {
      const lasting = !(error instanceof Refusal) || error.exit !== EXIT.unreachable
      if (lasting || signal.aborted || Date.now() > end) throw error
      await pause(500)
    }
  }
}

import type { Logger } from 'pino'
import type { Db } from '../db/connect.js'
import { explainPending, listUndeliveredCancels, takeDueJobs } from '../db/stores/jobs.js'
import { countLivingWorkers } from '../db/worker-presence.js'
import type { EventFeed } from './event-feed.js'
import type { TemporalGateway } from './temporal.js'
import { holdForWindows } from './windows/hold-jobs.js'

const LOOP_MS = 1_500
const AT_ONCE = 50
const REPEAT_CANCEL_SECONDS = 15
const STARTS_AT_ONCE = 8
const UNCLAIMED_SECONDS = 5

export interface Dispatcher {
  /** Resolves when a pass that began after the call has ended; for tests and for shutdown. */
  pass(): Promise<void>
  stop(): Promise<void>
}

export interface DispatcherDeps {
  db: Db
  temporal: TemporalGateway
  feed: EventFeed
  log: Logger
  /** May jobs start? Not while the key is missing: the reason, or null. */
  hold: () => string | null
}

/**
 * Starts due job rows: the row is the outbox, so a crash after the commit, a job for later and a Temporal that is away are the
 * same case. A plain loop, woken by notices; while Temporal is away the rows stay `pending`. It also repeats cancels that
 * could not be delivered.
 */
export function startDispatcher(deps: DispatcherDeps): Dispatcher {
  let stopped = false
  let again = false
  let running: Promise<void> | null = null
  let away: string | null = null
  const offered = new Map<string, number>()

  const once = async (): Promise<void> => {
    try {
      if (deps.hold() !== null) return
      while ((await startSome(deps, offered)) === AT_ONCE && !stopped) {}
      await repeatCancels(deps)
      await explainMissingWorker(deps)
      if (away !== null) deps.log.info('Temporal answers again; due jobs were started')
      away = null
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (reason !== away) deps.log.warn({ reason }, 'due jobs could not be started; they stay pending')
      away = reason
    }
  }
  const pass = (): Promise<void> => {
    if (stopped) return Promise.resolve()
    if (running) {
      again = true
      return running
    }
    running = once().finally(() => {
      running = null
      if (again) {
        again = false
        void pass()
      }
    })
    return running
  }
  const timer = setInterval(() => void pass(), LOOP_MS)
  const quiet = deps.feed.onJobs(() => void pass())
  void pass()
  return {
    pass: async () => {
      await running
      await pass()
    },
    stop: async () => {
      stopped = true
      clearInterval(timer)
      quiet()
      await running
    },
  }
}

/** Rows that were started but not claimed yet are offered again only after a pause, since each start costs a call. */
const OFFER_AGAIN_MS = 20_000

/** Starts up to fifty due rows; should another dispatcher take the same, starting twice is harmless. Returns how many there were. */
async function startSome(deps: DispatcherDeps, offered: Map<string, number>): Promise<number> {
  for (const [id, at] of offered) if (at < Date.now() - OFFER_AGAIN_MS) offered.delete(id)
  const open_windows = await holdForWindows(deps.db)
  const due = await deps.db.transaction((tx) => takeDueJobs(tx, AT_ONCE, [...offered.keys()], open_windows))
  for (let from = 0; from < due.length; from += STARTS_AT_ONCE) {
    const started = due.slice(from, from + STARTS_AT_ONCE).map(async (job) => {
      await deps.temporal.start(job)
      offered.set(job.id, Date.now())
    })
    // All of them end before an error is passed on: what did start must not be offered again at once.
    const ends = await Promise.allSettled(started)
    for (const [index, end] of ends.entries()) {
      const job = due[from + index]
      if (end.status === 'fulfilled' || !job) continue
      if ((await deps.temporal.check()) !== null) throw end.reason
      // Temporal is there and will not have this one: it must not stand before all the others.
      deps.log.error(
        { job_id: job.id, reason: String(end.reason) },
        'a job could not be started; it is offered again later',
      )
      offered.set(job.id, Date.now())
    }
  }
  return due.length
}

/** A queue that nobody polls holds its work silently: a job that waits for a worker says so. */
async function explainMissingWorker(deps: DispatcherDeps): Promise<void> {
  if ((await countLivingWorkers(deps.db)) > 0) return
  const message = 'No worker process is alive to take the job up.'
  await explainPending(deps.db, { code: 'WorkerMissing', message }, UNCLAIMED_SECONDS)
}

async function repeatCancels(deps: DispatcherDeps): Promise<void> {
  for (const job of await listUndeliveredCancels(deps.db, REPEAT_CANCEL_SECONDS)) {
    const mode = job.cancel_mode ?? 'graceful'
    await deps.temporal.signal(job.workflow_id, { name: 'cancel', args: [{ mode }] })
  }
}

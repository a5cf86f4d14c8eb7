import { Context } from '@temporalio/activity'
import type { FailureCode } from '../domain/failures.js'
import { scaledLimit, scaledPause } from '../domain/time-scale.js'
import { NotYet, StepFailed } from './failures.js'
import { remember, remembered } from './heartbeat.js'

/** What one look at the device found: the thing waited for, or a sentence why not. */
export type Look<T> = { done: T } | { waiting: string; data?: Record<string, unknown> }

export interface PollOptions {
  /** Time between two looks on a real device; divided by the scale on loopback. */
  interval_ms: number
  limit_ms: number
  scale: number
  /** Shown while waiting, and in the failure: `the reboot of esx-1`. */
  what: string
  waiting_code: FailureCode
  /** How the step ends when the limit is over; default `StepTimeout`. */
  timeout_code?: FailureCode
}

/** Longer pauses are left to Temporal, which holds no slot meanwhile. */
const LONGEST_OWN_PAUSE_MS = 5_000
/** One attempt looks for at most this long, so that a worker that stops is never kept waiting. */
const LONGEST_ATTEMPT_MS = 30_000
/** A gap between two looks counts as at most so much: while nobody could look, the device is not to blame. */
const LONGEST_COUNTED_GAP_MS = 30_000

interface Clock {
  counted_ms: number
  last_look_at: number
  /** What the looks themselves keep; see {@link Looking}. */
  kept?: unknown
}

/** What a look knows of the looks before it, also those of former attempts and other workers. */
export interface Looking<K> {
  /** Time for which somebody looked so far, in ms. */
  waited_ms: number
  /** Small plain facts to be remembered from look to look; undefined at the first. */
  kept: K | undefined
}

/**
 * Looks until the thing is there. The limit ends the wait only after one more look that still says no, and time in which
 * nobody looked (a dead worker, Temporal or Postgres away) does not count. Reads that fail are the caller's to judge:
 * what `look` throws ends this attempt and is retried as its code says.
 * @throws NotYet when Temporal shall call again; StepFailed when the limit is over
 */
export async function pollUntil<T, K = never>(
  options: PollOptions,
  look: (looking: Looking<K>) => Promise<Look<T>>,
): Promise<T> {
  const limit = scaledLimit(options.limit_ms, options.scale)
  const pause = scaledPause(options.interval_ms, options.scale)
  const began = Date.now()
  const clock: Clock = remembered<Clock>() ?? { counted_ms: 0, last_look_at: began }
  for (;;) {
    const looking: Looking<K> = { waited_ms: clock.counted_ms, kept: clock.kept as K | undefined }
    const answer = await look(looking)
    if (looking.kept !== undefined) clock.kept = looking.kept
    if ('done' in answer) return answer.done
    tick(clock, pause)
    if (clock.counted_ms > limit) {
      const minutes = Math.round(options.limit_ms / 60_000)
      throw new StepFailed(
        options.timeout_code ?? 'StepTimeout',
        `${options.what} took longer than ${minutes} min: ${answer.waiting}`,
        answer.data,
      )
    }
    remember(clock)
    if (pause > LONGEST_OWN_PAUSE_MS || Date.now() - began > LONGEST_ATTEMPT_MS)
      throw new NotYet(options.waiting_code, answer.waiting, pause)
    await Context.current().sleep(pause)
  }
}

function tick(clock: Clock, pause: number): void {
  const now = Date.now()
  const gap = Math.max(LONGEST_COUNTED_GAP_MS, 3 * pause)
  // A clock that was set back must not lengthen the limit.
  clock.counted_ms += Math.max(0, Math.min(now - clock.last_look_at, gap))
  clock.last_look_at = now
}

const PROOF_PAUSE_MS = 10_000
/** However fast a simulated device is, its process and ours share a busy machine. */
const SHORTEST_PROOF_PAUSE_MS = 500

/** The pause between two looks that shall prove that something did *not* happen: what proves too early sends twice. */
export function proofPause(scale: number): Promise<void> {
  return Context.current().sleep(Math.max(SHORTEST_PROOF_PAUSE_MS, scaledPause(PROOF_PAUSE_MS, scale)))
}

/** A pause of a device inside one activity. */
export function pauseFor(ms: number, scale: number): Promise<void> {
  return Context.current().sleep(scaledPause(ms, scale))
}

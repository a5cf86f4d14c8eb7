import { AsyncLocalStorage } from 'node:async_hooks'
import { activityInfo, Context } from '@temporalio/activity'
import { NotYet } from './failures.js'

interface Beat {
  details: unknown
  /** When it was last seen to run, by a clock that nobody sets. */
  alive_at: number
  stood_still: boolean
}

const current = new AsyncLocalStorage<Beat>()

/** A worker that dies is noticed after the heartbeat time-out of 6 s; beating three times in it forgives a busy event loop. */
const BEAT_MS = 2_000
/** A process that stood still for so long may have lost its work to a successor. */
const STANDSTILL_MS = 8_000

/** Beats for as long as `body` runs, always with the details given last; the frame of every activity. */
export async function beating<T>(body: () => Promise<T>): Promise<T> {
  const beat: Beat = { details: activityInfo().heartbeatDetails, alive_at: performance.now(), stood_still: false }
  const context = Context.current()
  const timer = setInterval(() => {
    noteAlive(beat)
    context.heartbeat(beat.details)
  }, BEAT_MS)
  try {
    return await current.run(beat, body)
  } finally {
    clearInterval(timer)
  }
}

function noteAlive(beat: Beat): void {
  const now = performance.now()
  if (now - beat.alive_at > STANDSTILL_MS) beat.stood_still = true
  beat.alive_at = now
}

/**
 * Asked directly before a mutation that carries no row of its own: an attempt that stood still (a frozen process) may have
 * been given to a successor, which has long finished; a host put into maintenance now would stand there unseen.
 * @throws NotYet; the next attempt, if there is to be one, reads anew
 */
export function requireAttended(what: string): void {
  const beat = current.getStore()
  if (!beat) return
  noteAlive(beat)
  if (beat.stood_still) throw new NotYet('DeviceBusy', `This worker stood still before ${what}; nothing was sent.`, 500)
}

/** What a later attempt of this activity needs to know; kept by Temporal with the heartbeat. Ids and counts only. */
export function remember(details: unknown): void {
  const beat = current.getStore()
  if (beat) beat.details = details
  Context.current().heartbeat(details)
}

/** What the former attempt remembered; undefined at the first. */
export function remembered<T>(): T | undefined {
  return activityInfo().heartbeatDetails as T | undefined
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { activityInfo, Context } from '@temporalio/activity'

interface Beat {
  details: unknown
}

const current = new AsyncLocalStorage<Beat>()

/** A worker that dies is noticed after the heartbeat time-out of 6 s; beating three times in it forgives a busy event loop. */
const BEAT_MS = 2_000

/** Beats for as long as `body` runs, always with the details given last; the frame of every activity. */
export async function beating<T>(body: () => Promise<T>): Promise<T> {
  const beat: Beat = { details: activityInfo().heartbeatDetails }
  const context = Context.current()
  const timer = setInterval(() => context.heartbeat(beat.details), BEAT_MS)
  try {
    return await current.run(beat, body)
  } finally {
    clearInterval(timer)
  }
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

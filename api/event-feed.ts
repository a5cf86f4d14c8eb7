import { EventEmitter } from 'node:events'
import pg from 'pg'
import { EVENTS_CHANNEL } from '../db/stores/job-events.js'
import { JOBS_CHANNEL } from '../db/stores/jobs.js'

export interface EventFeed {
  /** Called when there may be new events; returns a function that stops it. */
  onEvents(listener: () => void): () => void
  /** Called when a job row may have become due. */
  onJobs(listener: () => void): () => void
  close(): Promise<void>
}

const RECONNECT_MS = 500
/** A notice may be lost with a connection: everybody looks again by himself so often. */
const LOOK_AGAIN_MS = 3_000

/** Listens to Postgres on a connection of its own and wakes whoever waits; a lost connection is replaced. */
export function createEventFeed(url: string): EventFeed {
  const wake = new EventEmitter({ captureRejections: false }).setMaxListeners(0)
  let client: pg.Client | null = null
  let closed = false
  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, application_name: 'dsm-events', keepAlive: true })
    client = fresh
    const lost = () => {
      if (client !== fresh || closed) return
      client = null
      setTimeout(() => void connect().catch(() => {}), RECONNECT_MS)
    }
    fresh.on('error', lost)
    fresh.on('end', lost)
    fresh.on('notification', (notice) => wake.emit(notice.channel))
    try {
      await fresh.connect()
      await fresh.query(`listen ${EVENTS_CHANNEL}; listen ${JOBS_CHANNEL}`)
      wake.emit(EVENTS_CHANNEL)
      wake.emit(JOBS_CHANNEL)
    } catch {
      fresh.end().catch(() => {})
      lost()
    }
  }
  void connect()
  const ticker = setInterval(() => wake.emit(EVENTS_CHANNEL), LOOK_AGAIN_MS)
  const on = (channel: string) => (listener: () => void) => {
    wake.on(channel, listener)
    return () => wake.off(channel, listener)
  }
  return {
    onEvents: on(EVENTS_CHANNEL),
    onJobs: on(JOBS_CHANNEL),
    close: async () => {
      closed = true
      clearInterval(ticker)
      await client?.end().catch(() => {})
    },
  }
}

import type { Request, Response } from 'express'
import type { JobEvent } from '../../db/schema/jobs.js'
import { type Caller, isStillGood } from '../../db/stores/callers.js'
import { newestEventId, readEvents } from '../../db/stores/job-events.js'
import { Problem } from '../errors.js'
import type { Services } from '../services.js'

const HEARTBEAT_MS = 15_000
const BATCH = 500
/** So long after it was looked at, a session may be over without the stream knowing. */
const TRUST_MS = 2_000

/**
 * Server-Sent Events out of `job_events`. `Last-Event-ID` resumes without a gap, since ids become visible in order; without it
 * a job's stream begins with its first event, the common one with the next. Resolves when the client has gone, or when the caller's
 * session or token is over: nothing more is sent then.
 */
export async function streamEvents(
  services: Services,
  req: Request,
  res: Response,
  job_id: string | null,
  caller: Caller,
): Promise<void> {
  const { db } = services.database
  let last = await startingPoint(services, req, job_id)
  res.status(200)
  res.setHeader('content-type', 'text/event-stream; charset=utf-8')
  res.setHeader('cache-control', 'no-cache, no-transform')
  res.setHeader('x-accel-buffering', 'no')
  res.flushHeaders()
  res.write('retry: 2000\n\n')

  let reading = false
  let again = false
  let judged_at = Date.now()
  const send = async (): Promise<void> => {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      do {
        again = false
        if (Date.now() - judged_at > TRUST_MS) {
          if (!(await isStillGood(db, caller))) return void res.end()
          judged_at = Date.now()
        }
        const events = await readEvents(db, { after_id: last, ...(job_id ? { job_id } : {}), limit: BATCH })
        for (const event of events) {
          if (!res.write(eventText(event))) await drained(res)
          last = event.id
        }
        if (events.length === BATCH) again = true
      } while (again && !res.writableEnded)
    } catch {
      // The database is away; the next notice or tick looks again, from the same id.
    } finally {
      reading = false
    }
  }
  const quiet = services.feed.onEvents(() => void send())
  const heart = setInterval(() => res.writableEnded || res.write(': still here\n\n'), HEARTBEAT_MS)
  await send()
  await new Promise<void>((resolve) => {
    if (res.destroyed) resolve()
    res.once('close', resolve)
  })
  quiet()
  clearInterval(heart)
}

async function startingPoint(services: Services, req: Request, job_id: string | null): Promise<number> {
  const given = req.get('last-event-id')
  if (given !== undefined && given !== '') {
    if (!/^\d{1,15}$/.test(given)) throw new Problem('InvalidRequest', 'Last-Event-ID must be the id of an event.')
    return Number(given)
  }
  return job_id ? 0 : newestEventId(services.database.db)
}

function eventText(event: JobEvent): string {
  const { id, type, job_id, task_id, at, level, message, data } = event
  const body = { ...data, job_id, task_id, at, ...(level ? { level } : {}), ...(message ? { message } : {}) }
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(body)}\n\n`
}

/** A slow reader is waited for; one that has gone is not. */
function drained(res: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done)
      res.off('close', done)
      resolve()
    }
    res.once('drain', done)
    res.once('close', done)
  })
}

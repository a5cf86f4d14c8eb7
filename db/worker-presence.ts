import { sql } from 'drizzle-orm'
import pg from 'pg'
import type { Db } from './connect.js'

export interface WorkerPresence {
  readonly worker_id: string
  /** Is the lock held at this moment? While it is not, others may believe that this process is gone: send no mutation. */
  isHeld(): boolean
  close(): Promise<void>
}

const RETRY_MS = 250
/** After a restart of Postgres every process needs a moment to take its lock again; until then nobody counts as dead. */
const RESTART_GRACE_SECONDS = 10

/**
 * Says "this worker process lives" for as long as it does: a session advisory lock on a connection of its own, which
 * Postgres frees the moment the process is gone. Lost connections are replaced and the lock is taken again.
 */
export async function holdWorkerPresence(
  url: string,
  worker_id: string,
  onChange: (held: boolean) => void = () => {},
): Promise<WorkerPresence> {
  let client: pg.Client | null = null
  let held = false
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const lose = (lost: pg.Client) => {
    if (client !== lost) return
    client = null
    if (held) onChange(false)
    held = false
    if (!closed) timer = setTimeout(() => void attempt().catch(() => {}), RETRY_MS)
  }
  const attempt = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: `dsm-presence ${worker_id}`,
      keepAlive: true,
    })
    client = fresh
    fresh.on('error', () => lose(fresh))
    fresh.on('end', () => lose(fresh))
    try {
      await fresh.connect()
      // Waits if a lost connection of ours still holds it on the server's side.
      await fresh.query('select pg_advisory_lock(hashtextextended($1, 11))', [worker_id])
      held = true
      onChange(true)
    } catch (error) {
      fresh.end().catch(() => {})
      lose(fresh)
      throw error
    }
  }

  await attempt().catch((error: unknown) => {
    closed = true
    clearTimeout(timer)
    throw error
  })
  return {
    worker_id,
    isHeld: () => held,
    close: async () => {
      closed = true
      clearTimeout(timer)
      held = false
      await client?.end().catch(() => {})
    },
  }
}

/** SQL for "this worker's lock is held, or Postgres has only just started". */
export function workerLives(worker_id: unknown, grace_seconds = RESTART_GRACE_SECONDS) {
  return sql`(exists (
    select 1 from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select oid from pg_database where datname = current_database())
      and l.classid = ((hashtextextended(${worker_id}, 11) >> 32) & 4294967295)::oid
      and l.objid = (hashtextextended(${worker_id}, 11) & 4294967295)::oid
  ) or pg_postmaster_start_time() > now() - make_interval(secs => ${grace_seconds}))`
}

/**
 * May this worker process still be alive? `false` is certain: its lock is free, so the process (or its connection, see
 * {@link WorkerPresence.isHeld}) is gone. For some seconds after a start of Postgres the answer is always `true`.
 */
export async function isWorkerAlive(db: Db, worker_id: string, grace_seconds?: number): Promise<boolean> {
  const { rows } = await db.execute<{ alive: boolean }>(sql`select ${workerLives(worker_id, grace_seconds)} as alive`)
  return rows[0]?.alive ?? true
}

/** How many worker processes live now: each holds a connection that is named after it. */
export async function countLivingWorkers(db: Db): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and application_name like 'dsm-presence%'`)
  return rows[0]?.n ?? 0
}

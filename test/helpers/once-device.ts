import { sql } from 'drizzle-orm'
import type { Deps } from '../../activities/deps.js'
import { type OnceSpec, once } from '../../activities/once.js'
import type { Db } from '../../db/connect.js'
import type { WorkerPresence } from '../../db/worker-presence.js'

/** A device as a table: what it was asked to do, however often, survives the process that asked. */
export async function makeDevice(db: Db): Promise<void> {
  await db.execute(sql`create table if not exists device_effects (
    job_id text not null, operation_id text not null, sender text not null, at timestamptz not null default now())`)
}

export async function effectsOf(db: Db, job_id: string): Promise<{ sender: string; operation_id: string }[]> {
  const { rows } = await db.execute<{ sender: string; operation_id: string }>(
    sql`select sender, operation_id from device_effects where job_id = ${job_id} order by at`,
  )
  return rows
}

/** Where a process may be while it makes one operation happen. */
export interface Points {
  before?: () => void | Promise<void>
  beforeEffect?: () => void | Promise<void>
  afterEffect?: () => void | Promise<void>
}

export const RESOURCE = 'server:s1'

/** An upload to the table. Reconciling reads the table: a row of this job means that it happened. */
export function uploadSpec(db: Db, job_id: string, token: number, sender: string, points: Points = {}): OnceSpec {
  return {
    context: {
      job_id,
      job_type: 'firmware_update',
      task_id: null,
      target_id: 's1',
      site: 'main',
      scale: 1,
      credential_set_ids: [],
      round: 1,
      tokens: { [RESOURCE]: token },
    },
    step: 'firmware:bios',
    operation: 'idrac.upload',
    device_kind: 'idrac',
    device_id: 's1',
    resource: RESOURCE,
    request_limit_ms: 60_000,
    before: async () => {
      await points.before?.()
      return { jobs: [] }
    },
    send: async ({ id }) => {
      await points.beforeEffect?.()
      await db.execute(
        sql`insert into device_effects (job_id, operation_id, sender) values (${job_id}, ${id}, ${sender})`,
      )
      await points.afterEffect?.()
      return `JID_${sender}`
    },
    reconcile: async () => {
      const [effect] = await effectsOf(db, job_id)
      return effect ? { verdict: 'adopted', ref: `JID_${effect.sender}` } : { verdict: 'absent' }
    },
  }
}

/** Only what `once` uses of a worker: its database, its name and its sign of life. */
export const onceDeps = (db: Db, presence: Pick<WorkerPresence, 'isHeld' | 'worker_id' | 'close'>): Deps =>
  ({ db, presence, worker_id: presence.worker_id }) as Deps

export const runOnce = (db: Db, presence: WorkerPresence, spec: OnceSpec) => once(onceDeps(db, presence), spec)

import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { type LoginAttempt, loginAttempts } from '../schema/credentials.js'
import { workerLives } from '../worker-presence.js'

export interface LoginRequest {
  device_kind: 'idrac' | 'esxi' | 'vcenter'
  /** `ip:port` of the device. */
  address: string
  account: string
  credential_set_id?: string | null
  /** How many wrong passwords the device bears inside the window: one less than locks it. */
  limit: number
  /** Window of the device's own counter, already divided by the time scale for devices on loopback. */
  window_seconds: number
  /** vCenter counts per account, the others per address. */
  per_account?: boolean
  worker_id?: string | null
  job_id?: string | null
}

export type BudgetAnswer =
  | { reserved: true; attempt_id: number }
  /** Ask again at `retry_at`; shown as waiting reason `LoginBudget`. */
  | { reserved: false; retry_at: string }

/** An attempt in flight this young may still prove right; ask again soon. */
const IN_FLIGHT_RETRY_SECONDS = 0.5
/** A reservation this old is the trace of a dead process and counts as refused. */
const LOST_AFTER_SECONDS = 120

/**
 * Takes one login from the device's budget, *before* the attempt, under a lock over all workers. Attempts in flight count as
 * wrong until they are settled as `ok`.
 */
export async function reserveLogin(db: Db, wanted: LoginRequest): Promise<BudgetAnswer> {
  return db.transaction(async (tx) => {
    await lockText(tx, loginLock(wanted))
    const { rows } = await tx.execute<{ used: number; retry_at: string }>(spentLogins(wanted))
    const used = rows[0]?.used ?? 0
    if (used >= wanted.limit) {
      const retry_at = new Date(rows[0]?.retry_at ?? Date.now() + 1000).toISOString()
      return { reserved: false, retry_at }
    }
    const { device_kind, address, account, credential_set_id, worker_id, job_id } = wanted
    const [row] = await tx
      .insert(loginAttempts)
      .values({ device_kind, address, account, credential_set_id, worker_id, job_id })
      .returning({ id: loginAttempts.id })
    return { reserved: true, attempt_id: row?.id ?? 0 }
  })
}

/** Who reserves a login at a device holds this lock. */
export const loginLock = ({ device_kind, address }: LoginRequest) => `login_attempts ${device_kind} ${address}`

/** What of the budget is spent (`used`), and when the first of it comes back (`retry_at`), as a query of one row. */
export function spentLogins(wanted: LoginRequest): SQL {
  // In flight: young, and its process still lives. Otherwise the reservation is a trace and counts as refused.
  const flying = sql`(outcome = 'reserved' and reserved_at > now() - make_interval(secs => ${LOST_AFTER_SECONDS})
    and (worker_id is null or ${workerLives(sql`worker_id`)}))`
  return sql`
    select count(*)::int as used,
      min(case when ${flying}
               then now() + make_interval(secs => ${IN_FLIGHT_RETRY_SECONDS})
               else coalesce(settled_at, reserved_at) + make_interval(secs => ${wanted.window_seconds}) end)::text as retry_at
    from login_attempts
    where device_kind = ${wanted.device_kind} and address = ${wanted.address} and outcome <> 'ok'
      and (${!wanted.per_account} or account = ${wanted.account})
      and (coalesce(settled_at, reserved_at) > now() - make_interval(secs => ${wanted.window_seconds})
           or ${flying})`
}

/** How it ended: `ok` gives the budget back, `refused` and `no_answer` keep it for the window. */
export async function settleLogin(db: Db, attempt_id: number, outcome: 'ok' | 'refused' | 'no_answer'): Promise<void> {
  await db
    .update(loginAttempts)
    .set({ outcome, settled_at: sql`now()` })
    .where(and(eq(loginAttempts.id, attempt_id), eq(loginAttempts.outcome, 'reserved')))
}

/** Nothing was sent: the reservation is taken back. */
export async function dropLogin(db: Db, attempt_id: number): Promise<void> {
  await db.delete(loginAttempts).where(and(eq(loginAttempts.id, attempt_id), eq(loginAttempts.outcome, 'reserved')))
}

/** Attempts at a device, newest first; for the screen that explains a wait. */
export async function listLogins(db: Db, device_kind: string, address: string, limit = 50): Promise<LoginAttempt[]> {
  return db
    .select()
    .from(loginAttempts)
    .where(and(eq(loginAttempts.device_kind, device_kind), eq(loginAttempts.address, address)))
    .orderBy(sql`id desc`)
    .limit(limit)
}

/** Removes attempts older than `days`. */
export async function sweepLogins(db: Db, days: number): Promise<void> {
  await db.delete(loginAttempts).where(sql`reserved_at < now() - make_interval(days => ${days})`)
}

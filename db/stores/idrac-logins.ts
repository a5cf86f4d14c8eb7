import { sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import { openSlots, slotLock } from './device-sessions.js'
import { type LoginRequest, loginLock, spentLogins } from './login-budget.js'

export interface IdracLoginRequest {
  server_id: string | null
  worker_id: string
  /** Sessions over all workers. */
  sessions: number
  grace_seconds?: number
  login: LoginRequest & { device_kind: 'idrac' }
}

export type IdracLoginAnswer =
  | { reserved: true; slot_id: string; attempt_id: number }
  | { reserved: false; why: 'sessions'; open: number }
  /** Ask again at `retry_at`; shown as waiting reason `LoginBudget`. */
  | { reserved: false; why: 'budget'; retry_at: string }

/**
 * Takes a session and a login of an iDRAC together, *before* the login, under the locks of both over all workers: each of a
 * fleet's devices pays this once. Neither is taken when one of them is spent. Sessions of workers that are gone do not count
 * (`listOrphanSessions`); the budget is that of `reserveLogin`.
 */
export async function reserveIdracLogin(db: Db, wanted: IdracLoginRequest): Promise<IdracLoginAnswer> {
  const { server_id, worker_id, sessions, login } = wanted
  const { address, account, credential_set_id = null, job_id = null, limit } = login
  return db.transaction(async (tx) => {
    await lockText(tx, slotLock(address), loginLock(login))
    const { rows } = await tx.execute<Reserved>(sql`
      with slots as (select ${openSlots(address, wanted.grace_seconds)} as open),
      logins as (${spentLogins(login)}),
      slot as (
        insert into device_sessions (id, server_id, address, worker_id)
        select ${newId()}::uuid, ${server_id}::uuid, ${address}, ${worker_id} from slots, logins
        where open < ${sessions} and used < ${limit}
        returning id),
      attempt as (
        insert into login_attempts (device_kind, address, account, credential_set_id, worker_id, job_id)
        select 'idrac', ${address}, ${account}, ${credential_set_id}::uuid, ${worker_id}, ${job_id}::uuid from slot
        returning id)
      select open, retry_at, (select id from slot) as slot_id, (select id from attempt) as attempt_id from slots, logins`)
    const [row] = rows
    if (!row) throw new Error('a query without condition gave no row')
    if (row.slot_id !== null) return { reserved: true, slot_id: row.slot_id, attempt_id: Number(row.attempt_id) }
    if (row.open >= sessions) return { reserved: false, why: 'sessions', open: row.open }
    return { reserved: false, why: 'budget', retry_at: new Date(row.retry_at ?? Date.now() + 1000).toISOString() }
  })
}

interface Reserved extends Record<string, unknown> {
  open: number
  retry_at: string | null
  slot_id: string | null
  attempt_id: string | null
}

/**
 * The device let us in: gives the login back to the budget and remembers the session's URI (never its token), so that a
 * successor can delete it.
 */
export async function noteIdracLogin(
  db: Db,
  login: { slot_id: string; attempt_id: number; session_uri: string },
): Promise<void> {
  await db.execute(sql`
    with settled as (
      update login_attempts set outcome = 'ok', settled_at = now()
      where id = ${login.attempt_id} and outcome = 'reserved')
    update device_sessions set session_uri = ${login.session_uri}, last_used_at = now() where id = ${login.slot_id}`)
}

import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { idempotencyKeys } from '../schema/jobs.js'

export interface IdempotentRequest {
  user_id: string
  key: string
  method: string
  path: string
  /** Keyed hash of the body: secrets in it are not stored. */
  request_hash: string
}

export type KeyState =
  /** This request is the first: do the work, then store or drop. */
  | { state: 'first' }
  /** The same request is in work elsewhere. */
  | { state: 'in_work' }
  | { state: 'answered'; status: number; body: unknown; headers: Record<string, string> }
  /** The key was used for another request. */
  | { state: 'conflict' }

/** Takes the key, or says what became of it. A key in work for more than a minute is the trace of a dead process and is taken over. */
export async function takeIdempotencyKey(db: Db, request: IdempotentRequest): Promise<KeyState> {
  const expires_at = sql`now() + interval '24 hours'`
  const [taken] = await db
    .insert(idempotencyKeys)
    .values({ ...request, expires_at })
    .onConflictDoUpdate({
      target: [idempotencyKeys.user_id, idempotencyKeys.key],
      set: { ...request, status: null, response: null, job_id: null, created_at: sql`now()`, expires_at },
      setWhere: sql`idempotency_keys.expires_at < now()
        or (idempotency_keys.status is null and idempotency_keys.created_at < now() - interval '1 minute'
            and idempotency_keys.request_hash = excluded.request_hash)`,
    })
    .returning({ key: idempotencyKeys.key })
  if (taken) return { state: 'first' }
  return readIdempotencyKey(db, request)
}

/** Looks again at a key that was in work; `first` when its owner gave it up. */
export async function readIdempotencyKey(db: Db, request: IdempotentRequest): Promise<KeyState> {
  const [row] = await db.select().from(idempotencyKeys).where(keyOf(request))
  if (!row) return { state: 'first' }
  const same = row.request_hash === request.request_hash && row.method === request.method && row.path === request.path
  if (!same) return { state: 'conflict' }
  if (row.status === null || row.response === null) return { state: 'in_work' }
  return { state: 'answered', status: row.status, ...row.response }
}

/** Keeps the answer for equal requests of the next 24 hours. Inside the transaction of the work, both stand or fall together. */
export async function storeIdempotentAnswer(
  db: Db,
  request: IdempotentRequest,
  answer: { status: number; body: unknown; headers: Record<string, string>; job_id?: string | null },
): Promise<void> {
  const { status, body, headers, job_id = null } = answer
  await db.update(idempotencyKeys).set({ status, response: { body, headers }, job_id }).where(keyOf(request))
}

/** The work failed without effect: the key may be used again. */
export async function dropIdempotencyKey(db: Db, request: IdempotentRequest): Promise<void> {
  await db.delete(idempotencyKeys).where(and(keyOf(request), sql`status is null`))
}

export async function sweepIdempotencyKeys(db: Db): Promise<void> {
  await db.delete(idempotencyKeys).where(sql`expires_at < now()`)
}

function keyOf(request: IdempotentRequest) {
  return and(eq(idempotencyKeys.user_id, request.user_id), eq(idempotencyKeys.key, request.key))
}

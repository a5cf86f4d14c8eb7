import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { operationId } from '../../domain/ids.js'
import type { Db } from '../connect.js'
import { type DeviceOperation, deviceOperations, type OperationState } from '../schema/ledger.js'
import { verifyToken } from './leases.js'

export interface NewOperation {
  job_id: string
  /** Id of the server, host or cluster; with job, step and attempt it makes the key. */
  target_id: string
  /** Stable name of the step: `firmware:BIOS`, `reboot`. */
  step: string
  attempt: number
  task_id?: string | null
  device_kind: string
  device_id: string
  operation: string
  component?: string | null
  /** The lease that covers the operation, and its token as held by the caller. */
  lease: { resource: string; fencing_token: number }
  /** What was true before: boot marker, version. */
  before?: Record<string, unknown> | null
}

export type BeginAnswer =
  | { ok: true; created: boolean; operation: DeviceOperation }
  /** The lease is no longer ours (or was given again): nothing may be sent. */
  | { ok: false; reason: 'lease_lost' }
  /** The attempt before is not settled as "did not happen": it must be reconciled, not repeated. */
  | { ok: false; reason: 'previous_unsettled'; operation: DeviceOperation }

/** States that prove that an attempt had no effect. */
const NOT_HAPPENED: OperationState[] = ['refused', 'failed']

/**
 * Writes the intent and checks the fencing token in the same transaction. The same attempt again gives the row that is there
 * (`created: false`), whatever its state; a further attempt is written only when the last one did surely not happen.
 */
export async function beginOperation(db: Db, wanted: NewOperation): Promise<BeginAnswer> {
  return db.transaction(async (tx) => {
    const { lease, ...values } = wanted
    const id = operationId(wanted.job_id, wanted.target_id, wanted.step, wanted.attempt)
    const existing = await getOperation(tx, id)
    if (existing) return { ok: true, created: false, operation: existing }
    if (!(await verifyToken(tx, lease.resource, lease.fencing_token))) return { ok: false, reason: 'lease_lost' }
    const last = await latestAttempt(tx, wanted)
    if (last && !NOT_HAPPENED.includes(last.state)) return { ok: false, reason: 'previous_unsettled', operation: last }
    const [row] = await tx
      .insert(deviceOperations)
      .values({ ...values, id, fencing_token: lease.fencing_token })
      .onConflictDoNothing()
      .returning()
    if (row) return { ok: true, created: true, operation: row }
    const raced = await getOperation(tx, id)
    if (!raced) throw new Error(`operation ${id} is neither there nor could it be written`)
    return { ok: true, created: false, operation: raced }
  })
}

export async function getOperation(db: Db, id: string): Promise<DeviceOperation | null> {
  const [row] = await db.select().from(deviceOperations).where(eq(deviceOperations.id, id))
  return row ?? null
}

/** The attempt with the highest number of one step of one target; null when the step never began. */
export async function latestAttempt(
  db: Db,
  step: { job_id: string; target_id: string; step: string },
): Promise<DeviceOperation | null> {
  const [row] = await db
    .select()
    .from(deviceOperations)
    .where(
      and(
        eq(deviceOperations.job_id, step.job_id),
        eq(deviceOperations.target_id, step.target_id),
        eq(deviceOperations.step, step.step),
      ),
    )
    .orderBy(desc(deviceOperations.attempt))
    .limit(1)
  return row ?? null
}

/**
 * Compare-and-set `intent` -> `sent` by this worker, directly before the first byte. Only the caller that gets the row may
 * send; null means that another did, or that the lease is lost.
 */
export async function markSent(
  db: Db,
  id: string,
  sender: { worker_id: string; lease: { resource: string; fencing_token: number } },
): Promise<DeviceOperation | null> {
  return db.transaction(async (tx) => {
    if (!(await verifyToken(tx, sender.lease.resource, sender.lease.fencing_token))) return null
    return casState(tx, id, ['intent'], 'sent', { worker_id: sender.worker_id, sent_at: true })
  })
}

/** Was it sent more than `ms` ago, by the clock of the database? */
export async function isSilentFor(db: Db, id: string, ms: number): Promise<boolean> {
  const [row] = await db
    .select({
      silent: sql<boolean>`coalesce(sent_at, intent_at) < now() - make_interval(secs => ${ms / 1000})`,
    })
    .from(deviceOperations)
    .where(eq(deviceOperations.id, id))
  return row?.silent ?? false
}

export interface StatePatch {
  worker_id?: string
  device_ref?: string | null
  settled_how?: 'answer' | 'reconcile' | 'person'
  command_id?: string | null
  /** Set the time of sending to now. */
  sent_at?: true
}

/**
 * Moves the state if it is one of `from` now; null when it is another. A trigger refuses backward moves. `settled_how` also
 * notes the time of settling.
 */
export async function casState(
  db: Db,
  id: string,
  from: OperationState[],
  to: OperationState,
  patch: StatePatch = {},
): Promise<DeviceOperation | null> {
  const { sent_at, settled_how, ...plain } = patch
  const [row] = await db
    .update(deviceOperations)
    .set({
      ...plain,
      state: to,
      ...(sent_at ? { sent_at: sql`now()` } : {}),
      ...(settled_how ? { settled_how, settled_at: sql`now()` } : {}),
    })
    .where(and(eq(deviceOperations.id, id), inArray(deviceOperations.state, from)))
    .returning()
  return row ?? null
}

/** The device answered: `accepted` with its reference (JID, task), or `done` when the answer is already the end. */
export function settleAnswered(
  db: Db,
  id: string,
  state: 'accepted' | 'done' | 'refused',
  device_ref?: string | null,
): Promise<DeviceOperation | null> {
  const ref = device_ref === undefined || device_ref === null ? {} : { device_ref }
  return casState(db, id, ['intent', 'sent'], state, { ...ref, settled_how: 'answer' })
}

/** The reconcile read decided: `adopted` (it happened), `failed` (it surely did not), `unknown` (neither can be proved). */
export function settleReconciled(
  db: Db,
  id: string,
  state: 'adopted' | 'failed' | 'unknown',
  device_ref?: string | null,
): Promise<DeviceOperation | null> {
  const ref = device_ref === undefined || device_ref === null ? {} : { device_ref }
  return casState(db, id, ['intent', 'sent', 'unknown'], state, { ...ref, settled_how: 'reconcile' })
}

/** It surely was not sent (no byte left): the intent is closed without effect, and a further attempt may follow. */
export function settleNotSent(db: Db, id: string): Promise<DeviceOperation | null> {
  return casState(db, id, ['intent', 'sent'], 'failed', { settled_how: 'answer' })
}

/** What was accepted or adopted has ended. */
export function endOperation(db: Db, id: string, state: 'done' | 'failed'): Promise<DeviceOperation | null> {
  return casState(db, id, ['accepted', 'adopted'], state)
}

/** All operations of a job in the order of their intents. */
export async function listOperations(db: Db, job_id: string): Promise<DeviceOperation[]> {
  return db
    .select()
    .from(deviceOperations)
    .where(eq(deviceOperations.job_id, job_id))
    .orderBy(asc(deviceOperations.intent_at))
}

/** References (JIDs, tasks) that jobs of ours got from a device: which entries of its queue are not foreign. */
export async function listOwnReferences(db: Db, device_id: string): Promise<string[]> {
  const rows = await db
    .select({ ref: deviceOperations.device_ref })
    .from(deviceOperations)
    .where(and(eq(deviceOperations.device_id, device_id), sql`device_ref is not null`))
    .orderBy(desc(deviceOperations.intent_at))
    .limit(200)
  return rows.flatMap((row) => row.ref ?? [])
}

import { DeviceError } from '../clients/errors.js'
import type { DeviceOperation } from '../db/schema/ledger.js'
import {
  beginOperation,
  isSilentFor,
  latestAttempt,
  markSent,
  settleAnswered,
  settleNotSent,
  settleReconciled,
} from '../db/stores/device-operations.js'
import { isWorkerAlive } from '../db/worker-presence.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import { withAuditFacts } from './audit-scope.js'
import type { Deps } from './deps.js'
import { NotYet, StepFailed } from './failures.js'

/** What the device says about an operation that may or may not have happened. */
export type Reconciled =
  | { verdict: 'adopted'; ref: string | null }
  | { verdict: 'absent' }
  | { verdict: 'unknown'; why: string }

export interface OnceSpec {
  context: WorkContext
  /** Stable name of the step inside the job and target. */
  step: string
  /** Name of the device operation, e.g. `idrac.upload`. */
  operation: string
  device_kind: 'idrac' | 'vcenter' | 'esxi'
  device_id: string
  component?: string
  /** The lease that covers it: `server:<id>` or `host:<id>`. */
  resource: string
  /** Facts from before, which the reconcile read needs: boot marker, version, known jobs. */
  before: () => Promise<Record<string, unknown>>
  /**
   * Looks once more directly before the send, at what must be true then (the host is empty). What it throws ends the
   * attempt as not sent.
   */
  guard?: (operation: DeviceOperation) => Promise<void>
  /** Sends it, once. Returns the device's reference (job id, task), or null where it gives none. */
  send: (operation: DeviceOperation) => Promise<string | null>
  /** Reads the device: did it happen since the intent? Throws when the device cannot be asked now. */
  reconcile: (operation: DeviceOperation) => Promise<Reconciled>
  /** How long a sender may be silent before a successor looks, in ms: the request's own time limit. */
  request_limit_ms: number
}

export interface OnceAnswer {
  operation_id: string
  ref: string | null
  adopted: boolean
  before: Record<string, unknown>
  intent_at: string
}

/** An operation that surely did not happen is tried again at most so often. */
const MOST_ATTEMPTS = 3
const LOOK_AGAIN_MS = 500
/** So much longer than its request may last a silent sender is left alone. */
const SILENCE_MS = 30_000
/** A sender that was stopped for so long (a frozen process) sends nothing: it must be done before a successor looks. */
const FRESH_MS = 20_000
/** Operations that this process is sending at this moment. */
const sending = new Set<string>()

/**
 * Makes one operation happen exactly once, whatever happens to the process: intent row, one attempt, reconcile by reading,
 * then adopt, repeat or ask. Calling it again (Temporal's retry, a successor after a crash) never repeats the operation.
 * @throws StepFailed `OutcomeUnknown` when neither can be proved; `LeaseHeld` when the lease is no longer ours;
 *   DeviceError for a definite refusal; NotYet while another sender may still be at work
 */
export async function once(deps: Deps, spec: OnceSpec): Promise<OnceAnswer> {
  for (;;) {
    const operation = await currentAttempt(deps, spec)
    if (operation.state === 'accepted' || operation.state === 'adopted' || operation.state === 'done')
      return answerOf(operation)
    if (operation.state === 'unknown') throw unknown(spec, 'it was looked at before and could not be proved')
    if (operation.state === 'intent') await sendOnce(deps, spec, operation)
    else await settleSent(deps, spec, operation)
  }
}

/** The name of a step in `device_operations`: a retried target does new work with operations of its own. */
export const stepKeyOf = (context: WorkContext, step: string) => (context.round > 1 ? `${step}#${context.round}` : step)

/** Has this work begun this step, in this attempt of the activity or an earlier one? */
export async function wasBegun(deps: Deps, context: WorkContext, step: string): Promise<boolean> {
  return (await begunStep(deps, context, step)) !== null
}

/** What was written down of a step when it was begun; null when it never was. */
export function begunStep(deps: Deps, context: WorkContext, step: string): Promise<DeviceOperation | null> {
  const { job_id, target_id } = context
  return latestAttempt(deps.db, { job_id, target_id, step: stepKeyOf(context, step) })
}

/** The attempt that counts: the latest one, or a new one when the latest surely did not happen. */
async function currentAttempt(deps: Deps, spec: OnceSpec): Promise<DeviceOperation> {
  const key = {
    job_id: spec.context.job_id,
    target_id: spec.context.target_id,
    step: stepKeyOf(spec.context, spec.step),
  }
  const last = await latestAttempt(deps.db, key)
  if (last && last.state !== 'refused' && last.state !== 'failed') return last
  if (last?.state === 'failed' && last.settled_how === 'reconcile' && last.attempt >= MOST_ATTEMPTS) {
    throw new StepFailed('OutcomeUnknown', `${spec.operation} was sent ${last.attempt} times and never arrived.`)
  }
  const token = spec.context.tokens[spec.resource]
  if (token === undefined) throw new StepFailed('LeaseHeld', `${spec.operation} needs the lease of ${spec.resource}.`)
  const begun = await beginOperation(deps.db, {
    ...key,
    attempt: (last?.attempt ?? 0) + 1,
    task_id: spec.context.task_id,
    device_kind: spec.device_kind,
    device_id: spec.device_id,
    operation: spec.operation,
    component: spec.component ?? null,
    lease: { resource: spec.resource, fencing_token: token },
    before: await spec.before(),
  })
  if (begun.ok) return begun.operation
  if (begun.reason === 'previous_unsettled') return begun.operation
  throw new StepFailed('LeaseHeld', `The lease of ${spec.resource} is no longer ours: nothing was sent.`)
}

async function sendOnce(deps: Deps, spec: OnceSpec, operation: DeviceOperation): Promise<void> {
  if (!deps.presence.isHeld())
    throw new NotYet('ServiceUnavailable', 'The database has no sign of life of this worker.', LOOK_AGAIN_MS)
  const lease = { resource: spec.resource, fencing_token: operation.fencing_token }
  // Two attempts in one process: the later one must neither send nor take the mark of the earlier one away.
  if (sending.has(operation.id)) throw new NotYet('DeviceBusy', `${spec.operation} is being sent.`, LOOK_AGAIN_MS)
  sending.add(operation.id)
  const began = performance.now()
  try {
    if (!(await markSent(deps.db, operation.id, { worker_id: deps.worker_id, lease })))
      return await lostRace(deps, operation)
    const facts = { operation_id: operation.id, fencing_token: operation.fencing_token }
    await lookBefore(deps, spec, operation)
    if (performance.now() - began > FRESH_MS) return await sentNothing(deps, spec, operation)
    const ref = await withAuditFacts(facts, () => spec.send(operation))
    await settleAnswered(deps.db, operation.id, 'accepted', ref)
  } catch (thrown) {
    if (thrown instanceof NothingSent) throw thrown.reason
    if (!(thrown instanceof DeviceError)) throw thrown
    if (thrown.unclear) return
    await (thrown.facts.sent ? settleAnswered(deps.db, operation.id, 'refused') : settleNotSent(deps.db, operation.id))
    throw thrown
  } finally {
    sending.delete(operation.id)
  }
}

async function lookBefore(deps: Deps, spec: OnceSpec, operation: DeviceOperation): Promise<void> {
  try {
    await spec.guard?.(operation)
  } catch (thrown) {
    await settleNotSent(deps.db, operation.id)
    throw new NothingSent(thrown)
  }
}

/** The guard's own failure on its way out: it says nothing about the operation, which was not sent. */
class NothingSent extends Error {
  constructor(readonly reason: unknown) {
    super('nothing was sent')
  }
}

/** This process was stopped between the mark and the send: unless a successor has judged the row, the attempt ends unsent. */
async function sentNothing(deps: Deps, spec: OnceSpec, operation: DeviceOperation): Promise<void> {
  await settleNotSent(deps.db, operation.id)
  throw new NotYet('DeviceBusy', `This worker stood still before ${spec.operation}; nothing was sent.`, LOOK_AGAIN_MS)
}

/** Another sender was faster, or the lease is gone: then the row says `intent` for ever and nothing may be sent. */
async function lostRace(deps: Deps, operation: DeviceOperation): Promise<void> {
  const now = await latestAttempt(deps.db, operation)
  if (now?.id === operation.id && now.state === 'intent') {
    throw new StepFailed('LeaseHeld', `The lease of ${operation.device_id} is no longer ours: nothing was sent.`)
  }
}

/** It was sent and nobody wrote down how it ended. Once the sender is surely silent, the device is read. */
async function settleSent(deps: Deps, spec: OnceSpec, operation: DeviceOperation): Promise<void> {
  await waitForSender(deps, spec, operation)
  const answer = await spec.reconcile(operation)
  if (answer.verdict === 'adopted') await settleReconciled(deps.db, operation.id, 'adopted', answer.ref)
  if (answer.verdict === 'absent') await settleReconciled(deps.db, operation.id, 'failed')
  if (answer.verdict === 'unknown') {
    await settleReconciled(deps.db, operation.id, 'unknown')
    throw unknown(spec, answer.why)
  }
}

async function waitForSender(deps: Deps, spec: OnceSpec, operation: DeviceOperation): Promise<void> {
  if (sending.has(operation.id)) throw new NotYet('DeviceBusy', `${spec.operation} is being sent.`, LOOK_AGAIN_MS)
  if (operation.worker_id === deps.worker_id || operation.worker_id === null) return
  // By the clock of the database, as the row was written: a clock of ours that runs ahead must not cut a sender short.
  if (await isSilentFor(deps.db, operation.id, spec.request_limit_ms + SILENCE_MS)) return
  if (await isWorkerAlive(deps.db, operation.worker_id)) {
    throw new NotYet('DeviceBusy', `${spec.operation} may still be under way from another worker.`, LOOK_AGAIN_MS)
  }
}

const unknown = (spec: OnceSpec, why: string) =>
  new StepFailed('OutcomeUnknown', `${spec.operation} was sent, and nobody can prove whether it happened: ${why}.`)

function answerOf(operation: DeviceOperation): OnceAnswer {
  return {
    operation_id: operation.id,
    ref: operation.device_ref,
    adopted: operation.state === 'adopted',
    before: operation.before ?? {},
    intent_at: new Date(String(operation.intent_at)).toISOString(),
  }
}

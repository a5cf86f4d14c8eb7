import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

/** A job in the device's own queue. */
export interface QueuedDeviceJob {
  id: string
  name: string | null
  /** `Scheduled`, `Running`, ... as the device wrote it. */
  raw_state: string | null
  /** `PR30` on a scheduled job means that it is dead. */
  message_id: string | null
  /** How long it has been there, as far as known. */
  age_minutes?: number | null
}

export interface ChangeGateFacts {
  /** Service tag that the device tells now, and the one of our row. */
  service_tag: string | null
  expected_service_tag: string
  /** null = the call failed; `supported: false` = this firmware has no such call. */
  readiness: { supported: boolean; ready: boolean; disabled: boolean; blocking: readonly string[] } | null
  jobs: readonly QueuedDeviceJob[] | null
  our_job_ids: readonly string[]
  /** null = could not be read; `false` also where the generation has no lockdown mode. */
  lockdown: boolean | null
  /** Names of BIOS attributes with a pending value that are not ours. */
  foreign_pending: readonly string[] | null
}

export interface ChangeGateOptions {
  /** A profile export does not care about pending values. */
  check_pending: boolean
}

/** `wait`: look again, at most `limit_minutes` (device time) in all; then the reason becomes the failure. */
export type ChangeGateAnswer =
  | { type: 'ok' }
  | { type: 'wait'; reason: Blocker; limit_minutes: number }
  | { type: 'refuse'; blockers: Blocker[] }

const READY_LIMIT_MINUTES = 20
const FOREIGN_JOB_LIMIT_MINUTES = 30
const ENDED = ['Completed', 'CompletedWithErrors', 'Failed', 'RebootCompleted', 'RebootFailed', 'UserIntervention']

/** Jobs in the queue that still run or will run, and are not ours. They are waited for, never deleted. */
export function foreignJobs(facts: Pick<ChangeGateFacts, 'jobs' | 'our_job_ids'>): QueuedDeviceJob[] {
  return (facts.jobs ?? []).filter(
    (job) => !facts.our_job_ids.includes(job.id) && !ENDED.includes(job.raw_state ?? '') && job.message_id !== 'PR30',
  )
}

function refusals(facts: ChangeGateFacts, options: ChangeGateOptions): Blocker[] {
  const blockers: Blocker[] = []
  if (facts.service_tag !== null && facts.service_tag.toUpperCase() !== facts.expected_service_tag.toUpperCase()) {
    const data = { expected: facts.expected_service_tag, seen: facts.service_tag }
    const text = `Service tag ${facts.service_tag} answers, ${facts.expected_service_tag} is expected.`
    blockers.push(blocker('IdentityMismatch', text, { data }))
  }
  if (facts.lockdown === true) blockers.push(blocker('LockdownMode', 'System Lockdown Mode is on.'))
  if (facts.readiness?.disabled) {
    const text = 'The Lifecycle Controller is switched off.'
    blockers.push(blocker('LifecycleControllerNotReady', text, { remedy: 'Enable the Lifecycle Controller.' }))
  }
  if (options.check_pending && facts.foreign_pending && facts.foreign_pending.length > 0) {
    const text = `BIOS values that are not ours are pending: ${facts.foreign_pending.join(', ')}.`
    blockers.push(blocker('PendingConfiguration', text, { data: { attributes: [...facts.foreign_pending] } }))
  }
  return blockers
}

function unread(facts: ChangeGateFacts, options: ChangeGateOptions): string[] {
  const missing: string[] = []
  if (facts.service_tag === null) missing.push('service tag')
  if (facts.readiness === null) missing.push('readiness')
  if (facts.jobs === null) missing.push('job queue')
  if (facts.lockdown === null) missing.push('lockdown mode')
  if (options.check_pending && facts.foreign_pending === null) missing.push('pending BIOS values')
  return missing
}

const wait = (reason: Blocker, limit_minutes: number): ChangeGateAnswer => ({ type: 'wait', reason, limit_minutes })

/**
 * May this iDRAC be changed now? Refuses what waiting does not cure (wrong tag, lockdown, disabled controller, foreign
 * pending values), waits for a busy device (20 min) and for foreign jobs (30 min). What could not be read is waited for:
 * unknown is never fine. Firmware without the readiness call skips only that row.
 */
export function checkChangeGate(
  facts: ChangeGateFacts,
  options: ChangeGateOptions = { check_pending: true },
): ChangeGateAnswer {
  const blockers = refusals(facts, options)
  if (blockers.length > 0) return { type: 'refuse', blockers }
  const missing = unread(facts, options)
  if (missing.length > 0) {
    const text = `Could not be read: ${missing.join(', ')}.`
    return wait(blocker('LifecycleControllerNotReady', text, { data: { missing } }), READY_LIMIT_MINUTES)
  }
  if (facts.readiness?.supported && !facts.readiness.ready) {
    const what = facts.readiness.blocking.join(', ') || 'no reason given'
    const data = { blocking: [...facts.readiness.blocking] }
    return wait(blocker('LifecycleControllerNotReady', `Not ready: ${what}.`, { data }), READY_LIMIT_MINUTES)
  }
  const [foreign] = foreignJobs(facts)
  if (!foreign) return { type: 'ok' }
  const age = foreign.age_minutes == null ? '' : `, ${Math.round(foreign.age_minutes)} min old`
  const text = `Device job ${foreign.id} (${foreign.name ?? 'unnamed'}, ${foreign.raw_state ?? 'unknown'}${age}) is not ours.`
  return wait(blocker('ForeignJob', text, { data: { ...foreign } }), FOREIGN_JOB_LIMIT_MINUTES)
}

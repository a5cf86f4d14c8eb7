import type { Component } from './firmware-facts.js'

/** What a device job means. Success is believed only after the inventory or the setting says the same. */
export type DeviceJobVerdict =
  | 'running'
  | 'staged'
  | 'succeeded'
  | 'failed'
  | 'partial'
  | 'needs_action'
  | 'vanished'
  | 'unknown'

export interface DeviceJobFacts {
  /** `Completed`, `Scheduled`, ... as the device wrote it; states are an open set. */
  raw_state: string | null
  /** With or without registry prefix (`IDRAC.2.7.PR19`). */
  message_id: string | null
  message: string | null
}

const BY_STATE: Readonly<Record<string, DeviceJobVerdict>> = {
  New: 'running',
  Starting: 'running',
  Downloading: 'running',
  Scheduling: 'running',
  Running: 'running',
  Waiting: 'running',
  Paused: 'running',
  Scheduled: 'staged',
  Downloaded: 'staged',
  ReadyForExecution: 'staged',
  Completed: 'succeeded',
  RebootCompleted: 'succeeded',
  CompletedWithErrors: 'partial',
  Failed: 'failed',
  RebootFailed: 'failed',
  Exception: 'failed',
  Cancelled: 'failed',
  Killed: 'failed',
  UserIntervention: 'needs_action',
  PendingActivation: 'needs_action',
  RebootPending: 'needs_action',
}

/** Ids that mean success whatever their name or text looks like (`SYS413` ends many operations). */
const GOOD_IDS = [
  'PR19',
  'JCP007',
  'RED001',
  'RED025',
  'RED030',
  'RED063',
  'RED092',
  'RED143',
  'SYS018',
  'SYS043',
  'SYS413',
  'SYS414',
  'SUP0518',
  'PR36',
]
const FAILED_IDS = ['PR21', 'PR24', 'PR30', 'JCP003', 'JCP004', 'JCP009', 'JCP052']
const PARTIAL_IDS = ['PR31', 'JCP008']
/** Effective only after a restart, a power cycle or an AC cycle by hand. */
const ACTION_IDS = ['SUP0200', 'SUP0544', 'SUP0545', 'RED029']
const BAD_TEXT = /fail|error|unable|lc wipe/i

/** A message id without its registry: `IDRAC.2.7.PR19` is `PR19`. */
export function bareMessageId(id: string | null): string | null {
  return id === null ? null : (id.split('.').at(-1) ?? id)
}

/**
 * Judges one reading of a device job by state, message id and text together; the message beats the state.
 * `null` = the device does not know the job any more: ask the other views, then the inventory.
 * QUIRK iDRAC9 (several): a job may end `Completed` with a failing text, or stay `Scheduled` for ever with `PR30`.
 * Seen: `PR30`, texts with "fail". Source: vendor scripts, as in the Redfish reference on judging a job.
 */
export function judgeDeviceJob(job: DeviceJobFacts | null): DeviceJobVerdict {
  if (job === null) return 'vanished'
  const state = BY_STATE[job.raw_state ?? ''] ?? 'unknown'
  const id = bareMessageId(job.message_id) ?? ''
  if (FAILED_IDS.includes(id)) return 'failed'
  if (state === 'running' || state === 'staged' || state === 'failed' || state === 'needs_action') return state
  if (ACTION_IDS.includes(id)) return 'needs_action'
  if (PARTIAL_IDS.includes(id)) return 'partial'
  if (state === 'succeeded' && !GOOD_IDS.includes(id) && BAD_TEXT.test(job.message ?? '')) return 'failed'
  return state
}

/** Does the job need no further look (for good or bad), apart from waiting for the host's reboot? */
export function isJobOver(verdict: DeviceJobVerdict): boolean {
  return !['running', 'staged', 'unknown', 'vanished'].includes(verdict)
}

/** Which component a refusal demands first: newer CPLD, BIOS or iDRAC; null = it demands none. */
export function prerequisiteOf(message_id: string | null): Component | null {
  const id = bareMessageId(message_id) ?? ''
  if (id === 'RED145') return 'cpld'
  if (id === 'RED147') return 'bios'
  return id === 'RED022' || id === 'SUP0543' ? 'idrac' : null
}

/** Is the file's missing place on the device the cause? */
export function isDeviceFull(message_id: string | null): boolean {
  return ['RED027', 'SUP0540'].includes(bareMessageId(message_id) ?? '')
}

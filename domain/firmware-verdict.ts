import { type DeviceJobFacts, type DeviceJobVerdict, judgeDeviceJob } from './device-job.js'
import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'
import { compareVersions } from './versions.js'

export type FirmwareVerdict =
  | { outcome: 'changed' }
  /** Applied or accepted, but it becomes effective only after something a person or a later reboot does. */
  | { outcome: 'staged'; reason: Blocker }
  | { outcome: 'failed'; reason: Blocker }
  | { outcome: 'unknown'; reason: Blocker }

export interface FirmwareEvidence {
  component: string
  from: string
  wanted: string
  /** Version that the inventory says after everything; null = not readable. */
  installed_after: string | null
  job: DeviceJobFacts | null
}

function said(evidence: FirmwareEvidence): string {
  const { job } = evidence
  return job?.message ? ` The device says ${job.message_id ?? ''}: ${job.message}` : ''
}

function onOldVersion(evidence: FirmwareEvidence, verdict: DeviceJobVerdict): FirmwareVerdict {
  const { component, installed_after, wanted } = evidence
  const data = { from: evidence.from, wanted, installed_after, message_id: evidence.job?.message_id ?? null }
  const still = `${component} still has ${installed_after}, ${wanted} was wanted.${said(evidence)}`
  if (verdict === 'needs_action' || verdict === 'staged') {
    const remedy = 'Do what the message asks for (restart or AC cycle), then compare the versions again.'
    return { outcome: 'staged', reason: blocker('AttentionNeeded', still, { target: component, data, remedy }) }
  }
  const code = verdict === 'failed' || verdict === 'partial' ? 'DeviceJobFailed' : 'VersionUnchanged'
  return { outcome: 'failed', reason: blocker(code, still, { target: component, data }) }
}

/**
 * The verdict over one firmware update comes from the inventory, not from the job: the wanted version is installed =
 * changed, whatever the job said; the old one = failed; not readable = nobody knows. A device that asks for an AC cycle
 * has not changed yet, and that is not claimed.
 */
export function judgeFirmware(evidence: FirmwareEvidence): FirmwareVerdict {
  const { component, installed_after, wanted, from } = evidence
  const verdict = judgeDeviceJob(evidence.job)
  if (installed_after === null) {
    const text = `The version of ${component} could not be read after the update.${said(evidence)}`
    return { outcome: 'unknown', reason: blocker('OutcomeUnknown', text, { target: component }) }
  }
  if (compareVersions(installed_after, wanted) === 'equal') return { outcome: 'changed' }
  if (compareVersions(installed_after, from) === 'equal') return onOldVersion(evidence, verdict)
  const text = `${component} has ${installed_after}; neither ${wanted} nor the former ${from}.${said(evidence)}`
  return { outcome: 'failed', reason: blocker('VerifyFailed', text, { target: component }) }
}

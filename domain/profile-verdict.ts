import { bareMessageId, type DeviceJobFacts, judgeDeviceJob } from './device-job.js'
import type { FailureCode } from './failures.js'

/** How an import ended, judged by its message id and the fate of every attribute together. */
export type ImportVerdict =
  | { type: 'running' }
  | { type: 'vanished' }
  | { type: 'changed' | 'unchanged' | 'staged' }
  | { type: 'failed'; code: FailureCode; message: string }

const APPLIED = ['SYS053']
const NOTHING_TO_DO = ['SYS054', 'SYS066', 'SYS069']
const WITH_ERRORS = ['SYS055', 'SYS016', 'SYS033', 'SYS060']
const NEEDS_REBOOT = ['SYS068', 'SYS070']
const NOT_SHUT_DOWN = 'SYS051'
const BAD_PROFILE = ['SYS047', 'SYS048', 'SYS050', 'SYS062', 'SYS063', 'SYS064', 'SYS065', 'SYS090']
const CONTROLLER_OFF = ['SYS073', 'SYS097', 'SYS199']
const BUSY = ['SYS074', 'SYS431', 'RAC0679', 'LC068', 'RAC957', 'RAC958', 'RAC961']
const TIMED_OUT = ['SYS072']
const PREVIEW_FINE = ['SYS081', 'SYS089']
const PREVIEW_WITH_ERRORS = 'SYS082'

function refusalOf(id: string): FailureCode | null {
  if (BAD_PROFILE.includes(id)) return 'ScpInvalid'
  if (CONTROLLER_OFF.includes(id)) return 'LifecycleControllerNotReady'
  if (BUSY.includes(id)) return 'DeviceBusy'
  return TIMED_OUT.includes(id) ? 'DeviceTimeout' : null
}

const said = (job: DeviceJobFacts) => `${job.message_id ?? ''} ${job.message ?? job.raw_state ?? ''}`.trim()

/**
 * What became of an import. The id beats the state (a job may be `Completed` with an id that says otherwise), and one
 * attribute that failed makes it partial whatever the id says. `failed_attributes` counts the failures that were reported.
 */
export function judgeImportEnd(job: DeviceJobFacts | null, failed_attributes: number): ImportVerdict {
  const state = judgeDeviceJob(job)
  if (job === null || state === 'vanished') return { type: 'vanished' }
  if (state === 'running' || state === 'staged' || state === 'unknown') return { type: 'running' }
  const id = bareMessageId(job.message_id) ?? ''
  const failed = (code: FailureCode, message: string): ImportVerdict => ({ type: 'failed', code, message })
  if (id === NOT_SHUT_DOWN)
    return failed('DeviceJobFailed', `The host did not shut down, nothing was applied: ${said(job)}`)
  const refusal = refusalOf(id)
  if (refusal) return failed(refusal, said(job))
  if (WITH_ERRORS.includes(id) || failed_attributes > 0 || state === 'partial')
    return failed('ScpPartial', `${failed_attributes || 'Some'} attributes were not applied: ${said(job)}`)
  if (NEEDS_REBOOT.includes(id)) return { type: 'staged' }
  if (NOTHING_TO_DO.includes(id)) return { type: 'unchanged' }
  if (APPLIED.includes(id)) return { type: 'changed' }
  return state === 'succeeded' ? { type: 'changed' } : failed('DeviceJobFailed', said(job))
}

/** What a preview says: `fine`, or why the import must not begin. Null while it runs or when its job is not there. */
export function judgePreviewEnd(
  job: DeviceJobFacts | null,
  failed_attributes: number,
): { type: 'fine' } | { type: 'refused'; code: FailureCode; message: string } | null {
  const state = judgeDeviceJob(job)
  if (job === null || ['running', 'staged', 'unknown', 'vanished'].includes(state)) return null
  const id = bareMessageId(job.message_id) ?? ''
  const refused = (code: FailureCode) => ({ type: 'refused' as const, code, message: `The preview says: ${said(job)}` })
  const refusal = refusalOf(id)
  if (refusal) return refused(refusal)
  if (id === PREVIEW_WITH_ERRORS || failed_attributes > 0) return refused('ScpPartial')
  if (PREVIEW_FINE.includes(id) || NOTHING_TO_DO.includes(id) || state === 'succeeded') return { type: 'fine' }
  return refused('DeviceJobFailed')
}

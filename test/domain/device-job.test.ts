import { describe, expect, it } from 'vitest'
import { type DeviceJobVerdict, isJobOver, judgeDeviceJob, prerequisiteOf } from '../../domain/device-job.js'
import { judgeFirmware } from '../../domain/firmware-verdict.js'

const job = (raw_state: string | null, message_id: string | null = null, message: string | null = null) => ({
  raw_state,
  message_id,
  message,
})

describe('one reading of a device job', () => {
  it.each<[string | null, string | null, string | null, DeviceJobVerdict]>([
    ['Completed', 'PR19', 'Job completed successfully.', 'succeeded'],
    ['Completed', 'IDRAC.2.7.PR19', 'Job completed successfully.', 'succeeded'],
    ['Completed', 'SYS413', 'The operation successfully completed.', 'succeeded'],
    ['Completed', 'SYS414', 'A new resource is successfully created, no error.', 'succeeded'],
    ['Completed', 'XYZ1', 'Unable to apply', 'failed'],
    ['Completed', 'XYZ1', 'LC wipe', 'failed'],
    ['Completed', 'PR31', 'Job completed with errors.', 'partial'],
    ['Completed', 'PR21', 'Job failed.', 'failed'],
    ['Completed', 'SUP0545', 'AC cycle needed', 'needs_action'],
    ['CompletedWithErrors', 'PR31', null, 'partial'],
    ['RebootCompleted', 'RED030', null, 'succeeded'],
    ['Scheduled', 'JCP001', null, 'staged'],
    ['Scheduled', 'PR30', 'Job cannot run', 'failed'],
    ['Downloaded', 'RED002', null, 'staged'],
    ['ReadyForExecution', null, null, 'staged'],
    ['Downloading', 'RED003', null, 'running'],
    ['Failed', 'RED097', null, 'failed'],
    ['RebootFailed', null, null, 'failed'],
    ['UserIntervention', null, null, 'needs_action'],
    ['PendingActivation', null, null, 'needs_action'],
    ['RebootPending', null, null, 'needs_action'],
    ['Unknown', null, null, 'unknown'],
    ['SomethingNew', null, null, 'unknown'],
    [null, null, null, 'unknown'],
  ])('%s with %s is %s', (state, id, text, expected) => {
    expect(judgeDeviceJob(job(state, id, text))).toBe(expected)
  })

  it('calls a job that is gone vanished, not failed', () => {
    expect(judgeDeviceJob(null)).toBe('vanished')
    expect((['vanished', 'unknown', 'staged', 'running'] as const).map(isJobOver)).toEqual([false, false, false, false])
    expect((['succeeded', 'failed', 'partial', 'needs_action'] as const).map(isJobOver)).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  it('knows what a refusal demands first', () => {
    expect(['RED145', 'IDRAC.2.9.RED147', 'RED022', 'SUP0543', 'RED001', null].map(prerequisiteOf)).toEqual([
      'cpld',
      'bios',
      'idrac',
      'idrac',
      null,
      null,
    ])
  })
})

describe('verdict over a firmware update', () => {
  const judge = (installed_after: string | null, raw: ReturnType<typeof job> | null) => {
    const verdict = judgeFirmware({ component: 'bios', from: '1.8.2', wanted: '1.9.2', installed_after, job: raw })
    return verdict.outcome === 'changed' ? 'changed' : `${verdict.outcome} ${verdict.reason.code}`
  }
  it.each<[string, string | null, ReturnType<typeof job> | null]>([
    ['changed', '1.9.2', job('Completed', 'PR19')],
    ['changed', '1.9.2', job('Failed', 'PR21')],
    ['changed', '1.9.2', job('CompletedWithErrors', 'PR31')],
    ['changed', '1.9.2', null],
    ['failed VersionUnchanged', '1.8.2', job('Completed', 'PR19')],
    ['failed VersionUnchanged', '1.8.2', null],
    ['failed DeviceJobFailed', '1.8.2', job('Failed', 'PR21')],
    ['failed DeviceJobFailed', '1.8.2', job('CompletedWithErrors', 'PR31')],
    ['staged AttentionNeeded', '1.8.2', job('UserIntervention')],
    ['staged AttentionNeeded', '1.8.2', job('Completed', 'SUP0545')],
    ['failed VerifyFailed', '1.7.0', job('Completed', 'PR19')],
    ['unknown OutcomeUnknown', null, job('Completed', 'PR19')],
  ])('%s with %s installed and job %j', (expected, installed, raw) => {
    expect(judge(installed, raw)).toBe(expected)
  })
})

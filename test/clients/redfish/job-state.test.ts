import { describe, expect, it } from 'vitest'
import { classifyJob, isFinal } from '../../../clients/redfish/dell/job-state.js'
import { componentHint, fromDellJob, fromDmtfJob, fromTask } from '../../../clients/redfish/dell/job-views.js'
import { jobIdOf } from '../../../clients/redfish/task-location.js'

const judge = (state: string | null, id: string | null = null, message: string | null = null) =>
  classifyJob({ state, message_id: id, message })

describe('a job is judged by state and message together', () => {
  it.each([
    // state, message id, text, class
    ['Completed', 'PR19', 'Job completed successfully.', 'succeeded'],
    ['Completed', 'RED001', 'Job completed successfully.', 'succeeded'],
    ['Completed', 'SYS413', 'The operation is successfully completed.', 'succeeded'],
    ['Completed', 'SYS414', 'A new resource is successfully created.', 'succeeded'],
    ['Completed', null, null, 'succeeded'],
    ['RebootCompleted', 'RED030', 'Reboot is complete.', 'succeeded'],
    ['Completed', 'PR21', 'Job failed.', 'failed'],
    ['Completed', 'RED007', 'Unable to verify Update Package signature.', 'failed'],
    ['Completed', 'ZZZ1', 'Unable to do it.', 'failed'],
    ['Completed', 'ZZZ1', 'The operation failed.', 'failed'],
    ['Completed', 'ZZZ1', 'Done without errors.', 'succeeded'],
    ['Completed', 'SYS055', 'Import completed with errors.', 'partial'],
    ['Completed', 'ZZZ1', 'Job completed with errors.', 'partial'],
    ['Completed', 'SUP0545', 'An AC cycle is needed.', 'needs_action'],
    ['CompletedWithErrors', 'PR31', 'Job completed with errors.', 'partial'],
    ['Failed', 'PR21', 'Failed', 'failed'],
    ['RebootFailed', null, null, 'failed'],
    ['Scheduled', 'JCP001', 'Task successfully scheduled.', 'staged'],
    ['Scheduled', 'PR30', 'Unable to initialize.', 'failed'],
    ['Scheduled', 'SUP0200', 'effective after restart', 'staged'],
    ['Downloaded', 'RED002', 'Package successfully downloaded.', 'staged'],
    ['ReadyForExecution', null, null, 'staged'],
    ['UserIntervention', 'SUP0545', 'AC', 'needs_action'],
    ['PendingActivation', null, null, 'needs_action'],
    ['RebootPending', null, null, 'needs_action'],
    ['New', 'PR22', null, 'running'],
    ['Downloading', 'RED003', null, 'running'],
    ['Running', 'PR20', null, 'running'],
    ['Waiting', 'JCP024', null, 'running'],
    ['Paused', null, null, 'running'],
    ['Unknown', null, null, 'unknown'],
    ['SomethingNew', null, null, 'unknown'],
    [null, null, null, 'unknown'],
    ['Exception', 'PR31', null, 'partial'],
    ['Exception', 'PR21', null, 'failed'],
    ['Cancelled', 'PR24', null, 'failed'],
  ])('%s %s (%s) is %s', (state, id, message, expected) => {
    expect(judge(state, id, message)).toBe(expected)
  })

  it('ends on every class that cannot change by itself', () => {
    const final = ['succeeded', 'failed', 'partial', 'needs_action'] as const
    expect(final.every(isFinal)).toBe(true)
    expect((['running', 'staged', 'unknown'] as const).some(isFinal)).toBe(false)
  })
})

describe('the three views of one job', () => {
  const dell = {
    Id: 'JID_7',
    JobState: 'CompletedWithErrors',
    MessageId: 'PR31',
    Name: 'Firmware Update: BIOS',
    PercentComplete: null,
  }

  it('agree although they spell it differently', () => {
    const dmtf = {
      Id: 'JID_7',
      JobState: 'Exception',
      JobStatus: 'Critical',
      Messages: [{ MessageId: 'IDRAC.2.9.PR31', Message: '' }],
    }
    const task = {
      Id: 'JID_7',
      TaskState: 'Completed',
      TaskStatus: 'Warning',
      Messages: [{ MessageId: 'IDRAC.2.9.PR31' }],
    }
    const views = [fromDellJob(dell), fromDmtfJob(dmtf), fromTask(task), fromTask({ ...task, Oem: { Dell: dell } })]
    expect(views.map((job) => [job?.id, job?.state_class, job?.message_id, job?.view])).toEqual([
      ['JID_7', 'partial', 'PR31', 'dell'],
      ['JID_7', 'partial', 'PR31', 'dmtf'],
      ['JID_7', 'partial', 'PR31', 'task'],
      ['JID_7', 'partial', 'PR31', 'task'],
    ])
    expect(views[0]?.percent).toBe(null)
  })

  it('take Completed with a warning for partial, and a staged job that reads Starting for running', () => {
    expect(fromDmtfJob({ Id: 'JID_8', JobState: 'Completed', JobStatus: 'Warning' })?.state_class).toBe('partial')
    expect(fromDmtfJob({ Id: 'JID_8', JobState: 'Starting', JobStatus: 'OK' })?.state_class).toBe('running')
  })

  it('know that TIME_NOW and TIME_NA are no times', () => {
    expect(fromDellJob({ Id: 'JID_9', JobState: 'New', StartTime: 'TIME_NOW', EndTime: 'TIME_NA' })).toMatchObject({
      start_time: null,
      end_time: null,
    })
  })

  it.each([
    ['Configure: BIOS.Setup.1-1', 'BIOS.Setup.1-1'],
    ['ConfigBIOS:BIOS.Setup.1-1', 'BIOS.Setup.1-1'],
    ['update:DCIM:INSTALLED#741__BIOS.Setup.1-1', 'BIOS.Setup.1-1'],
    ['Firmware Update: iDRAC', 'iDRAC'],
    ['Reboot1', null],
    [null, null],
  ])('a job named %s works on %s', (name, hint) => {
    expect(componentHint(name)).toBe(hint)
  })
})

describe('the job id in a Location', () => {
  const origin = 'https://192.0.2.1'
  it.each([
    ['/redfish/v1/TaskService/Tasks/JID_1', 'JID_1', '/redfish/v1/TaskService/Tasks/JID_1'],
    ['/redfish/v1/TaskService/TaskMonitors/JID_2', 'JID_2', '/redfish/v1/TaskService/Tasks/JID_2'],
    ['https://192.0.2.1/redfish/v1/Managers/x/Jobs/RID_3/', 'RID_3', '/redfish/v1/Managers/x/Jobs/RID_3'],
  ])('%s', (location, id, path) => {
    expect(jobIdOf(location, origin)).toEqual({ job_id: id, task_path: path })
  })

  it('is missing where it names something else', () => {
    expect(jobIdOf('/redfish/v1/SessionService/Sessions/7', origin)).toBe(null)
    expect(jobIdOf(null, origin)).toBe(null)
    expect(() => jobIdOf('https://192.0.2.9/redfish/v1/Tasks/JID_1', origin)).toThrow(/leaves it/)
  })
})

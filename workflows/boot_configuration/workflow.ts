import type { BootNow, BootTarget, BootWanted } from '../../domain/boot-settings.js'
import type { JobInput } from '../lib/job-input.js'
import type { TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import { type Judged, workOnServers } from '../lib/server-work.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  target?: BootTarget
  enabled: 'once' | 'continuous' | 'disabled'
  uefi_target?: string
  mode?: 'uefi' | 'legacy'
  boot_order?: string[]
  concurrency: number
  lease_wait_minutes: number
}

interface JudgedBoot extends Judged {
  decision: 'already' | 'send' | 'refused'
  before: BootNow
}

/** Sets the boot device or the boot order of each server and reads it back. Nothing is rebooted. */
export async function bootConfiguration(input: JobInput<Details>) {
  const { target, enabled, mode, uefi_target, boot_order, concurrency, lease_wait_minutes } = input.details
  const wanted: BootWanted =
    boot_order === undefined ? { target: target ?? 'None', enabled, mode, uefi_target } : { boot_order }
  return withJob(input, (run) =>
    workOnServers<JudgedBoot>(run, {
      doing: 'sets the boot device',
      concurrency,
      lease_wait_minutes,
      judge: (task) => judge(task, wanted),
      nothingToDo: ({ decision, before }) =>
        decision === 'already' ? { outcome: 'unchanged', before, after: before, needs_reboot: false } : null,
      show: ({ decision, before }) => ({ before, after: wanted, would_send: decision === 'send' }),
      act: (task, { before }) => set(run, task, wanted, before),
    }),
  )
}

async function judge(task: TaskRun, wanted: BootWanted): Promise<JudgedBoot> {
  const { redfish } = devices(task.input.site)
  return task.step('precheck', 'judge', `Reading the boot settings of ${task.target.name}.`, 10, () =>
    redfish.judgeBoot({ context: task.context, server_id: task.target.id, wanted }),
  )
}

async function set(run: JobRun<Details>, task: TaskRun, wanted: BootWanted, before: BootNow): Promise<TargetAnswer> {
  run.controls.throwIfCancelled('abort')
  const { redfish, redfishMutate } = devices(run.input.site)
  const server_id = task.target.id
  const { device_job_id } = await task.step('stage', 'boot_set', `Setting the boot of ${task.target.name}.`, 50, () =>
    redfishMutate.setBoot({ context: task.context, server_id, wanted, step: 'boot_set' }),
  )
  // The device keeps it in a job until somebody reboots; what it shows until then is the old state.
  if (device_job_id) return { outcome: 'staged', before, after: wanted, job_id: device_job_id, needs_reboot: true }
  const { after } = await task.step('verify', 'verify', `Reading the boot of ${task.target.name} back.`, 90, () =>
    redfish.verifyBoot({ context: task.context, server_id, wanted }),
  )
  return { outcome: 'changed', before, after, needs_reboot: false }
}

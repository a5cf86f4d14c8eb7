import { CancellationScope } from '@temporalio/workflow'
import type { BootTarget, BootWanted } from '../../domain/boot-settings.js'
import { failure } from '../lib/failure.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
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

/** Sets the boot device or the boot order of each server and reads it back. Nothing is rebooted. */
export async function bootConfiguration(input: JobInput<Details>) {
  const { target, enabled, mode, uefi_target, boot_order, concurrency } = input.details
  const wanted: BootWanted =
    boot_order === undefined ? { target: target ?? 'None', enabled, mode, uefi_target } : { boot_order }
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: concurrency }, (task) =>
      input.dry_run ? tellOne(task, wanted) : setOne(run, task, wanted),
    )
    return { targets, ...(input.dry_run ? { plan: planOf(targets) } : {}) }
  })
}

async function judge(task: TaskRun, wanted: BootWanted) {
  const { redfish } = devices(task.input.site)
  return task.step('precheck', 'judge', `Reading the boot settings of ${task.target.name}.`, 10, () =>
    redfish.judgeBoot({ context: task.context, server_id: task.target.id, wanted }),
  )
}

async function tellOne(task: TaskRun, wanted: BootWanted): Promise<TargetAnswer> {
  const { decision, before, blockers } = await judge(task, wanted)
  return { outcome: 'answered', before, after: wanted, would_send: decision === 'send', blockers }
}

async function setOne(run: JobRun<Details>, task: TaskRun, wanted: BootWanted): Promise<TargetAnswer> {
  const resource = `server:${task.target.id}`
  await run.lease([resource], run.input.details.lease_wait_minutes, 'sets the boot device', task)
  try {
    const { decision, before, blockers } = await judge(task, wanted)
    if (decision === 'refused') {
      const sentence = blockers.map((blocker) => blocker.message).join(' ')
      throw failure(blockers[0]?.code ?? 'Unsupported', sentence, { blockers })
    }
    if (decision === 'already') return { outcome: 'unchanged', before, after: before, needs_reboot: false }
    run.controls.throwIfCancelled('abort')
    return await send(task, wanted, before)
  } finally {
    await CancellationScope.nonCancellable(() => run.release([resource]))
  }
}

async function send(task: TaskRun, wanted: BootWanted, before: unknown): Promise<TargetAnswer> {
  const { redfish, redfishMutate } = devices(task.input.site)
  const server_id = task.target.id
  const { device_job_id } = await task.step('stage', 'boot_set', `Setting the boot of ${task.target.name}.`, 50, () =>
    redfishMutate.setBoot({ context: task.context, server_id, wanted, step: 'boot_set' }),
  )
  // The device keeps it in a job until somebody reboots; what it shows until then is the old state.
  if (device_job_id) return { outcome: 'staged', before, after: wanted, job_id: device_job_id, needs_reboot: true }
  const { after } = await task.step('verify', 'verify', `Reading the boot settings of ${task.target.name} back.`, 90, () =>
    redfish.verifyBoot({ context: task.context, server_id, wanted }),
  )
  return { outcome: 'changed', before, after, needs_reboot: false }
}

function planOf(targets: { blockers?: unknown; outcome: string }[]) {
  const blockers = targets.flatMap((target) => (Array.isArray(target.blockers) ? target.blockers : []))
  return { would_start: blockers.length === 0 && targets.every((t) => t.outcome !== 'failed'), blockers, targets }
}

import { CancellationScope } from '@temporalio/workflow'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

export interface UnmountDetails {
  slot: 'all' | 'cd' | 'usb'
  only_iso_image_id?: string
  clear_boot_once: boolean
  concurrency: number
  lease_wait_minutes: number
}

/** Ejects images from each server; nothing inserted is fine. */
export async function virtualMediaUnmount(input: JobInput<UnmountDetails>) {
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: input.details.concurrency }, (task) =>
      input.dry_run ? lookOnly(run, task) : unmountOne(run, task),
    )
    return { targets, ...(input.dry_run ? { plan: planOf(targets) } : {}) }
  })
}

const wishOf = (run: JobRun<UnmountDetails>, task: TaskRun) => ({
  context: task.context,
  server_id: task.target.id,
  slot: run.input.details.slot,
  only_iso_image_id: run.input.details.only_iso_image_id ?? null,
  clear_boot_once: run.input.details.clear_boot_once,
})

async function lookOnly(run: JobRun<UnmountDetails>, task: TaskRun): Promise<TargetAnswer> {
  const { redfish } = devices(run.input.site)
  const { ejected } = await task.step('precheck', 'look', `Looking at the slots of ${task.target.name}.`, 20, () =>
    redfish.ejectMedia({ ...wishOf(run, task), dry_run: true }),
  )
  return { outcome: 'answered', would_eject: ejected }
}

async function unmountOne(run: JobRun<UnmountDetails>, task: TaskRun): Promise<TargetAnswer> {
  const { redfishMutate } = devices(run.input.site)
  const resource = `server:${task.target.id}`
  await run.lease([resource], run.input.details.lease_wait_minutes, 'ejects images', task)
  try {
    run.controls.throwIfCancelled('abort')
    const { ejected, boot_once_cleared } = await task.step(
      'stage',
      'eject',
      `Ejecting images from ${task.target.name}.`,
      40,
      () => redfishMutate.ejectMedia({ ...wishOf(run, task), dry_run: false }),
    )
    return {
      outcome: ejected.length > 0 || boot_once_cleared ? 'changed' : 'unchanged',
      ejected,
      boot_once_cleared,
    }
  } finally {
    await CancellationScope.nonCancellable(() => run.release([resource]))
  }
}

const planOf = (targets: { outcome: string }[]) => ({
  would_start: targets.every((target) => target.outcome !== 'failed'),
  blockers: [],
  targets,
})

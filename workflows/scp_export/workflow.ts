import { CancellationScope } from '@temporalio/workflow'
import type { JudgedExport, ProfileExportOptions } from '../../activities/contracts/profile.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

export interface ExportDetails extends ProfileExportOptions {
  concurrency: number
  lease_wait_minutes: number
}

/** Saves the configuration profile of each server. An abort stops asking for it; the export itself harms nobody. */
export async function scpExport(input: JobInput<ExportDetails>) {
  return withJob(input, async (run) => {
    const one = input.dry_run ? judgeOne : exportOne
    const targets = await perTarget(run, { limit: input.details.concurrency }, (task) => one(run, task))
    if (!input.dry_run) return { targets }
    const blockers = targets.flatMap((target) => (target.blockers as JudgedExport['blockers'] | undefined) ?? [])
    const would_start = blockers.length === 0 && targets.every((target) => target.outcome !== 'failed')
    return { targets, plan: { would_start, blockers, targets } }
  })
}

const optionsOf = (details: ExportDetails): ProfileExportOptions => {
  const { components, format, export_use, include_password_hashes, name, description } = details
  const texts = { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) }
  return { components, format, export_use, include_password_hashes, ...texts }
}

async function judgeOne(run: JobRun<ExportDetails>, task: TaskRun): Promise<TargetAnswer> {
  const { redfish } = devices(run.input.site)
  const options = optionsOf(run.input.details)
  const judged = await task.step('precheck', 'judge', `Looking at the iDRAC of ${task.target.name}.`, 20, () =>
    redfish.judgeProfileExport({ context: task.context, server_id: task.target.id, options }),
  )
  return { outcome: 'answered', ...judged }
}

async function exportOne(run: JobRun<ExportDetails>, task: TaskRun): Promise<TargetAnswer> {
  const resource = `server:${task.target.id}`
  await run.lease([resource], run.input.details.lease_wait_minutes, 'exports a configuration profile', task)
  const asking = new CancellationScope()
  run.controls.onCancel((mode) => mode === 'abort' && asking.cancel())
  try {
    const { redfishWait } = devices(run.input.site)
    const options = optionsOf(run.input.details)
    const kept = await asking.run(() =>
      task.step('backup', 'scp_export', `Exporting the configuration profile of ${task.target.name}.`, 30, () =>
        redfishWait.exportProfile({
          context: task.context,
          server_id: task.target.id,
          options,
          requested_by: run.input.requested_by,
        }),
      ),
    )
    return { outcome: 'answered', ...kept }
  } finally {
    await CancellationScope.nonCancellable(() => run.release([resource]))
  }
}

import { CancellationScope } from '@temporalio/workflow'
import type { DirectorySync } from '../../activities/contracts/directory.js'
import type { Blocker } from '../../domain/failures.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { directorySync } from '../lib/proxies.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  base_dn?: string
  filter?: string
  deactivate_missing: boolean
  allow_mass_deactivation: boolean
  page_size: number
  lease_wait_minutes: number
}

/** Takes people over page by page. A cancel ends it after the page; what was taken over stays. */
export async function idmSyncUsers(input: JobInput<Details>) {
  const { details } = input
  return withJob(input, async (run) => {
    if (!input.dry_run)
      await run.lease(['directory'], details.lease_wait_minutes, 'takes people over from the directory')
    let figures: Omit<DirectorySync, 'refusal'> | undefined
    let blockers: Blocker[] = []
    const targets = await perTarget(run, { limit: 1 }, (task) =>
      task.step('precheck', 'idm:sync', 'Reading people page by page.', 20, async (): Promise<TargetAnswer> => {
        const { refusal, ...counted } = await sync(run)
        figures = counted
        blockers = refusal ? [refusal] : []
        if (refusal && !input.dry_run)
          return { outcome: 'failed', code: refusal.code, message: refusal.message, data: refusal.data }
        if (input.dry_run) return { outcome: 'answered' }
        const changed = counted.created + counted.updated + counted.deactivated > 0
        return { outcome: changed ? 'changed' : 'unchanged' }
      }),
    )
    const plan = { would_start: figures !== undefined && blockers.length === 0, blockers, ...figures }
    return { targets, ...figures, ...(input.dry_run ? { plan } : {}) }
  })
}

function sync(run: JobRun<Details>): Promise<DirectorySync> {
  const { details, job_id, dry_run } = run.input
  const { base_dn, filter, deactivate_missing, allow_mass_deactivation, page_size } = details
  const asking = new CancellationScope()
  run.controls.onCancel(() => asking.cancel())
  return asking.run(() =>
    directorySync.syncDirectoryPeople({
      job_id,
      base_dn: base_dn ?? null,
      filter: filter ?? null,
      deactivate_missing,
      allow_mass_deactivation,
      page_size,
      dry_run,
    }),
  )
}

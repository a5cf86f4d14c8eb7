import { CancellationScope } from '@temporalio/workflow'
import type { OpenmanageSync } from '../../activities/contracts/openmanage.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import { withJob } from '../lib/with-job.js'

interface Details {
  create_missing: boolean
  update_existing: boolean
  include_unmanaged: boolean
  read_compliance: boolean
  allow_mass_removal: boolean
  lease_wait_minutes: number
}

/** Reads OpenManage page by page; a cancel takes effect after the page that is being read. */
export async function openmanageSync(input: JobInput<Details>) {
  const { lease_wait_minutes, ...options } = input.details
  const { vsphere } = devices(input.site)
  return withJob(input, async (run) => {
    if (!input.dry_run) await run.lease(['openmanage'], lease_wait_minutes, 'reads OpenManage')
    const { create_missing, update_existing, include_unmanaged, read_compliance, allow_mass_removal } = options
    const order = { create_missing, update_existing, include_unmanaged, read_compliance, allow_mass_removal }
    const reading = new CancellationScope()
    run.controls.onCancel(() => reading.cancel())
    const targets = await perTarget(run, { limit: 1 }, (task) =>
      task.step('precheck', 'sync', 'Reading the servers of OpenManage.', 10, async () => {
        const { context } = task
        const seen = await reading.run(() => vsphere.syncOpenmanage({ context, ...order, dry_run: input.dry_run }))
        return { outcome: outcomeOf(seen, input.dry_run), ...seen }
      }),
    )
    return { targets, ...(input.dry_run ? { plan: { would_start: true, blockers: [], targets } } : {}) }
  })
}

function outcomeOf({ created, updated }: OpenmanageSync, dry_run: boolean) {
  if (dry_run) return 'answered'
  return created + updated > 0 ? 'changed' : 'unchanged'
}

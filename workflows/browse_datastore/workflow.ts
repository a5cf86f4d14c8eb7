import { CancellationScope } from '@temporalio/workflow'
import type { DatastoreListing } from '../../activities/contracts/datastore.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  vcenter_id: string
  datastore: string
  path: string
  patterns: string[]
  recursive: boolean
  limit: number
}

/** Lists files of one datastore. A cancel ends the search at vCenter too. */
export async function browseDatastore(input: JobInput<Details>) {
  return withJob(input, async (run) => {
    let listing: DatastoreListing | undefined
    const targets = await perTarget(run, { limit: 1 }, async (task) => {
      listing = await browse(run, task)
      return { outcome: 'answered', files: listing.files.length, truncated: listing.truncated }
    })
    return { targets, ...listing, ...(input.dry_run ? { plan: { would_start: true, blockers: [] } } : {}) }
  })
}

async function browse(run: JobRun<Details>, task: TaskRun): Promise<DatastoreListing> {
  const { vsphere } = devices(run.input.site)
  const { vcenter_id, datastore, path, patterns, recursive, limit } = run.input.details
  const asking = new CancellationScope()
  run.controls.onCancel(() => asking.cancel())
  return task.step('precheck', 'browse', `Looking into ${datastore}.`, 30, () =>
    asking.run(() =>
      vsphere.browseDatastore({
        context: task.context,
        vcenter_id,
        host_id: task.target.host_id ?? null,
        datastore,
        path,
        patterns,
        recursive,
        limit,
      }),
    ),
  )
}

import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import { withJob } from '../lib/with-job.js'

interface Details {
  attributes?: string[]
  compare_with?: string
  concurrency: number
}

/** Reads the BIOS settings of each server and keeps those that changed. A dry run stores nothing. */
export async function biosConfigRead(input: JobInput<Details>) {
  const { redfish } = devices(input.site)
  const { attributes, compare_with, concurrency } = input.details
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: concurrency }, (task) =>
      task.step('precheck', 'bios_read', `Reading the BIOS settings of ${task.target.name}.`, 10, async () => {
        const now = await redfish.readBiosConfiguration({
          context: task.context,
          server_id: task.target.id,
          attributes: attributes ?? null,
          compare_with: compare_with ?? null,
          store: !input.dry_run,
        })
        return { outcome: 'answered', ...now }
      }),
    )
    const would_start = targets.every((target) => target.outcome === 'answered')
    return { targets, ...(input.dry_run ? { plan: { would_start, blockers: [], targets } } : {}) }
  })
}

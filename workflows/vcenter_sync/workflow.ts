import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import { withJob } from '../lib/with-job.js'

interface Details {
  vcenter_ids: string[]
  cluster_moids?: string[]
  link_hosts: boolean
  allow_mass_removal: boolean
  lease_wait_minutes: number
}

const VCENTERS_AT_ONCE = 4

/** Reads each vCenter whole: clusters, hosts, datastores, links. */
export async function vcenterSync(input: JobInput<Details>) {
  const { details } = input
  const { vsphere } = devices(input.site)
  return withJob(input, async (run) => {
    if (!input.dry_run) {
      const resources = input.targets.map((target) => `vcenter:${target.id}`)
      await run.lease(resources, details.lease_wait_minutes, 'reads the inventory of the vCenter')
    }
    const targets = await perTarget(run, { limit: VCENTERS_AT_ONCE }, (task) =>
      task.step('precheck', 'sync', `Reading ${task.target.name}.`, 10, async () => {
        const { changed, ...seen } = await vsphere.syncVcenter({
          context: task.context,
          vcenter_id: task.target.id,
          cluster_moids: details.cluster_moids ?? null,
          link_hosts: details.link_hosts,
          allow_mass_removal: details.allow_mass_removal,
          dry_run: input.dry_run,
        })
        const done = changed === false ? 'unchanged' : 'changed'
        return { outcome: input.dry_run ? 'answered' : done, ...seen }
      }),
    )
    return { targets, ...(input.dry_run ? { plan: { would_start: true, blockers: [], targets } } : {}) }
  })
}

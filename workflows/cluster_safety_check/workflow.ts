import type { SafetyPolicy } from '../../domain/safety-types.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import { withJob } from '../lib/with-job.js'

type Details = Omit<SafetyPolicy, 'evacuation' | 'tolerated_host_ids' | 'returning_host_ids' | 'powered_off_vm_ids'>

const CLUSTERS_AT_ONCE = 4

/** Only the rule's own fields: `require_drs: false` means that the VMs would be moved in another way. */
function policyOf(details: Details): SafetyPolicy {
  const { max_unavailable, max_cpu_percent, max_memory_percent, require_drs, require_vsan_green, ignore_ha_admission } =
    details
  const evacuation = require_drs ? 'drs' : 'migrate'
  return {
    max_unavailable,
    max_cpu_percent,
    max_memory_percent,
    require_drs,
    require_vsan_green,
    ignore_ha_admission,
    evacuation,
  }
}

/** Judges each cluster: whether the named hosts may leave together, or whether some host may. */
export async function clusterSafetyCheck(input: JobInput<Details>) {
  const { vsphere } = devices(input.site)
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: CLUSTERS_AT_ONCE }, (task) =>
      task.step('precheck', 'safety', `Judging ${task.target.name}.`, 10, async () => {
        const answer = await vsphere.checkClusterSafety({
          context: task.context,
          cluster_id: task.target.id,
          host_ids: task.target.host_ids ?? [],
          policy: policyOf(input.details),
          store: !input.dry_run,
          owner_workflow_id: run.workflow_id,
        })
        return { outcome: 'answered', cluster: task.target.name, cluster_id: task.target.id, ...answer }
      }),
    )
    const clusters = targets.filter((target) => target.outcome === 'answered')
    const safe = clusters.length === targets.length && clusters.every((cluster) => cluster.safe === true)
    return { targets, safe, clusters, ...(input.dry_run ? { plan: { would_start: true, safe, clusters } } : {}) }
  })
}

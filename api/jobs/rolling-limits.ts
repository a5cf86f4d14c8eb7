import type { Db } from '../../db/connect.js'
import { clustersWithHosts } from '../../db/reads/targets.js'
import type { JobTarget } from '../../db/schema/jobs.js'
import { Problem } from '../errors.js'

/**
 * What a rolling update may not ask of its clusters: more than half of the hosts out at once (one is always allowed), and
 * an order that names hosts it does not update. Details without these fields pass.
 * @throws {Problem} `InvalidRequest` with the limit of the smallest cluster, `UnknownTarget` with the hosts
 */
export async function checkRollingLimits(
  db: Db,
  targets: readonly JobTarget[],
  details: Record<string, unknown>,
): Promise<void> {
  checkHostOrder(targets, details.host_order)
  const wanted = details.max_unavailable
  if (typeof wanted !== 'number' || wanted === 1 || details.on_failure === undefined) return
  const ids = [...new Set(targets.flatMap((target) => target.cluster_id ?? []))]
  for (const { cluster, hosts } of await clustersWithHosts(db, ids)) {
    const most = Math.max(1, Math.floor(hosts.length / 2))
    if (wanted <= most) continue
    const detail = `${cluster.name} has ${hosts.length} hosts: at most ${most} may be out at once.`
    throw new Problem('InvalidRequest', `max_unavailable ${wanted} is too large. ${detail}`, {
      errors: [{ pointer: '/details/max_unavailable', detail }],
    })
  }
}

function checkHostOrder(targets: readonly JobTarget[], order: unknown): void {
  if (!Array.isArray(order)) return
  const known = new Set(targets.map((target) => target.id))
  const errors = order.flatMap((id, i) => {
    const why = !known.has(id) ? 'is none of the hosts of this job' : order.indexOf(id) < i ? 'is named twice' : null
    return why ? [{ pointer: `/details/host_order/${i}`, detail: `${id} ${why}` }] : []
  })
  if (errors.length > 0)
    throw new Problem('UnknownTarget', `host_order: ${errors[0]?.detail}. Name each host of the job at most once.`, {
      errors,
    })
}

import type { ClusterHostFacts } from './cluster-facts.js'
import type { RollingHost } from './rolling-types.js'
import { countToMove } from './serving.js'

interface Ranked {
  host: RollingHost
  facts: ClusterHostFacts | undefined
}

function rank(ranked: Ranked, host_order: readonly string[]): number[] {
  const wanted = host_order.indexOf(ranked.host.id)
  if (wanted >= 0) return [0, wanted, 0]
  // The vCenter that does the work must not be moved under it while other hosts still wait.
  if (ranked.host.carries_vcenter) return [3, 0, 0]
  const vms = ranked.facts ? countToMove(ranked.facts) : Number.MAX_SAFE_INTEGER
  return ranked.facts?.in_maintenance_mode === true ? [1, 0, vms] : [2, 0, vms]
}

/**
 * Order of the hosts of one cluster: explicit order first, then hosts already in maintenance (nothing to evacuate), then
 * fewest VMs to move, then name; the host that carries the vCenter appliance last. The name makes plans stable.
 */
export function orderHosts(
  hosts: readonly RollingHost[],
  facts: readonly ClusterHostFacts[],
  host_order: readonly string[],
): RollingHost[] {
  const ranked = hosts.map((host) => {
    const known = facts.find((candidate) => candidate.id === host.id)
    return { host, rank: rank({ host, facts: known }, host_order) }
  })
  ranked.sort((a, b) => {
    for (let i = 0; i < a.rank.length; i++) {
      const difference = (a.rank[i] ?? 0) - (b.rank[i] ?? 0)
      if (difference !== 0) return difference
    }
    if (a.host.name !== b.host.name) return a.host.name < b.host.name ? -1 : 1
    return a.host.id < b.host.id ? -1 : 1
  })
  return ranked.map((entry) => entry.host)
}

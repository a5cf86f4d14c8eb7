import type { ClusterFacts, ClusterHostFacts, HaPolicy } from './cluster-facts.js'
import type { Blocker } from './failures.js'
import type { SafetyPolicy } from './safety-types.js'
import { blocker } from './verdict.js'

export interface Capacity {
  cpu_mhz: number
  memory_mb: number
}

/** A host whose figures could not be read adds no capacity: the true figure can only be better. */
const sum = (values: (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0)

/** The greater of two figures; unknown if either is, because the unknown one may be the greater. */
function greater(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b)
}

const capacityOf = (hosts: readonly ClusterHostFacts[]): Capacity => ({
  cpu_mhz: sum(hosts.map((host) => host.cpu_mhz)),
  memory_mb: sum(hosts.map((host) => host.memory_mb)),
})

function largest(values: (number | null)[], count: number): number {
  const known = values.map((value) => value ?? 0).sort((a, b) => b - a)
  return sum(known.slice(0, count))
}

/** What HA keeps free of the hosts that stay, by its admission policy. */
function haReserve(policy: HaPolicy, after: readonly ClusterHostFacts[]): Capacity {
  if (policy.kind === 'failover_level') {
    return {
      cpu_mhz: largest(
        after.map((host) => host.cpu_mhz),
        policy.failover_level,
      ),
      memory_mb: largest(
        after.map((host) => host.memory_mb),
        policy.failover_level,
      ),
    }
  }
  if (policy.kind === 'percentage') {
    const whole = capacityOf(after)
    return {
      cpu_mhz: (whole.cpu_mhz * policy.cpu_percent) / 100,
      memory_mb: (whole.memory_mb * policy.memory_percent) / 100,
    }
  }
  return capacityOf(after.filter((host) => policy.host_ids.includes(host.id)))
}

/** Does HA hold back capacity at all? Unknown counts as yes. */
function haCounts(facts: ClusterFacts, policy: SafetyPolicy): boolean {
  return !policy.ignore_ha_admission && facts.ha_enabled !== false && facts.ha_admission_enabled !== false
}

/** In words, for the stored check. */
export function haReserveText(facts: ClusterFacts, policy: SafetyPolicy): string {
  if (!haCounts(facts, policy)) return 'none'
  const ha = facts.ha_policy
  if (ha === null) return 'unknown'
  if (ha.kind === 'failover_level') return `the ${ha.failover_level} largest hosts that stay`
  if (ha.kind === 'percentage') return `${ha.cpu_percent} % CPU and ${ha.memory_percent} % memory of what stays`
  return `${ha.host_ids.length} dedicated failover hosts`
}

export interface CapacityAnswer {
  /** null = could not be read. */
  needed: { cpu_mhz: number | null; memory_mb: number | null }
  /** null = the reserve of HA is not known. */
  available_after: Capacity | null
  blockers: Blocker[]
}

function available(facts: ClusterFacts, policy: SafetyPolicy, after: readonly ClusterHostFacts[]): Capacity | null {
  const whole = capacityOf(after)
  if (!haCounts(facts, policy)) return whole
  if (facts.ha_policy === null) return null
  const reserve = haReserve(facts.ha_policy, after)
  const minus = (a: number, b: number) => Math.max(0, a - b)
  return { cpu_mhz: minus(whole.cpu_mhz, reserve.cpu_mhz), memory_mb: minus(whole.memory_mb, reserve.memory_mb) }
}

function judge(
  code: 'CpuCapacity' | 'MemoryCapacity',
  unit: string,
  needed: number | null,
  left: number | null,
  percent: number,
): Blocker[] {
  const name = code === 'CpuCapacity' ? 'CPU' : 'memory'
  const data = { needed, available_after: left, max_percent: percent, unit }
  if (needed === null || left === null) {
    return [blocker(code, `The ${name} figures of the cluster could not be read.`, { data })]
  }
  if (needed <= (left * percent) / 100) return []
  const text = `${Math.round(needed)} ${unit} of ${name} are needed, but only ${percent} % of ${Math.round(left)} ${unit} may be used after the removal (HA reserve taken off).`
  return [blocker(code, text, { data })]
}

/**
 * Rows 3 and 4: do load and reservations fit into what stays? max(demand, reservations) must be at most the given
 * percentage of (capacity of the hosts that stay - HA reserve). Units MHz and MB.
 */
export function checkCapacity(
  facts: ClusterFacts,
  policy: SafetyPolicy,
  after: readonly ClusterHostFacts[],
): CapacityAnswer {
  const needed = {
    cpu_mhz: greater(facts.cpu_demand_mhz, facts.cpu_reservation_mhz),
    memory_mb: greater(facts.memory_used_mb, facts.memory_reservation_mb),
  }
  const left = available(facts, policy, after)
  return {
    needed,
    available_after: left,
    blockers: [
      ...judge('CpuCapacity', 'MHz', needed.cpu_mhz, left?.cpu_mhz ?? null, policy.max_cpu_percent),
      ...judge('MemoryCapacity', 'MB', needed.memory_mb, left?.memory_mb ?? null, policy.max_memory_percent),
    ],
  }
}

const haBlocker = (message: string, data: Record<string, unknown> = {}) =>
  blocker('HaFailover', message, { data, remedy: 'Bring hosts back, or ask for ha_admission: suspend.' })

function unknownHa(facts: ClusterFacts): Blocker[] {
  if (facts.ha_enabled === null) return [haBlocker('It could not be read whether HA is on.')]
  if (facts.ha_admission_enabled === null)
    return [haBlocker('It could not be read whether HA admission control is on.')]
  return facts.ha_policy === null ? [haBlocker('The policy of HA admission control could not be read.')] : []
}

/**
 * Row 5: does HA keep a place to restart VMs? With failover level n more than n hosts must stay, with percentages at
 * least two; dedicated failover hosts are never taken out; reservations must fit beside the reserve.
 */
export function checkHaAdmission(
  facts: ClusterFacts,
  policy: SafetyPolicy,
  after: readonly ClusterHostFacts[],
  removed: readonly ClusterHostFacts[],
): Blocker[] {
  if (!haCounts(facts, policy)) return []
  const unknown = unknownHa(facts)
  const ha = facts.ha_policy
  if (unknown.length > 0 || ha === null) return unknown
  if (ha.kind === 'failover_hosts') {
    return removed
      .filter((host) => ha.host_ids.includes(host.id))
      .map((host) => haBlocker(`${host.name} is a dedicated failover host of HA.`, { host_id: host.id }))
  }
  const needed = ha.kind === 'failover_level' ? ha.failover_level + 1 : 2
  if (after.length >= needed) return reservationsFit(facts, policy, after)
  return [
    haBlocker(`HA admission control needs at least ${needed} serving hosts; ${after.length} would stay.`, {
      needed_hosts: needed,
      hosts_after: after.length,
    }),
  ]
}

function reservationsFit(facts: ClusterFacts, policy: SafetyPolicy, after: readonly ClusterHostFacts[]): Blocker[] {
  const left = available(facts, policy, after)
  const fits = (reserved: number | null, capacity: number | undefined) =>
    reserved !== null && capacity !== undefined && reserved <= capacity
  if (fits(facts.cpu_reservation_mhz, left?.cpu_mhz) && fits(facts.memory_reservation_mb, left?.memory_mb)) return []
  return [haBlocker('The reservations of the VMs do not fit beside the reserve of HA, or could not be read.', { left })]
}

import type { LabCore } from '../core.js'
import type { SimCluster, SimHost, SimVm } from '../model-vsphere.js'

/** Figures of a cluster, from the hosts that serve and the VMs that run. */
export interface ClusterFigures {
  hosts: number
  effectiveHosts: number
  totalCpuMhz: number
  totalMemoryBytes: number
  effectiveCpuMhz: number
  effectiveMemoryMb: number
  demandCpuMhz: number
  demandMemoryMb: number
  reservedCpuMhz: number
  reservedMemoryMb: number
  vms: number
}

const cpuOf = (host: SimHost): number => host.cpu.sockets * host.cpu.cores * host.cpu.mhz
const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)

/** A host that counts for capacity: connected, powered on and not in maintenance. */
export const isEffective = (host: SimHost): boolean => host.connection === 'connected' && !host.in_maintenance

/** All VMs of a cluster. */
export function vmsOf(core: LabCore, cluster: SimCluster): SimVm[] {
  return core.find.hostsOf(cluster).flatMap((host) => core.find.vmsOn(host))
}

/** Adds the figures up. */
export function clusterFigures(core: LabCore, cluster: SimCluster): ClusterFigures {
  const hosts = core.find.hostsOf(cluster)
  const effective = hosts.filter(isEffective)
  const running = vmsOf(core, cluster).filter((vm) => vm.power === 'poweredOn')
  return {
    hosts: hosts.length,
    effectiveHosts: effective.length,
    totalCpuMhz: sum(hosts, cpuOf),
    totalMemoryBytes: sum(hosts, (host) => host.memory_bytes),
    effectiveCpuMhz: sum(effective, cpuOf),
    effectiveMemoryMb: sum(effective, (host) => host.memory_bytes / 1_048_576),
    demandCpuMhz: sum(running, (vm) => vm.cpu_demand_mhz),
    demandMemoryMb: sum(running, (vm) => vm.memory_used_mb),
    reservedCpuMhz: sum(running, (vm) => vm.cpu_reservation_mhz),
    reservedMemoryMb: sum(running, (vm) => vm.memory_reservation_mb),
    vms: vmsOf(core, cluster).length,
  }
}

/**
 * Does HA admission control still hold when these hosts are out?
 * Failover level n keeps the n largest hosts free; percentages keep that share of what is left. Admission control
 * counts reservations, not use.
 */
export function failoverHolds(core: LabCore, cluster: SimCluster, leaving: ReadonlySet<string>): boolean {
  const { enabled, admission_control: control } = cluster.ha
  if (!enabled || !control.enabled) return true
  const left = core.find.hostsOf(cluster).filter((host) => isEffective(host) && !leaving.has(host.name))
  const figures = clusterFigures(core, cluster)
  const byMemory = [...left].sort((a, b) => b.memory_bytes - a.memory_bytes)
  if (control.policy === 'ClusterFailoverResources') {
    const memory = sum(left, (host) => host.memory_bytes / 1_048_576) * (1 - control.memory_percent / 100)
    const cpu = sum(left, cpuOf) * (1 - control.cpu_percent / 100)
    return left.length > 0 && figures.reservedMemoryMb <= memory && figures.reservedCpuMhz <= cpu
  }
  const serving = byMemory.slice(control.failover_level)
  return (
    serving.length > 0 &&
    figures.reservedMemoryMb <= sum(serving, (host) => host.memory_bytes / 1_048_576) &&
    figures.reservedCpuMhz <= sum(serving, cpuOf)
  )
}

/** How many hosts may fail now so that the reservations still fit. */
export function currentFailoverLevel(core: LabCore, cluster: SimCluster): number {
  const effective = core.find.hostsOf(cluster).filter(isEffective)
  const figures = clusterFigures(core, cluster)
  const byMemory = [...effective].sort((a, b) => b.memory_bytes - a.memory_bytes)
  let level = 0
  while (level + 1 < byMemory.length) {
    const left = byMemory.slice(level + 1)
    if (sum(left, (host) => host.memory_bytes / 1_048_576) < figures.reservedMemoryMb) break
    if (sum(left, cpuOf) < figures.reservedCpuMhz) break
    level += 1
  }
  return level
}

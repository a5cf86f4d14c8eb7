import type * as rules from '../../domain/cluster-facts.js'
import type { EvacuationAnswer } from './cluster.js'
import type { ClusterFacts, ClusterGroup, ClusterRule, HaAdmissionPolicy } from './cluster-facts.js'
import type { DatastoreFacts } from './datastore-facts.js'
import type { HostFacts } from './host-facts.js'
import type { VmFacts } from './vm-facts.js'
import { findPins } from './vm-pins.js'

/** Everything that was read of one cluster, and how its hosts are called in our rows. */
export interface ClusterReading {
  cluster: ClusterFacts
  hosts: readonly HostFacts[]
  vms: readonly VmFacts[]
  datastores: readonly DatastoreFacts[]
  /** Id of our row for a host; its managed object id where there is no row yet. */
  host_id: (moid: string) => string
  /** Names by alarm id (`readAlarmNames`); without them the ids are shown. */
  alarm_names?: ReadonlyMap<string, string>
}

/** A VM's own DRS behaviour. Overrides count only where the cluster honours them. */
function drsBehavior(vm: VmFacts, cluster: ClusterFacts): rules.VmFacts['drs_behavior'] {
  const { enabled, overrides, overrides_enabled } = cluster.drs
  if (enabled === null) return null
  const found = overrides.find((each) => each.vm_moid === vm.moid)
  if (found === undefined || overrides_enabled === false) return 'default'
  if (found.enabled === false) return 'disabled'
  if (found.behavior === null) return 'default'
  const known = (['fullyAutomated', 'partiallyAutomated', 'manual'] as const).find((each) => each === found.behavior)
  return known ?? null
}

/** A VM as the rules about clusters judge it. `running_task` is added by who reads the VM's tasks. */
export function vmForRules(
  vm: VmFacts,
  cluster: ClusterFacts,
  datastores: ReadonlyMap<string, DatastoreFacts>,
): rules.VmFacts {
  return {
    id: vm.moid,
    name: vm.name,
    power_state: vm.power_state === 'unknown' ? null : vm.power_state,
    is_service_vm: vm.is_service_vm,
    connection_state: vm.connection_state,
    drs_behavior: drsBehavior(vm, cluster),
    pins: findPins(vm, datastores),
  }
}

/** The VMs of a host; `null` when one that vCenter lists there could not be read, since it may be a running one. */
function vmsOfHost(
  host: HostFacts,
  reading: ClusterReading,
  datastores: ReadonlyMap<string, DatastoreFacts>,
): rules.VmFacts[] | null {
  const found = host.vm_moids?.map((moid) => reading.vms.find((vm) => vm.moid === moid))
  if (found === undefined || found.some((vm) => vm === undefined)) return null
  return found.flatMap((vm) => (vm === undefined ? [] : vmForRules(vm, reading.cluster, datastores)))
}

/** A host as the rules about clusters judge it. */
function hostForRules(
  host: HostFacts,
  reading: ClusterReading,
  datastores: ReadonlyMap<string, DatastoreFacts>,
): rules.ClusterHostFacts {
  return {
    id: reading.host_id(host.moid),
    name: host.name,
    moid: host.moid,
    connection_state: host.connection_state === 'unknown' ? null : host.connection_state,
    power_state: host.power_state,
    in_maintenance_mode: host.in_maintenance_mode,
    entering_maintenance: host.entering_maintenance,
    in_quarantine: host.in_quarantine,
    overall_status: host.overall_status,
    ha_state: host.ha_state,
    cpu_mhz: host.cpu_mhz,
    memory_mb: host.memory_mb,
    vms: vmsOfHost(host, reading, datastores),
  }
}

/** `null` for a policy whose kind or figures are not known: the rules then refuse. */
function policyForRules(policy: HaAdmissionPolicy | null, hostId: (moid: string) => string): rules.HaPolicy | null {
  if (policy?.kind === 'failover_level' && policy.failover_level !== null) {
    return { kind: 'failover_level', failover_level: policy.failover_level }
  }
  if (policy?.kind === 'percentages' && policy.cpu_percent !== null && policy.memory_percent !== null) {
    return { kind: 'percentage', cpu_percent: policy.cpu_percent, memory_percent: policy.memory_percent }
  }
  if (policy?.kind === 'dedicated_hosts') return { kind: 'failover_hosts', host_ids: policy.host_moids.map(hostId) }
  return null
}

const membersOf = (groups: readonly ClusterGroup[], name: string | null): string[] =>
  groups.find((each) => each.name === name)?.moids ?? []

/** Disabled rules and rules of unknown kinds are left out; a rule whose state is unknown counts as enabled. */
function ruleForRules(
  rule: ClusterRule,
  groups: readonly ClusterGroup[],
  hostId: (moid: string) => string,
): rules.ClusterRule | null {
  if (rule.enabled === false || rule.kind === 'unknown') return null
  // VM-VM rules without the word are "must" rules: DRS never breaks them by itself.
  const mandatory = rule.mandatory ?? true
  if (rule.kind !== 'vm_host') {
    const kind = rule.kind === 'vm_affinity' ? 'affinity' : 'anti_affinity'
    return { kind, name: rule.name, vm_ids: rule.vm_moids, mandatory }
  }
  const affine = rule.affine_host_group !== null
  const hosts = membersOf(groups, affine ? rule.affine_host_group : rule.anti_affine_host_group)
  const vms = membersOf(groups, rule.vm_group)
  return { kind: 'vm_host', name: rule.name, vm_ids: vms, host_ids: hosts.map(hostId), affine, mandatory }
}

/** vCenter's own verdict for the rules, for the hosts that were asked about. */
export function evacuationForRules(
  hostMoids: readonly string[],
  answer: EvacuationAnswer,
  reading: Pick<ClusterReading, 'vms' | 'host_id'>,
): rules.EvacuationCheck {
  const nameOf = (moid: string | null): string => reading.vms.find((vm) => vm.moid === moid)?.name ?? moid ?? 'unknown'
  const perVm = answer.vm_faults.flatMap((each) =>
    each.faults.map((fault) => ({ vm: nameOf(each.vm_moid), reason: `${fault.fault}: ${fault.message}` })),
  )
  return {
    host_ids: hostMoids.map(reading.host_id),
    evacuable_host_ids: answer.evacuable_host_moids.map(reading.host_id),
    faults: perVm,
  }
}

/** Sum over the running VMs; `null` as soon as one of them did not tell. */
function sumRunning(vms: readonly VmFacts[], take: (vm: VmFacts) => number | null): number | null {
  let sum = 0
  for (const vm of vms.filter((each) => each.power_state === 'poweredOn')) {
    const value = take(vm)
    if (value === null) return null
    sum += value
  }
  return sum
}

/**
 * A figure of vCenter and the same figure summed over the VMs: the larger one counts, so that a vCenter that reports zero
 * usage (or one that is behind) hides no load.
 */
const larger = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))

/** Facts that need other reads (vSAN, what-ifs, leases) are given by the caller. */
export type FactsFromElsewhere = Pick<
  rules.ClusterFacts,
  'id' | 'evacuation_checks' | 'vsan_health' | 'vsan_resync_bytes' | 'vsan_what_ifs' | 'lease_held_by_job_id'
>

/** The cluster as the safety rule judges it: hosts, VMs, capacity, HA and DRS, in MHz and MB. */
export function clusterForRules(reading: ClusterReading, elsewhere: FactsFromElsewhere): rules.ClusterFacts {
  const { cluster, hosts, vms, host_id } = reading
  const datastores = new Map(reading.datastores.map((each) => [each.moid, each]))
  const groups = cluster.groups ?? []
  const { capacity, drs, ha } = cluster
  const complete = cluster.host_moids?.every((moid) => hosts.some((each) => each.moid === moid)) ?? false
  return {
    ...elsewhere,
    name: cluster.name,
    facts_at: cluster.facts_at,
    hosts: complete ? hosts.map((each) => hostForRules(each, reading, datastores)) : null,
    drs_enabled: drs.enabled,
    drs_mode: drs.mode === 'off' || drs.mode === 'unknown' ? null : drs.mode,
    // vCenters before 7.0.1 have no such service VMs, and no such word.
    drs_service_vms_healthy: drs.service_vms_health === null ? true : drs.service_vms_health === 'healthy',
    ha_enabled: ha.enabled,
    ha_admission_enabled: ha.admission_control_enabled,
    ha_policy: policyForRules(ha.policy, host_id),
    cpu_demand_mhz: larger(
      capacity.cpu_demand_mhz,
      sumRunning(vms, (vm) => vm.cpu_used_mhz),
    ),
    cpu_reservation_mhz: larger(
      capacity.cpu_reserved_mhz,
      sumRunning(vms, (vm) => vm.cpu_reservation_mhz),
    ),
    memory_used_mb: sumRunning(vms, (vm) => vm.memory_used_mb) ?? sumHosts(hosts),
    memory_reservation_mb: larger(
      capacity.memory_reserved_mb,
      sumRunning(vms, (vm) => vm.memory_reservation_mb),
    ),
    rules: cluster.rules?.flatMap((each) => ruleForRules(each, groups, host_id) ?? []) ?? null,
    vsan_enabled: cluster.vsan_enabled,
    dpm_enabled: cluster.dpm.enabled,
    image_managed: cluster.image_managed,
    alarms: redAlarms(reading),
  }
}

/** Names of the red alarms on the cluster's hosts, each once. */
function redAlarms({ hosts, alarm_names }: ClusterReading): string[] {
  const red = hosts.flatMap((each) => each.alarms ?? []).filter((each) => each.status === 'red')
  return [...new Set(red.map((each) => alarm_names?.get(each.alarm_moid) ?? each.alarm_moid))]
}

/** Memory in use on all hosts; `null` as soon as one did not tell. */
function sumHosts(hosts: readonly HostFacts[]): number | null {
  let sum = 0
  for (const host of hosts) {
    if (host.memory_used_mb === null) return null
    sum += host.memory_used_mb
  }
  return sum
}

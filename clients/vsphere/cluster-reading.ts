import type {
  ClusterCapacity,
  ClusterFacts,
  ClusterGroup,
  ClusterRule,
  DrsFacts,
  DrsMode,
  HaAdmissionPolicy,
  HaFacts,
  Recommendation,
} from './cluster-facts.js'
import { decodeName, readStatus, toMegabytes } from './host-reading.js'
import { listOf, type ObjectContent, property, refList, unreadablePaths } from './object-content.js'
import type { PropertySet } from './property-spec.js'
import { booleanAt, child, children, numberAt, refAt, refValues, type SoapNode, textAt } from './xml-node.js'

export const CLUSTER_PROPERTIES: PropertySet = {
  type: 'ClusterComputeResource',
  paths: ['name', 'host', 'datastore', 'overallStatus', 'configurationEx', 'summary', 'recommendation'],
  optional_paths: ['lifecycleManaged'],
}

const DRS_MODES: readonly DrsMode[] = ['fullyAutomated', 'partiallyAutomated', 'manual']

function readDrs(config: SoapNode | null, summary: SoapNode | null): DrsFacts {
  const drs = child(config, 'drsConfig')
  const enabled = booleanAt(drs, 'enabled')
  const behavior = DRS_MODES.find((each) => each === textAt(drs, 'defaultVmBehavior')) ?? 'unknown'
  return {
    enabled,
    mode: enabled === false ? 'off' : enabled === null ? 'unknown' : behavior,
    overrides_enabled: booleanAt(drs, 'enableVmBehaviorOverrides'),
    overrides: children(config, 'drsVmConfig').map((each) => ({
      vm_moid: refAt(each, 'key')?.value ?? '',
      enabled: booleanAt(each, 'enabled'),
      behavior: textAt(each, 'behavior'),
    })),
    service_vms_health: textAt(summary, 'vcsHealthStatus'),
  }
}

/** The three kinds of admission policy, told apart by their wire type. */
function readPolicy(node: SoapNode | null): HaAdmissionPolicy | null {
  if (node === null) return null
  const type = node.xsi_type ?? ''
  const level = numberAt(node, 'failoverLevel')
  if (type === 'ClusterFailoverResourcesAdmissionControlPolicy') {
    return {
      kind: 'percentages',
      cpu_percent: numberAt(node, 'cpuFailoverResourcesPercent'),
      memory_percent: numberAt(node, 'memoryFailoverResourcesPercent'),
      failover_level: level,
      auto_compute: booleanAt(node, 'autoComputePercentages'),
    }
  }
  if (type === 'ClusterFailoverHostAdmissionControlPolicy') {
    return { kind: 'dedicated_hosts', host_moids: refValues(node, 'failoverHosts') }
  }
  if (type === 'ClusterFailoverLevelAdmissionControlPolicy') return { kind: 'failover_level', failover_level: level }
  return { kind: 'unknown', type_name: type }
}

function readHa(config: SoapNode | null): HaFacts {
  const das = child(config, 'dasConfig')
  return {
    enabled: booleanAt(das, 'enabled'),
    host_monitoring: textAt(das, 'hostMonitoring'),
    admission_control_enabled: booleanAt(das, 'admissionControlEnabled'),
    policy: readPolicy(child(das, 'admissionControlPolicy')),
  }
}

function readRule(node: SoapNode): ClusterRule {
  const common = {
    key: numberAt(node, 'key'),
    name: textAt(node, 'name') ?? '',
    enabled: booleanAt(node, 'enabled'),
    mandatory: booleanAt(node, 'mandatory'),
  }
  const type = node.xsi_type ?? ''
  if (type === 'ClusterAffinityRuleSpec') return { ...common, kind: 'vm_affinity', vm_moids: refValues(node, 'vm') }
  if (type === 'ClusterAntiAffinityRuleSpec') {
    return { ...common, kind: 'vm_anti_affinity', vm_moids: refValues(node, 'vm') }
  }
  if (type !== 'ClusterVmHostRuleInfo') return { ...common, kind: 'unknown', type_name: type }
  return {
    ...common,
    kind: 'vm_host',
    vm_group: textAt(node, 'vmGroupName'),
    affine_host_group: textAt(node, 'affineHostGroupName'),
    anti_affine_host_group: textAt(node, 'antiAffineHostGroupName'),
  }
}

function readGroup(node: SoapNode): ClusterGroup {
  const name = textAt(node, 'name') ?? ''
  if (node.xsi_type === 'ClusterVmGroup') return { name, kind: 'vm', moids: refValues(node, 'vm') }
  if (node.xsi_type === 'ClusterHostGroup') return { name, kind: 'host', moids: refValues(node, 'host') }
  return { name, kind: 'unknown', moids: [] }
}

/** `totalMemory` is in bytes, `effectiveMemory` in MB, all usage figures in MHz and MB. */
function readCapacity(summary: SoapNode | null): ClusterCapacity {
  const usage = child(summary, 'usageSummary')
  return {
    hosts_total: numberAt(summary, 'numHosts'),
    hosts_effective: numberAt(summary, 'numEffectiveHosts'),
    cpu_mhz: numberAt(summary, 'totalCpu'),
    memory_mb: toMegabytes(numberAt(summary, 'totalMemory')),
    effective_cpu_mhz: numberAt(summary, 'effectiveCpu'),
    effective_memory_mb: numberAt(summary, 'effectiveMemory'),
    cpu_demand_mhz: numberAt(usage, 'cpuDemandMhz'),
    memory_demand_mb: numberAt(usage, 'memDemandMB'),
    cpu_reserved_mhz: numberAt(usage, 'cpuReservationMhz'),
    memory_reserved_mb: numberAt(usage, 'memReservationMB'),
    current_failover_level: numberAt(summary, 'currentFailoverLevel'),
  }
}

/** Reads a `ClusterRecommendation`, as it stands in a cluster's list and in the answer of the what-if. */
export function readRecommendation(node: SoapNode): Recommendation {
  const vms = children(node, 'action').map((each) => refAt(each, 'drsMigration', 'vm') ?? refAt(each, 'target'))
  return {
    key: textAt(node, 'key') ?? '',
    reason: textAt(node, 'reason'),
    target_moid: refAt(node, 'target')?.value ?? null,
    vm_moids: vms.flatMap((each) => (each?.type === 'VirtualMachine' ? each.value : [])),
  }
}

/** The facts of a cluster. */
export function readClusterContent(content: ObjectContent, factsAt: string): ClusterFacts {
  const config = property(content, 'configurationEx')
  const summary = property(content, 'summary')
  return {
    moid: content.moid,
    name: decodeName(textAt(property(content, 'name')) ?? content.moid),
    host_moids: refList(content, 'host'),
    datastore_moids: refList(content, 'datastore'),
    overall_status: readStatus(property(content, 'overallStatus')),
    image_managed: booleanAt(property(content, 'lifecycleManaged')),
    drs: readDrs(config, summary),
    ha: readHa(config),
    dpm: {
      enabled: booleanAt(config, 'dpmConfigInfo', 'enabled'),
      behavior: textAt(config, 'dpmConfigInfo', 'defaultDpmBehavior'),
    },
    evc_mode: textAt(summary, 'currentEVCModeKey'),
    // A configuration without the member is one without vSAN; no configuration at all is unknown.
    vsan_enabled: config === null ? null : (booleanAt(config, 'vsanConfigInfo', 'enabled') ?? false),
    rules: config === null ? null : children(config, 'rule').map(readRule),
    groups: config === null ? null : children(config, 'group').map(readGroup),
    capacity: readCapacity(summary),
    recommendations: (listOf(content, 'recommendation') ?? []).map(readRecommendation),
    unreadable: unreadablePaths(content),
    facts_at: factsAt,
  }
}

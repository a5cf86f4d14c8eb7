import type { OverallStatus } from './host-facts.js'

/** `off` = DRS is disabled; `unknown` = vCenter did not say. */
export type DrsMode = 'fullyAutomated' | 'partiallyAutomated' | 'manual' | 'off' | 'unknown'

export interface DrsOverride {
  vm_moid: string
  enabled: boolean | null
  behavior: string | null
}

export interface DrsFacts {
  enabled: boolean | null
  mode: DrsMode
  /** Are the overrides of single VMs honoured? */
  overrides_enabled: boolean | null
  overrides: DrsOverride[]
  /** Health of the service VMs without which DRS does not evacuate (`summary.vcsHealthStatus`): `healthy`, `degraded`, `nonhealthy`. */
  service_vms_health: string | null
}

export type HaAdmissionPolicy =
  | { kind: 'failover_level'; failover_level: number | null }
  | {
      kind: 'percentages'
      cpu_percent: number | null
      memory_percent: number | null
      failover_level: number | null
      auto_compute: boolean | null
    }
  | { kind: 'dedicated_hosts'; host_moids: string[] }
  | { kind: 'unknown'; type_name: string }

export interface HaFacts {
  enabled: boolean | null
  host_monitoring: string | null
  admission_control_enabled: boolean | null
  /** `null` when vCenter names no policy. */
  policy: HaAdmissionPolicy | null
}

export interface DpmFacts {
  enabled: boolean | null
  behavior: string | null
}

export type ClusterRule =
  | {
      kind: 'vm_affinity' | 'vm_anti_affinity'
      key: number | null
      name: string
      enabled: boolean | null
      mandatory: boolean | null
      vm_moids: string[]
    }
  | {
      kind: 'vm_host'
      key: number | null
      name: string
      enabled: boolean | null
      mandatory: boolean | null
      vm_group: string | null
      affine_host_group: string | null
      anti_affine_host_group: string | null
    }
  | {
      kind: 'unknown'
      key: number | null
      name: string
      enabled: boolean | null
      mandatory: boolean | null
      type_name: string
    }

export interface ClusterGroup {
  name: string
  kind: 'vm' | 'host' | 'unknown'
  moids: string[]
}

/** Totals of the cluster, converted to MHz and MB. "effective" leaves out hosts in maintenance and those not answering. */
export interface ClusterCapacity {
  hosts_total: number | null
  hosts_effective: number | null
  cpu_mhz: number | null
  memory_mb: number | null
  effective_cpu_mhz: number | null
  effective_memory_mb: number | null
  cpu_demand_mhz: number | null
  memory_demand_mb: number | null
  cpu_reserved_mhz: number | null
  memory_reserved_mb: number | null
  current_failover_level: number | null
}

/** A waiting recommendation of DRS (semi-automatic clusters). */
export interface Recommendation {
  key: string
  reason: string | null
  target_moid: string | null
  vm_moids: string[]
}

/** What vCenter says about a cluster; `null` = not told, never "no". */
export interface ClusterFacts {
  moid: string
  name: string
  host_moids: string[] | null
  datastore_moids: string[] | null
  overall_status: OverallStatus | null
  /** Managed by one image (vLCM). `null` before 7.0. */
  image_managed: boolean | null
  drs: DrsFacts
  ha: HaFacts
  dpm: DpmFacts
  evc_mode: string | null
  vsan_enabled: boolean | null
  /** `null` when the configuration could not be read. */
  rules: ClusterRule[] | null
  groups: ClusterGroup[] | null
  capacity: ClusterCapacity
  recommendations: Recommendation[]
  unreadable: string[]
  facts_at: string
}

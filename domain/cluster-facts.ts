/*
 * What the rules about clusters judge. `null` always means "could not be read": it never counts as fine.
 * Units are MHz and MB (vSphere mixes bytes and MB; the reader converts).
 */

export type PinCause =
  | 'passthrough'
  | 'vgpu'
  | 'sriov'
  | 'local_storage'
  | 'host_media'
  | 'client_media'
  | 'local_datastore_media'
  | 'tools_installer'
  | 'shared_bus'
  | 'fault_tolerance'
  | 'question_pending'

/** One thing that ties a VM to its host, as the reader found it on the VM. */
export interface VmPin {
  cause: PinCause
  /** Device label, datastore name or text of the question. */
  detail: string
}

/** A virtual machine as far as moving it away matters. */
export interface VmFacts {
  /** Managed object id of the VM. */
  id: string
  name: string
  /** `poweredOn poweredOff suspended`. */
  power_state: string | null
  /** Agent VM (vCLS and the like) that vCenter removes by itself. */
  is_service_vm: boolean
  /** `connected`, else orphaned, inaccessible, ... */
  connection_state: string | null
  /** Own DRS behaviour of this VM; `default` = that of the cluster; `disabled` = DRS leaves it alone. */
  drs_behavior: 'default' | 'fullyAutomated' | 'partiallyAutomated' | 'manual' | 'disabled' | null
  pins: VmPin[] | null
  /** A snapshot, clone or backup runs on it: it cannot move before that ends. */
  running_task?: string | null
}

/** An ESXi host as far as serving and leaving its cluster matters. */
export interface ClusterHostFacts {
  /** Id of our host row. */
  id: string
  name: string
  /** Managed object id in its vCenter. */
  moid?: string | null
  /** `connected notResponding disconnected` (wire values). */
  connection_state: string | null
  /** `poweredOn poweredOff standBy unknown`. */
  power_state: string | null
  in_maintenance_mode: boolean | null
  /** A task that enters maintenance runs on it (the mode flag is not set during that time). */
  entering_maintenance: boolean | null
  in_quarantine: boolean | null
  /** `green yellow red gray`. */
  overall_status: string | null
  /** State of the HA agent; `master` and `connectedToMaster` are good. Asked only where HA is on. */
  ha_state: string | null
  cpu_mhz: number | null
  memory_mb: number | null
  vms: VmFacts[] | null
  /** Id of the job that began this maintenance; null or absent = a person, or not in maintenance. */
  maintenance_by_job_id?: string | null
}

export type HaPolicy =
  | { kind: 'failover_level'; failover_level: number }
  | { kind: 'percentage'; cpu_percent: number; memory_percent: number }
  | { kind: 'failover_hosts'; host_ids: string[] }

/** A DRS rule; disabled rules are left out by the reader. */
export type ClusterRule =
  | { kind: 'anti_affinity'; name: string; vm_ids: string[]; mandatory: boolean }
  | { kind: 'affinity'; name: string; vm_ids: string[]; mandatory: boolean }
  | { kind: 'vm_host'; name: string; vm_ids: string[]; host_ids: string[]; affine: boolean; mandatory: boolean }

/** Answer of vCenter's own read-only what-if for one set of hosts. */
export interface EvacuationCheck {
  host_ids: string[]
  evacuable_host_ids: string[]
  faults: { vm: string; reason: string }[]
}

/** Answer of vSAN's what-if for one set of hosts and one evacuation mode. */
export interface VsanWhatIf {
  host_ids: string[]
  fits: boolean | null
  detail?: string
}

export interface ClusterFacts {
  /** Id of our cluster row. */
  id: string
  name: string
  /** When vCenter gave these facts (ISO); null = it did not answer. */
  facts_at: string | null
  hosts: ClusterHostFacts[] | null
  drs_enabled: boolean | null
  /** Default behaviour: `fullyAutomated partiallyAutomated manual`. */
  drs_mode: string | null
  /** Do the service VMs of DRS run? Without them DRS moves nothing. `true` where they do not exist. */
  drs_service_vms_healthy: boolean | null
  ha_enabled: boolean | null
  ha_admission_enabled: boolean | null
  /** null also where admission control is off. */
  ha_policy: HaPolicy | null
  cpu_demand_mhz: number | null
  cpu_reservation_mhz: number | null
  memory_used_mb: number | null
  memory_reservation_mb: number | null
  rules: ClusterRule[] | null
  /** `unsupported` = this vCenter has no such method; null = it could not be asked. */
  evacuation_checks: EvacuationCheck[] | 'unsupported' | null
  vsan_enabled: boolean | null
  /** `green yellow red unknown`. */
  vsan_health: string | null
  vsan_resync_bytes: number | null
  vsan_what_ifs: VsanWhatIf[] | null
  /** Another job that holds the lease of the cluster; null = nobody else. */
  lease_held_by_job_id: string | null
  dpm_enabled?: boolean | null
  image_managed?: boolean | null
  /** Names of triggered red alarms. */
  alarms?: string[]
}

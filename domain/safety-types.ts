import type { Blocker } from './failures.js'

/** How VMs leave a host: by DRS, by our own migrations, or not at all (the host must be empty). */
export type Evacuation = 'drs' | 'migrate' | 'none'

/** What vSAN does with the data of a host that goes into maintenance. */
export type VsanMode = 'ensure_accessibility' | 'evacuate_all' | 'no_action'

/** What the operator allows; field names are those of job `details`. */
export interface SafetyPolicy {
  max_unavailable: number
  max_cpu_percent: number
  max_memory_percent: number
  require_drs: boolean
  require_vsan_green: boolean
  ignore_ha_admission: boolean
  evacuation: Evacuation
  /** Asked about in vSAN's own what-if; default `ensure_accessibility`. */
  vsan_mode?: VsanMode
  /** Failed hosts that may stand aside: left out of the count of row 1, still out in every other row. */
  tolerated_host_ids?: readonly string[]
  /** Hosts that this job brings back first: judged as if they served. */
  returning_host_ids?: readonly string[]
  /** VMs that the job shuts down itself: they need not be able to move. */
  powered_off_vm_ids?: readonly string[]
  /** The job suspends power management (DPM) before it takes the first host, and gives it back. */
  suspends_dpm?: boolean
}

export interface HostOut {
  id: string
  name: string
  /** Sentences why it does not serve. */
  why: string[]
}

/** Answer for one cluster and one set of hosts. Stored as a row of `cluster_safety_checks`. */
export interface SafetyVerdict {
  safe: boolean
  requested_host_ids: string[]
  blockers: Blocker[]
  warnings: Blocker[]
  total_hosts: number
  /** Serving now. */
  healthy_hosts: number
  healthy_after: number
  /** total - max_unavailable. */
  min_required: number
  max_unavailable: number
  out_now: HostOut[]
  out_after: HostOut[]
  cpu: { needed_mhz: number | null; available_after_mhz: number | null }
  memory: { needed_mb: number | null; available_after_mb: number | null }
  drs_mode: string
  ha: { enabled: boolean | null; admission_enabled: boolean | null; reserve: string }
  vsan: { enabled: boolean | null; health: string | null; resync_bytes: number | null }
}

/** Answer for a cluster as a whole: may some host leave, and which one best. */
export interface ClusterVerdict extends SafetyVerdict {
  candidates: { host_id: string; name: string; verdict: SafetyVerdict }[]
}

export const DEFAULT_SAFETY_POLICY: SafetyPolicy = {
  max_unavailable: 1,
  max_cpu_percent: 90,
  max_memory_percent: 90,
  require_drs: true,
  require_vsan_green: true,
  ignore_ha_admission: false,
  evacuation: 'drs',
}

import type { Blocker } from '../../domain/failures.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface SafetyPolicy {
  max_unavailable: number
  max_cpu_percent: number
  max_memory_percent: number
  require_drs: boolean
  require_vsan_green: boolean
  ignore_ha_admission: boolean
  /** The job moves VMs itself, so that DRS need not be automatic. */
  evacuate_by_migration?: boolean
  /** Failed hosts that the job was told to tolerate: left out of the count, never of the other checks. */
  tolerated_host_ids?: string[]
}

export interface SafetyAnswer {
  safe: boolean
  blockers: Blocker[]
  warnings: Blocker[]
  total_hosts: number
  healthy_hosts: number
  healthy_after: number
  min_required: number
  out_now: { host: string; reason: string }[]
  cpu: { needed_mhz: number | null; available_after_mhz: number | null }
  memory: { needed_mb: number | null; available_after_mb: number | null }
  drs_mode: string
  ha: unknown
  vsan: unknown
  candidates: { host_id: string | null; host: string; safe: boolean; blockers: Blocker[]; running_vms: number }[]
}

/** One host of a cluster as the rolling plan needs it, read fresh. */
export interface ClusterHostNow {
  host_id: string
  name: string
  serving: boolean
  why_out: string | null
  in_maintenance: boolean | null
  entering: boolean | null
  running_vms: number
  carries_vcenter: boolean
  build: number | null
  esxi_version: string | null
  maintenance_by_job_id: string | null
}

export interface ClusterNow {
  cluster_id: string
  name: string
  image_managed: boolean | null
  vsan_enabled: boolean | null
  dpm_enabled: boolean | null
  hosts: ClusterHostNow[]
}

export interface ClusterActivities {
  /** Reads the cluster with its hosts now, and saves what was seen. Throws `VcenterUnreachable`. */
  readCluster(input: { context: WorkContext; cluster_id: string }): Promise<ClusterNow>
  /** Judges with fresh facts whether these hosts may leave together (none given: whether some host may). Stores the check. */
  checkClusterSafety(input: {
    context: WorkContext
    cluster_id: string
    host_ids: string[]
    policy: SafetyPolicy
    store: boolean
    /** Owner of our own cluster lease, which is no obstacle to ourselves. */
    owner_workflow_id: string
  }): Promise<SafetyAnswer>
  /** Suspends DPM or HA admission control; recorded as borrowed before the change. Nothing when it is off already. */
  borrowClusterSetting(input: {
    context: WorkContext
    cluster_id: string
    setting: 'dpm' | 'ha_admission'
  }): Promise<void>
  /** Gives back what this job borrowed of this cluster; what cannot be given back is thrown. */
  returnClusterSettings(input: { context: WorkContext; cluster_id: string }): Promise<{ returned: string[] }>
  /** Reads one vCenter whole: upserts, links, marks what has gone. */
  syncVcenter(input: {
    context: WorkContext
    vcenter_id: string
    cluster_moids: string[] | null
    link_hosts: boolean
    allow_mass_removal: boolean
    dry_run: boolean
  }): Promise<Record<string, unknown>>
}

import type { Blocker } from '../../domain/failures.js'
import type { RollingPreview } from '../../domain/rolling-preview.js'
import type { RollingDecision, RollingPolicy, RollingProgress } from '../../domain/rolling-types.js'
import type { ClusterVerdict, SafetyPolicy, SafetyVerdict } from '../../domain/safety-types.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

/** What the precheck found out about one host of a rolling update; the moving facts are read again at each decision. */
export interface PrecheckedHost {
  id: string
  name: string
  work: 'update' | 'none'
  needs_maintenance: boolean
  blockers: Blocker[]
  estimate_minutes: number
}

/** What of a cluster matters to the order of a job; read fresh with each decision. */
export interface ClusterBrief {
  name: string
  total_hosts: number
  image_managed: boolean | null
  vsan_enabled: boolean | null
  dpm_enabled: boolean | null
  /** Hosts in a maintenance that this job did not begin. */
  found_in_maintenance: string[]
  out_now: { id: string; name: string; why: string[] }[]
}

export type SafetyAnswer = SafetyVerdict & Partial<Pick<ClusterVerdict, 'candidates'>>

export interface ClusterActivities {
  /**
   * Reads the cluster fresh, saves what was seen, and asks the rolling rule what comes next. A vCenter that does not answer
   * blocks: no host is taken while nobody can look.
   */
  decideRolling(input: {
    context: WorkContext
    cluster_id: string
    owner_workflow_id: string
    hosts: PrecheckedHost[]
    progress: RollingProgress
    policy: RollingPolicy
  }): Promise<{ decision: RollingDecision; cluster: ClusterBrief | null }>
  /** The whole order as it would be now, with the verdict of each host alone: precheck and dry run. */
  previewRolling(input: {
    context: WorkContext
    cluster_id: string
    owner_workflow_id: string
    hosts: PrecheckedHost[]
    policy: RollingPolicy
  }): Promise<{ preview: RollingPreview; cluster: ClusterBrief }>
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
  /** Reads one vCenter whole: upserts, links, marks what has gone. `changed` says whether anything is other than it was known. */
  syncVcenter(input: {
    context: WorkContext
    vcenter_id: string
    cluster_moids: string[] | null
    link_hosts: boolean
    allow_mass_removal: boolean
    dry_run: boolean
  }): Promise<Record<string, unknown>>
}

import type { ClusterFacts } from './cluster-facts.js'
import type { Blocker } from './failures.js'
import type { SafetyPolicy } from './safety-types.js'

/** One host of the job, read fresh before every decision. Hosts of the cluster that are not in the job are not listed. */
export interface RollingHost {
  /** Id of our host row; the same as in `cluster.hosts[].id`. */
  id: string
  name: string
  /** `update`: something is to do; `none`: already at the target on every wanted component. */
  work: 'update' | 'none'
  /** False when the plan holds only components that neither reboot the host nor disturb it. */
  needs_maintenance: boolean
  /** Is it in a maintenance that this job did not begin (before the job, or by a person meanwhile)? */
  found_in_maintenance: boolean
  /** Does the appliance of its vCenter run on it now? */
  carries_vcenter: boolean
  /** What stands in the way of this host alone (login, gate, package, preflight). */
  blockers: Blocker[]
  /** Expected minutes out of service, 90th percentile. */
  estimate_minutes: number
}

export type RollingHostState = 'pending' | 'running' | 'succeeded' | 'unchanged' | 'failed' | 'skipped' | 'not_started'

export interface RollingHostProgress {
  state: RollingHostState
}

/** What the job has done so far; kept by the workflow, survives every crash with it. */
export interface RollingProgress {
  /** A host without entry is `pending`. */
  hosts: Readonly<Record<string, RollingHostProgress>>
  /** Failed hosts that a person asked to try again, in the order of asking: they come next. */
  retry_queue: readonly string[]
  /** Failed hosts that a person let go on without (resume after a pause). */
  accepted_failures?: readonly string[]
  /** A person released the pause after the canaries. */
  canaries_released?: boolean
}

export interface RollingPolicy {
  safety: SafetyPolicy
  on_failure: 'stop' | 'continue' | 'pause'
  failed_hosts_tolerance: number
  /** Explicit order of all or of the first hosts. */
  host_order: readonly string[]
  canary_hosts: number
  pause_after_canary: boolean
  hosts_found_in_maintenance: 'keep' | 'return' | 'skip'
  /** What becomes of a host whose own VMs cannot leave it. */
  on_blocked: 'wait' | 'skip' | 'fail'
}

export interface RollingFacts {
  cluster: ClusterFacts
  hosts: readonly RollingHost[]
}

/** What is done with a host that is taken next. */
export type RollingAction =
  /** Evacuate, update, verify, return. */
  | 'update'
  /** Update and leave it in the maintenance it was found in. */
  | 'update_keep'
  /** Update (if there is anything) and bring it back although it was found in maintenance. */
  | 'update_return'
  /** Bring it back; there is nothing to update. */
  | 'return'
  /** Update while it goes on serving. */
  | 'update_in_service'

export interface RollingStart {
  host_id: string
  name: string
  action: RollingAction
  canary: boolean
  /** One sentence why this host is taken now. */
  why: string
}

/** A host whose end needs no work: the caller records it and counts it as such from then on. */
export interface RollingSettled {
  host_id: string
  name: string
  state: 'unchanged' | 'skipped' | 'failed'
  why: string
  blockers: Blocker[]
}

/**
 * What to do now. `settled` is to be recorded in any case; where it has a failed host, ask again at once with the new
 * progress before waiting, because the failure policy counts it.
 */
export type RollingDecision = { settled: RollingSettled[] } & (
  | { type: 'done' }
  | { type: 'step'; hosts: RollingStart[] }
  /** Hosts are in work and no other may begin yet. */
  | { type: 'wait'; hosts_in_work: string[]; why: Blocker[] }
  /** Nothing is in work and nothing may begin: look again later. */
  | { type: 'blocked'; blockers: Blocker[]; hosts: { host_id: string; blockers: Blocker[] }[] }
  /** A person must decide before anything else begins. */
  | { type: 'pause'; reason: Blocker }
  /** No host begins any more; `not_started` are those that never will. */
  | { type: 'failed'; code: Blocker; not_started: string[] }
)

import { checkClusterSafety } from './cluster-safety.js'
import type { Blocker } from './failures.js'
import { orderHosts } from './host-order.js'
import { actionFor, maxUnavailableCap } from './rolling-plan.js'
import type { RollingAction, RollingFacts, RollingHost, RollingPolicy } from './rolling-types.js'
import type { SafetyVerdict } from './safety-types.js'

export interface PreviewHost {
  host_id: string
  name: string
  /** Place in the order, from 1; null = nothing is done with it. */
  position: number | null
  action: RollingAction | null
  canary: boolean
  blockers: Blocker[]
  warnings: Blocker[]
  /** Verdict for this host alone; null where it is not taken out. */
  safety: SafetyVerdict | null
  estimate_minutes: number
}

export interface RollingPreview {
  would_start: boolean
  hosts: PreviewHost[]
  blockers: Blocker[]
  warnings: Blocker[]
  estimate_minutes: number
}

function judge(facts: RollingFacts, host: RollingHost, policy: RollingPolicy, now_ms: number): SafetyVerdict | null {
  const known = facts.cluster.hosts?.find((candidate) => candidate.id === host.id)
  if (!host.needs_maintenance || known?.in_maintenance_mode === true) return null
  const returning =
    policy.hosts_found_in_maintenance === 'return'
      ? facts.hosts.filter((other) => other.found_in_maintenance).map((other) => other.id)
      : []
  const cap = maxUnavailableCap(facts.cluster.hosts?.length ?? 0, facts.cluster.vsan_enabled)
  const safety = {
    ...policy.safety,
    max_unavailable: Math.min(policy.safety.max_unavailable, cap),
    returning_host_ids: returning,
  }
  return checkClusterSafety(facts.cluster, [host.id], safety, now_ms)
}

function previewHost(facts: RollingFacts, host: RollingHost, policy: RollingPolicy, now_ms: number): PreviewHost {
  const action = actionFor(host, policy)
  const safety = action === null ? null : judge(facts, host, policy, now_ms)
  return {
    host_id: host.id,
    name: host.name,
    position: null,
    action,
    canary: false,
    blockers: action === null ? [] : [...host.blockers, ...(safety?.blockers ?? [])],
    warnings: safety?.warnings ?? [],
    safety,
    estimate_minutes: action === null ? 0 : host.estimate_minutes,
  }
}

/** Blockers of one host with its name as target, so that a list over hosts stays readable. */
const named = (host: PreviewHost, list: Blocker[]) =>
  list.map((entry) => ({ ...entry, target: entry.target ?? host.name }))

/**
 * The plan as it would run now: order, action, verdict of each host alone, estimate. Used for the dry run, for
 * `GET /jobs/{id}/plan`, and for the precheck of all hosts before the first is touched. With
 * `hosts_found_in_maintenance: return` the others are judged as if those hosts were back.
 */
export function previewRolling(facts: RollingFacts, policy: RollingPolicy, now_ms: number): RollingPreview {
  const ordered = orderHosts(facts.hosts, facts.cluster.hosts ?? [], policy.host_order)
  let position = 0
  const hosts = ordered.map((host) => {
    const entry = previewHost(facts, host, policy, now_ms)
    if (entry.action === null) return entry
    position += 1
    return { ...entry, position, canary: position <= policy.canary_hosts }
  })
  const blockers = hosts.flatMap((host) => named(host, host.blockers))
  const parallel = Math.max(1, policy.safety.max_unavailable)
  const minutes = hosts.reduce((sum, host) => sum + host.estimate_minutes, 0)
  return {
    would_start: blockers.length === 0,
    hosts,
    blockers,
    warnings: hosts.flatMap((host) => named(host, host.warnings)),
    estimate_minutes: Math.ceil(minutes / parallel),
  }
}

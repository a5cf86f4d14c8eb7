import { checkCapacity, checkHaAdmission, haReserveText } from './cluster-capacity.js'
import type { ClusterFacts, ClusterHostFacts, VmFacts } from './cluster-facts.js'
import { checkDrs, checkRules, checkWhatIf, pinsOf } from './evacuation.js'
import type { Blocker } from './failures.js'
import type { ClusterVerdict, HostOut, SafetyPolicy, SafetyVerdict } from './safety-types.js'
import { countToMove, splitServing, vmsToMove } from './serving.js'
import { blocker } from './verdict.js'

/** Facts older than this are not judged. */
export const FACTS_MAX_AGE_MS = 60_000

const whyText = (out: HostOut) => `${out.name} (${out.why.join(', ')})`

/** Row 1: at most so many hosts of the cluster out after the removal, for whatever reason. */
function checkLimit(out_after: HostOut[], removed: readonly string[], policy: SafetyPolicy): Blocker[] {
  const tolerated = policy.tolerated_host_ids ?? []
  const counted = out_after.filter((host) => removed.includes(host.id) || !tolerated.includes(host.id))
  if (counted.length <= policy.max_unavailable) return []
  const others = counted.filter((host) => !removed.includes(host.id))
  const already = others.length === 0 ? '' : ` Out already: ${others.map(whyText).join('; ')}.`
  const text = `${counted.length} hosts would be out of service, at most ${policy.max_unavailable} may be.${already}`
  return [
    blocker('UnavailableLimit', text, {
      data: { out_after: counted.length, max_unavailable: policy.max_unavailable, hosts_out: others },
    }),
  ]
}

/** Row 10: vSAN must be green, at rest, whole, and able to lose the hosts. */
function checkVsan(facts: ClusterFacts, policy: SafetyPolicy, out: HostOut[], removed: readonly string[]): Blocker[] {
  if (facts.vsan_enabled === false) return []
  if (facts.vsan_enabled === null) return [blocker('VsanUnhealthy', 'It could not be read whether vSAN is on.')]
  const blockers: Blocker[] = []
  if (policy.require_vsan_green && facts.vsan_health !== 'green') {
    blockers.push(blocker('VsanUnhealthy', `vSAN health is ${facts.vsan_health ?? 'unknown'}.`))
  }
  const others = out.filter((host) => !removed.includes(host.id))
  if (others.length > 0) {
    blockers.push(blocker('VsanUnhealthy', `Another vSAN host is out: ${others.map(whyText).join('; ')}.`))
  }
  if (facts.vsan_resync_bytes !== 0) {
    const left = facts.vsan_resync_bytes === null ? 'an unknown number of' : String(facts.vsan_resync_bytes)
    blockers.push(
      blocker('VsanResync', `vSAN has ${left} bytes to resync.`, { data: { bytes: facts.vsan_resync_bytes } }),
    )
  }
  return [...blockers, ...vsanWhatIf(facts, removed)]
}

/** Hosts that are in maintenance already take nothing more away, so only the others are asked about. */
function vsanWhatIf(facts: ClusterFacts, removed: readonly string[]): Blocker[] {
  const asked = (facts.hosts ?? []).filter((host) => removed.includes(host.id) && host.in_maintenance_mode !== true)
  if (asked.length === 0) return []
  const answer = facts.vsan_what_ifs?.find(
    (entry) => entry.host_ids.length === asked.length && asked.every((host) => entry.host_ids.includes(host.id)),
  )
  if (answer?.fits === true) return []
  return [blocker('VsanUnhealthy', `The what-if of vSAN does not fit: ${answer?.detail ?? 'no answer'}.`)]
}

/** Rows 11 and 12: nobody else is at it, and the facts are fresh. */
function checkMoment(facts: ClusterFacts, removed: readonly string[], now_ms: number): Blocker[] {
  const blockers: Blocker[] = []
  for (const host of facts.hosts ?? []) {
    if (removed.includes(host.id) || host.entering_maintenance === false) continue
    const state = host.entering_maintenance === null ? 'may be entering' : 'is entering'
    blockers.push(blocker('OtherHostEntering', `${host.name} ${state} maintenance mode.`, { target: host.name }))
  }
  if (facts.lease_held_by_job_id !== null) {
    const data = { job_id: facts.lease_held_by_job_id }
    blockers.push(blocker('LeaseHeld', `Job ${facts.lease_held_by_job_id} holds the cluster.`, { data }))
  }
  const read_ms = facts.facts_at === null ? Number.NaN : Date.parse(facts.facts_at)
  if (!(now_ms - read_ms <= FACTS_MAX_AGE_MS)) {
    blockers.push(blocker('VcenterUnreachable', 'vCenter did not answer within the last 60 s.'))
  }
  return blockers
}

/** Power management that is on: a job that suspends it says so, any other is told who has to. */
function dpmWarning(suspended_by_job: boolean): Blocker {
  return suspended_by_job
    ? blocker('ClusterUnsafe', 'Power management (DPM) is on; the job suspends it and turns it on again at its end.', {
        remedy: 'Nothing has to be done.',
      })
    : blocker('ClusterUnsafe', 'Power management (DPM) is on and may switch hosts off meanwhile.', {
        remedy: 'Turn it off in vCenter while hosts are out; this job leaves it as it is.',
      })
}

function warningsOf(facts: ClusterFacts, vms: readonly VmFacts[], policy: SafetyPolicy): Blocker[] {
  const warnings: Blocker[] = []
  if (facts.alarms?.length) {
    warnings.push(
      blocker('ClusterUnsafe', `Alarms are triggered: ${facts.alarms.join(', ')}.`, { remedy: 'Look at them.' }),
    )
  }
  if (facts.dpm_enabled) warnings.push(dpmWarning(policy.suspends_dpm === true))
  if (facts.image_managed) warnings.push(blocker('ImageManagedCluster', 'The cluster is managed by an image.'))
  for (const vm of vms.filter((candidate) => candidate.running_task)) {
    warnings.push(blocker('EvacuationBlocked', `${vm.name} is at work (${vm.running_task}).`, { target: vm.name }))
  }
  return warnings
}

interface Leaving {
  hosts: ClusterHostFacts[]
  vms: VmFacts[]
  blockers: Blocker[]
}

/** The hosts to be taken out with the VMs that must leave them; what is not known becomes a blocker. */
function leavingOf(facts: ClusterFacts, removed: readonly string[], policy: SafetyPolicy): Leaving {
  const hosts = (facts.hosts ?? []).filter((host) => removed.includes(host.id))
  const blockers = removed
    .filter((id) => !hosts.some((host) => host.id === id))
    .map((id) => blocker('HostStateUnknown', `Host ${id} is not among the hosts of the cluster.`, { target: id }))
  const vms: VmFacts[] = []
  for (const host of hosts) {
    const moving = vmsToMove(host, policy.powered_off_vm_ids)
    if (moving === null) {
      blockers.push(blocker('EvacuationBlocked', `The VMs of ${host.name} could not be read.`, { target: host.name }))
    } else vms.push(...moving)
  }
  return { hosts, vms, blockers }
}

interface Counted {
  serving: ClusterHostFacts[]
  after: ClusterHostFacts[]
  out_now: HostOut[]
  out_after: HostOut[]
}

function countHosts(facts: ClusterFacts, removed: readonly string[], policy: SafetyPolicy): Counted {
  const { serving, out } = splitServing(facts, policy.returning_host_ids)
  const after = serving.filter((host) => !removed.includes(host.id))
  const taken = serving
    .filter((host) => removed.includes(host.id))
    .map((host) => ({ id: host.id, name: host.name, why: ['to be taken out'] }))
  return { serving, after, out_now: out, out_after: [...out, ...taken] }
}

function allBlockers(facts: ClusterFacts, removed: string[], policy: SafetyPolicy, leaving: Leaving, counted: Counted) {
  const blockers = checkLimit(counted.out_after, removed, policy)
  if (counted.after.length === 0) {
    blockers.push(blocker('LastHost', 'No serving host would stay in the cluster.'))
  }
  blockers.push(...leaving.blockers)
  blockers.push(...checkDrs(facts, policy, leaving.vms))
  blockers.push(...checkRules(facts, counted.after, leaving.vms), ...leaving.vms.flatMap(pinsOf))
  blockers.push(...checkVsan(facts, policy, counted.out_now, removed))
  return blockers
}

/**
 * May exactly these hosts leave the cluster now? The rule of all jobs that take a host out of service: everything is
 * counted on the state AFTER the removal. Pure; `now_ms` only tells the age of the facts.
 * A fact that is missing never helps: it makes a host not serving, or is a blocker of its own.
 */
export function checkClusterSafety(
  facts: ClusterFacts,
  host_ids: readonly string[],
  policy: SafetyPolicy,
  now_ms: number,
): SafetyVerdict {
  const removed = [...new Set(host_ids)]
  const leaving = leavingOf(facts, removed, policy)
  const counted = countHosts(facts, removed, policy)
  const ha = checkHaAdmission(facts, policy, counted.after, leaving.hosts)
  // Where HA refuses anyway, capacity is judged without its reserve: else every refusal would name capacity too.
  const capacity = checkCapacity(
    facts,
    ha.length > 0 ? { ...policy, ignore_ha_admission: true } : policy,
    counted.after,
  )
  const what_if = checkWhatIf(facts, leaving.hosts)
  const blockers = [
    ...allBlockers(facts, removed, policy, leaving, counted),
    ...ha,
    ...capacity.blockers,
    ...what_if.blockers,
    ...checkMoment(facts, removed, now_ms),
  ]
  const total = facts.hosts?.length ?? 0
  return {
    safe: blockers.length === 0,
    requested_host_ids: removed,
    blockers,
    warnings: [...what_if.warnings, ...warningsOf(facts, leaving.vms, policy)],
    total_hosts: total,
    healthy_hosts: counted.serving.length,
    healthy_after: counted.after.length,
    min_required: Math.max(0, total - policy.max_unavailable),
    max_unavailable: policy.max_unavailable,
    out_now: counted.out_now,
    out_after: counted.out_after,
    cpu: { needed_mhz: capacity.needed.cpu_mhz, available_after_mhz: capacity.available_after?.cpu_mhz ?? null },
    memory: { needed_mb: capacity.needed.memory_mb, available_after_mb: capacity.available_after?.memory_mb ?? null },
    drs_mode: facts.drs_enabled === false ? 'off' : (facts.drs_mode ?? 'unknown'),
    ha: {
      enabled: facts.ha_enabled,
      admission_enabled: facts.ha_admission_enabled,
      reserve: haReserveText(facts, policy),
    },
    vsan: { enabled: facts.vsan_enabled, health: facts.vsan_health, resync_bytes: facts.vsan_resync_bytes },
  }
}

/**
 * May *some* serving host leave, and which best? Each serving host is judged alone; hosts that are out already are no
 * candidates, because nothing leaves with them. Order: safe ones first, then fewest VMs to move, then name.
 */
export function checkClusterCandidates(facts: ClusterFacts, policy: SafetyPolicy, now_ms: number): ClusterVerdict {
  const candidates = splitServing(facts)
    .serving.map((host) => ({
      host,
      verdict: checkClusterSafety(facts, [host.id], policy, now_ms),
    }))
    .sort(
      (a, b) =>
        Number(b.verdict.safe) - Number(a.verdict.safe) ||
        countToMove(a.host) - countToMove(b.host) ||
        (a.host.name < b.host.name ? -1 : 1),
    )
  const best = candidates[0]?.verdict ?? noCandidate(facts, policy, now_ms)
  return {
    ...best,
    requested_host_ids: [],
    candidates: candidates.map(({ host, verdict }) => ({ host_id: host.id, name: host.name, verdict })),
  }
}

function noCandidate(facts: ClusterFacts, policy: SafetyPolicy, now_ms: number): SafetyVerdict {
  const verdict = checkClusterSafety(facts, [], policy, now_ms)
  const none = blocker('LastHost', 'No host of the cluster serves, so none can leave.')
  return {
    ...verdict,
    safe: false,
    blockers: verdict.healthy_hosts === 0 ? [none, ...verdict.blockers] : verdict.blockers,
  }
}

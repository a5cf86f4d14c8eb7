import { checkClusterSafety, FACTS_MAX_AGE_MS } from './cluster-safety.js'
import type { Blocker, FailureCode } from './failures.js'
import { orderHosts } from './host-order.js'
import type {
  RollingAction,
  RollingDecision,
  RollingFacts,
  RollingHost,
  RollingHostState,
  RollingPolicy,
  RollingProgress,
  RollingSettled,
  RollingStart,
} from './rolling-types.js'
import type { SafetyPolicy } from './safety-types.js'
import { blocker } from './verdict.js'

/** Causes that lie in the VMs of one host: another host of the cluster may go meanwhile. */
const OWN_CAUSES: readonly FailureCode[] = ['EvacuationBlocked', 'PinnedVm', 'AffinityRule', 'DrsNotAutomatic']

/** The largest `max_unavailable` that a cluster of this size takes: half of it rounded down, at least 1; vSAN always 1. */
export function maxUnavailableCap(total_hosts: number, vsan_enabled: boolean | null): number {
  return vsan_enabled === false ? Math.max(1, Math.floor(total_hosts / 2)) : 1
}

interface View {
  facts: RollingFacts
  progress: RollingProgress
  policy: RollingPolicy
  now_ms: number
}

function stateOf(view: View, host_id: string): RollingHostState {
  return view.progress.hosts[host_id]?.state ?? 'pending'
}

const inState = (view: View, state: RollingHostState) =>
  view.facts.hosts.filter((host) => stateOf(view, host.id) === state)

const clusterHost = (view: View, host_id: string) => view.facts.cluster.hosts?.find((host) => host.id === host_id)

const inMaintenance = (view: View, host: RollingHost) => clusterHost(view, host.id)?.in_maintenance_mode === true

/** Failed hosts that nobody asked to try again. */
function lastingFailures(view: View): RollingHost[] {
  return inState(view, 'failed').filter((host) => !view.progress.retry_queue.includes(host.id))
}

/** The safety policy with the cap of the cluster's size and with the failed hosts that may stand aside. */
function safetyPolicy(view: View): SafetyPolicy {
  const { cluster } = view.facts
  const { safety, on_failure, failed_hosts_tolerance } = view.policy
  const tolerated = on_failure === 'continue' ? lastingFailures(view).slice(0, failed_hosts_tolerance) : []
  return {
    ...safety,
    max_unavailable: Math.min(
      safety.max_unavailable,
      maxUnavailableCap(cluster.hosts?.length ?? 0, cluster.vsan_enabled),
    ),
    tolerated_host_ids: tolerated.map((host) => host.id),
  }
}

/** What would be done with this host; null = nothing. */
export function actionFor(host: RollingHost, policy: RollingPolicy): RollingAction | null {
  if (!host.found_in_maintenance) {
    if (host.work === 'none') return null
    return host.needs_maintenance ? 'update' : 'update_in_service'
  }
  if (policy.hosts_found_in_maintenance === 'skip') return null
  if (policy.hosts_found_in_maintenance === 'keep') return host.work === 'none' ? null : 'update_keep'
  return host.work === 'none' ? 'return' : 'update_return'
}

function settledWithoutWork(view: View): RollingSettled[] {
  return inState(view, 'pending')
    .filter((host) => actionFor(host, view.policy) === null)
    .map((host) => {
      const skipped = host.found_in_maintenance && view.policy.hosts_found_in_maintenance === 'skip'
      return {
        host_id: host.id,
        name: host.name,
        state: skipped ? 'skipped' : 'unchanged',
        why: skipped ? 'It was found in maintenance and is left alone.' : 'It is at the target already.',
        blockers: [],
      }
    })
}

/** Hosts that still have to be worked on, retries first, in the order in which they are tried. */
function queue(view: View, settled: RollingSettled[]): RollingHost[] {
  const retries = view.progress.retry_queue
    .map((id) => view.facts.hosts.find((host) => host.id === id && stateOf(view, id) === 'failed'))
    .filter((host) => host !== undefined)
  const pending = inState(view, 'pending').filter((host) => !settled.some((entry) => entry.host_id === host.id))
  return [...retries, ...orderHosts(pending, view.facts.cluster.hosts ?? [], view.policy.host_order)]
}

/** A host that is out already loses nothing by being worked on: only the moment must be right. */
function momentBlockers(view: View): Blocker[] {
  const { facts_at, lease_held_by_job_id } = view.facts.cluster
  const age_ms = facts_at === null ? Number.NaN : view.now_ms - Date.parse(facts_at)
  const blockers: Blocker[] = []
  if (!(age_ms <= FACTS_MAX_AGE_MS)) {
    blockers.push(blocker('VcenterUnreachable', 'vCenter did not answer within the last 60 s.'))
  }
  if (lease_held_by_job_id !== null) {
    blockers.push(blocker('LeaseHeld', `Job ${lease_held_by_job_id} holds the cluster.`))
  }
  return blockers
}

/** Does work on this host count as taking it out of service? */
const takesOut = (host: RollingHost) => host.needs_maintenance || host.found_in_maintenance

/** What stands in the way of this host now, while the others of `in_work` are out or on their way. */
function blockersOf(view: View, host: RollingHost, in_work: readonly RollingHost[]): Blocker[] {
  if (!takesOut(host)) return [...host.blockers, ...momentBlockers(view)]
  if (inMaintenance(view, host)) return [...host.blockers, ...momentBlockers(view)]
  const removed = [...in_work.filter(takesOut), host].map((entry) => entry.id)
  const verdict = checkClusterSafety(view.facts.cluster, removed, safetyPolicy(view), view.now_ms)
  return [...host.blockers, ...verdict.blockers]
}

const isOwnCause = (blockers: readonly Blocker[]) =>
  blockers.length > 0 && blockers.every((entry) => OWN_CAUSES.includes(entry.code))

interface Search {
  starts: RollingStart[]
  settled: RollingSettled[]
  refused: { host_id: string; name: string; blockers: Blocker[] }[]
}

function whyText(view: View, host: RollingHost, canary: boolean): string {
  if (view.progress.retry_queue.includes(host.id)) return 'It is tried again on request.'
  if (view.policy.host_order.includes(host.id)) return 'Its turn in the given order.'
  if (inMaintenance(view, host)) return 'It is in maintenance already: nothing to evacuate.'
  if (host.carries_vcenter) return 'It carries the vCenter appliance and therefore comes last.'
  return canary ? 'Canary: fewest VMs to move.' : 'Fewest VMs to move of the hosts that remain.'
}

/** How many hosts were begun so far; the first `canary_hosts` of them are the canaries. */
function begun(view: View): number {
  return ['running', 'succeeded', 'failed'].reduce(
    (sum, state) => sum + inState(view, state as RollingHostState).length,
    0,
  )
}

function refuse(view: View, host: RollingHost, blockers: Blocker[], search: Search): void {
  const { on_blocked } = view.policy
  if (on_blocked === 'wait' || !isOwnCause(blockers)) {
    search.refused.push({ host_id: host.id, name: host.name, blockers })
    return
  }
  const state = on_blocked === 'skip' ? 'skipped' : 'failed'
  const why = blockers.map((entry) => entry.message).join(' ')
  search.settled.push({ host_id: host.id, name: host.name, state, why, blockers })
}

/** Walks the queue and takes every host that may begin beside those in work. */
function searchStarts(view: View, waiting: RollingHost[], running: RollingHost[], settled: RollingSettled[]): Search {
  const search: Search = { starts: [], settled: [...settled], refused: [] }
  const in_work = [...running]
  const limit = safetyPolicy(view).max_unavailable
  for (const host of waiting) {
    if (in_work.length >= limit) break
    const canary = begun(view) + search.starts.length < view.policy.canary_hosts
    const action = actionFor(host, view.policy) ?? 'update'
    const blockers = blockersOf(view, host, in_work)
    if (blockers.length > 0) {
      refuse(view, host, blockers, search)
      if (search.settled.some((entry) => entry.state === 'failed')) break
      continue
    }
    if (!canary && search.starts.some((start) => start.canary)) break
    in_work.push(host)
    search.starts.push({ host_id: host.id, name: host.name, action, canary, why: whyText(view, host, canary) })
  }
  return search
}

/** The failure policy: null = go on. */
function failureStop(view: View): { pause: Blocker } | { stop: Blocker } | null {
  const failed = lastingFailures(view)
  const names = failed.map((host) => host.name).join(', ')
  const data = { failed_host_ids: failed.map((host) => host.id) }
  if (failed.length === 0) return null
  const { on_failure, failed_hosts_tolerance } = view.policy
  if (on_failure === 'stop') {
    return { stop: blocker('FailedHostOut', `${names} failed, and on_failure is stop.`, { data }) }
  }
  if (on_failure === 'continue') {
    if (failed.length <= failed_hosts_tolerance) return null
    const text = `${failed.length} hosts failed (${names}), ${failed_hosts_tolerance} may stand aside.`
    return { stop: blocker('FailedHostOut', text, { data }) }
  }
  const open = failed.filter((host) => !view.progress.accepted_failures?.includes(host.id))
  if (open.length === 0) return null
  return { pause: blocker('AttentionNeeded', `${names} failed: retry, resume without it, or cancel.`, { data }) }
}

const unique = (blockers: Blocker[]) => [
  ...new Map(blockers.map((entry) => [`${entry.code}|${entry.message}`, entry])).values(),
]

function waitFor(view: View, settled: RollingSettled[], why: Blocker[]): RollingDecision {
  return { settled, type: 'wait', hosts_in_work: inState(view, 'running').map((host) => host.id), why }
}

function canaryGate(view: View, running: RollingHost[]): 'wait' | 'pause' | null {
  const { canary_hosts, pause_after_canary } = view.policy
  const count = begun(view)
  if (canary_hosts === 0 || count < canary_hosts) return null
  if (count === canary_hosts && running.length > 0) return 'wait'
  const retrying = view.progress.retry_queue.some((id) => stateOf(view, id) === 'failed')
  const held = pause_after_canary && !view.progress.canaries_released && !retrying
  return count === canary_hosts && held ? 'pause' : null
}

function decideStop(
  view: View,
  waiting: RollingHost[],
  running: RollingHost[],
  settled: RollingSettled[],
): RollingDecision | null {
  const stop = failureStop(view)
  if (!stop) return null
  if (running.length > 0) return waitFor(view, settled, ['stop' in stop ? stop.stop : stop.pause])
  if ('pause' in stop) return { settled, type: 'pause', reason: stop.pause }
  if (waiting.length === 0) return { settled, type: 'done' }
  return { settled, type: 'failed', code: stop.stop, not_started: waiting.map((host) => host.id) }
}

/**
 * What a rolling update of one cluster does now, from fresh facts and the progress so far. Pure: the same input gives
 * the same answer, and no list made at the start is followed blindly.
 * Never lets more hosts go than the safety rule allows with all hosts in work counted as out. Hosts already in
 * maintenance begin without that rule, since they take nothing more away.
 */
export function nextRollingStep(
  facts: RollingFacts,
  progress: RollingProgress,
  policy: RollingPolicy,
  now_ms: number,
): RollingDecision {
  const view: View = { facts, progress, policy, now_ms }
  const running = inState(view, 'running')
  const settled = settledWithoutWork(view)
  const waiting = queue(view, settled)
  const stop = decideStop(view, waiting, running, settled)
  if (stop) return stop
  if (waiting.length === 0) return running.length > 0 ? waitFor(view, settled, []) : { settled, type: 'done' }
  const gate = canaryGate(view, running)
  if (gate === 'wait') return waitFor(view, settled, [])
  if (gate === 'pause') {
    return {
      settled,
      type: 'pause',
      reason: blocker('PausedByOperator', 'The canary hosts are done: resume to go on.'),
    }
  }
  return decideSearch(view, searchStarts(view, waiting, running, settled), running, waiting)
}

function decideSearch(view: View, search: Search, running: RollingHost[], waiting: RollingHost[]): RollingDecision {
  const { starts, settled, refused } = search
  if (starts.length > 0) return { settled, type: 'step', hosts: starts }
  const why = unique(refused.flatMap((entry) => entry.blockers))
  if (running.length > 0) return waitFor(view, settled, why)
  const left = waiting.filter((host) => !settled.some((entry) => entry.host_id === host.id))
  if (left.length === 0) return { settled, type: 'done' }
  // A host that has just failed here changes the failure policy: record it and ask again.
  if (refused.length === 0) return { settled, type: 'wait', hosts_in_work: [], why: [] }
  return { settled, type: 'blocked', blockers: why, hosts: refused }
}

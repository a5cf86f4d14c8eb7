import type { ClusterFacts, ClusterHostFacts, VmFacts } from './cluster-facts.js'
import type { Blocker } from './failures.js'
import type { HostOut } from './safety-types.js'
import { blocker } from './verdict.js'

const GOOD_HA_STATES = ['master', 'connectedToMaster']

/** One reason why a host does not serve; `unknown` when the fact is missing rather than bad. */
interface Reason {
  text: string
  unknown: boolean
}

const bad = (text: string): Reason => ({ text, unknown: false })
const missing = (text: string): Reason => ({ text, unknown: true })
/** `what` with its value, or that nobody knows it. */
const said = (what: string, value: string | null): Reason =>
  value === null || value === 'unknown' ? missing(`${what} unknown`) : bad(`${what} ${value}`)

function maintenanceReasons(host: ClusterHostFacts): Reason[] {
  const reasons: Reason[] = []
  if (host.in_maintenance_mode === null) reasons.push(missing('maintenance mode unknown'))
  if (host.in_maintenance_mode === true) reasons.push(bad('in maintenance mode'))
  if (host.entering_maintenance === null) reasons.push(missing('not known whether it is entering maintenance'))
  if (host.entering_maintenance === true) reasons.push(bad('entering maintenance mode'))
  return reasons
}

function reasonsOut(host: ClusterHostFacts, ha_enabled: boolean | null): Reason[] {
  const reasons: Reason[] = []
  if (host.connection_state !== 'connected') reasons.push(said('connection state', host.connection_state))
  if (host.power_state !== 'poweredOn') reasons.push(said('power state', host.power_state))
  reasons.push(...maintenanceReasons(host))
  if (host.in_quarantine !== false) {
    reasons.push(host.in_quarantine === null ? missing('quarantine state unknown') : bad('in quarantine'))
  }
  if (host.overall_status !== 'green' && host.overall_status !== 'yellow') {
    reasons.push(said('overall status', host.overall_status))
  }
  // Where it is not known whether HA is on, the agent is asked as if it were.
  if (ha_enabled !== false && !GOOD_HA_STATES.includes(host.ha_state ?? '')) {
    reasons.push(said('HA agent', host.ha_state))
  }
  return reasons
}

/**
 * Why this host does not serve; empty = it serves. A serving host is connected, powered on, neither in nor entering
 * maintenance, not in quarantine, not red, and its HA agent is in a good state where HA is on.
 * A fact that is missing makes the host not serving: unknown is never fine.
 */
export function whyNotServing(host: ClusterHostFacts, ha_enabled: boolean | null): string[] {
  return reasonsOut(host, ha_enabled).map(({ text }) => text)
}

/** The same as typed blockers: `HostStateUnknown` for a fact that is missing, `StateConflict` for a state that is not good. */
export function servingBlockers(host: ClusterHostFacts, ha_enabled: boolean | null): Blocker[] {
  return reasonsOut(host, ha_enabled).map(({ text, unknown }) =>
    blocker(unknown ? 'HostStateUnknown' : 'StateConflict', `${host.name}: ${text}.`, {
      target: host.id,
      ...(unknown
        ? { remedy: 'Run vcenter_sync; unknown is never fine.' }
        : { remedy: 'Cure the named state in vCenter.' }),
    }),
  )
}

/** The host as it will be once the job has brought it back: judged without its maintenance and its sleeping HA agent. */
export function asReturned(host: ClusterHostFacts): ClusterHostFacts {
  return host.in_maintenance_mode === true
    ? { ...host, in_maintenance_mode: false, ha_state: 'connectedToMaster' }
    : host
}

/** Splits the hosts of a cluster into those that serve and those that do not, with the reasons. */
export function splitServing(
  facts: ClusterFacts,
  returning_host_ids: readonly string[] = [],
): { serving: ClusterHostFacts[]; out: HostOut[] } {
  const serving: ClusterHostFacts[] = []
  const out: HostOut[] = []
  for (const host of facts.hosts ?? []) {
    const judged = returning_host_ids.includes(host.id) ? asReturned(host) : host
    const why = whyNotServing(judged, facts.ha_enabled)
    if (why.length === 0) serving.push(host)
    else out.push({ id: host.id, name: host.name, why })
  }
  return { serving, out }
}

/** VMs that must leave before the host may go; a power state that is not known counts as on. null: the list is unknown. */
export function vmsToMove(host: ClusterHostFacts, powered_off_vm_ids: readonly string[] = []): VmFacts[] | null {
  if (host.vms === null) return null
  return host.vms.filter(
    (vm) =>
      !vm.is_service_vm &&
      vm.power_state !== 'poweredOff' &&
      vm.power_state !== 'suspended' &&
      !powered_off_vm_ids.includes(vm.id),
  )
}

/** Number of VMs that would have to move; unknown counts as very many, so that such a host comes last. */
export function countToMove(host: ClusterHostFacts): number {
  return vmsToMove(host)?.length ?? Number.MAX_SAFE_INTEGER
}

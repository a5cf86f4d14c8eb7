import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

/** Older states are not believed. */
export const HOST_STATE_MAX_AGE_MS = 60_000

/** The ESXi host that runs on a server, as read now. */
export interface GuardedHost {
  id: string
  name: string
  /** false: an ESXi host without vCenter. */
  has_vcenter: boolean
  /** When its state was read (ISO); null = vCenter, or the host itself, did not answer. */
  state_at: string | null
  in_maintenance_mode: boolean | null
  /** Powered-on VMs without service VMs; null = not known. */
  powered_on_vms: readonly { id: string; name: string }[] | null
}

export interface HostGuardOptions {
  evacuate_host: boolean
  /** Admin only; who may set it was checked when the job was posted. */
  allow_running_vms: boolean
}

export type HostGuardAnswer =
  /** No host is linked: nothing to guard. */
  | { type: 'no_guard' }
  /** In maintenance and empty; this maintenance is not ours and is not ended by us. */
  | { type: 'allowed' }
  /** Enter maintenance first, leave it afterwards. */
  | { type: 'evacuate' }
  /** Allowed although VMs run: one audit entry with their names. */
  | { type: 'allowed_with_vms'; vms: string[] }
  | { type: 'refuse'; blockers: Blocker[] }

const refuse = (entry: Blocker): HostGuardAnswer => ({ type: 'refuse', blockers: [entry] })

function unknownState(host: GuardedHost, now_ms: number): Blocker | null {
  if (host.state_at === null) {
    const code = host.has_vcenter ? 'VcenterUnreachable' : 'HostStateUnknown'
    return blocker(code, `The state of ${host.name} could not be read.`, { target: host.name })
  }
  if (!(now_ms - Date.parse(host.state_at) <= HOST_STATE_MAX_AGE_MS)) {
    return blocker('HostStateUnknown', `The state of ${host.name} is older than 60 s.`, { target: host.name })
  }
  if (host.in_maintenance_mode === null || host.powered_on_vms === null) {
    const text = `Maintenance mode or VMs of ${host.name} could not be read.`
    return blocker('HostStateUnknown', text, { target: host.name })
  }
  return null
}

/**
 * May a server be rebooted, powered off or updated with a reboot? Decided on the state of the host that runs on it, read
 * now. A state that is unknown or older than 60 s refuses: unknown is never fine.
 */
export function checkHostGuard(host: GuardedHost | null, options: HostGuardOptions, now_ms: number): HostGuardAnswer {
  if (host === null) return { type: 'no_guard' }
  const unknown = unknownState(host, now_ms)
  if (unknown) return refuse(unknown)
  const vms = (host.powered_on_vms ?? []).map((vm) => vm.name)
  if (host.in_maintenance_mode === true && vms.length === 0) return { type: 'allowed' }
  if (options.evacuate_host) return { type: 'evacuate' }
  if (options.allow_running_vms) return { type: 'allowed_with_vms', vms }
  const state = host.in_maintenance_mode === true ? 'has powered-on VMs' : 'is not in maintenance mode'
  return refuse(blocker('HostNotInMaintenance', `${host.name} ${state}.`, { target: host.name, data: { vms } }))
}

/**
 * The last look directly before a reboot: is the host still in maintenance and empty? A VM found now stops it, whatever
 * was found earlier. `allow_running_vms` skips only the VMs, not the demand for a known state.
 */
export function checkStillEmpty(
  host: GuardedHost | null,
  options: Pick<HostGuardOptions, 'allow_running_vms'>,
  now_ms: number,
): Blocker | null {
  if (host === null) return null
  const unknown = unknownState(host, now_ms)
  if (unknown) return unknown
  if (options.allow_running_vms) return null
  const vms = (host.powered_on_vms ?? []).map((vm) => vm.name)
  if (vms.length > 0) {
    const text = `${host.name} has powered-on VMs: ${vms.slice(0, 20).join(', ')}.`
    return blocker('HostNotEvacuated', text, { target: host.name, data: { vms } })
  }
  if (host.in_maintenance_mode === true) return null
  return blocker('HostNotInMaintenance', `${host.name} is not in maintenance mode any more.`, { target: host.name })
}

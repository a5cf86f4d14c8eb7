import type { FailureCode } from './failures.js'

/** One row of `job_attention` as the rules word it; ids and times come with the row. */
export interface AttentionEntry {
  target_kind: 'host' | 'server' | 'cluster' | 'job'
  target_id: string | null
  target_label: string
  /** The state it was left in. */
  state_left: string
  code: FailureCode
  message: string
  /** What a person should do next. */
  next_action: string
}

/** How far the work on a host had come when it stopped. */
export type HostLeftAt =
  | 'entering'
  | 'in_maintenance'
  | 'staged'
  | 'updating'
  | 'updated_not_rebooted'
  | 'rebooting'
  | 'old_version'
  | 'verified_not_returned'
  | 'returned'

const LEFT: Record<HostLeftAt, { state: string; next: string }> = {
  entering: {
    state: 'entering maintenance mode, VMs still on it',
    next: 'Look at the host in vCenter; cancel entering, or move the VMs.',
  },
  in_maintenance: {
    state: 'in maintenance mode, nothing changed on it',
    next: 'Cure the cause and start again, or leave maintenance with verify_host.',
  },
  staged: {
    state: 'in maintenance mode, updates staged in the iDRAC',
    next: 'They run at the next reboot: reboot the host, or delete the jobs in the device queue.',
  },
  updating: {
    state: 'in maintenance mode, an update began and its end is not known',
    next: 'Look at the device; do not start a second update before its end is known.',
  },
  updated_not_rebooted: {
    state: 'in maintenance mode, updated, not rebooted',
    next: 'Reboot the host, then verify_host.',
  },
  rebooting: {
    state: 'in maintenance mode, rebooting, not back',
    next: 'Look at the console; when the host is back, verify_host.',
  },
  old_version: {
    state: 'in maintenance mode, rebooted, old version',
    next: 'Look at the logs of the device; then start again, or verify_host to bring it back.',
  },
  verified_not_returned: {
    state: 'in maintenance mode, updated and verified',
    next: 'Leave maintenance with verify_host.',
  },
  returned: { state: 'out of maintenance mode, not settled', next: 'Look at HA agent, vSAN and alarms of the host.' },
}

/** The entry for a host that a job could not bring back: where it stands, why, and what to do. */
export function hostAttention(
  host: { id: string; name: string },
  left_at: HostLeftAt,
  failure: { code: FailureCode; message: string },
): AttentionEntry {
  const { state, next } = LEFT[left_at]
  return {
    target_kind: 'host',
    target_id: host.id,
    target_label: host.name,
    state_left: state,
    code: failure.code,
    message: failure.message,
    next_action: next,
  }
}

/** Settings that jobs change only for their own time. */
export type BorrowedKind =
  | 'maintenance'
  | 'ssh_service'
  | 'dpm'
  | 'ha_admission'
  | 'virtual_media'
  | 'boot_override'
  | 'lockdown'
  | 'vm_power'
  | 'alarm_actions'

const BORROWED: Record<BorrowedKind, { state: string; next: string }> = {
  maintenance: { state: 'maintenance mode left on', next: 'Leave maintenance with verify_host.' },
  ssh_service: { state: 'SSH service left on', next: 'Stop the service TSM-SSH on the host.' },
  dpm: { state: 'power management (DPM) left off', next: 'Switch DPM of the cluster on again.' },
  ha_admission: { state: 'HA admission control left off', next: 'Switch HA admission control on again.' },
  virtual_media: { state: 'virtual media left inserted', next: 'Eject it with virtual_media_unmount.' },
  boot_override: { state: 'boot override left set', next: 'Clear it with boot_configuration.' },
  lockdown: { state: 'lockdown mode changed', next: 'Set the lockdown mode as before.' },
  vm_power: { state: 'VMs left shut down', next: 'Start the named VMs.' },
  alarm_actions: { state: 'alarm actions left off', next: 'Switch alarm actions on again.' },
}

/** The entry for a borrowed setting that could not be given back. */
export function borrowedAttention(
  target: { kind: AttentionEntry['target_kind']; id: string | null; name: string },
  kind: BorrowedKind,
  failure: { code: FailureCode; message: string },
): AttentionEntry {
  const { state, next } = BORROWED[kind]
  return {
    target_kind: target.kind,
    target_id: target.id,
    target_label: target.name,
    state_left: state,
    code: failure.code,
    message: failure.message,
    next_action: next,
  }
}

/** May the reconciler give it back without judgement when the job is gone? Maintenance and VMs need a person. */
export function isSafeToGiveBack(kind: BorrowedKind): boolean {
  return ['ssh_service', 'dpm', 'ha_admission', 'virtual_media'].includes(kind)
}

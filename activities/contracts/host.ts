import type { Blocker } from '../../domain/failures.js'
import type { HostSnapshot } from '../../domain/verify-host.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export type { HostSnapshot }

export interface HostNow {
  host_id: string
  name: string
  cluster_id: string | null
  server_id: string | null
  vcenter_id: string | null
  connection_state: string
  power_state: string
  in_maintenance: boolean | null
  entering: boolean | null
  boot_time: string | null
  build: number | null
  esxi_version: string | null
  overall_status: string | null
  ha_state: string | null
  ssh_running: boolean | null
  tpm_sealed: boolean | null
  reboot_required: boolean | null
  powered_on_vms: { moid: string; name: string }[] | null
}

export interface EvacuationOptions {
  evacuation: 'drs' | 'migrate' | 'none'
  maintenance_timeout_minutes: number
  vsan_mode: 'ensure_accessibility' | 'evacuate_all' | 'no_action'
  evacuate_powered_off: boolean
}

export type EvacuationState =
  | { state: 'empty'; vms_left: 0 }
  | {
      state: 'blocked'
      code: 'EvacuationBlocked' | 'EvacuationTimeout'
      vms_left: number
      vm_names?: string[]
      blockers: Blocker[]
    }

export interface HostActivities {
  readHost(input: { context: WorkContext; host_id: string }): Promise<HostNow>
  snapshotHost(input: { context: WorkContext; host_id: string }): Promise<HostSnapshot>
  /**
   * Enters maintenance (V): nothing when it is in already, adopts a running task, else records the borrowed setting and
   * starts one. `began` says whether this job owns the maintenance.
   */
  enterMaintenance(input: {
    context: WorkContext
    host_id: string
    options: EvacuationOptions
  }): Promise<{ began: boolean; already: boolean }>
  /**
   * Waits until the host is in maintenance and empty (read twice). Returns `blocked` when nothing moved for ten minutes or
   * the limit is over; names the VMs and why. With `evacuation: migrate` it moves the VMs itself.
   */
  watchEvacuation(input: {
    context: WorkContext
    host_id: string
    options: EvacuationOptions
    since: string
  }): Promise<EvacuationState>
  /** Cancels an entering that runs, then leaves maintenance if it got through. Ends when the host serves again. */
  undoMaintenance(input: { context: WorkContext; host_id: string; since: string }): Promise<void>
  /** Leaves maintenance (V) and waits until the host is out; gives the borrowed setting back. */
  exitMaintenance(input: { context: WorkContext; host_id: string; limit_minutes: number; since: string }): Promise<void>
  /** Throws `HostNotEvacuated` unless the host is in maintenance with no powered-on VM, read now. */
  proveEmpty(input: { context: WorkContext; host_id: string }): Promise<{ boot_time: string | null }>
  /** Reboots through vCenter (O), after proving that the host is empty. Returns the boot time before. */
  rebootHost(input: {
    context: WorkContext
    host_id: string
    step: string
  }): Promise<{ boot_time_before: string | null }>
  /** Waits until the host is connected with a newer boot time, still in maintenance, with a stable build. */
  waitHostBack(input: {
    context: WorkContext
    host_id: string
    boot_time_before: string | null
    limit_minutes: number
    since: string
  }): Promise<HostNow>
  /** Starts SSH if it is off (recorded as borrowed), or gives it back. */
  borrowSsh(input: { context: WorkContext; host_id: string }): Promise<{ was_running: boolean }>
  returnSsh(input: { context: WorkContext; host_id: string }): Promise<void>
  /** Row 1 of verify_host: connected, expected build, links, datastores and alarms as before. Throws `VerifyFailed`. */
  verifyHost(input: {
    context: WorkContext
    host_id: string
    snapshot: HostSnapshot | null
    expect: { esxi_build?: number; firmware?: { component: string; version: string }[] }
    max_new_alarms: number
  }): Promise<{ healthy: true; warnings: Blocker[]; alarms_new: number | null }>
  /** After the return: HA agent good (reconfigured once if not), vSAN member. */
  waitHostServing(input: {
    context: WorkContext
    host_id: string
    limit_minutes: number
    since: string
  }): Promise<{ ha_state: string | null }>
  /** Waits until no migration has run for a minute and vSAN has nothing to resync, or the limits are over. */
  settleCluster(input: {
    context: WorkContext
    host_id: string
    rebalance_wait_minutes: number
    resync_wait_minutes: number
    since: string
  }): Promise<{ vms_now: number; resync_bytes: number | null; settled: boolean }>
}

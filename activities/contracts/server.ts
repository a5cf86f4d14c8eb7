import type { Blocker } from '../../domain/failures.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export type PowerAction = 'on' | 'off' | 'graceful_shutdown' | 'reset' | 'nmi' | 'graceful_restart' | 'power_cycle'

export interface GuardAnswer {
  /** `free` no host is linked; `in_maintenance` may go on; `evacuate` enter maintenance first; `running_vms_allowed` an admin said so. */
  allowed: 'free' | 'in_maintenance' | 'evacuate' | 'running_vms_allowed' | 'refused'
  blockers: Blocker[]
  running_vms: string[]
}

export interface ServerNow {
  server_id: string
  name: string
  service_tag: string
  power_state: string
  health_status: string
  bios_version: string | null
  idrac_version: string | null
  /** Marks the last boot, where the device tells one. */
  boot_marker: string | null
}

export interface ServerActivities {
  /** Power, health and faults of one server; `components` also fans, temperatures, supplies, drives, memory. */
  checkHealth(input: {
    context: WorkContext
    server_id: string
    depth: 'summary' | 'components'
    store: boolean
  }): Promise<{
    health_status: string
    power_state: string
    faults: { message: string; severity: string; message_id: string | null }[]
  }>
  readServer(input: { context: WorkContext; server_id: string }): Promise<ServerNow>
  /** Waits until the iDRAC may be changed (table 1.9): ready, no foreign job, not locked, nothing pending, right service tag. */
  passChangeGate(input: {
    context: WorkContext
    server_id: string
    own_device_jobs: string[]
    since: string
    /** Pending BIOS values were judged by whoever asks, and are no hindrance. */
    pending_judged?: boolean
    /** Judge once, and answer instead of waiting: for prechecks and dry runs. */
    judge_only: boolean
  }): Promise<{ blockers: Blocker[]; warnings: Blocker[] }>
  /** May this server be rebooted or switched off now (table 1.10)? Asks vCenter about the linked host. */
  judgeHostGuard(input: {
    context: WorkContext
    server_id: string
    evacuate_host: boolean
    allow_running_vms: boolean
  }): Promise<GuardAnswer>
  /** What the action would do in the state of now: `send`, `already` or a refusal. */
  judgePower(input: {
    context: WorkContext
    server_id: string
    action: PowerAction
  }): Promise<{ decision: 'send' | 'already'; power_state: string }>
  /** Sends one reset (O; `on` and `off` are V): adopts what a former attempt did. */
  sendPower(input: {
    context: WorkContext
    server_id: string
    action: PowerAction
    step: string
  }): Promise<{ sent: boolean; boot_marker_before: string | null }>
  /** Waits for the state that the action seeks. Throws `StepTimeout` naming the state that is there. */
  waitPower(input: {
    context: WorkContext
    server_id: string
    action: PowerAction
    wait_for: 'state' | 'os'
    boot_marker_before: string | null
    limit_minutes: number
    since: string
  }): Promise<{ power_state: string }>
  /** iDRAC and host back after a reboot: three good answers, login, ready, two equal inventories. */
  waitServerBack(input: {
    context: WorkContext
    server_id: string
    idrac_restarts: boolean
    limit_minutes: number
    since: string
  }): Promise<void>
}

import type { Blocker } from '../../domain/failures.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface FirmwareSelection {
  firmware_source: 'local' | 'dell_catalog' | 'url'
  package_ids?: string[]
  catalog_id?: string
  components?: string[]
  exclude_components?: string[]
  min_criticality?: string
  fqdd?: string
  allow_downgrade: boolean
  reinstall_same: boolean
}

export interface PlannedComponent {
  /** Stable name of the step: part of the operation id. */
  key: string
  package_id: string
  component: string
  component_class: 'direct' | 'host_reboot' | 'cpld' | 'idrac'
  name: string
  fqdds: string[]
  from: string | null
  to: string
  size_bytes: number
  can_roll_back: boolean
}

export interface FirmwarePhase {
  kind: 'prerequisite' | 'direct' | 'host_reboot' | 'cpld' | 'idrac'
  components: PlannedComponent[]
  reboots_host: boolean
  reason?: string
  minutes: number
}

export interface FirmwarePlan {
  phases: FirmwarePhase[]
  unchanged: { component: string; name: string; version: string; warning?: string }[]
  not_applicable: { package_id: string; name: string; reason: string }[]
  blockers: Blocker[]
  warnings: Blocker[]
  reboots: number
  minutes: number
}

export interface DeviceJobEnd {
  state: 'succeeded' | 'staged' | 'failed' | 'partial' | 'needs_action' | 'vanished'
  raw_state: string | null
  message_id: string | null
  message: string | null
}

export interface ComponentVerdict {
  key: string
  component: string
  fqdds: string[]
  from: string | null
  to: string
  installed_after: string | null
  outcome: 'changed' | 'unchanged' | 'failed' | 'unknown' | 'staged'
  code?: string
  message?: string
}

export interface FirmwareActivities {
  /** Reads system and inventory, matches packages, makes the plan. Saves the inventory when `store`. */
  planFirmware(input: {
    context: WorkContext
    server_id: string
    selection: FirmwareSelection
    store: boolean
  }): Promise<FirmwarePlan>
  /** Waits for a device job: until it is staged, or has ended. Writes percent and message to the task row. */
  waitDeviceJob(input: {
    context: WorkContext
    server_id: string
    device_job_id: string
    until: 'staged' | 'ended'
    component: string
    limit_minutes: number
    since: string
  }): Promise<DeviceJobEnd>
  /** Deletes exactly this job of ours (V) and checks that it is gone. */
  deleteDeviceJob(input: { context: WorkContext; server_id: string; device_job_id: string }): Promise<void>
  /** The verdict is the inventory's, not the job's: compares installed versions with the wanted ones and saves them. */
  verifyFirmware(input: {
    context: WorkContext
    server_id: string
    components: PlannedComponent[]
    job_ends: Record<string, DeviceJobEnd>
  }): Promise<{ components: ComponentVerdict[] }>
}

export interface TransferActivities {
  /** Uploads a package (O) and returns the device job it made; adopts one that exists. Progress goes to the task row. */
  submitFirmware(input: {
    context: WorkContext
    server_id: string
    component: PlannedComponent
    apply_time: 'OnReset' | 'Immediate'
    transfer: 'push' | 'pull'
    limit_minutes: number
  }): Promise<{ device_job_id: string; adopted: boolean }>
}

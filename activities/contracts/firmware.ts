import type { FirmwarePackage } from '../../domain/firmware-facts.js'
import type { PlannedUpdate, UpdatePlan, UpdateSelection } from '../../domain/update-plan-types.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

/** Which firmware: where packages come from, and the rule's own selection. */
export interface FirmwareSelection extends UpdateSelection {
  firmware_source: 'local' | 'dell_catalog' | 'url'
  catalog_id?: string
  /** Instead of the store: packages that a dry run only looked at. */
  offered?: FirmwarePackage[]
}

export interface DeviceJobEnd {
  state: 'succeeded' | 'staged' | 'failed' | 'partial' | 'needs_action' | 'vanished'
  raw_state: string | null
  message_id: string | null
  message: string | null
}

export interface ComponentVerdict {
  package_id: string
  component: string
  fqdds: string[]
  from: string[]
  to: string
  installed_after: string | null
  /** Id of the device job that carried it. */
  job_id?: string | null
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
  }): Promise<UpdatePlan>
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
    components: PlannedUpdate[]
    /** By package id. */
    job_ends: Record<string, DeviceJobEnd>
  }): Promise<{ components: ComponentVerdict[] }>
}

export interface TransferActivities {
  /** Makes sure that the file of a catalogue entry is in our store, with the catalogue's checksum (V). */
  fetchPackage(input: { catalog_entry_id: string }): Promise<{ package_id: string }>
  /** Takes a package from an address into the store, or, without `keep`, only looks at it (V). */
  fetchUrlPackage(input: {
    url: string
    sha256: string | null
    keep: boolean
  }): Promise<{ package_id: string | null; facts: FirmwarePackage }>
  /** Uploads a package (O) and returns the device job it made; adopts one that exists. Progress goes to the task row. */
  submitFirmware(input: {
    context: WorkContext
    server_id: string
    component: PlannedUpdate
    apply_time: 'OnReset' | 'Immediate'
    transfer: 'push' | 'pull'
    limit_minutes: number
  }): Promise<{ device_job_id: string; adopted: boolean }>
}

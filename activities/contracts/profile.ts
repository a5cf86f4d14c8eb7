import type { Blocker } from '../../domain/failures.js'
import type { AttributeName } from '../../domain/profile-content.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

/** What may be told about a backup; its content stays in the database, sealed. */
export interface KeptProfile {
  scp_backup_id: string
  size_bytes: number
  /** SHA-256 of the plain text, lower-case hex. */
  sha256: string
  components: string[]
}

/** Which profile a device shall write. */
export interface ProfileExportOptions {
  /** `['ALL']`, or some of what the device lists. */
  components: string[]
  format: 'XML' | 'JSON'
  export_use: 'Default' | 'Clone' | 'Replace'
  include_password_hashes: boolean
  /** Default: service tag and date. */
  name?: string
  description?: string
}

export interface JudgedExport {
  blockers: Blocker[]
  warnings: Blocker[]
  last_backup: { scp_backup_id: string; created_at: string; age_hours: number } | null
}

/** Which profile is applied, and how. The content stays where it is kept: only its id travels. */
export interface ProfileImportOrder {
  scp_backup_id: string
  components: string[]
  /** Kinds of dangerous content that are let through. */
  allow: string[]
  shutdown_type: 'Graceful' | 'Forced' | 'NoReboot'
  host_power_state: 'On' | 'Off'
  /** The device's own clock. */
  time_to_wait_seconds: number
}

export interface JudgedImport {
  blockers: Blocker[]
  warnings: Blocker[]
  /** A restart of the host comes with it. */
  reboots: boolean
  attribute_count: number
  /** BIOS attributes whose value differs now; what else would change is known by the preview. */
  bios_changes: AttributeName[]
}

export interface ImportPreview {
  /** False: this firmware has no preview. */
  supported: boolean
  blockers: Blocker[]
  would_change: AttributeName[]
}

export interface AttributeFailure extends AttributeName {
  message: string | null
  error_code: string | null
}

export interface ImportEnd {
  /** `partial`: some attributes failed; `failed`: nothing can be said to be applied. */
  outcome: 'changed' | 'unchanged' | 'staged' | 'partial' | 'failed'
  code: string | null
  message: string | null
  applied: AttributeName[]
  not_applied: AttributeFailure[]
  /** The iDRAC took the old password no more, and the one of the profile instead. */
  password_changed: boolean
}

export interface ProfileActivities {
  /**
   * Keeps the configuration profile of a server as it is before the first change of this job: exports it (O), keeps it
   * sealed, once per job and server. Waits for a busy device. The content is in no answer and no history.
   * Throws `LicenseMissing`, `LockdownMode`, `Unsupported`, `DeviceBusy` (over the limit), `DeviceJobFailed`, `ScpInvalid`.
   */
  backupProfile(input: { context: WorkContext; server_id: string }): Promise<KeptProfile>
  /** Would an export start now, and how old is the last backup? Reads only. */
  judgeProfileExport(input: {
    context: WorkContext
    server_id: string
    options: ProfileExportOptions
  }): Promise<JudgedExport>
  /** Exports the profile that was asked for (O) and keeps it sealed, once per job and server. Throws as `backupProfile`. */
  exportProfile(input: {
    context: WorkContext
    server_id: string
    options: ProfileExportOptions
    requested_by: string | null
  }): Promise<KeptProfile>
  /** May the kept profile be applied to this server? Reads the profile, the server and the host's recovery key only. */
  judgeProfileImport(input: {
    context: WorkContext
    server_id: string
    order: ProfileImportOrder
  }): Promise<JudgedImport>
  /** Has the device judge the profile without applying it (R): follows its own job to the end. */
  previewProfileImport(input: {
    context: WorkContext
    server_id: string
    order: ProfileImportOrder
  }): Promise<ImportPreview>
  /**
   * Starts the import (O) when the device is free, and notes it at the backup. Directly before, the host on the server is
   * looked at once more where the import restarts it. Throws `DeviceBusy` over the limit, `HostNotEvacuated`, `OutcomeUnknown`.
   */
  startProfileImport(input: {
    context: WorkContext
    server_id: string
    order: ProfileImportOrder
    reboots: boolean
    allow_running_vms: boolean
  }): Promise<{ device_job_id: string; boot_marker_before: string | null }>
  /**
   * Follows an import to its end, over a lost connection, a changed password and a changed certificate that the profile
   * itself brought. Throws `DeviceUnreachable` (with the new address, if the profile gives one), `AuthFailed`.
   */
  followProfileImport(input: {
    context: WorkContext
    server_id: string
    order: ProfileImportOrder
    device_job_id: string
    limit_minutes: number
  }): Promise<ImportEnd>
  /** Reads the server back: BIOS attributes that the device called applied but that show another value. */
  verifyProfileImport(input: {
    context: WorkContext
    server_id: string
    order: ProfileImportOrder
    applied: AttributeName[]
    boot_marker_before: string | null
  }): Promise<{ differing: AttributeFailure[]; rebooted: boolean | null }>
}

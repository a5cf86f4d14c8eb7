import type { Blocker } from '../../domain/failures.js'
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
}

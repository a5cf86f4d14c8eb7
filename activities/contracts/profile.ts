import type { WorkContext } from '../../workflows/lib/job-input.js'

/** What may be told about a backup; its content stays in the database, sealed. */
export interface KeptProfile {
  scp_backup_id: string
  size_bytes: number
  /** SHA-256 of the plain text, lower-case hex. */
  sha256: string
}

export interface ProfileActivities {
  /**
   * Keeps the configuration profile of a server as it is before the first change of this job: exports it (O), keeps it
   * sealed, once per job and server. Waits for a busy device. The content is in no answer and no history.
   * Throws `LicenseMissing`, `LockdownMode`, `Unsupported`, `DeviceBusy` (over the limit), `DeviceJobFailed`, `ScpInvalid`.
   */
  backupProfile(input: { context: WorkContext; server_id: string }): Promise<KeptProfile>
}

import type { AddressConflict } from '../../domain/openmanage-sync.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface OpenmanageSync {
  devices: number
  created: number
  updated: number
  unchanged: number
  skipped_no_tag: number
  skipped_unmanaged: number
  skipped_no_address: number
  address_conflicts: AddressConflict[]
  /** Servers that OpenManage had before and has no longer. */
  not_in_openmanage: number
  /** State of each baseline: how many devices say what. Only if asked for. */
  compliance?: { baseline: string; devices: Record<string, number> }[]
}

export interface OpenmanageActivities {
  /**
   * Reads the servers of OpenManage Enterprise page by page and saves them by service tag (V). Stops after a page when it is
   * cancelled. A dry run compares only. Throws `AuthFailed`, `SessionLimit`, `Tls…`, `SyncWouldRemoveTooMany`, `StateConflict`.
   */
  syncOpenmanage(input: {
    context: WorkContext
    create_missing: boolean
    update_existing: boolean
    include_unmanaged: boolean
    read_compliance: boolean
    allow_mass_removal: boolean
    dry_run: boolean
  }): Promise<OpenmanageSync>
}

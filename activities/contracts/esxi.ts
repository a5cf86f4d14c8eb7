import type { EsxiPreflightVerdict } from '../../domain/esxi-types.js'
import type { FailureCode } from '../../domain/failures.js'
import type { HostImage } from '../../domain/host-return.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

/** A depot in our store, to be copied to a datastore that the host mounts; without a name the one with most free space. */
export interface StoredDepot {
  image_id: string
  datastore: string | null
}

export interface EsxiSelection {
  /** As the host sees it; empty while the depot lies in our store only. */
  depot_path: string
  /** Where the depot lies in our store: it is copied to the host's side before it is used there. */
  stored_depot?: StoredDepot
  profile_name: string | null
  target_build: number | null
  flavor: 'standard' | 'no-tools'
  method: 'update' | 'install'
  accept_removed_vibs: string[]
  allow_hardware_warnings: boolean
}

export type PreflightAnswer = EsxiPreflightVerdict

/** How an update ended. A refused one tells whether the host still holds exactly what it held before. */
export type UpdateEnd =
  | { refused: { code: FailureCode; message: string; nothing_applied: boolean } }
  | { refused: null; unchanged: boolean; reboot_required: boolean; vibs_removed: string[]; vibs_installed: number }

export interface EsxiActivities {
  /**
   * All checks of esxi_preflight on one host. Needs SSH to be on for the host's part; `ssh_available: false` leaves that
   * part out with a warning. Stores the answer when `store`.
   */
  preflightHost(input: {
    context: WorkContext
    host_id: string
    selection: EsxiSelection
    ssh_available: boolean
    run_dry_run: boolean
    store: boolean
    /** Given where leaving the cluster is part of the question; its own lease is no obstacle. */
    owner_workflow_id?: string
  }): Promise<PreflightAnswer>
  /** Keeps the recovery key of a host that is sealed to its TPM, sealed, in our store. */
  storeRecoveryKey(input: { context: WorkContext; host_id: string }): Promise<{ stored: boolean }>
  /** Starts the detached update (O) under the operation id; adopts one that runs or has ended. */
  startUpdate(input: {
    context: WorkContext
    host_id: string
    selection: EsxiSelection & { profile_name: string }
    step: string
  }): Promise<{ operation_id: string; before: HostImage }>
  /** Waits for the update to end and reads its result; what the tool refused is a value. `unchanged` = already there. */
  waitUpdate(input: {
    context: WorkContext
    host_id: string
    operation_id: string
    before: HostImage
    limit_minutes: number
    since: string
  }): Promise<UpdateEnd>
  /** Reads version and build from vCenter until stable. Throws `RolledBack` or `VersionUnchanged` when it is not the wanted one. */
  verifyBuild(input: {
    context: WorkContext
    host_id: string
    target_build: number
    build_before: number | null
  }): Promise<{ version: string | null; build: number | null }>
}

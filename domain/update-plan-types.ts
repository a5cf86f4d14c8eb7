import type { Blocker } from './failures.js'
import type { Component, ComponentClass, Criticality, FirmwarePackage, FirmwareServer } from './firmware-facts.js'

/** What the operator wants; names as in `details` of `full_server_update`. */
export interface UpdateSelection {
  /** Absent = all but PSU, CPLD and TPM. */
  components?: readonly Component[]
  exclude_components?: readonly Component[]
  min_criticality: Criticality
  allow_downgrade: boolean
  reinstall_same: boolean
  /** Exactly these packages instead of a comparison. */
  package_ids?: readonly string[]
  /** Only this device. */
  fqdd?: string
  /** Only what this word names: a component id, a kind of component, or a part of the name. */
  component?: string
  missing_files: 'fail' | 'skip'
  skip_not_applicable: boolean
}

/** One package for one or more equal devices of a server: uploaded once. */
export interface PlannedUpdate {
  package_id: string
  filename: string
  size_bytes: number
  component: Component
  component_class: ComponentClass
  component_id: string | null
  name: string
  fqdds: string[]
  /** Installed versions, one per device, in the order of `fqdds`. */
  from: string[]
  to: string
  downgrade: boolean
  /** Can the device go back to its former image by itself? */
  reversible: boolean
  /** Why it stands in an earlier phase than its class says. */
  reason?: string
  /** The file must be fetched into the store first, by this entry of the catalogue. */
  catalog_entry_id?: string
}

export type UpdatePhaseKind = 'prerequisite' | 'direct' | 'host_reboot' | 'cpld' | 'idrac'

export interface UpdatePhase {
  kind: UpdatePhaseKind
  updates: PlannedUpdate[]
  /** How they are sent: at once, or staged until the reset at the end of the phase. */
  apply_time: 'Immediate' | 'OnReset'
  /** Does the host restart at the end of this phase? */
  reboot: boolean
  /** Does the iDRAC restart, so that it must be waited for before the next phase? */
  idrac_restart: boolean
  reason: string
}

/** A component that is left as it is, and why. */
export interface UnplannedUpdate {
  component: Component
  name: string
  fqdd: string | null
  installed: string
  offered: string | null
  why:
    | 'unchanged'
    | 'newer_installed'
    | 'incomparable'
    | 'not_selected'
    | 'criticality'
    | 'not_updateable'
    | 'missing_file'
  message: string
}

export interface UpdatePlan {
  server_id: string
  phases: UpdatePhase[]
  left_out: UnplannedUpdate[]
  /** Names of inventory rows without any package: never "compliant". */
  not_in_catalog: string[]
  not_applicable: { package_id: string; filename: string; message: string }[]
  reboots: number
  bytes: number
  /** Must the host be empty? False when only `direct` and `idrac` components are in the plan. */
  needs_maintenance: boolean
  estimate_minutes: number
  blockers: Blocker[]
  warnings: Blocker[]
}

export type PlanUpdates = (
  server: FirmwareServer,
  packages: readonly FirmwarePackage[],
  selection: UpdateSelection,
) => UpdatePlan

export const DEFAULT_SELECTION: UpdateSelection = {
  min_criticality: 'recommended',
  allow_downgrade: false,
  reinstall_same: false,
  missing_files: 'fail',
  skip_not_applicable: true,
}

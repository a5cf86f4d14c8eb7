/** What the Redfish client reports about a device. Keys are the wire and column names; `null` or `Unknown` means: not said. */

export type Generation = 'idrac7' | 'idrac8' | 'idrac9' | 'idrac10' | 'unknown'
export type PowerState = 'On' | 'Off' | 'PoweringOn' | 'PoweringOff' | 'Unknown'
export type Health = 'OK' | 'Warning' | 'Critical' | 'Unknown'

/** The root, as it answers without any login. */
export interface RootFacts {
  vendor: string | null
  product: string | null
  /** Does it say that it is an iDRAC? `null`: Redfish, but it does not say who made it; ask again with a login. */
  is_idrac: boolean | null
  /** Whoever made the service, in its own words, or null where it says nothing. */
  maker: string | null
  service_tag: string | null
  manager_mac: string | null
  redfish_version: string | null
  sessions_path: string
  supports_expand: boolean
  supports_select: boolean
}

export interface SystemFacts {
  path: string
  /** The `SKU`: a Dell `SerialNumber` is the board's. Upper case. */
  service_tag: string | null
  model: string | null
  manufacturer: string | null
  uuid: string | null
  host_name: string | null
  asset_tag: string | null
  bios_version: string | null
  power_state: PowerState
  health: Health
  /** The power state as the device wrote it. */
  raw_power_state: string | null
  boot_progress: string | null
  last_reset_at: string | null
  memory_gib: number | null
  processor_count: number | null
  processor_model: string | null
  /** Dell's system id, four upper-case hex digits as in catalogues (`090E`). */
  system_id: string | null
  system_generation: string | null
  express_service_code: string | null
  /** Dell rollups by component (`fan`, `ps`, `storage`), as written. */
  rollups: Record<string, string>
  reset_types: string[]
  boot: BootFacts
}

export interface BootFacts {
  override_target: string | null
  override_enabled: string | null
  override_mode: string | null
  uefi_target: string | null
  targets: string[]
  boot_order: string[]
}

export interface ManagerFacts {
  path: string
  model: string | null
  generation: Generation
  firmware_version: string | null
  health: Health
  /** The device's own clock, with offset. */
  date_time: string | null
  uuid: string | null
  reset_types: string[]
  features: {
    jobs: boolean
    lifecycle_service: boolean
    job_service: boolean
    attributes: boolean
    console_tickets: boolean
    scp: boolean
  }
}

/** Which of the four stories a firmware row tells; only `installed` runs. */
export type FirmwareKind = 'installed' | 'previous' | 'current' | 'available' | 'other'

export interface FirmwareRow {
  id: string
  path: string | null
  kind: FirmwareKind
  /** Catalogue component id; `"0"` for PCI devices, which are matched by their PCI ids. */
  software_id: string | null
  component_id: string | null
  component_type: string | null
  name: string | null
  version: string
  /** `BIOS.Setup.1-1`; null on iDRAC7/8, whose rows carry none. */
  fqdd: string | null
  /** Upper case, four hex digits. */
  vendor_id: string | null
  device_id: string | null
  subvendor_id: string | null
  subdevice_id: string | null
  updateable: boolean | null
  installed_at: string | null
  released_at: string | null
  changes_tpm_measurements: boolean | null
  health: Health
}

export type JobStateClass = 'running' | 'staged' | 'succeeded' | 'failed' | 'partial' | 'needs_action' | 'unknown'

export interface DeviceJob {
  /** `JID_…` or `RID_…`. */
  id: string
  name: string | null
  job_type: string | null
  /** The judgement of state, message id and text together. A firmware job is still only believed after the inventory. */
  state_class: JobStateClass
  /** `Completed`, `Scheduled`, … as the device wrote it. */
  raw_state: string | null
  /** Shown, never trusted. */
  percent: number | null
  /** Without registry prefix: `PR19`. */
  message_id: string | null
  message: string | null
  message_args: string[]
  /** What the job's name says about its component: `BIOS.Setup.1-1`, `BIOS`. */
  component_hint: string | null
  target_settings_uri: string | null
  /** Device-local, usually without offset: compare with other times of the same device only. */
  start_time: string | null
  actual_start_time: string | null
  end_time: string | null
  /** Which view answered. */
  view: 'dell' | 'dmtf' | 'task'
}

export interface ReadinessFacts {
  /** false: this firmware has no readiness call; the gate is judged by jobs only. */
  supported: boolean
  ready: boolean
  /** The Lifecycle Controller is switched off: waiting does not help. */
  disabled: boolean
  lc_status: string | null
  rt_status: string | null
  server_status: string | null
  status: string | null
  message_id: string | null
  /** What keeps it from being ready, in the device's words: `LCStatus=InUse`. */
  blocking: string[]
}

export interface LogEntry {
  /** Null when the device gives an id that is no number. */
  entry_id: number | null
  logged_at: string | null
  severity: Health
  message_id: string | null
  message: string
  message_args: string[]
  category: string | null
  sensor_type: string | null
  entry_code: string | null
  raw: Record<string, unknown>
}

export interface LogPage {
  entries: LogEntry[]
  /** Path of the next (older) page; null at the end. */
  next: string | null
  total: number | null
}

export interface Fault {
  severity: Health
  message_id: string | null
  message: string
  component: string | null
  since: string | null
}

export interface HealthFacts {
  health: Health
  power_state: PowerState
  rollups: Record<string, string>
  /** Null: this firmware has no fault list. */
  faults: Fault[] | null
}

export interface ComponentHealth {
  /** `fan:Fan.Embedded.1A`: stable key of a row. */
  component: string
  kind:
    | 'fan'
    | 'temperature'
    | 'psu'
    | 'redundancy'
    | 'controller'
    | 'drive'
    | 'volume'
    | 'dimm'
    | 'cpu'
    | 'accelerator'
    | 'voltage'
  name: string
  health: Health
  state: string | null
  /** Numbers carry their unit in the key: `rpm`, `celsius`, `watts`. */
  reading: Record<string, number | string | boolean>
  faults: string[]
}

export interface BiosFacts {
  path: string
  attributes: Record<string, string | number | boolean | null>
  registry: string | null
  settings_path: string | null
  apply_times: string[]
}

export interface NetworkPort {
  fqdd: string
  name: string | null
  mac_address: string | null
  permanent_mac_address: string | null
  link_status: string | null
  speed_mbps: number | null
  health: Health
}

export interface DriveFacts {
  fqdd: string
  name: string | null
  model: string | null
  manufacturer: string | null
  serial_number: string | null
  capacity_bytes: number | null
  media_type: string | null
  protocol: string | null
  revision: string | null
  failure_predicted: boolean | null
  life_left_percent: number | null
  raid_status: string | null
  health: Health
}

export interface LicenceFacts {
  id: string
  description: string | null
  licence_type: string | null
  status: string | null
  ends_at: string | null
}

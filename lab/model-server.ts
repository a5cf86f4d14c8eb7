/** State of one simulated PowerEdge server and its iDRAC. Plain JSON data; times are simulated milliseconds. */
import type { FaceState, FirmwareComponentName, JsonValue, PciIds, SimFirmwareFile } from './model.js'

export type Generation = '14G' | '15G' | '16G' | '17G'
export type ServerPower = 'On' | 'Off' | 'PoweringOn' | 'PoweringOff'

/**
 * What the machine does between power and operating system:
 * `off` → `post` (memory test, option ROMs) → `applying` (staged jobs run in the Lifecycle Controller) → `post` again
 * after jobs → `inventory` (collecting system inventory) → `os_boot` → `running`. `shutdown` = the OS goes down.
 */
export type BootPhase = 'off' | 'post' | 'applying' | 'inventory' | 'os_boot' | 'running' | 'shutdown'

/**
 * How an update of a component takes effect: `direct` = runs at once, no reboot; `host_reboot` = staged, runs in the
 * next boot; `cpld` = staged alone, power-cycle-like, the iDRAC restarts too; `idrac` = at once, the iDRAC restarts.
 */
export type UpdateClass = 'direct' | 'host_reboot' | 'cpld' | 'idrac'

/** One row of the firmware inventory (installed), with its way back. */
export interface SimFirmware {
  component: FirmwareComponentName
  fqdd: string
  name: string
  /** SoftwareId / ComponentID; `0` where devices are known by PCI ids only */
  component_id: string
  component_type: 'BIOS' | 'FRMW' | 'APAC'
  version: string
  /** `Previous-` row, null where there is none */
  previous_version: string | null
  class: UpdateClass
  updateable: boolean
  pci?: PciIds
  /** simulated time of the last installation */
  installed_at: number
}

/** States of a Dell Lifecycle job. */
export type DellJobState =
  | 'New'
  | 'Downloading'
  | 'Downloaded'
  | 'Scheduling'
  | 'Scheduled'
  | 'Waiting'
  | 'Running'
  | 'Paused'
  | 'RebootPending'
  | 'RebootCompleted'
  | 'RebootFailed'
  | 'UserIntervention'
  | 'PendingReboot'
  | 'ReadyForExecution'
  | 'Completed'
  | 'CompletedWithErrors'
  | 'Failed'

/** Final states: nothing happens to the job any more. */
export const FINAL_JOB_STATES: readonly DellJobState[] = [
  'Completed',
  'CompletedWithErrors',
  'Failed',
  'RebootCompleted',
  'RebootFailed',
]

/** A job of the Lifecycle Controller's queue. */
export interface SimJob {
  /** `JID_…` or `RID_…` */
  id: string
  kind: 'firmware' | 'bios_config' | 'scp_import' | 'scp_export' | 'reboot' | 'other'
  /** Dell's JobType: `FirmwareUpdate`, `BIOSConfiguration`, `ImportConfiguration`, `RebootForce`, … */
  job_type: string
  /** `Firmware Update: BIOS` */
  name: string
  state: DellJobState
  /** last settled percentage; while Running between `started_at` and `ends_at` see jobPercent() of jobs.ts */
  percent: number
  message: string
  message_id: string
  message_args: string[]
  apply: 'Immediate' | 'OnReset' | 'OnStartUpdateRequest'
  created_at: number
  started_at: number | null
  /** when the running phase ends, if it is running */
  ends_at: number | null
  ended_at: number | null
  /** firmware jobs: what is installed when it runs; the rows that change are those of `fqdds` */
  component: FirmwareComponentName | null
  fqdds: string[]
  target_version: string | null
  from_version: string | null
  class: UpdateClass | null
  /** the package is a rollback of a `Previous-` row */
  rollback: boolean
  /** the job no longer shows in /TaskService (personality `task_vanishes`), only in the Dell job queue */
  task_purged: boolean
  /** whatever the face needs: BIOS attributes to set, an export's text, a reboot type */
  payload: Record<string, JsonValue>
}

/** One Redfish session of an iDRAC. */
export interface SimSession {
  id: string
  token: string
  user: string
  client: string
  created_at: number
  last_used_at: number
}

/** One entry of the System Event Log or the Lifecycle log. */
export interface SimLogEntry {
  id: number
  at: number
  message_id: string
  message: string
  message_args: string[]
  severity: 'OK' | 'Warning' | 'Critical'
  category: string
  fqdd?: string
}

export interface SimIdrac {
  /** name of the device in `/lab/site` and in the ledger */
  name: string
  address: string
  port: number
  username: string
  password: string
  /** same text as the `idrac` row of `firmware` */
  firmware_version: string
  mac_address: string
  /** the listener is closed until then (restart); null = it is there */
  dark_until: number | null
  /** after `dark_until` the services still load: 503, then `SWC0700`, until then; null = ready */
  loading_until: number | null
  /** counts restarts of the iDRAC; a token of an earlier one is worth nothing */
  restart_count: number
  lockdown: boolean
  license: 'Express' | 'Enterprise' | 'Datacenter'
  /** the virtual console can be launched */
  kvm: boolean
  sessions: SimSession[]
  /** connections are refused until then after three wrong passwords in 60 s; null = none */
  blocked_until: number | null
  jobs: SimJob[]
  /** System Event Log and Lifecycle log, oldest first */
  sel: SimLogEntry[]
  lifecycle_log: SimLogEntry[]
  /** attributes of iDRAC, System and LifecycleController that differ from the model's defaults */
  attributes: Record<string, string | number>
  /** the face's own data */
  face: FaceState
}

/** A physical server. */
export interface SimServer {
  /** = `idrac.name` */
  name: string
  service_tag: string
  /** board serial: what `SerialNumber` of the ComputerSystem shows */
  board_serial: string
  uuid: string
  /** `PowerEdge R750` */
  model: string
  generation: Generation
  /** decimal, as DellSystem.SystemID */
  system_id: number
  idrac: SimIdrac
  power: ServerPower
  /** begins with 1; grows when a boot begins */
  boot_count: number
  boot: { phase: BootPhase; since: number /** null = stays */; ends_at: number | null }
  /** when the last boot began; absent until the phase changes for the first time */
  reset_at?: number
  /** what follows the phase `shutdown` */
  boot_after_shutdown: 'off' | 'boot' | null
  /** the operating system ignores a graceful request until it is forced */
  ignores_graceful: boolean
  /** what runs on it: the vSphere host's name, or null for a standalone server */
  host: string | null
  os: 'ESXi' | 'Linux' | 'none'
  firmware: SimFirmware[]
  /** name of a personality of presets.ts; null = ordinary */
  personality: string | null
  bios_attributes: Record<string, string | number>
  /** staged by PATCH of Bios/Settings, not yet in a job */
  bios_pending: Record<string, string | number>
  boot_override: { enabled: 'Disabled' | 'Once' | 'Continuous'; target: string; mode: 'UEFI' | 'Legacy' }
  boot_order: string[]
  indicator_led: 'Lit' | 'Blinking' | 'Off'
  hardware: {
    cpu_count: number
    cpu_model: string
    cores_per_cpu: number
    memory_gib: number
    dimm_count: number
    nics: SimNic[]
    disks: SimDisk[]
    psu_watts: number
  }
}

export interface SimNic {
  fqdd: string
  mac_address: string
  link: 'Up' | 'Down'
  speed_mbps: number
}

export interface SimDisk {
  fqdd: string
  name: string
  serial: string
  bytes: number
  media: 'SSD' | 'HDD'
  protocol: 'SATA' | 'SAS' | 'NVMe'
}

/** What a face knows of an uploaded package after it has read its package.xml; see firmware/update-package.ts. */
export type PackageFacts = Pick<
  SimFirmwareFile,
  'version' | 'component_id' | 'component_type' | 'name' | 'models' | 'system_ids'
> & { pci?: PciIds; prerequisites: { component_id: string; version: string }[] }

/**
 * The state of the simulated site: plain JSON data, nothing else, so that it can be written to disk each second and
 * read back after a restart. Times are milliseconds of simulated time (see clock.ts) unless a name says otherwise.
 * Whatever goes on by itself stands in `agenda` as data (see agenda.ts), never in a closure.
 */
import type { SimDirectory } from './model-directory.js'
import type { SimServer } from './model-server.js'
import type { SimCluster, SimDatastore, SimDepot, SimHost, SimVcenter, SimVm } from './model-vsphere.js'

/** A value that survives JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }
/** A face's own persistent data on a device. */
export type FaceState = Record<string, JsonValue>

/** A thing that will happen at a simulated time; `type` names the handler, `data` is all that the handler gets. */
export interface AgendaItem {
  id: number
  /** simulated time in ms */
  due: number
  type: string
  data: Record<string, JsonValue>
}

/** One file of the web depot; its bytes are made from these facts again at every start, always the same. */
export interface SimFirmwareFile {
  file_name: string
  url: string
  size_bytes: number
  sha256: string
  component: FirmwareComponentName
  /** vendor version, as the inventory shows it after the update */
  version: string
  /** Dell version, `A00` */
  dell_version: string
  package_id: string
  release_date: string
  name: string
  /** catalogue componentID = SoftwareId of the inventory row; `0` for devices that are known by PCI ids only */
  component_id: string
  component_type: 'BIOS' | 'FRMW' | 'APAC'
  pci?: PciIds
  criticality: 1 | 2 | 3
  reboot_required: boolean
  models: string[]
  /** four upper-case hex digits, one per model */
  system_ids: string[]
  /** what must be there first, e.g. a CPLD or iDRAC version */
  prerequisites: { component_id: string; version: string }[]
}

/** Words of `full_server_update`'s `components`. */
export type FirmwareComponentName =
  | 'bios'
  | 'idrac'
  | 'raid'
  | 'hba'
  | 'nic'
  | 'fc'
  | 'drive'
  | 'backplane'
  | 'psu'
  | 'cpld'
  | 'tpm'
  | 'diagnostics'
  | 'driver_pack'
  | 'other'

/** Four upper-case hex digits each. */
export interface PciIds {
  vendor_id: string
  device_id: string
  sub_vendor_id: string
  sub_device_id: string
}

/** What the judge needs to know of the past; see invariants.ts. */
export interface SimHistory {
  /** cluster name -> the most hosts that were out at the same time */
  max_hosts_out: Record<string, number>
  /** `excused` of `count` surely changed nothing */
  firmware_submissions: { service_tag: string; component: string; version: string; count: number; excused: number }[]
  esxi_updates: { host: string; image: string; count: number; excused: number }[]
  host_reboots: { host: string; count: number; with_vms: number }[]
  /** device -> simulated times of wrong passwords of the last simulated minute, and the most that ever fell into one */
  failed_logins: Record<string, { recent: number[]; max_60s: number; locked: number }>
  /** device -> most sessions open at once */
  max_sessions: Record<string, number>
  /** sentences on what must never happen and did */
  violations: { name: string; sim_at: number; detail: string }[]
}

/** The whole site. */
export interface SimSite {
  /** as configured: `small`, `small:8`, `medium`, `fleet:500` */
  site: string
  seed: number
  /** second octet offset of all addresses (0 = 127.20, 127.30, …) */
  shift: number
  /** simulated time now, as of the last save */
  sim_now: number
  next_agenda_id: number
  agenda: AgendaItem[]
  /** how often each dice was thrown (see random.ts) */
  dice: Record<string, number>
  servers: SimServer[]
  vcenters: SimVcenter[]
  clusters: SimCluster[]
  hosts: SimHost[]
  vms: SimVm[]
  datastores: SimDatastore[]
  depots: SimDepot[]
  firmware: SimFirmwareFile[]
  directories: SimDirectory[]
  history: SimHistory
}

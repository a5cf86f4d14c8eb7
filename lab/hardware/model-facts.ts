/** What is the same for every machine of a model: data only; times are simulated milliseconds. */

import type { FirmwareComponentName, PciIds } from '../model.js'
import type { Generation, SimFirmware, UpdateClass } from '../model-server.js'

export type FirmwareSeed = Omit<SimFirmware, 'installed_at' | 'class' | 'updateable' | 'previous_version'> & {
  previous_version?: string | null
  updateable?: boolean
}

export interface HardwareModel {
  model: string
  generation: Generation
  /** decimal, as DellSystem.SystemID shows it */
  system_id: number
  cpu: { model: string; sockets: number; cores: number; mhz: number }
  memory_gib: number
  dimm_count: number
  disk: {
    name: string
    bytes: number
    media: 'SSD' | 'HDD'
    protocol: 'SATA' | 'SAS' | 'NVMe'
    count: number
    fqdd_tail: string
  }
  psu_watts: number
  nic_speed_mbps: number
  /** memory training and option ROMs */
  post_ms: number
  /** collecting system inventory */
  inventory_ms: number
  /** from the boot loader to a running operating system */
  os_boot_ms: number
  /** how long an iDRAC restart keeps the network away */
  idrac_dark_ms: number
  firmware: FirmwareSeed[]
  bios: Record<string, string | number>
}

export const MINUTE = 60_000
export const SECOND = 1000

/** How an update of this component takes effect. */
export function classOf(component: FirmwareComponentName): UpdateClass {
  if (component === 'idrac') return 'idrac'
  if (component === 'cpld') return 'cpld'
  if (component === 'diagnostics' || component === 'driver_pack' || component === 'other') return 'direct'
  return 'host_reboot'
}

/** How long the installation itself runs, simulated ms (BIOS and iDRAC as one recorded machine logged them). */
export function installMs(component: FirmwareComponentName): number {
  const minutes: Partial<Record<FirmwareComponentName, number>> = {
    bios: 3,
    idrac: 2.8,
    raid: 1,
    hba: 1.5,
    nic: 2,
    fc: 2,
    drive: 2,
    backplane: 1.5,
    psu: 8,
    cpld: 3,
    tpm: 1,
    diagnostics: 1,
    driver_pack: 1.5,
  }
  return (minutes[component] ?? 1) * MINUTE
}

/** Components whose old version is kept for a rollback. */
export const CAN_ROLL_BACK: readonly FirmwareComponentName[] = [
  'bios',
  'idrac',
  'raid',
  'nic',
  'fc',
  'psu',
  'backplane',
]

/** `System.SystemID` as four upper-case hex digits, as packages and catalogues name it. */
export function systemIdHex(systemId: number): string {
  return systemId.toString(16).toUpperCase().padStart(4, '0')
}

export function pci(vendor: string, device: string, subVendor: string, subDevice: string): PciIds {
  return { vendor_id: vendor, device_id: device, sub_vendor_id: subVendor, sub_device_id: subDevice }
}

/** The BIOS attributes that every model here has, with its own defaults on top. */
export function biosDefaults(model: Record<string, string | number>): Record<string, string | number> {
  return {
    LogicalProc: 'Enabled',
    ProcVirtualization: 'Enabled',
    SriovGlobalEnable: 'Enabled',
    BootMode: 'Uefi',
    SysProfile: 'PerfOptimized',
    MemTest: 'Disabled',
    NumLock: 'On',
    TpmSecurity: 'On',
    SecureBoot: 'Disabled',
    AcPwrRcvry: 'Last',
    NodeInterleave: 'Disabled',
    UsbPorts: 'AllOn',
    EmbSata: 'AhciMode',
    ProcX2Apic: 'Enabled',
    SubNumaCluster: 'Disabled',
    IoatEngine: 'Disabled',
    MmioAbove4Gb: 'Enabled',
    ...model,
  }
}

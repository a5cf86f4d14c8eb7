/** Words of `full_server_update`'s `components`. */
export const COMPONENTS = [
  'bios',
  'idrac',
  'raid',
  'hba',
  'nic',
  'fc',
  'drive',
  'backplane',
  'psu',
  'cpld',
  'tpm',
  'diagnostics',
  'driver_pack',
  'other',
] as const
export type Component = (typeof COMPONENTS)[number]

/**
 * What applying does: `direct` runs at once without a reboot, `host_reboot` is staged until the host restarts,
 * `cpld` goes alone with a cycle of its own, `idrac` restarts the iDRAC while the host runs on.
 */
export type ComponentClass = 'direct' | 'host_reboot' | 'cpld' | 'idrac'

export type Criticality = 'optional' | 'recommended' | 'urgent'

/** A PCI identity: upper case, four hex digits each; null where a vendor leaves it out. */
export interface PciIds {
  vendor_id: string | null
  device_id: string | null
  subvendor_id: string | null
  subdevice_id: string | null
}

/** One row of the firmware inventory that runs now (`Installed-...`); columns of `server_firmware`. */
export interface InstalledFirmware extends PciIds {
  /** Null on iDRAC7/8, whose rows carry none. */
  fqdd: string | null
  /** `0` for PCI and NVMe devices. */
  software_id: string | null
  component_id: string | null
  /** `BIOS FRMW APAC`. */
  component_type: string | null
  name: string | null
  version: string
  updateable: boolean | null
}

/** The device that a package can be applied to. */
export interface PackageDevice {
  component_id: string | null
  pci: PciIds[]
}

/** A component that must be at a version before this package may be applied. */
export interface PackagePrerequisite {
  component: Component
  /** The vendor's id of that component, as written. */
  component_id?: string | null
  /** Lowest version; null = any newer one than installed. */
  min_version: string | null
  /** Where it is said: the package, the catalogue, or a message id of the device. */
  source: string
}

/** A firmware package or a catalogue entry; columns of `firmware_packages`. */
export interface FirmwarePackage {
  id: string
  filename: string
  name: string
  version: string
  /** `A00` and so on. */
  dell_version?: string | null
  /** `LW64` is the form an iDRAC takes; null = unknown (then the file name decides). */
  package_type: string | null
  component_type: string | null
  /** System ids of four hex digits; empty = any system. */
  system_ids: string[]
  /** Model names as printed in the package; used only where the server does not tell its system id. */
  models?: string[]
  devices: PackageDevice[]
  release_date: string | null
  criticality: Criticality | null
  reboot_required: boolean | null
  size_bytes: number
  sha256?: string | null
  prerequisites: PackagePrerequisite[]
  /** Class stored with the package, if someone decided it; otherwise it is derived. */
  component_class?: ComponentClass | null
  /** Is the file in our store (or reachable within the allow-list)? */
  file_available: boolean
  /** Set while the file is not in our store yet: the entry of the catalogue that says where it lies and what it must be. */
  catalog_entry_id?: string
}

/** What is known of the server that a package is matched with. */
export interface FirmwareServer {
  id: string
  name: string
  model: string | null
  /** Dell system id as four hex digits; null on generations that do not tell. */
  system_id: string | null
  /** `idrac7 idrac8 idrac9 idrac10 unknown`. */
  generation: string
  inventory: InstalledFirmware[] | null
}

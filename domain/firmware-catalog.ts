import type {
  Component,
  ComponentClass,
  FirmwarePackage,
  FirmwareServer,
  InstalledFirmware,
  PackageDevice,
  PciIds,
} from './firmware-facts.js'
import { compareVersions } from './versions.js'

/** Component ids that are the same on all generations. */
const BY_ID: Readonly<Record<string, Component>> = {
  '159': 'bios',
  '25227': 'idrac',
  '27763': 'cpld',
  '25806': 'diagnostics',
  '18981': 'driver_pack',
  '109673': 'tpm',
  '107649': 'backplane',
  '101068': 'backplane',
}

/**
 * Component ids that run at once without touching the host: Lifecycle Controller, diagnostics, driver pack, OS collector,
 * service module. Everything else is treated as needing a reboot.
 * QUIRK iDRAC9 from 5.x: `Immediate` on a host component reboots the host without asking. Seen: apply time Immediate on
 * BIOS. Source: Redfish reference, section on staging and apply time.
 */
const DIRECT_IDS: readonly string[] = ['28897', '25806', '18981', '101734', '104684']

const BY_FQDD: readonly [RegExp, Component][] = [
  [/^BIOS\./i, 'bios'],
  [/^iDRAC\./i, 'idrac'],
  [/^CPLD\./i, 'cpld'],
  [/^TPM\./i, 'tpm'],
  [/^PSU\./i, 'psu'],
  [/^Diagnostics\./i, 'diagnostics'],
  [/^DriverPack\./i, 'driver_pack'],
  [/Backplane/i, 'backplane'],
  [/^(Disk|PCIeSSD)\./i, 'drive'],
  [/^Enclosure\./i, 'backplane'],
  [/^RAID\./i, 'raid'],
  [/^(NonRAID|AHCI)\./i, 'hba'],
  [/^(NIC|InfiniBand)\./i, 'nic'],
  [/^FC\./i, 'fc'],
]

const BY_NAME: readonly [RegExp, Component][] = [
  [/\bcpld\b/i, 'cpld'],
  [/\btpm\b|trusted platform/i, 'tpm'],
  [/power[ _-]?supply|^power[_-]/i, 'psu'],
  [/diagnostic/i, 'diagnostics'],
  [/driver[ _-]?pack|drivers-for-os/i, 'driver_pack'],
  [/backplane|expander|\bBP\d+G/i, 'backplane'],
  [/pcie[ _-]?ssd|solid state|hard drive|sas-drive|serial-ata|\bnvme\b/i, 'drive'],
  [/non-raid|\bhba\d*|boss|ahci/i, 'hba'],
  [/perc|raid/i, 'raid'],
  [/fibre|fiber|\bfc\b|qlogic \d+gb fc/i, 'fc'],
  [/ethernet|network|nic\b|ndc|mellanox|connectx|infiniband|broadcom|intel\(r\)/i, 'nic'],
  [/idrac|integrated dell remote access|remote access controller/i, 'idrac'],
  [/bios/i, 'bios'],
]

const firstMatch = (table: readonly [RegExp, Component][], text: string) =>
  table.find(([pattern]) => pattern.test(text))?.[1]

/** The id that a package names: that of the device, else the software id; `0` means "told by PCI ids only". */
export function componentIdOf(row: Pick<InstalledFirmware, 'component_id' | 'software_id'>): string | null {
  const id = row.component_id && row.component_id !== '0' ? row.component_id : row.software_id
  return id && id !== '0' ? id : null
}

/** The component word of an inventory row: by its id, then its FQDD, then its name (old iDRACs give no FQDD). */
export function componentOfRow(row: InstalledFirmware): Component {
  const known = BY_ID[componentIdOf(row) ?? '']
  if (known) return known
  if (DIRECT_IDS.includes(componentIdOf(row) ?? '')) return 'other'
  return firstMatch(BY_FQDD, row.fqdd ?? '') ?? firstMatch(BY_NAME, row.name ?? '') ?? 'other'
}

/** The component word of a package: by the ids of its devices, then its type, then its names. */
export function componentOfPackage(pack: FirmwarePackage): Component {
  const ids = pack.devices.map((device) => device.component_id ?? '')
  const known = ids.map((id) => BY_ID[id]).find((component) => component !== undefined)
  if (known) return known
  if (ids.some((id) => DIRECT_IDS.includes(id))) return 'other'
  if (pack.component_type === 'BIOS') return 'bios'
  return firstMatch(BY_NAME, pack.name) ?? firstMatch(BY_NAME, pack.filename.replaceAll('_', ' ')) ?? 'other'
}

/**
 * What applying a package does to server and iDRAC. `direct` only where every device id is known to be direct; a class
 * that someone stored may make it more careful, never less.
 */
export function classOfPackage(pack: FirmwarePackage): ComponentClass {
  const component = componentOfPackage(pack)
  if (component === 'idrac') return 'idrac'
  if (component === 'cpld' || pack.component_class === 'cpld') return 'cpld'
  const ids = pack.devices.map((device) => device.component_id ?? '')
  const direct = ids.length > 0 && ids.every((id) => DIRECT_IDS.includes(id))
  return direct && pack.component_class !== 'host_reboot' ? 'direct' : 'host_reboot'
}

/** Can the device go back to its former image? */
export function isReversible(component: Component): boolean {
  return ['bios', 'idrac', 'raid', 'nic', 'fc', 'psu', 'backplane'].includes(component)
}

const sameId = (a: string | null, b: string | null) => a !== null && b !== null && a.toUpperCase() === b.toUpperCase()

/** PCI tuples match in all four parts; a package that leaves the subsystem open serves every one. */
function pciMatches(wanted: PciIds, row: PciIds): boolean {
  const sub = (a: string | null, b: string | null) => a === null || a === '' || sameId(a, b)
  return (
    sameId(wanted.vendor_id, row.vendor_id) &&
    sameId(wanted.device_id, row.device_id) &&
    sub(wanted.subvendor_id, row.subvendor_id) &&
    sub(wanted.subdevice_id, row.subdevice_id)
  )
}

function deviceMatches(device: PackageDevice, row: InstalledFirmware): boolean {
  const id = componentIdOf(row)
  if (id !== null) return device.component_id === id
  return device.pci.some((pci) => pciMatches(pci, row))
}

/** Inventory rows that a package can be applied to; one upload may serve several. */
export function matchingRows(pack: FirmwarePackage, server: FirmwareServer): InstalledFirmware[] {
  return (server.inventory ?? []).filter((row) => pack.devices.some((device) => deviceMatches(device, row)))
}

const fitsModel = (pack: FirmwarePackage, model: string) =>
  (pack.models ?? []).some((name) => model.toUpperCase().includes(name.toUpperCase()))

/** Why a package does not fit a server as a whole; null = it may. Devices are a question of their own. */
export function whyNotForServer(pack: FirmwarePackage, server: FirmwareServer): string | null {
  const type = pack.package_type
  if (type !== null && type !== 'LW64') return `An iDRAC does not take packages of type ${type}.`
  if (type === null && /\.bin$/i.test(pack.filename)) return 'An iDRAC does not take Linux packages.'
  if (pack.system_ids.length === 0) return null
  if (server.system_id !== null) {
    const fits = pack.system_ids.some((id) => id.toUpperCase() === server.system_id?.toUpperCase())
    return fits ? null : `The package is not for system id ${server.system_id}.`
  }
  // QUIRK iDRAC8 2.81: it tells no system id, so the model's name decides; what is bound to the board needs that proof.
  // Seen: no DellSystem resource. Source: R630 recording.
  const bound = ['bios', 'cpld'].includes(componentOfPackage(pack))
  if (!bound || (server.model !== null && fitsModel(pack, server.model))) return null
  return 'The server does not tell its system id, and the model is not named in the package.'
}

/** Is this package rather to be taken than the other? Higher version; equal or incomparable: the newer release date. */
export function isBetterPackage(a: FirmwarePackage, b: FirmwarePackage): boolean {
  const order = compareVersions(a.version, b.version)
  if (order === 'newer' || order === 'older') return order === 'newer'
  const [left, right] = [a.release_date ?? '', b.release_date ?? '']
  return left === right ? a.id < b.id : left > right
}

/** The best package for one inventory row; null = none fits ("not in catalogue", never "compliant"). */
export function bestPackage(
  row: InstalledFirmware,
  server: FirmwareServer,
  packages: readonly FirmwarePackage[],
): FirmwarePackage | null {
  return packages
    .filter(
      (pack) => whyNotForServer(pack, server) === null && pack.devices.some((device) => deviceMatches(device, row)),
    )
    .reduce<FirmwarePackage | null>((best, pack) => (best === null || isBetterPackage(pack, best) ? pack : best), null)
}

/** A Dell system id as catalogues write it: 2318 is `090E`. */
export function systemIdText(system_id: number): string {
  return system_id.toString(16).toUpperCase().padStart(4, '0')
}

/** What a row is called in plans and messages: its FQDD, else its name, else its id. */
export function rowLabel(row: InstalledFirmware): string {
  return row.fqdd ?? row.name ?? row.software_id ?? 'unnamed device'
}

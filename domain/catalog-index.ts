import { componentIdOf } from './firmware-catalog.js'
import type { FirmwarePackage, InstalledFirmware } from './firmware-facts.js'

/** The packages of a catalogue by what an inventory row tells of itself, so that no comparison walks them all. */
export interface CatalogIndex {
  candidates(row: InstalledFirmware, system_id: string | null): readonly FirmwarePackage[]
  /** The same, for whatever system. */
  anywhere(row: InstalledFirmware): readonly FirmwarePackage[]
}

const ANY_SYSTEM = '*'
const ALL = '?'
const NONE: readonly FirmwarePackage[] = []

/** Builds the index once; looking up is one or two reads per row, however large the catalogue is. */
export function indexCatalog(packages: readonly FirmwarePackage[]): CatalogIndex {
  const byKey = new Map<string, FirmwarePackage[]>()
  const put = (key: string, pack: FirmwarePackage) => {
    const list = byKey.get(key)
    if (!list) byKey.set(key, [pack])
    else if (list.at(-1) !== pack) list.push(pack)
  }
  for (const pack of packages) {
    const systems = pack.system_ids.length === 0 ? [ANY_SYSTEM] : pack.system_ids.map((id) => id.toUpperCase())
    for (const device of keysOfPackage(pack)) for (const system of [...systems, ALL]) put(`${system}|${device}`, pack)
  }
  const under = (system: string, row: InstalledFirmware) => byKey.get(`${system}|${keyOfRow(row)}`) ?? NONE
  return {
    candidates: (row, system_id) =>
      system_id === null ? under(ALL, row) : [...under(system_id.toUpperCase(), row), ...under(ANY_SYSTEM, row)],
    anywhere: (row) => under(ALL, row),
  }
}

function keysOfPackage(pack: FirmwarePackage): Set<string> {
  const pci = pack.devices.flatMap((device) => device.pci.map((ids) => pciKey(ids.vendor_id, ids.device_id)))
  return new Set([...pack.devices.flatMap((device) => device.component_id ?? []), ...pci])
}

function keyOfRow(row: InstalledFirmware): string {
  return componentIdOf(row) ?? pciKey(row.vendor_id, row.device_id)
}

const pciKey = (vendor: string | null, device: string | null) =>
  `${(vendor ?? '').toUpperCase()}:${(device ?? '').toUpperCase()}`

import type { SimFirmware, SimServer } from '../model-server.js'
import { availablePackages } from './available.js'
import { serverDigits } from './personalise.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { collection, INVENTORY, link, type Reader, ROOT, type View } from './view.js'

export type RowKind = 'Installed' | 'Previous' | 'Current'

const versionOf = (kind: RowKind, row: SimFirmware): string =>
  kind === 'Previous' ? (row.previous_version ?? '') : row.version

/** Id of a row: `<Kind>-<SoftwareId>-<Version>__<FQDD>`, as on the recorded iDRAC9. */
export const inventoryId = (kind: RowKind, row: SimFirmware): string =>
  `${kind}-${row.component_id}-${versionOf(kind, row)}__${row.fqdd}`

// Components whose package stays on the machine show it as a `Current-` row beside the installed one.
const keepsPackage = (row: SimFirmware): boolean =>
  ['bios', 'nic', 'backplane'].includes(row.component) && row.previous_version !== null

/** Every row with its kind, in the order of the recorded machine: Current, Installed, Previous. */
export function inventoryRows(server: SimServer): { kind: RowKind; row: SimFirmware }[] {
  const rows = [...server.firmware].sort((a, b) => (inventoryId('Installed', a) < inventoryId('Installed', b) ? -1 : 1))
  return [
    ...rows.filter(keepsPackage).map((row) => ({ kind: 'Current' as const, row })),
    ...rows.map((row) => ({ kind: 'Installed' as const, row })),
    ...rows.filter((row) => row.previous_version !== null).map((row) => ({ kind: 'Previous' as const, row })),
  ]
}

function identity(row: SimFirmware): { type: string; value: string } {
  const family = row.component_type === 'BIOS' ? 'BIOS' : 'firmware'
  if (!row.pci) return { type: 'OrgID:ComponentType:ComponentID', value: `DCIM:${family}:${row.component_id}` }
  const { vendor_id, device_id, sub_vendor_id, sub_device_id } = row.pci
  return {
    type: 'OrgID:ComponentType:VendorID:DeviceID:SubVendorID:SubDeviceID',
    value: `DCIM:${family}:${vendor_id}:${device_id}:${sub_vendor_id}:${sub_device_id}`,
  }
}

function versionNumbers(version: string): JsonObject {
  const [major = null, minor = null, revision = null] = version
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : null))
  return { MajorVersion: major, MinorVersion: minor, RevisionNumber: revision, RevisionString: null }
}

const STATUS: Record<RowKind, string> = {
  Installed: 'Installed',
  Previous: 'AvailableForInstallation',
  Current: 'AvailableForInstallation',
}

function dellSoftware(view: View, kind: RowKind, row: SimFirmware, path: string): JsonObject {
  const id = `DCIM:${kind.toUpperCase()}_0x23_${row.component_id}__${row.fqdd}`
  const { type, value } = identity(row)
  const installed = row.installed_at > 0 ? `${new Date(row.installed_at).toISOString().slice(0, 19)}Z` : 'NA'
  return {
    '@odata.context': `${ROOT}/$metadata#DellSoftwareInventory.DellSoftwareInventory`,
    '@odata.id': `${path}/Oem/Dell/DellSoftwareInventory/${id}`,
    '@odata.type': '#DellSoftwareInventory.v1_1_1.DellSoftwareInventory',
    BuildNumber: 0,
    Classifications: [
      row.component_type === 'BIOS' ? 'BIOS/FCode' : row.component_type === 'APAC' ? 'Other' : 'Firmware',
    ],
    'Classifications@odata.count': 1,
    ComponentID: row.component_id === '0' ? null : row.component_id,
    ComponentType: row.component_type,
    Description:
      'The DellSoftwareInventory resource is a representation of an available device firmware in the managed system.',
    DeviceID: row.pci?.device_id ?? null,
    ElementName: row.name,
    HashValue: kind === 'Installed' ? serverDigits(view.server, `${row.component_id} ${row.version}`, 64) : null,
    Id: id,
    IdentityInfoType: [type],
    'IdentityInfoType@odata.count': 1,
    IdentityInfoValue: [value],
    'IdentityInfoValue@odata.count': 1,
    InstallationDate: kind === 'Installed' ? installed : 'NA',
    IsEntity: true,
    ...versionNumbers(versionOf(kind, row)),
    Name: 'DellSoftwareInventory',
    ...(view.profile.registry === 'IDRAC.2.7' ? {} : { SidebandUpdateCapable: false }),
    Status: STATUS[kind],
    SubDeviceID: row.pci?.sub_device_id ?? null,
    SubVendorID: row.pci?.sub_vendor_id ?? null,
    VendorID: row.pci?.vendor_id ?? null,
    impactsTPMmeasurements: row.component === 'bios',
  }
}

function rowBody(view: View, kind: RowKind, row: SimFirmware): JsonObject {
  const id = inventoryId(kind, row)
  const path = `${INVENTORY}/${id}`
  // QUIRK iDRAC9 6.00.30: a date that is not known reads 00:00:00Z. Source: recorded FirmwareInventory.
  const released = row.component === 'bios' || row.component === 'idrac' ? '2022-09-16T00:00:00Z' : '00:00:00Z'
  return {
    '@odata.context': `${ROOT}/$metadata#SoftwareInventory.SoftwareInventory`,
    '@odata.id': path,
    '@odata.type': '#SoftwareInventory.v1_4_0.SoftwareInventory',
    Description: 'Represents Firmware Inventory',
    Id: id,
    Name: view.flags.untidy_data ? `${row.name} ` : row.name,
    Oem: {
      Dell: {
        '@odata.type': '#DellOem.v1_3_0.DellOemResources',
        DellSoftwareInventory: dellSoftware(view, kind, row, path),
      },
    },
    ReleaseDate: released,
    SoftwareId: row.component_id,
    Status: { Health: 'OK', State: 'Enabled' },
    Updateable: row.updateable,
    Version: versionOf(kind, row),
  }
}

function availableBody(id: string, name: string, version: string, softwareId: string): JsonObject {
  return {
    '@odata.context': `${ROOT}/$metadata#SoftwareInventory.SoftwareInventory`,
    '@odata.id': `${INVENTORY}/${id}`,
    '@odata.type': '#SoftwareInventory.v1_4_0.SoftwareInventory',
    Description: 'Represents Firmware Inventory',
    Id: id,
    Name: name,
    ReleaseDate: '00:00:00Z',
    SoftwareId: softwareId,
    Status: { Health: 'OK', State: 'Enabled' },
    Updateable: true,
    Version: version,
  }
}

/** A new order at each call, from the iDRAC's own dice. */
function shuffled<T>(view: View, items: T[]): T[] {
  const turn = view.core.dice.between(`inventory order ${view.server.name}`, 0, Math.max(0, items.length - 1))
  return [...items.slice(turn), ...items.slice(0, turn)].reverse()
}

const readInventory: Reader = (view) => {
  const ids = [
    ...availablePackages(view.server).map((one) => one.id),
    ...inventoryRows(view.server).map(({ kind, row }) => inventoryId(kind, row)),
  ]
  // QUIRK iDRAC10: the member order changes per call. Source: NVIDIA/infra-controller.
  const ordered = view.profile.shufflesInventory || view.flags.inventory_shuffled ? shuffled(view, ids) : ids
  return collection(
    INVENTORY,
    'SoftwareInventoryCollection',
    'Firmware Inventory Collection',
    ordered.map((id) => link(`${INVENTORY}/${id}`)),
    'Collection of Firmware Inventory',
  )
}

const readRow: Reader = (view, [id]) => {
  const available = availablePackages(view.server).find((one) => one.id === id)
  if (available)
    return availableBody(available.id, available.facts.name, available.facts.version, available.facts.component_id)
  const found = inventoryRows(view.server).find(({ kind, row }) => inventoryId(kind, row) === id)
  return found && rowBody(view, found.kind, found.row)
}

export const inventoryReaders: Resource[] = [
  [pathPattern(INVENTORY), readInventory],
  [pathPattern(`${INVENTORY}/{id}`), readRow],
  [
    pathPattern(`${ROOT}/UpdateService/SoftwareInventory`),
    () =>
      collection(
        `${ROOT}/UpdateService/SoftwareInventory`,
        'SoftwareInventoryCollection',
        'Software Inventory Collection',
        [],
      ),
  ],
]

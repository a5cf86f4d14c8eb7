import type { FirmwareRow, ManagerFacts, SystemFacts } from '../clients/redfish/facts.js'
import type { FirmwareCatalogEntry } from '../db/schema/catalogs.js'
import type { FirmwarePackage as PackageRow } from '../db/schema/media.js'
import type { Server } from '../db/schema/servers.js'
import type { FirmwareItem } from '../db/stores/firmware-inventory.js'
import type { ServerFacts } from '../db/stores/servers.js'
import { systemIdText } from '../domain/firmware-catalog.js'
import type {
  Criticality,
  FirmwarePackage,
  FirmwareServer,
  InstalledFirmware,
  PackageDevice,
  PackagePrerequisite,
} from '../domain/firmware-facts.js'

/** Columns of `servers` from what system and manager say. */
export function serverColumns(system: SystemFacts, manager: ManagerFacts | null): ServerFacts {
  const now = new Date().toISOString()
  return {
    power_state: system.power_state,
    health_status: system.health,
    last_seen_at: now,
    last_health_at: now,
    last_error: null,
    credential_state: 'working',
    ...(system.model ? { model: system.model } : {}),
    ...(system.host_name ? { hostname: system.host_name } : {}),
    ...(system.bios_version ? { bios_version: system.bios_version } : {}),
    ...(system.uuid ? { system_uuid: system.uuid } : {}),
    ...(system.system_id ? { system_id: Number.parseInt(system.system_id, 16) } : {}),
    ...(system.asset_tag ? { asset_tag: system.asset_tag } : {}),
    ...(system.processor_model ? { cpu_model: system.processor_model } : {}),
    ...(system.processor_count === null ? {} : { cpu_count: system.processor_count }),
    ...(system.memory_gib === null ? {} : { memory_gib: Math.round(system.memory_gib) }),
    ...(manager?.firmware_version ? { idrac_version: manager.firmware_version } : {}),
    ...(manager
      ? {
          generation: manager.generation,
          capabilities: { reset_types: system.reset_types, features: manager.features },
        }
      : {}),
  }
}

/** Rows of `server_firmware` from the inventory: only what runs; what a rollback would give is told by the stored rows. */
export function firmwareItems(rows: FirmwareRow[]): FirmwareItem[] {
  const previous = new Map(rows.filter((row) => row.kind === 'previous').map((row) => [identityOf(row), row.version]))
  return rows
    .filter((row) => row.kind === 'installed')
    .map((row) => ({
      fqdd: row.fqdd ?? row.id,
      software_id: row.software_id,
      component_id: row.component_id,
      component_type: row.component_type,
      name: row.name,
      version: row.version,
      vendor_id: row.vendor_id,
      device_id: row.device_id,
      subvendor_id: row.subvendor_id,
      subdevice_id: row.subdevice_id,
      updateable: row.updateable,
      installed_at: row.installed_at,
      previous_version: previous.get(identityOf(row)) ?? null,
    }))
}

const identityOf = (row: FirmwareRow) => `${row.software_id ?? ''}|${row.fqdd ?? ''}`

/** Inventory rows, from the device or from our table, as the matching rule takes them. */
export function firmwareFacts(
  rows: readonly (Omit<InstalledFirmware, 'name' | 'fqdd'> & { name: string | null; fqdd: string | null })[],
): InstalledFirmware[] {
  return rows.map((row) => ({
    fqdd: row.fqdd,
    software_id: row.software_id,
    component_id: row.component_id,
    component_type: row.component_type,
    name: row.name,
    version: row.version,
    vendor_id: row.vendor_id,
    device_id: row.device_id,
    subvendor_id: row.subvendor_id,
    subdevice_id: row.subdevice_id,
    updateable: row.updateable,
  }))
}

/** A server as the matching rule takes it, with the inventory read just now. */
export function firmwareServer(server: Server, system: SystemFacts, rows: FirmwareRow[]): FirmwareServer {
  const known_id = server.system_id === null ? null : systemIdText(server.system_id)
  return {
    id: server.id,
    name: server.hostname ?? server.service_tag,
    model: system.model ?? server.model,
    system_id: system.system_id ?? known_id,
    generation: server.generation,
    inventory: firmwareFacts(rows.filter((row) => row.kind === 'installed')),
  }
}

type PackageColumns = Omit<FirmwareCatalogEntry, 'catalog_id' | 'path' | 'bundle_models'>

/** A stored package as the matching rule takes it. */
export function firmwarePackage(row: PackageRow): FirmwarePackage {
  return { ...packageFacts(row), file_available: row.status === 'ready' && row.storage_name !== null }
}

/** An entry of a catalogue as the matching rule takes it; whether its file can be had is not said by the catalogue. */
export function catalogPackage(row: PackageColumns, file_available: boolean): FirmwarePackage {
  return { ...packageFacts(row), file_available }
}

function packageFacts(row: PackageColumns): Omit<FirmwarePackage, 'file_available'> {
  return {
    id: row.id,
    filename: row.filename,
    name: row.name ?? row.filename,
    version: row.version,
    dell_version: row.dell_version,
    package_type: row.package_type ?? packageType(row.filename),
    component_type: row.component_type,
    system_ids: row.system_ids ?? [],
    models: row.models ?? [],
    devices: (row.devices ?? []) as PackageDevice[],
    release_date: row.release_date,
    criticality: row.criticality as Criticality | null,
    reboot_required: row.reboot_required,
    size_bytes: row.size_bytes ?? 0,
    sha256: row.sha256,
    prerequisites: (row.prerequisites ?? []) as PackagePrerequisite[],
    component_class: row.component_class,
  }
}

/** An iDRAC takes the 64-bit Windows form; the Linux form is refused. */
function packageType(filename: string): string | null {
  if (/\.exe$/i.test(filename)) return 'LW64'
  return /\.bin$/i.test(filename) ? 'LLXP' : null
}

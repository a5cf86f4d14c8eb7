import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { readMembers } from './collection.js'
import { healthOf } from './enums.js'
import type { FirmwareKind, FirmwareRow } from './facts.js'
import { dellOf, flagAt, type JsonObject, labelAt, objectAt, textAt, timeAt } from './json.js'
import { updateServicePath } from './layout.js'
import { linkAt, safePath } from './links.js'
import { readResource } from './resource.js'

/**
 * Reads the whole firmware inventory: running, previous, stored. Only rows of kind `installed` say what runs.
 * The order means nothing (iDRAC10 shuffles it). One expanded GET, or one per row on older firmware.
 */
export async function readFirmwareInventory(client: RedfishClient): Promise<FirmwareRow[]> {
  const members = await readMembers(client, await inventoryPath(client))
  return members.map((member) => toFirmwareRow(member, client.origin)).filter((row) => row !== null)
}

async function inventoryPath(client: RedfishClient): Promise<string> {
  const known = client.memory.get('path:inventory') as Promise<string> | undefined
  if (known) return known
  const link = linkAt(await readResource(client, await updateServicePath(client)), 'FirmwareInventory')
  if (link === null)
    throw new DeviceError('Unsupported', 'The update service links no inventory.', { sent: true, answered: true })
  client.memory.set('path:inventory', Promise.resolve(link))
  return link
}

const KINDS: Record<string, FirmwareKind> = {
  Installed: 'installed',
  Previous: 'previous',
  Current: 'current',
  Available: 'available',
}

/**
 * One row, or null for a member without id or version. Everything but id and version may be missing.
 * QUIRK iDRAC8 2.81.81.81: ids are `Kind-SoftwareId-Version` without `__FQDD`, and the version itself may hold a dash
 * (`Installed-0-4.3.0-0002`); there is no Dell block. Source: recording R630 2.81.81.81.
 */
export function toFirmwareRow(member: JsonObject, origin: string): FirmwareRow | null {
  const id = labelAt(member, 'Id')
  const version = labelAt(member, 'Version')
  if (id === null || version === null) return null
  const dell = objectAt(dellOf(member), 'DellSoftwareInventory')
  const link = textAt(member, '@odata.id')
  return {
    id,
    path: link === null ? null : safePath(link, origin),
    kind: kindOf(id, dell),
    software_id: labelAt(member, 'SoftwareId'),
    component_id: labelAt(dell, 'ComponentID'),
    component_type: textAt(dell, 'ComponentType'),
    name: textAt(member, 'Name'),
    version,
    fqdd: fqddIn(id) ?? fqddIn(textAt(dell, 'Id') ?? ''),
    vendor_id: pciId(dell, 'VendorID'),
    device_id: pciId(dell, 'DeviceID'),
    subvendor_id: pciId(dell, 'SubVendorID'),
    subdevice_id: pciId(dell, 'SubDeviceID'),
    updateable: flagAt(member, 'Updateable'),
    installed_at: timeAt(dell, 'InstallationDate'),
    released_at: timeAt(member, 'ReleaseDate'),
    changes_tpm_measurements: flagAt(dell, 'impactsTPMmeasurements'),
    health: healthOf(member),
  }
}

/** The kind is the first word of the id; where an id is no more than a name, Dell's block says at least what runs. */
function kindOf(id: string, dell: JsonObject | undefined): FirmwareKind {
  const known = KINDS[id.slice(0, Math.max(0, id.indexOf('-')))]
  return known ?? (textAt(dell, 'Status') === 'Installed' ? 'installed' : 'other')
}

function fqddIn(id: string): string | null {
  const split = id.indexOf('__')
  return split < 0 ? null : id.slice(split + 2) || null
}

function pciId(dell: JsonObject | undefined, key: string): string | null {
  const text = textAt(dell, key)?.replace(/^0x/i, '')
  return text && /^[0-9A-Fa-f]{1,4}$/.test(text) ? text.toUpperCase().padStart(4, '0') : null
}

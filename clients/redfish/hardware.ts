import type { RedfishClient } from './client.js'
import { readMembers } from './collection.js'
import { capacityOf, membersOfSystem, readDriveBodies } from './component-health.js'
import { healthOf } from './enums.js'
import type { DriveFacts, LicenceFacts, NetworkPort } from './facts.js'
import {
  dellLinksOf,
  dellOf,
  flagAt,
  type JsonObject,
  labelAt,
  numberAt,
  objectAt,
  textAt,
  textsOf,
  timeAt,
} from './json.js'
import { managerDocument, rootDocument } from './layout.js'
import { linkAt } from './links.js'
import { isNotThere, readIfThere } from './resource.js'

/** Network ports of the host. Paged; a port whose link answers with an error is left out. */
export async function readNetworkPorts(client: RedfishClient): Promise<NetworkPort[]> {
  return (await membersOfSystem(client, 'EthernetInterfaces')).map((body) => ({
    fqdd: labelAt(body, 'Id') ?? '',
    name: textAt(body, 'Description') ?? textAt(body, 'Name'),
    mac_address: textAt(body, 'MACAddress')?.toLowerCase() ?? null,
    permanent_mac_address: textAt(body, 'PermanentMACAddress')?.toLowerCase() ?? null,
    link_status: textAt(body, 'LinkStatus'),
    speed_mbps: numberAt(body, 'SpeedMbps'),
    health: healthOf(body),
  }))
}

/** Drives of all controllers. One request per controller page and drive. */
export async function readDrives(client: RedfishClient): Promise<DriveFacts[]> {
  return (await readDriveBodies(client, await membersOfSystem(client, 'Storage'))).map(toDrive)
}

function toDrive(body: JsonObject): DriveFacts {
  return {
    fqdd: labelAt(body, 'Id') ?? '',
    name: textAt(body, 'Name'),
    model: textAt(body, 'Model'),
    manufacturer: textAt(body, 'Manufacturer'),
    serial_number: textAt(body, 'SerialNumber'),
    capacity_bytes: capacityOf(body),
    media_type: textAt(body, 'MediaType'),
    protocol: textAt(body, 'Protocol'),
    revision: textAt(body, 'Revision'),
    failure_predicted: flagAt(body, 'FailurePredicted'),
    life_left_percent: numberAt(body, 'PredictedMediaLifeLeftPercent'),
    raid_status: textAt(objectAt(dellOf(body), 'DellPhysicalDisk'), 'RaidStatus'),
    health: healthOf(body),
  }
}

/** Licences of the device, or null where this firmware shows none (iDRAC7/8). Paged. */
export async function readLicences(client: RedfishClient): Promise<LicenceFacts[] | null> {
  const dell = linkAt(dellLinksOf(await managerDocument(client)), 'DellLicenseCollection')
  const link = dell ?? (await licencesOfService(client))
  if (link === null) return null
  try {
    return (await readMembers(client, link)).map(toLicence)
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}

async function licencesOfService(client: RedfishClient): Promise<string | null> {
  const link = linkAt(await rootDocument(client), 'LicenseService')
  const service = link === null ? null : await readIfThere(client, link)
  return linkAt(service ?? undefined, 'Licenses')
}

function toLicence(body: JsonObject): LicenceFacts {
  const single = textAt(body, 'LicenseDescription')
  const descriptions = single === null ? textsOf(body.LicenseDescription) : [single]
  return {
    id: labelAt(body, 'Id') ?? labelAt(body, 'EntitlementID') ?? '',
    description: descriptions.length > 0 ? descriptions.join(', ') : textAt(body, 'Description'),
    licence_type: textAt(body, 'LicenseType'),
    status: textAt(body, 'LicensePrimaryStatus') ?? textAt(objectAt(body, 'Status'), 'Health'),
    ends_at: timeAt(body, 'LicenseEndDate') ?? timeAt(body, 'ExpirationDate'),
  }
}

import type { SimServer } from '../model-server.js'
import { inventoryId } from './inventory.js'
import { macFor } from './personalise.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { firmwareOf, INVENTORY, link, MANAGER, OFFSET, offsetTime, type Reader, sample, type View } from './view.js'

function scpActions(view: View, recorded: JsonObject): JsonObject {
  const { scpActionPrefix: prefix, scpTargetPrefix: target } = view.profile
  const actions: JsonObject = {}
  for (const [key, value] of Object.entries(recorded)) {
    const name = /OemManager\.(\w+)$/.exec(key)?.[1]
    if (!name) actions[key] = value
    else actions[`${prefix}${name}`] = { ...(value as JsonObject), target: `${MANAGER}/Actions/Oem/${target}${name}` }
  }
  return actions
}

function images(server: SimServer): { active: JsonObject | null; all: JsonObject[] } {
  const row = firmwareOf(server, 'idrac')
  if (!row) return { active: null, all: [] }
  const active = link(`${INVENTORY}/${inventoryId('Installed', row)}`)
  const previous = row.previous_version === null ? [] : [link(`${INVENTORY}/${inventoryId('Previous', row)}`)]
  return { active, all: [...previous, active] }
}

const readManager: Reader = (view) => {
  const { core, server, profile } = view
  const body = sample(view, MANAGER) ?? {}
  const recordedActions = body.Actions as JsonObject
  const links = body.Links as JsonObject
  const { active, all } = images(server)
  const newer = profile.redfishVersion !== '1.13.1'
  const answer: JsonObject = {
    ...body,
    Actions: { ...recordedActions, Oem: scpActions(view, recordedActions.Oem as JsonObject) },
    DateTime: offsetTime(core.clock.now()),
    DateTimeLocalOffset: OFFSET,
    FirmwareVersion: server.idrac.firmware_version,
    GraphicalConsole: { ...(body.GraphicalConsole as JsonObject), ServiceEnabled: server.idrac.kvm },
    Links: { ...links, ActiveSoftwareImage: active, SoftwareImages: all, 'SoftwareImages@odata.count': all.length },
    Model: `${profile.generation} Monolithic`,
    PowerState: 'On',
    UUID: server.uuid,
    ...(newer ? { ServiceIdentification: server.service_tag } : {}),
  }
  if (!profile.managerVirtualMedia) {
    delete answer.VirtualMedia
    delete answer['VirtualMedia@Redfish.Deprecated']
  }
  return answer
}

const readNic: Reader = (view) => {
  const body = sample(view, `${MANAGER}/EthernetInterfaces/NIC.1`) ?? {}
  const mac = view.server.idrac.mac_address || macFor(view.server, 'iDRAC')
  return {
    ...body,
    HostName: `idrac-${view.server.service_tag}`,
    IPv4Addresses: [
      { Address: view.server.idrac.address, AddressOrigin: 'Static', Gateway: '127.0.0.1', SubnetMask: '255.0.0.0' },
    ],
    MACAddress: mac,
    PermanentMACAddress: mac,
  }
}

const readJobService: Reader = (view) => {
  const body = sample(view, `${MANAGER}/Oem/Dell/DellJobService`)
  return body && { ...body, CurrentNumberOfJobs: view.server.idrac.jobs.length }
}

const LICENSE_TEXT = { Express: 'Express', Enterprise: 'Enterprise', Datacenter: 'Datacenter' }

const readLicense: Reader = (view, [id = '']) => {
  const body = sample(view, `${MANAGER}/Oem/Dell/DellLicenses/NZ13960017418833`)
  if (!body || id !== body.Id) return undefined
  const { idrac, generation } = view.server
  return {
    ...body,
    LicenseDescription: [
      `iDRAC${view.profile.idrac} ${generation.toLowerCase()} ${LICENSE_TEXT[idrac.license]} License`,
    ],
  }
}

export const managerReaders: Resource[] = [
  [pathPattern(MANAGER), readManager],
  [pathPattern(`${MANAGER}/EthernetInterfaces/NIC.1`), readNic],
  [pathPattern(`${MANAGER}/Oem/Dell/DellJobService`), readJobService],
  [pathPattern(`${MANAGER}/Oem/Dell/DellLicenses/{id}`), readLicense],
]

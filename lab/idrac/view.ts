import type { LabCore } from '../core.js'
import type { JsonValue } from '../model.js'
import type { SimFirmware, SimServer } from '../model-server.js'
import type { PersonalityFlags } from '../presets.js'
import { type GenerationProfile, generationProfile } from './generation.js'
import { personalise } from './personalise.js'
import { type JsonObject, recordedBody } from './recorded.js'

export const ROOT = '/redfish/v1'
export const SYSTEM = `${ROOT}/Systems/System.Embedded.1`
export const MANAGER = `${ROOT}/Managers/iDRAC.Embedded.1`
export const CHASSIS = `${ROOT}/Chassis/System.Embedded.1`
export const UPDATE = `${ROOT}/UpdateService`
export const INVENTORY = `${UPDATE}/FirmwareInventory`

/** What a resource is made of: the server's state, its generation and its personality at this moment. */
export type View = { core: LabCore; server: SimServer; profile: GenerationProfile; flags: PersonalityFlags }

/** Makes a resource's body; `params` are the groups of its path pattern. Undefined = no such resource (404). */
export type Reader = (view: View, params: string[]) => JsonObject | undefined

/** The view of a server now. */
export function viewOf(core: LabCore, server: SimServer): View {
  const profile = generationProfile(server.generation, server.idrac.firmware_version)
  return { core, server, profile, flags: core.flags(server.name) }
}

/** The recorded body of a path in this server's own words, or undefined. */
export function sample(view: View, path: string): JsonObject | undefined {
  const body = recordedBody(path)
  return body && personalise(view.server, body)
}

/** The recorded body of a path as the shape of another thing of the kind, without links that lead to what is not served. */
export function shapeOf(view: View, path: string, ...without: string[]): JsonObject {
  const body = sample(view, path) ?? {}
  return Object.fromEntries(Object.entries(body).filter(([key]) => !without.includes(key)))
}

/** A collection body as iDRACs shape it. */
export function collection(
  path: string,
  type: string,
  name: string,
  members: JsonValue[],
  description = name,
): JsonObject {
  return {
    '@odata.context': `${ROOT}/$metadata#${type}.${type}`,
    '@odata.id': path,
    '@odata.type': `#${type}.${type}`,
    Description: description,
    Members: members,
    'Members@odata.count': members.length,
    Name: name,
  }
}

/** `{"@odata.id": path}` */
export const link = (path: string): JsonObject => ({ '@odata.id': path })

/** Offset of the simulated site's iDRACs, as on the recorded machine. */
const OFFSET_MS = -5 * 3_600_000
export const OFFSET = '-05:00'

/** Local time of the iDRAC without an offset, as in DellJob; `2026-03-26T22:17:44`. */
export const localTime = (at: number): string => new Date(at + OFFSET_MS).toISOString().slice(0, 19)

/** Local time of the iDRAC with its offset, as everywhere else. */
export const offsetTime = (at: number): string => `${localTime(at)}${OFFSET}`

/** The firmware row of a component kind, if the server has one. */
export function firmwareOf(server: SimServer, component: SimFirmware['component']): SimFirmware | undefined {
  return server.firmware.find((row) => row.component === component)
}

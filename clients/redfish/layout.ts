import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import type { JsonObject } from './json.js'
import { linkAt, linksOf, safePath } from './links.js'
import { missingInAnswer } from './refusals.js'
import { readResource } from './resource.js'

/**
 * Where things are on this device. Every path comes from a link of the device; what was found is remembered per client,
 * because a device answers in half a second at best. `client.forget()` clears it.
 */
export function remembered<T>(client: RedfishClient, key: string, load: () => Promise<T>): Promise<T> {
  const known = client.memory.get(key)
  if (known) return known as Promise<T>
  const loading = load()
  client.memory.set(key, loading)
  loading.catch(() => {
    if (client.memory.get(key) === loading) client.memory.delete(key)
  })
  return loading
}

/** The service root, asked without any token. */
export function rootDocument(client: RedfishClient): Promise<JsonObject> {
  return remembered(client, 'root', async () => {
    const answer = await client.send({
      method: 'GET',
      path: '/redfish/v1',
      token: null,
      keep: ['RedfishVersion', 'Product'],
    })
    if (!answer.body) throw missingInAnswer('a body', answer.status)
    return answer.body
  })
}

/** The one member that is meant: the device's own `preferred` one where there are several (modular chassis). */
async function onlyMember(client: RedfishClient, collection: string, preferred: string): Promise<string> {
  const links = await linkFromRoot(client, collection)
  const members = linksOf((await readResource(client, links)).Members)
  const chosen = members.find((link) => link.endsWith(`/${preferred}`)) ?? members[0]
  if (!chosen) throw missingInAnswer(`a member of ${collection}`, 200)
  return safePath(chosen, client.origin)
}

async function linkFromRoot(client: RedfishClient, name: string): Promise<string> {
  const link = linkAt(await rootDocument(client), name)
  if (!link) {
    throw new DeviceError('Unsupported', `The service has no ${name}.`, { sent: true, answered: true })
  }
  return safePath(link, client.origin)
}

export function systemPath(client: RedfishClient): Promise<string> {
  return remembered(client, 'path:system', () => onlyMember(client, 'Systems', 'System.Embedded.1'))
}

export function managerPath(client: RedfishClient): Promise<string> {
  return remembered(client, 'path:manager', () => onlyMember(client, 'Managers', 'iDRAC.Embedded.1'))
}

export function updateServicePath(client: RedfishClient): Promise<string> {
  return remembered(client, 'path:update', () => linkFromRoot(client, 'UpdateService'))
}

/** The System resource as last read: good for links and action targets, not for states. */
export function systemDocument(client: RedfishClient): Promise<JsonObject> {
  return remembered(client, 'system', async () => readResource(client, await systemPath(client)))
}

/** The Manager resource as last read: good for links and action targets, not for states. */
export function managerDocument(client: RedfishClient): Promise<JsonObject> {
  return remembered(client, 'manager', async () => readResource(client, await managerPath(client)))
}

/** The chassis that holds this system (on modular machines there are others). */
export function chassisDocument(client: RedfishClient): Promise<JsonObject> {
  return remembered(client, 'chassis', async () => {
    const links = linksOf(objectLinks(await systemDocument(client)))
    const chosen = links.find((link) => link.includes('/System.')) ?? links[0]
    return readResource(client, chosen ?? (await onlyMember(client, 'Chassis', 'System.Embedded.1')))
  })
}

function objectLinks(system: JsonObject): unknown {
  const links = system.Links
  return typeof links === 'object' && links !== null && 'Chassis' in links ? links.Chassis : undefined
}

import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { dellOf, type JsonObject, objectAt, textAt } from './json.js'
import { linkAt, linksOf, safePath } from './links.js'
import { missingInAnswer } from './refusals.js'
import { readIfThere, readResource } from './resource.js'

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

/**
 * The service root, asked without any token. A service may send from `/redfish/v1` to `/redfish/v1/`, the root as the
 * Redfish specification writes it: that one redirect is foreseen, so its goal is asked without reading where it points to.
 */
export function rootDocument(client: RedfishClient): Promise<JsonObject> {
  return remembered(client, 'root', async () => {
    const ask = (trailing_slash: boolean) =>
      client.send({
        method: 'GET',
        path: '/redfish/v1',
        trailing_slash,
        token: null,
        keep: ['RedfishVersion', 'Product'],
      })
    const answer = await ask(false).catch((error: unknown) => {
      if (isRedirect(error)) return ask(true)
      throw error
    })
    if (!answer.body) throw missingInAnswer('a body', answer.status)
    return answer.body
  })
}

function isRedirect(error: unknown): boolean {
  const status = error instanceof DeviceError ? (error.facts.status ?? 0) : 0
  return status >= 300 && status < 400
}

const unsupported = (text: string) => new DeviceError('Unsupported', text, { sent: true, answered: true })

async function linkFromRoot(client: RedfishClient, name: string): Promise<string> {
  const link = linkAt(await rootDocument(client), name)
  if (!link) throw unsupported(`The service has no ${name}.`)
  return safePath(link, client.origin)
}

async function membersFromRoot(client: RedfishClient, name: string): Promise<string[]> {
  const links = linksOf((await readResource(client, await linkFromRoot(client, name))).Members)
  if (links.length === 0) throw unsupported(`The service lists nothing under ${name}.`)
  return [...new Set(links.map((link) => safePath(link, client.origin)))]
}

interface Place {
  path: string
  body: JsonObject
}

/** Of several resources the one that is meant: what fits the first test, else the next; the first where none fits. */
async function meantOf(
  client: RedfishClient,
  paths: string[],
  tests: ((body: JsonObject) => boolean)[],
): Promise<Place | null> {
  const places: Place[] = []
  for (const path of paths) {
    const body = await readIfThere(client, path)
    if (body) places.push({ path, body })
  }
  for (const test of tests) {
    const found = places.find(({ body }) => test(body))
    if (found) return found
  }
  return places[0] ?? null
}

const hasTag = (tag: string | null) => (body: JsonObject) =>
  tag !== null && textAt(body, 'SKU')?.toUpperCase() === tag.toUpperCase()

/** The server itself. Beside it a device may list others (baseboards of accelerators, enclosures): the tag of the root decides. */
export function systemPath(client: RedfishClient): Promise<string> {
  return remembered(client, 'path:system', async () => {
    const paths = await membersFromRoot(client, 'Systems')
    if (paths.length === 1) return paths[0] as string
    const tag = textAt(dellOf(await rootDocument(client)), 'ServiceTag')
    const tests = [hasTag(tag), (body: JsonObject) => dellOf(body) !== undefined]
    return (await meantOf(client, paths, tests))?.path ?? (paths[0] as string)
  })
}

/** The manager of the server. Where there are several, the server says which, else the one with Dell's links. */
export function managerPath(client: RedfishClient): Promise<string> {
  return remembered(client, 'path:manager', async () => {
    const paths = await membersFromRoot(client, 'Managers')
    if (paths.length === 1) return paths[0] as string
    const own = linksOf(objectAt(await systemDocument(client), 'Links')?.ManagedBy)[0]
    if (own) return safePath(own, client.origin)
    const tests = [(body: JsonObject) => /^\d{2}G/.test(textAt(body, 'Model') ?? '')]
    return (await meantOf(client, paths, tests))?.path ?? (paths[0] as string)
  })
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

const hasSensors = (body: JsonObject) =>
  ['Thermal', 'ThermalSubsystem', 'Power', 'PowerSubsystem'].some((name) => linkAt(body, name) !== null)

/** The chassis that holds this system: on modular machines, and where enclosures are linked too, the one with its tag. */
export function chassisDocument(client: RedfishClient): Promise<JsonObject> {
  return remembered(client, 'chassis', async () => {
    const system = await systemDocument(client)
    const own = linksOf(objectAt(system, 'Links')?.Chassis).map((link) => safePath(link, client.origin))
    const paths = own.length > 0 ? own : await membersFromRoot(client, 'Chassis')
    const sameTag = hasTag(textAt(system, 'SKU'))
    const tests = [(body: JsonObject) => sameTag(body) && hasSensors(body), hasSensors, sameTag]
    const found = await meantOf(client, [...new Set(paths)], tests)
    if (!found) throw unsupported('The service shows no chassis of this server.')
    return found.body
  })
}

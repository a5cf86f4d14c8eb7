import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { flagAt, isObject, type JsonObject, numberAt, objectAt, objectsOf, textAt } from './json.js'
import { rootDocument } from './layout.js'
import { safePath } from './links.js'
import { readIfThere, readResource } from './resource.js'

export interface CollectionPage {
  members: JsonObject[]
  /** Path of the next page, or null. */
  next: string | null
  total: number | null
}

const MAX_PAGES = 400
const EXPAND_TIMEOUT_MS = 120_000

/** Reads one page of a collection as it is. */
export async function readPage(
  client: RedfishClient,
  path: string,
  timeoutMs = EXPAND_TIMEOUT_MS,
): Promise<CollectionPage> {
  const body = await readResource(client, path, { timeout_ms: timeoutMs, keep: ['Members@odata.count'] })
  const next = textAt(body, 'Members@odata.nextLink') ?? textAt(body, '@odata.nextLink')
  return {
    members: objectsOf(body.Members),
    next: next === null ? null : safePath(next, client.origin),
    total: numberAt(body, 'Members@odata.count'),
  }
}

/** A member that is only a link has nothing but `@odata…` keys. */
function isLink(member: JsonObject): boolean {
  return Object.keys(member).every((key) => key.startsWith('@odata'))
}

async function supportsExpand(client: RedfishClient): Promise<boolean> {
  const query = objectAt(await rootDocument(client), 'ProtocolFeaturesSupported', 'ExpandQuery')
  return ['ExpandAll', 'Links', 'NoLinks'].some((key) => flagAt(query, key) === true)
}

/**
 * Reads all members of a collection with their bodies: one expanded request where the device offers it, page by page,
 * else one request per member. A member whose link answers with an error (licence, absent part) is left out.
 * QUIRK iDRAC8: older firmware answers `$expand` with a plain collection or 400. Seen: SYS407, SYS451, SYS457.
 * Source: dell/iDRAC-Redfish-Scripting; recording R630 2.81.81.81 advertises it.
 */
export async function readMembers(client: RedfishClient, path: string): Promise<JsonObject[]> {
  const clean = safePath(path, client.origin)
  const plain = await firstPage(client, clean)
  const members: JsonObject[] = []
  const seen = new Set<string>([clean])
  let page: CollectionPage | null = plain
  while (page) {
    for (const member of page.members) {
      const body = await bodyOf(client, member)
      if (body) members.push(body)
    }
    const next: string | null = page.next
    if (next === null || seen.has(next) || seen.size >= MAX_PAGES) break
    seen.add(next)
    page = await readPage(client, next)
  }
  return members
}

async function firstPage(client: RedfishClient, path: string): Promise<CollectionPage> {
  if (!(await supportsExpand(client))) return readPage(client, path)
  try {
    return await readPage(client, `${path}?$expand=*($levels=1)`)
  } catch (error) {
    if (!refusesQuery(error)) throw error
    return readPage(client, path)
  }
}

/** A query that is not served is answered 400 or, as the Redfish specification has it, 501. */
function refusesQuery(error: unknown): boolean {
  if (!(error instanceof DeviceError)) return false
  return [400, 405, 501].includes(error.facts.status ?? 0) || error.code === 'Unsupported'
}

/** The body of a member, or null: for a link that leads nowhere, and for an error in place of a body. */
async function bodyOf(client: RedfishClient, member: JsonObject): Promise<JsonObject | null> {
  if (!isLink(member)) return isObject(member.error) ? null : member
  const link = textAt(member, '@odata.id')
  return link === null ? null : readIfThere(client, link)
}

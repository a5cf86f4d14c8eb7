import { DeviceError } from '../errors.js'
import type { OmeObject, OpenmanageClient } from './client.js'

const MOST_PAGES = 2_000

/**
 * Reads a collection page by page. Only the link to the next page says whether there is one: the count is not believed, since
 * it may be that of the page (dell/dellemc-openmanage-ansible-modules issue 494). A link to another origin is refused.
 * @throws DeviceError `ProtocolError` for a foreign link, a loop or an answer without rows
 */
export async function* readPages(client: OpenmanageClient, first: string): AsyncGenerator<OmeObject[]> {
  const seen = new Set<string>()
  for (let path: string | null = first; path !== null; ) {
    if (seen.has(path) || seen.size >= MOST_PAGES) throw broken(`its pages do not end (after ${seen.size})`)
    seen.add(path)
    const { body }: { body: OmeObject } = await client.send({ method: 'GET', path })
    if (!Array.isArray(body.value)) throw broken('a page has no rows')
    yield body.value.filter((row: unknown): row is OmeObject => row !== null && typeof row === 'object')
    path = nextPath(client.origin, body['@odata.nextLink'])
  }
}

function nextPath(origin: string, link: unknown): string | null {
  if (link === undefined || link === null || link === '') return null
  if (typeof link !== 'string') throw broken('the link to the next page is no text')
  let url: URL
  try {
    url = new URL(link, origin)
  } catch {
    throw broken('the link to the next page cannot be read')
  }
  if (url.origin !== origin) throw broken('the link to the next page leads to another host')
  return url.pathname + url.search
}

const broken = (why: string) => new DeviceError('ProtocolError', `OpenManage: ${why}.`, { sent: true, answered: true })

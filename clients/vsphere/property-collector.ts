import { DeviceError } from '../errors.js'
import { type ObjectContent, readObjectContent } from './object-content.js'
import { filterSpec, type ObjectSelection, type PropertySet } from './property-spec.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data } from './soap-writer.js'
import { child, children, type SoapNode, textAt } from './xml-node.js'

/** Objects per page: parsing thousands at once would block the process for the better part of a second. */
export const PAGE_SIZE = 200
/** A server that never stops paging is broken; 2,000 pages are 400,000 objects. */
const MAX_PAGES = 2_000

interface Page {
  objects: ObjectContent[]
  token: string | null
}

function readPage(response: SoapNode): Page {
  const returned = child(response, 'returnval')
  const objects = children(returned, 'objects').flatMap((each) => readObjectContent(each) ?? [])
  return { objects, token: textAt(returned, 'token') }
}

const isOptional = (sets: readonly PropertySet[], path: string): boolean =>
  sets.some((set) => set.optional_paths?.includes(path))

/** The optional path that made the call fail, or `null`. The fault names the path, sometimes only its last known part. */
function refusedPath(error: unknown, sets: readonly PropertySet[], dropped: ReadonlySet<string>): string | null {
  if (!(error instanceof DeviceError) || error.facts.message_id !== 'InvalidProperty') return null
  const name = error.facts.data?.name
  if (typeof name !== 'string') return null
  const candidates = sets.flatMap((set) => set.optional_paths ?? []).filter((each) => !dropped.has(each))
  if (isOptional(sets, name) && !dropped.has(name)) return name
  return candidates.find((each) => each.startsWith(`${name}.`) || each.endsWith(`.${name}`)) ?? null
}

async function firstPage(
  session: VsphereSession,
  sets: readonly PropertySet[],
  selection: ObjectSelection,
  options: CallOptions,
): Promise<Page> {
  const dropped = new Set<string>()
  for (;;) {
    try {
      const fields = [
        ['specSet', filterSpec(sets, selection, dropped)],
        ['options', data(['maxObjects', PAGE_SIZE])],
      ] as const
      return readPage(await session.call(session.service.property_collector, 'RetrievePropertiesEx', fields, options))
    } catch (error) {
      const refused = refusedPath(error, sets, dropped)
      if (refused === null) throw error
      dropped.add(refused)
    }
  }
}

/**
 * Reads properties page by page. Stopping early tells the server to forget the rest. Optional paths that the server does
 * not know are left out and the call repeated.
 * @throws DeviceError
 */
export async function* retrievePages(
  session: VsphereSession,
  sets: readonly PropertySet[],
  selection: ObjectSelection,
  options: CallOptions = {},
): AsyncGenerator<ObjectContent[]> {
  if ('objects' in selection && selection.objects.length === 0) return
  const collector = session.service.property_collector
  let page = await firstPage(session, sets, selection, options)
  let token = page.token
  try {
    for (let count = 1; ; count += 1) {
      yield page.objects
      if (token === null) return
      if (count >= MAX_PAGES) throw new DeviceError('ProtocolError', 'Endless pages', { sent: true, answered: true })
      const current: string = token
      // A token works once: from here on there is nothing to cancel until the next page has named a new one.
      token = null
      page = readPage(await session.call(collector, 'ContinueRetrievePropertiesEx', [['token', current]], options))
      token = page.token
    }
  } finally {
    if (token !== null) {
      await session.call(collector, 'CancelRetrievePropertiesEx', [['token', token]]).catch(() => undefined)
    }
  }
}

/** All pages at once; for selections that are known to be small (one cluster, one host and its VMs). */
export async function retrieveAll(
  session: VsphereSession,
  sets: readonly PropertySet[],
  selection: ObjectSelection,
  options: CallOptions = {},
): Promise<ObjectContent[]> {
  const all: ObjectContent[] = []
  for await (const page of retrievePages(session, sets, selection, options)) all.push(...page)
  return all
}

import type { Collector, UpdateFilter } from './collector-memory.js'
import type { CallContext } from './context.js'
import type { MethodResult, SoapCall } from './envelope.js'
import { type PropertyFilterSpec, readFilterSpec, type SelectedObject } from './filter-spec.js'
import { selectObjects, writeObjectContents } from './retrieve.js'
import { escapeXml, reference, type VimReference } from './values.js'
import { invalidArgument, managedObjectNotFound, notAuthenticated } from './vim-faults.js'
import { child, childBoolean, childInteger, childrenNamed, childText } from './xml-read.js'

/** Objects of one answer when the client sets no limit. */
const DEFAULT_PAGE = 1000

/** The session's id; property reads need a session like everything else. */
export function sessionId(context: CallContext, call: SoapCall): string {
  if (!context.session) throw notAuthenticated(call.receiver.type, call.receiver.id)
  return context.session.id
}

/** The collector that a call is addressed to. */
export function collectorOf(context: CallContext, call: SoapCall): Collector {
  const collector = context.memory.collector(sessionId(context, call), call.receiver.id)
  if (!collector) throw managedObjectNotFound(call.receiver.type, call.receiver.id)
  return collector
}

/** RetrievePropertiesEx and the older RetrieveProperties, which has no pages. */
export function retrieveProperties(context: CallContext, call: SoapCall, paged: boolean): MethodResult {
  const session = sessionId(context, call)
  collectorOf(context, call)
  const specs = childrenNamed(call.args, 'specSet').map(readFilterSpec)
  if (specs.length === 0) throw invalidArgument('specSet')
  const limit = paged ? (childInteger(child(call.args, 'options'), 'maxObjects') ?? DEFAULT_PAGE) : Infinity
  if (limit < 1) throw invalidArgument('options.maxObjects')
  if (!paged)
    return { xml: specs.map((spec) => contents(context, spec, selectObjects(context, spec), 'returnval')).join('') }
  const [first, ...others] = specs
  if (!first || others.length > 0)
    return { xml: wrap(specs.map((spec) => contents(context, spec, selectObjects(context, spec), 'objects')).join('')) }
  return page(context, session, first, selectObjects(context, first), limit)
}

/** ContinueRetrievePropertiesEx: the next page of a token, which is good for one use. */
export function continueRetrieve(context: CallContext, call: SoapCall): MethodResult {
  const session = sessionId(context, call)
  const token = childText(call.args, 'token')?.trim() ?? ''
  const found = context.memory.pages.get(token)
  if (!found || found.session !== session) throw invalidArgument('token')
  context.memory.pages.delete(token)
  return page(context, session, found.pathsOf, found.rest, found.pageSize)
}

/** CancelRetrievePropertiesEx: forgets a token. */
export function cancelRetrieve(context: CallContext, call: SoapCall): MethodResult {
  if (!context.memory.pages.delete(childText(call.args, 'token')?.trim() ?? '')) throw invalidArgument('token')
  return undefined
}

function page(
  context: CallContext,
  session: string,
  spec: PropertyFilterSpec,
  objects: SelectedObject[],
  limit: number,
): MethodResult {
  const now = objects.slice(0, limit)
  const rest = objects.slice(limit)
  let token = ''
  if (rest.length > 0) {
    token = context.memory.newId(session)
    context.memory.pages.set(token, { session, rest, pathsOf: spec, pageSize: limit })
  }
  const head = token ? `<token>${escapeXml(token)}</token>` : ''
  const body = contents(context, spec, now, 'objects')
  // Nothing selected: the answer has no returnval at all.
  return { xml: now.length === 0 ? '' : wrap(head + body) }
}

const wrap = (inner: string): string => (inner === '' ? '' : `<returnval>${inner}</returnval>`)

function contents(
  context: CallContext,
  spec: PropertyFilterSpec,
  objects: readonly SelectedObject[],
  element: string,
): string {
  return writeObjectContents(context, spec, objects, element)
}

/** CreatePropertyCollector: one for each waiter, so that waits do not disturb each other. */
export function createCollector(context: CallContext, call: SoapCall): VimReference {
  const session = sessionId(context, call)
  const id = context.memory.newId(session)
  context.memory.collectors.set(id, { id, session, version: 0, filters: [] })
  return reference('PropertyCollector', id)
}

/** DestroyPropertyCollector. */
export function destroyCollector(context: CallContext, call: SoapCall): undefined {
  const collector = collectorOf(context, call)
  collector.cancelWait?.()
  context.memory.collectors.delete(collector.id)
  return undefined
}

/** CreateFilter: the specification is checked at once, so that a wrong path fails here and not in the wait. */
export function createFilter(context: CallContext, call: SoapCall): VimReference {
  const collector = collectorOf(context, call)
  const element = child(call.args, 'spec')
  if (!element) throw invalidArgument('spec')
  const spec = readFilterSpec(element)
  writeObjectContents(context, spec, selectObjects(context, spec), 'objects')
  const filter: UpdateFilter = {
    id: context.memory.newId(collector.session),
    spec,
    partialUpdates: childBoolean(call.args, 'partialUpdates') ?? false,
    seen: new Map(),
  }
  collector.filters.push(filter)
  return reference('PropertyFilter', filter.id)
}

/** DestroyPropertyFilter. */
export function destroyFilter(context: CallContext, call: SoapCall): undefined {
  const session = sessionId(context, call)
  for (const collector of context.memory.collectors.values()) {
    const index = collector.filters.findIndex((filter) => filter.id === call.receiver.id)
    if (collector.session !== session || index < 0) continue
    collector.filters.splice(index, 1)
    return undefined
  }
  throw managedObjectNotFound(call.receiver.type, call.receiver.id)
}

import type { Collector, UpdateFilter } from './collector-memory.js'
import type { CallContext } from './context.js'
import type { MethodResult, SoapCall } from './envelope.js'
import { collectorOf } from './property-collector.js'
import { readObject, selectObjects, writeObject } from './retrieve.js'
import { escapeXml } from './values.js'
import { requestCanceled, VimFault } from './vim-faults.js'
import { child, childInteger, childText } from './xml-read.js'

/** Longest wait when the client names none, simulated ms. */
const DEFAULT_WAIT_MS = 30 * 60_000
/** How often the state is compared; real ms, since a person's time scale has nothing to do with it. */
const LOOK_EVERY_MS = 50

/**
 * WaitForUpdatesEx: answers as soon as something of the collector's filters changed since `version`, or with an empty
 * body when `maxWaitSeconds` are over. An empty version starts again with everything.
 */
export async function waitForUpdates(context: CallContext, call: SoapCall): Promise<MethodResult> {
  const collector = collectorOf(context, call)
  const version = childText(call.args, 'version')?.trim() ?? ''
  acceptVersion(collector, version)
  const seconds = childInteger(child(call.args, 'options'), 'maxWaitSeconds')
  const until = context.core.clock.now() + (seconds === undefined ? DEFAULT_WAIT_MS : seconds * 1000)
  collector.cancelWait?.()
  const wait = { cancelled: false }
  collector.cancelWait = () => {
    wait.cancelled = true
  }
  for (;;) {
    if (wait.cancelled) throw requestCanceled()
    const changes = changesOf(context, collector)
    if (changes !== '') return { xml: updateSet(collector, changes) }
    if (context.core.clock.now() >= until) return { xml: '' }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** CheckForUpdates: what changed until now, without waiting; the older form of a wait of no time. */
export function checkForUpdates(context: CallContext, call: SoapCall): MethodResult {
  const collector = collectorOf(context, call)
  acceptVersion(collector, childText(call.args, 'version')?.trim() ?? '')
  const changes = changesOf(context, collector)
  return { xml: changes === '' ? '' : updateSet(collector, changes) }
}

/** CancelWaitForUpdates: the wait that runs ends with RequestCanceled. */
export function cancelWaitForUpdates(context: CallContext, call: SoapCall): undefined {
  collectorOf(context, call).cancelWait?.()
  return undefined
}

function acceptVersion(collector: Collector, version: string): void {
  if (version === '') {
    for (const filter of collector.filters) filter.seen.clear()
    return
  }
  if (version === String(collector.version)) return
  throw new VimFault('InvalidCollectorVersion', 'A specified parameter was not correct: version')
}

function updateSet(collector: Collector, changes: string): string {
  collector.version += 1
  return `<returnval><version>${collector.version}</version>${changes}<truncated>false</truncated></returnval>`
}

function changesOf(context: CallContext, collector: Collector): string {
  return collector.filters
    .map((filter) => {
      const objects = filterChanges(context, filter)
      if (objects === '') return ''
      return `<filterSet><filter type="PropertyFilter">${escapeXml(filter.id)}</filter>${objects}</filterSet>`
    })
    .join('')
}

function filterChanges(context: CallContext, filter: UpdateFilter): string {
  let changes = ''
  const present = new Set<string>()
  // An object that is watched and goes away leaves the set; only CreateFilter complains of one that was never there.
  for (const object of selectObjects(context, { ...filter.spec, reportMissing: true })) {
    const values = readObject(context, filter.spec, object)
    if (!values) continue
    const key = `${object.type}:${object.id}`
    present.add(key)
    const known = filter.seen.get(key)
    const set = changeSet(known ?? new Map(), values)
    if (known && set === '') continue
    changes += `<objectSet><kind>${known ? 'modify' : 'enter'}</kind>${writeObject(object)}${set}</objectSet>`
    filter.seen.set(key, values)
  }
  for (const key of filter.seen.keys()) {
    if (present.has(key)) continue
    filter.seen.delete(key)
    const [type = '', ...id] = key.split(':')
    changes += `<objectSet><kind>leave</kind>${writeObject({ type, id: id.join(':') })}</objectSet>`
  }
  return changes
}

function changeSet(known: Map<string, string>, values: Map<string, string>): string {
  const changed = [...values].filter(([name, val]) => known.get(name) !== val)
  const unset = [...known.keys()].filter((name) => !values.has(name))
  return [
    ...changed.map(([name, val]) => `<changeSet><name>${escapeXml(name)}</name><op>assign</op>${val}</changeSet>`),
    ...unset.map((name) => `<changeSet><name>${escapeXml(name)}</name><op>assign</op></changeSet>`),
  ].join('')
}

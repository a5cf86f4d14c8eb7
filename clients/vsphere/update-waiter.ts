import { DeviceError } from '../errors.js'
import type { MoRef } from './mo-ref.js'
import { filterSpec, type ObjectSelection, type PropertySet } from './property-spec.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data } from './soap-writer.js'
import { child, children, refAt, type SoapNode, textAt } from './xml-node.js'

/** One change that vCenter reported. `leave` = the object is gone or no longer selected. */
export interface ObjectChange {
  kind: 'enter' | 'modify' | 'leave'
  type: string
  moid: string
  /** New value per path; `null` = the property became unset. */
  values: ReadonlyMap<string, SoapNode | null>
}

export interface UpdateStep {
  changes: ObjectChange[]
  /** More changes of the same version follow at once: call again. */
  truncated: boolean
}

/** Waits for changes of a fixed set of objects. Calls must not overlap: the server would lose changes. */
export interface UpdateWaiter {
  /** One request: answers with the changes, or with none after `maxWaitSeconds`. */
  next(maxWaitSeconds: number, signal?: AbortSignal): Promise<UpdateStep>
}

const MAX_OBJECTS = 200
/** The answer may come this much later than the wait that was asked for. */
const GRACE_MS = 30_000

function readChange(node: SoapNode): ObjectChange | null {
  const obj = refAt(node, 'obj')
  const kind = textAt(node, 'kind')
  if (obj === null || (kind !== 'enter' && kind !== 'modify' && kind !== 'leave')) return null
  const values = new Map<string, SoapNode | null>()
  for (const each of children(node, 'changeSet')) {
    const name = textAt(each, 'name')
    if (name !== null) values.set(name, child(each, 'val'))
  }
  return { kind, type: obj.type, moid: obj.value, values }
}

function waiterOn(session: VsphereSession, collector: MoRef): UpdateWaiter {
  let version = ''
  const ask = async (maxWaitSeconds: number, signal?: AbortSignal): Promise<UpdateStep> => {
    const options: CallOptions = { timeout_ms: maxWaitSeconds * 1_000 + GRACE_MS, ...(signal ? { signal } : {}) }
    const wait = data(['maxWaitSeconds', maxWaitSeconds], ['maxObjectUpdates', MAX_OBJECTS])
    const fields = [
      ['version', version],
      ['options', wait],
    ] as const
    const set = child(await session.call(collector, 'WaitForUpdatesEx', fields, options), 'returnval')
    // An empty answer means that nothing changed: the old version stays valid.
    if (set === null) return { changes: [], truncated: false }
    version = textAt(set, 'version') ?? version
    const objects = children(set, 'filterSet').flatMap((each) => children(each, 'objectSet'))
    return {
      changes: objects.flatMap((each) => readChange(each) ?? []),
      truncated: textAt(set, 'truncated') === 'true',
    }
  }
  return {
    next: async (maxWaitSeconds, signal) => {
      try {
        return await ask(maxWaitSeconds, signal)
      } catch (error) {
        const stale = error instanceof DeviceError && error.facts.message_id === 'InvalidCollectorVersion'
        if (!stale) throw error
        version = ''
        return await ask(maxWaitSeconds, signal)
      }
    },
  }
}

/**
 * Runs `use` with a waiter of its own (own collector, own filter), and destroys both afterwards.
 * Not for `summary.overallStatus` or `drsFault`: vCenter does not report their changes.
 * @throws DeviceError; a collector that died with its session shows as `Cancelled` or `NotFound`: begin again.
 */
export async function withUpdateWaiter<T>(
  session: VsphereSession,
  sets: readonly PropertySet[],
  selection: ObjectSelection,
  use: (waiter: UpdateWaiter) => Promise<T>,
): Promise<T> {
  const created = await session.call(session.service.property_collector, 'CreatePropertyCollector')
  const collector = refAt(created, 'returnval')
  if (collector === null)
    throw new DeviceError('ProtocolError', 'No collector was returned', { sent: true, answered: true })
  let filter: MoRef | null = null
  try {
    const made = await session.call(collector, 'CreateFilter', [
      ['spec', filterSpec(sets, selection)],
      ['partialUpdates', false],
    ])
    filter = refAt(made, 'returnval')
    return await use(waiterOn(session, collector))
  } finally {
    if (filter !== null) await session.call(filter, 'DestroyPropertyFilter').catch(() => undefined)
    await session.call(collector, 'DestroyPropertyCollector').catch(() => undefined)
  }
}

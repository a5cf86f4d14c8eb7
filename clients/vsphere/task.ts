import { DeviceError } from '../errors.js'
import { readLocalizedFault, type VimFault } from './fault.js'
import { moRef } from './mo-ref.js'
import { type ObjectContent, property } from './object-content.js'
import { retrieveAll } from './property-collector.js'
import type { CallOptions, VsphereSession } from './session.js'
import type { TaskState } from './task-state.js'
import { withUpdateWaiter } from './update-waiter.js'
import { booleanAt, numberAt, refAt, type SoapNode, textAt } from './xml-node.js'

/** `descriptionId` of the task that puts a host into maintenance; used to adopt one that already runs. */
export const ENTER_MAINTENANCE = 'HostSystem.enterMaintenanceMode'

const TASK_PATHS = [
  'info.state',
  'info.progress',
  'info.cancelable',
  'info.cancelled',
  'info.descriptionId',
  'info.description',
  'info.entity',
  'info.startTime',
  'info.completeTime',
  'info.error',
]

const VANISHED: Omit<TaskState, 'moid'> = {
  state: 'vanished',
  progress: null,
  cancelable: null,
  cancelled: null,
  description_id: null,
  description: null,
  entity_moid: null,
  started_at: null,
  completed_at: null,
  error: null,
  result: null,
}

function readState(text: string | null): TaskState['state'] {
  if (text === 'queued' || text === 'running' || text === 'success' || text === 'error') return text
  throw new DeviceError('ProtocolError', `Unknown state of a task: ${text ?? 'none'}`, { sent: true, answered: true })
}

/** An expired enter-maintenance task means that VMs did not move in time, not that a step of ours was slow. */
function taskFault(node: SoapNode | null, descriptionId: string | null): VimFault | null {
  if (node === null) return null
  const fault = readLocalizedFault(node)
  const evacuation = fault.fault === 'Timedout' && descriptionId === ENTER_MAINTENANCE
  return evacuation ? { ...fault, code: 'EvacuationTimeout' } : fault
}

function readTaskContent(content: ObjectContent): TaskState {
  const value = (path: string) => property(content, `info.${path}`)
  const descriptionId = textAt(value('descriptionId'))
  return {
    moid: content.moid,
    state: readState(textAt(value('state'))),
    progress: numberAt(value('progress')),
    cancelable: booleanAt(value('cancelable')),
    cancelled: booleanAt(value('cancelled')),
    description_id: descriptionId,
    description: textAt(value('description'), 'message'),
    entity_moid: refAt(value('entity'))?.value ?? null,
    started_at: textAt(value('startTime')),
    completed_at: textAt(value('completeTime')),
    error: taskFault(value('error'), descriptionId),
    result: value('result'),
  }
}

/**
 * Reads several tasks in one request, in the order given. A task that vCenter no longer knows is `vanished`: success is
 * then decided by the state of the host or VM, never by the task.
 * @throws DeviceError
 */
export async function readTasks(
  session: VsphereSession,
  moids: readonly string[],
  options: CallOptions & { with_result?: boolean } = {},
): Promise<TaskState[]> {
  const { with_result, ...callOptions } = options
  const paths = with_result === true ? [...TASK_PATHS, 'info.result'] : TASK_PATHS
  const objects = moids.map((moid) => moRef('Task', moid))
  const contents = await readPresent(() => retrieveAll(session, [{ type: 'Task', paths }], { objects }, callOptions))
  const found = new Map(contents.map((each) => [each.moid, each]))
  return moids.map((moid) => {
    const content = found.get(moid)
    return content?.values.has('info.state') ? readTaskContent(content) : { moid, ...VANISHED }
  })
}

/** A single dead task faults the whole call on servers that ignore the wish to leave missing objects out. */
async function readPresent(read: () => Promise<ObjectContent[]>): Promise<ObjectContent[]> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof DeviceError && error.facts.message_id === 'ManagedObjectNotFound') return []
    throw error
  }
}

/** Reads one task; see {@link readTasks}. */
export async function readTask(
  session: VsphereSession,
  moid: string,
  options: CallOptions & { with_result?: boolean } = {},
): Promise<TaskState> {
  const [state] = await readTasks(session, [moid], options)
  return state ?? { moid, ...VANISHED }
}

/** Is nothing more to be expected of this task? */
export function taskEnded(task: TaskState): boolean {
  return task.state === 'success' || task.state === 'error' || task.state === 'vanished'
}

/**
 * Waits at the server until the task's state or progress changes, at most `max_wait_ms` (whole seconds, at least one),
 * and then gives the state. One bounded step: the caller repeats it with its own heartbeat and deadline.
 * @throws DeviceError
 */
export async function waitTaskStep(
  session: VsphereSession,
  moid: string,
  maxWaitMs: number,
  signal?: AbortSignal,
): Promise<TaskState> {
  const callOptions: CallOptions = signal === undefined ? {} : { signal }
  const before = await readTask(session, moid, callOptions)
  if (taskEnded(before)) return before
  const sets = [{ type: 'Task', paths: ['info.state', 'info.progress'] }]
  try {
    await withUpdateWaiter(session, sets, { objects: [moRef('Task', moid)] }, async (waiter) => {
      // The first answer is the present state and comes at once; the second comes with a change.
      const first = await waiter.next(0, signal)
      const states = first.changes.map((each) => textAt(each.values.get('info.state')))
      const ended = states.some((each) => each === 'success' || each === 'error')
      if (!ended) await waiter.next(Math.max(1, Math.floor(maxWaitMs / 1_000)), signal)
    })
  } catch (error) {
    if (!(error instanceof DeviceError) || error.facts.message_id !== 'ManagedObjectNotFound') throw error
  }
  return await readTask(session, moid, callOptions)
}

export type CancelOutcome = 'requested' | 'already_ended' | 'not_cancelable' | 'vanished'

const CANCEL_REFUSALS: Record<string, CancelOutcome> = {
  InvalidState: 'already_ended',
  NotSupported: 'not_cancelable',
  ManagedObjectNotFound: 'vanished',
}

/**
 * Asks vCenter to cancel a task. It works asynchronously, and the task may still succeed: read task **and** host state
 * afterwards. Privilege `Global.CancelTask`.
 * @throws DeviceError
 */
export async function cancelTask(
  session: VsphereSession,
  moid: string,
  options: CallOptions = {},
): Promise<CancelOutcome> {
  try {
    await session.call(moRef('Task', moid), 'CancelTask', [], { ...options, mutation: true })
    return 'requested'
  } catch (error) {
    const refusal = error instanceof DeviceError ? CANCEL_REFUSALS[error.facts.message_id ?? ''] : undefined
    if (refusal === undefined) throw error
    return refusal
  }
}

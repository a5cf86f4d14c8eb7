import { DeviceError } from '../errors.js'
import type { MoRef } from './mo-ref.js'
import type { CallOptions, VsphereSession } from './session.js'
import type { SoapField } from './soap-writer.js'
import { refAt } from './xml-node.js'

/**
 * Starts an operation that runs as a task, once. It counts as a mutation unless `mutation: false` is given (checks and
 * searches run as tasks too).
 * @returns Id of the task (`task-73`), to be kept before anything else is done.
 * @throws DeviceError; when `unclear`, the task may run: look at the state and at `recentTask`.
 */
export async function startTask(
  session: VsphereSession,
  target: MoRef,
  method: string,
  fields: readonly SoapField[],
  options: CallOptions = {},
): Promise<string> {
  const task = refAt(await session.call(target, method, fields, { mutation: true, ...options }), 'returnval')
  if (task !== null) return task.value
  throw new DeviceError('ProtocolError', `${target.type}.${method} returned no task`, { sent: true, answered: false })
}

import { DeviceError } from '../clients/errors.js'
import type { VsphereSession } from '../clients/vsphere/session.js'
import { readTask, taskEnded, waitTaskStep } from '../clients/vsphere/task.js'
import { scaledLimit } from '../domain/time-scale.js'

const SHORT_TASK_LIMIT_MS = 5 * 60_000
const STEP_MS = 5_000

/**
 * Waits for a short task (a setting, a service). A task that vanished has ended; the state of its object decides.
 * @throws DeviceError with the task's fault; `DeviceTimeout` when it does not end
 */
export async function taskEnds(session: VsphereSession, task_moid: string, what: string, scale: number): Promise<void> {
  const end = Date.now() + scaledLimit(SHORT_TASK_LIMIT_MS, scale)
  let task = await readTask(session, task_moid)
  while (!taskEnded(task) && Date.now() < end) task = await waitTaskStep(session, task_moid, STEP_MS)
  if (task.state === 'error') {
    const { fault, message, code } = task.error ?? {
      fault: 'unknown',
      message: 'no reason given',
      code: 'DeviceJobFailed' as const,
    }
    throw new DeviceError(code, `${what}: ${message}`, { sent: true, answered: true, message_id: fault, text: message })
  }
  if (!taskEnded(task))
    throw new DeviceError('DeviceTimeout', `${what} did not end in time.`, { sent: true, answered: false })
}

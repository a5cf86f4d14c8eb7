import type { VimFault } from './fault.js'
import type { SoapNode } from './xml-node.js'

/**
 * State of a task. `vanished`: vCenter no longer knows the object (purged about ten minutes after the end, or vCenter was
 * restarted); that is no failure, the state of the host or VM decides.
 */
export interface TaskState {
  moid: string
  state: 'queued' | 'running' | 'success' | 'error' | 'vanished'
  /** 0–100; `null` when not reported. */
  progress: number | null
  cancelable: boolean | null
  cancelled: boolean | null
  /** e.g. `HostSystem.enterMaintenanceMode`. */
  description_id: string | null
  description: string | null
  entity_moid: string | null
  started_at: string | null
  completed_at: string | null
  error: VimFault | null
  /** The task's result, still as XML; only for tasks that return something. */
  result: SoapNode | null
}

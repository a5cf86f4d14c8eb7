import { ApplicationFailure } from '@temporalio/common'
import type { Db } from '../db/connect.js'
import { addWaiting, dropWaiting } from '../db/stores/task-waiting.js'
import type { WorkContext } from '../workflows/lib/job-input.js'

/** What an activity that is called again waits for, as people read it: the code of its failure, and the reason shown. */
const SHOWN: Readonly<Record<string, string>> = {
  DeviceUnreachable: 'DeviceUnreachable',
  VcenterUnreachable: 'DeviceUnreachable',
  DeviceTimeout: 'DeviceUnreachable',
  DeviceBusy: 'DeviceBusy',
  SessionLimit: 'DeviceBusy',
  JobQueueFull: 'DeviceBusy',
  ForeignJob: 'ForeignJob',
  LifecycleControllerNotReady: 'LifecycleControllerNotReady',
  LoginBudget: 'LoginBudget',
  Evacuating: 'Evacuating',
  Rebooting: 'Rebooting',
  Resync: 'Resync',
  Rebalancing: 'Rebalancing',
}
const CODES = [...new Set(Object.values(SHOWN))]

/** Shows people why a step is being repeated. */
export interface WaitingNotes {
  /** An attempt ended with this; notes the reason when it is one that will be asked again. */
  failed(args: readonly unknown[], thrown: unknown): Promise<void>
  /** A later attempt succeeded: nothing is waited for any more. */
  succeeded(args: readonly unknown[]): Promise<void>
}

/**
 * Writes the reasons on the rows of the job; what cannot be written is left, since a note must never be why work fails. A
 * scan is no waiter: single devices that do not answer are what it expects.
 */
export function waitingNotes(db: Db): WaitingNotes {
  return {
    async failed(args, thrown) {
      const context = contextOf(args)
      if (!context || !(thrown instanceof ApplicationFailure) || thrown.nonRetryable) return
      const code = SHOWN[thrown.type ?? '']
      if (code === undefined) return
      const reason = { code, message: thrown.message, since: new Date().toISOString() }
      await addWaiting(db, context, reason).catch(() => undefined)
    },
    async succeeded(args) {
      const context = contextOf(args)
      if (context) await dropWaiting(db, context, CODES).catch(() => undefined)
    },
  }
}

/** The context of a device call, which all activities that have one take as `context`. */
function contextOf(args: readonly unknown[]): WorkContext | null {
  const [first] = args
  if (typeof first !== 'object' || first === null || !('context' in first)) return null
  const context = first.context as WorkContext | undefined
  return context === undefined || context.job_type === 'discovery_scan' ? null : context
}

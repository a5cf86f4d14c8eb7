import { ParentClosePolicy, startChild } from '@temporalio/workflow'
import type { LeftMedia } from '../../activities/contracts/jobs.js'
import { ejectWorkflowId } from '../../domain/ids.js'
import { core } from '../lib/proxies.js'

/** Internal, on a schedule: repairs the gap between job rows and workflows, and ejects what closed jobs left inserted. */
export async function reconcileJobs() {
  const repaired = await core.reconcileJobs({})
  for (const left of await core.listLeftMedia({})) await startEject(left)
  return repaired
}

/** One at a time for each image that was left; the one of an earlier round may still be at it. */
async function startEject(left: LeftMedia): Promise<void> {
  try {
    await startChild('eject_left_media', {
      workflowId: ejectWorkflowId(left.borrowed_id),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [left],
    })
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'WorkflowExecutionAlreadyStartedError') throw thrown
  }
}

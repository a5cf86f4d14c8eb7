import { CancellationScope, workflowInfo } from '@temporalio/workflow'
import type { LeftMedia } from '../../activities/contracts/jobs.js'
import { jobErrorOf } from '../lib/failure.js'
import type { WorkContext } from '../lib/job-input.js'
import { core, devices } from '../lib/proxies.js'

/**
 * Internal, started by the schedule that repairs rows: ejects what a closed job left inserted. It is a workflow of its own,
 * so that an iDRAC that does not answer holds up no other repair. A server that another job works on is left for later.
 */
export async function ejectLeftMedia(left: LeftMedia): Promise<void> {
  // Short, and half of it would be worse than all: a cancel does not break it off.
  return CancellationScope.nonCancellable(() => eject(left))
}

async function eject(left: LeftMedia): Promise<void> {
  const { job_id, server_id } = left
  const resources = [`server:${server_id}`]
  const owner_workflow_id = workflowInfo().workflowId
  try {
    const asked_at = new Date().toISOString()
    const reason = 'ejects what was left inserted'
    const { tokens } = await core.acquireLeases({
      job_id,
      owner_workflow_id,
      resources,
      wait_ms: 0,
      asked_at,
      reason,
      task_id: null,
    })
    await devices(left.site).redfishMutate.ejectMedia({
      context: contextOf(left, tokens),
      server_id,
      slot: 'all',
      only_iso_image_id: left.iso_image_id,
      clear_boot_once: true,
      dry_run: false,
    })
  } catch (thrown) {
    const { code, message } = jobErrorOf(thrown)
    if (code !== 'LeaseHeld')
      await core.nameLeftMedia({ borrowed_id: left.borrowed_id, message: `${code}: ${message}` })
  } finally {
    await core.releaseLeases({ job_id, owner_workflow_id, resources })
  }
}

function contextOf(left: LeftMedia, tokens: Record<string, number>): WorkContext {
  return {
    job_id: left.job_id,
    job_type: left.job_type,
    task_id: null,
    target_id: left.server_id,
    site: left.site,
    scale: left.scale,
    credential_set_ids: [],
    round: 1,
    tokens,
  }
}

import type { Job } from '../db/schema/jobs.js'
import { openAttention } from '../db/stores/attention.js'
import { listUnreturned, markReturnFailed } from '../db/stores/borrowed-settings.js'
import { endOpenTasks } from '../db/stores/job-tasks.js'
import { endJob, getJob, listIdleJobs } from '../db/stores/jobs.js'
import { listLeases, releaseLeases } from '../db/stores/leases.js'
import { isFinal } from '../domain/job-status.js'
import type { Deps } from './deps.js'

/** Rows that have not moved for so long are asked about. */
const IDLE_SECONDS = 120

/**
 * Repairs the gap between rows and workflows: a row whose workflow has ended without saying so gets its final state, with
 * attention, because a job that changes devices is never started again by itself. Frees leases whose owner has ended, never
 * by age alone. Names what closed jobs left borrowed.
 */
export async function reconcileJobs(deps: Deps): Promise<{ looked_at: number; ended: number; leases_freed: number }> {
  const idle = await listIdleJobs(deps.db, IDLE_SECONDS)
  let ended = 0
  for (const job of idle) if (await reconcileJob(deps, job)) ended += 1
  const leases_freed = await freeLeases(deps)
  await nameOrphanedSettings(deps)
  return { looked_at: idle.length, ended, leases_freed }
}

async function reconcileJob(deps: Deps, job: Job): Promise<boolean> {
  const fate = await deps.describeWorkflow(job.workflow_id)
  if (fate === 'running') return false
  const now = await getJob(deps.db, job.id)
  if (!now || isFinal(now.status)) return false
  const message = `The workflow of this job ${fate === 'gone' ? 'is not known to Temporal any more' : `ended (${fate})`} without writing its result.`
  const error = { code: 'WorkerLost', message, hint: 'Look at the devices it worked on, then start a new job.' }
  await openAttention(deps.db, job.id, [
    {
      target_kind: 'job',
      target_id: job.id,
      target_label: job.job_type,
      state_left: now.phase ?? 'not known',
      code: 'WorkerLost',
      message,
      next_action: error.hint,
    },
  ])
  await endOpenTasks(deps.db, job.id, 'failed', error)
  await endJob(deps.db, job.id, now.state_seq + 1, {
    status: fate === 'cancelled' ? 'cancelled' : 'failed',
    result: now.result,
    error,
  })
  return true
}

async function freeLeases(deps: Deps): Promise<number> {
  const owners = new Map((await listLeases(deps.db)).map((lease) => [lease.owner_workflow_id, lease.owner_job_id]))
  let freed = 0
  for (const [owner_workflow_id, owner_job_id] of owners) {
    if ((await deps.describeWorkflow(owner_workflow_id)) === 'running') continue
    const job = await getJob(deps.db, owner_job_id)
    // A job that is about to write its end frees its leases itself.
    if (job && !isFinal(job.status)) continue
    freed += (await releaseLeases(deps.db, { owner_workflow_id, owner_job_id })).length
  }
  return freed
}

async function nameOrphanedSettings(deps: Deps): Promise<void> {
  for (const row of await listUnreturned(deps.db)) {
    const job = await getJob(deps.db, row.job_id)
    if (!job || !isFinal(job.status) || row.return_error) continue
    await openAttention(deps.db, job.id, [
      {
        target_kind: row.device_kind,
        target_id: row.device_id,
        target_label: row.kind,
        state_left: `${row.kind} is not as it was before the job`,
        code: 'OutcomeUnknown',
        message: `${row.kind} was changed by this job and was not given back.`,
        next_action:
          row.kind === 'maintenance' ? 'Look at the host, then run verify_host.' : `Set ${row.kind} back by hand.`,
      },
    ])
    await markReturnFailed(deps.db, row.id, 'named in attention')
  }
}

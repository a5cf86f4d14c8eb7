import type { Job } from '../db/schema/jobs.js'
import type { BorrowedSetting } from '../db/schema/ledger.js'
import { openAttention } from '../db/stores/attention.js'
import { listUnreturned, markReturnFailed } from '../db/stores/borrowed-settings.js'
import { endOpenTasks } from '../db/stores/job-tasks.js'
import { endJob, endPendingChildren, getJob, listIdleJobs } from '../db/stores/jobs.js'
import { listLeases, releaseLeases } from '../db/stores/leases.js'
import { getServer } from '../db/stores/servers.js'
import { hostWorkflowId, isEjectWorkflow } from '../domain/ids.js'
import { isFinal } from '../domain/job-status.js'
import { compareForgotten } from './compliance.js'
import type { LeftMedia } from './contracts/jobs.js'
import type { Deps } from './deps.js'

/** Rows that have not moved for so long are asked about. */
const IDLE_SECONDS = 120
/** More retries of one host than anybody presses. */
const MOST_ROUNDS = 50

/**
 * Repairs the gap between rows and workflows: a row whose workflow has ended without saying so gets its final state, with
 * attention, because a job that changes devices is never started again by itself. Frees leases whose owner has ended, never
 * by age alone. Names what closed jobs left borrowed. Host children that outlive their job keep its leases and settings
 * until they have ended. What cannot be repaired now keeps nothing else from being repaired.
 */
export async function reconcileJobs(deps: Deps): Promise<{ looked_at: number; ended: number; leases_freed: number }> {
  const idle = await listIdleJobs(deps.db, IDLE_SECONDS)
  let ended = 0
  for (const job of idle) if (await guarded(deps, job.id, () => reconcileJob(deps, job), false)) ended += 1
  const leases_freed = await freeLeases(deps)
  await nameOrphanedSettings(deps)
  await guarded(deps, 'firmware_compliance', () => compareForgotten(deps.db), undefined)
  return { looked_at: idle.length, ended, leases_freed }
}

async function guarded<T>(deps: Deps, id: string, repair: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await repair()
  } catch (thrown) {
    deps.log.warn(
      { id, reason: String(thrown).split('\n')[0] },
      'could not be reconciled; tried again at the next round',
    )
    return otherwise
  }
}

async function reconcileJob(deps: Deps, job: Job): Promise<boolean> {
  const fate = await deps.describeWorkflow(job.workflow_id)
  if (fate === 'running') return false
  const now = await getJob(deps.db, job.id)
  if (!now || isFinal(now.status)) return false
  // A due row that Temporal does not know is the dispatcher's; a child row is its parent's for as long as that one runs.
  if (now.status === 'pending' && fate === 'gone') return endWithParent(deps, now)
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
  // Hosts in work go on by themselves; the job is over when they are.
  if (await hasHostsInWork(deps, now)) return false
  await endOpenTasks(deps.db, job.id, 'failed', error)
  await endPendingChildren(deps.db, job.id, 'Its parent job was lost before this part was begun.')
  await endJob(deps.db, job.id, now.state_seq + 1, {
    status: fate === 'cancelled' ? 'cancelled' : 'failed',
    result: now.result,
    error,
  })
  return true
}

async function endWithParent(deps: Deps, job: Job): Promise<boolean> {
  const parent = job.parent_job_id ? await getJob(deps.db, job.parent_job_id) : null
  if (!parent || !isFinal(parent.status)) return false
  return (await endPendingChildren(deps.db, parent.id, 'Its parent job ended before this part was begun.')) > 0
}

/** Works a host child of this job still? Children outlive a job that was terminated or lost, each round under its own id. */
async function hasHostsInWork(deps: Deps, job: Job): Promise<boolean> {
  const hosts = job.targets.filter((target) => target.kind === 'host')
  for (const { id } of hosts) {
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const fate = await deps.describeWorkflow(hostWorkflowId(job.job_type, job.id, id, round))
      if (fate === 'running') return true
      if (fate === 'gone') break
    }
  }
  return false
}

async function freeLeases(deps: Deps): Promise<number> {
  const owners = new Map(
    (await listLeases(deps.db)).map(({ owner_workflow_id, owner_job_id }) => [
      `${owner_workflow_id} ${owner_job_id}`,
      { owner_workflow_id, owner_job_id },
    ]),
  )
  let freed = 0
  for (const owner of owners.values()) freed += await guarded(deps, owner.owner_job_id, () => freeOwner(deps, owner), 0)
  return freed
}

async function freeOwner(deps: Deps, owner: { owner_workflow_id: string; owner_job_id: string }): Promise<number> {
  const job = await getJob(deps.db, owner.owner_job_id)
  // A job that is about to write its end frees its leases itself; child jobs may outlive the root that owns the lease.
  if (job && !isFinal(job.status)) return 0
  const { owner_workflow_id } = owner
  if (isEjectWorkflow(owner_workflow_id) && (await deps.describeWorkflow(owner_workflow_id)) === 'running') return 0
  if (!job && (await deps.describeWorkflow(owner.owner_workflow_id)) === 'running') return 0
  if (job && (await deps.describeWorkflow(job.workflow_id)) === 'running') return 0
  if (job && (await hasHostsInWork(deps, job))) return 0
  return (await releaseLeases(deps.db, owner)).length
}

async function nameOrphanedSettings(deps: Deps): Promise<void> {
  for (const row of await listUnreturned(deps.db)) {
    const job = await getJob(deps.db, row.job_id)
    if (!job || !isFinal(job.status) || row.return_error || row.kind === 'virtual_media') continue
    await guarded(deps, row.id, () => nameOrphaned(deps, job, row), undefined)
  }
}

async function nameOrphaned(deps: Deps, job: Job, row: BorrowedSetting): Promise<void> {
  if (await hasHostsInWork(deps, job)) return
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

/** Virtual media is safe to give back without judgement: nothing but the image that a closed job inserted is ejected. */
export async function listLeftMedia(deps: Deps): Promise<LeftMedia[]> {
  const left: LeftMedia[] = []
  for (const row of await listUnreturned(deps.db)) {
    const { iso_image_id } = row.wanted
    if (row.kind !== 'virtual_media' || row.return_error || typeof iso_image_id !== 'string') continue
    const job = await getJob(deps.db, row.job_id)
    if (!job || !isFinal(job.status) || (await deps.describeWorkflow(job.workflow_id)) === 'running') continue
    const server = await getServer(deps.db, row.device_id)
    if (!server) continue
    const { id: borrowed_id, job_id } = row
    const { job_type } = job
    left.push({ borrowed_id, job_id, job_type, server_id: server.id, iso_image_id, site: server.site, scale: 1 })
  }
  return left
}

export async function nameLeftMedia(deps: Deps, borrowed_id: string, message: string): Promise<void> {
  const row = (await listUnreturned(deps.db)).find((one) => one.id === borrowed_id)
  const job = row ? await getJob(deps.db, row.job_id) : null
  if (!row || !job) return
  await nameOrphaned(deps, job, row)
  await markReturnFailed(deps.db, row.id, message)
}

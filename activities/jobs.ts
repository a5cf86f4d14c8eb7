import { log } from '@temporalio/activity'
import type { Db } from '../db/connect.js'
import type { WaitingReason } from '../db/schema/jobs.js'
import { openAttention } from '../db/stores/attention.js'
import { keepOnlyExceptions } from '../db/stores/background-jobs.js'
import { listUnreturned, markReturned } from '../db/stores/borrowed-settings.js'
import { getCluster } from '../db/stores/clusters.js'
import { setMaintenanceOwner } from '../db/stores/hosts.js'
import { appendLog } from '../db/stores/job-events.js'
import { noteJobPhase } from '../db/stores/job-phase.js'
import { type StatusRow, writeStatus } from '../db/stores/job-status.js'
import {
  createTasks,
  endAnsweredTasks,
  endOpenTasks,
  endTasksAsChildren,
  listTasks,
  meanProgress,
  reportTask,
} from '../db/stores/job-tasks.js'
import {
  claimJob,
  endJob,
  endPendingChildren,
  getJob,
  insertJob,
  listChildJobs,
  raiseJobProgress,
} from '../db/stores/jobs.js'
import { acquireLeases, releaseLeases, stopWaiting } from '../db/stores/leases.js'
import { getIsoImage } from '../db/stores/media.js'
import { getUpgradeProfile } from '../db/stores/safety-checks.js'
import { dropJobSecrets } from '../db/stores/sealed-secrets.js'
import { scanRanges } from '../domain/ip-range.js'
import { summarize, type TargetResult } from '../domain/job-result.js'
import { startBackgroundWork } from './background-work.js'
import { deleteOldRows, noteCleanUp } from './clean-up.js'
import type { CoreActivities, FinishInput, ProjectionActivities, StatusChange } from './contracts/jobs.js'
import type { Deps } from './deps.js'
import { NotYet, StepFailed } from './failures.js'
import { listLeftMedia, nameLeftMedia, reconcileJobs } from './reconcile.js'

const LEASE_LOOK_MS = 1_000

/** Status rows for people; run as local activities of the workflow worker. */
export function createProjectionActivities(deps: Pick<Deps, 'db'>): ProjectionActivities {
  const { db } = deps
  const raiseProgress = progressRaiser(db)
  return {
    async claimJob({ job_id, run_id, targets }) {
      const claim = await claimJob(db, job_id, run_id)
      if (!claim.claimed) return { claimed: false, tasks: [] }
      const rows = await createTasks(db, job_id, targets)
      return { claimed: true, tasks: rows.map((row) => ({ task_id: row.id, target_id: row.target_id ?? '' })) }
    },
    async writeStatus({ changes }) {
      const applied = await writeStatus(db, changes.map(statusRow))
      // What the last of its targets says is what the job says.
      const notes = new Map<string, string | null>()
      for (const [i, change] of changes.entries())
        if (change.kind === 'task' && applied[i])
          notes.set(change.job_id, change.patch.phase_note ?? notes.get(change.job_id) ?? null)
      for (const [job_id, phase_note] of notes) {
        await raiseProgress(job_id)
        await noteJobPhase(db, job_id, phase_note)
      }
    },
  }
}

/** The mean over thousands of tasks is not taken at each of their steps. */
const WIDE_TASKS = 200
const WIDE_PAUSE_MS = 1_000
const JOBS_REMEMBERED = 200

/** Raises a job's percentage to the mean of its tasks; of a wide job at most once a second. */
function progressRaiser(db: Db): (job_id: string) => Promise<void> {
  const raised_at = new Map<string, number>()
  return async (job_id) => {
    if (performance.now() - (raised_at.get(job_id) ?? Number.NEGATIVE_INFINITY) < WIDE_PAUSE_MS) return
    const { mean, tasks } = await meanProgress(db, job_id)
    if (tasks > WIDE_TASKS) raised_at.set(job_id, performance.now())
    if (raised_at.size > JOBS_REMEMBERED) raised_at.clear()
    await raiseJobProgress(db, job_id, mean)
  }
}

/** The note of a target is the job's, not its own row's. */
function statusRow(change: StatusChange): StatusRow {
  if (change.kind === 'step') return change
  if (change.kind === 'task') {
    const { phase_note: _, ...patch } = change.patch
    return { ...change, patch }
  }
  const { plan, ...rest } = change.patch
  return { ...change, patch: { ...rest, ...(plan === undefined ? {} : { plan: plan as Record<string, unknown> }) } }
}

/** Database work of jobs that is not a mere projection. */
export function createCoreActivities(deps: Deps): CoreActivities {
  const { db } = deps
  return {
    finishJob: (input) => finishJob(deps, input),
    acquireLeases: (input) => takeLeases(db, input),
    async releaseLeases({ job_id, owner_workflow_id, resources }) {
      await releaseLeases(db, { owner_workflow_id, owner_job_id: job_id }, resources)
    },
    async openAttention({ job_id, entries }) {
      await openAttention(db, job_id, entries)
    },
    async handOverMaintenance({ job_id, host_id }) {
      const open = await listUnreturned(db, { job_id, device_id: host_id })
      for (const row of open.filter((each) => each.kind === 'maintenance')) await markReturned(db, row.id)
      await setMaintenanceOwner(db, host_id, job_id)
    },
    async countRange({ ip_range, exclude_ranges }) {
      const scan = scanRanges([ip_range], exclude_ranges)
      const [wrong] = scan.errors
      if (wrong) throw new StepFailed('InvalidRequest', wrong.message)
      return { addresses: scan.count }
    },
    async unreturnedSettings({ job_id }) {
      const rows = await listUnreturned(db, { job_id })
      return rows.map(({ kind, device_kind, device_id, original }) => ({ kind, device_kind, device_id, original }))
    },
    createChildJobs: (input) => createChildJobs(db, input),
    resolveDepot: (input) => resolveDepot(db, input),
    reconcileJobs: () => reconcileJobs(deps),
    startBackgroundWork: () => startBackgroundWork(db),
    deleteOldRows: () => deleteOldRows(db),
    noteCleanUp: ({ deleted }) => noteCleanUp(db, deleted),
    listLeftMedia: () => listLeftMedia(deps),
    nameLeftMedia: ({ borrowed_id, message }) => nameLeftMedia(deps, borrowed_id, message),
  }
}

async function takeLeases(db: Db, input: Parameters<CoreActivities['acquireLeases']>[0]) {
  const { resources, owner_workflow_id, job_id, reason, task_id } = input
  const answer = await acquireLeases(db, { resources, owner_workflow_id, owner_job_id: job_id, reason })
  // A lease of the whole job keeps all of its targets waiting.
  const waiters = task_id ? [task_id] : (await listTasks(db, job_id)).map((task) => task.id)
  const show = async (waiting_for: WaitingReason[]) => {
    for (const id of waiters) await reportTask(db, id, { waiting_for })
  }
  if (answer.held) {
    await show([])
    return { tokens: answer.tokens }
  }
  const waited = Date.now() - Date.parse(input.asked_at)
  const holder = answer.holder_job_id ? await getJob(db, answer.holder_job_id) : null
  const message = `${answer.resource} is held by ${holder?.job_type ?? 'a job'} ${answer.holder_job_id ?? ''}`.trim()
  if (waited >= input.wait_ms) {
    await stopWaiting(db, job_id)
    throw new StepFailed('LeaseHeld', message, { resource: answer.resource, holder_job_id: answer.holder_job_id })
  }
  const reasons = [{ code: 'LeaseHeld', message, since: input.asked_at, data: { holder_job_id: answer.holder_job_id } }]
  await show(reasons)
  throw new NotYet('LeaseHeld', message, LEASE_LOOK_MS)
}

/** Names what was not given back, frees leases and secrets, then writes the final state: once, whatever is repeated. */
async function finishJob(deps: Deps, input: FinishInput): Promise<void> {
  const { db } = deps
  const { job_id, owner_workflow_id, status, result, error } = input
  await nameUnreturned(db, job_id)
  await dropJobSecrets(db, job_id, status === 'completed')
  await releaseLeases(db, { owner_workflow_id, owner_job_id: job_id })
  const targets = result.targets as TargetResult[]
  const summary = summarize(targets)
  const answered = targets.flatMap(({ outcome, target }) => (outcome === 'answered' && target.id ? [target.id] : []))
  await endTasksAsChildren(db, job_id)
  await endAnsweredTasks(db, job_id, answered)
  await endOpenTasks(db, job_id, status === 'cancelled' ? 'cancelled' : 'failed', error)
  await endPendingChildren(db, job_id, 'Its parent job ended before this part was begun.')
  await endJob(db, job_id, input.state_seq, { status, result: { summary, ...result }, error })
  await keepOnlyExceptions(db, job_id)
  log.info('job ended', { job_id, status })
}

/** A job never ends with something borrowed and nobody told. */
async function nameUnreturned(db: Db, job_id: string): Promise<void> {
  const open = await listUnreturned(db, { job_id })
  await openAttention(
    db,
    job_id,
    open.map((row) => ({
      target_kind: row.device_kind,
      target_id: row.device_id,
      target_label: row.kind,
      state_left: `${row.kind} is not as it was before the job`,
      code: 'OutcomeUnknown',
      message: `${row.kind} was changed by this job and could not be given back.`,
      next_action:
        row.kind === 'maintenance'
          ? 'Look at the host, then run verify_host to bring it back.'
          : `Set ${row.kind} back by hand.`,
    })),
  )
}

async function createChildJobs(db: Db, input: Parameters<CoreActivities['createChildJobs']>[0]) {
  const parent = await getJob(db, input.parent_job_id)
  if (!parent) throw new StepFailed('NotFound', `Job ${input.parent_job_id} is not there.`)
  const known = await listChildJobs(db, parent.id)
  const rows = []
  for (const child of input.children) {
    const cluster = child.targets[0]?.cluster_id ?? child.cluster_id
    const there = known.find((row) => (row.target_scope.cluster_ids ?? []).includes(cluster))
    const row =
      there ??
      (await insertJob(db, {
        job_type: parent.job_type,
        created_by: parent.created_by,
        target_scope: child.target_scope,
        details: parent.details,
        targets: child.targets,
        credential_set_ids: parent.credential_set_ids,
        parent_job_id: parent.id,
        dry_run: parent.dry_run,
        origin: 'child',
        priority: parent.priority,
      }))
    const name = (await getCluster(db, cluster))?.name ?? cluster
    rows.push({ job_id: row.id, cluster_id: cluster, cluster: name, workflow_id: row.workflow_id })
  }
  await appendLog(db, { job_id: parent.id, message: `${rows.length} clusters, one child job each.` })
  return rows
}

async function resolveDepot(db: Db, input: Parameters<CoreActivities['resolveDepot']>[0]) {
  const profile_name = input.profile_name ?? null
  if (input.depot_path) return { depot_path: input.depot_path, depot_image_id: null, profile_name, target_build: null }
  if (input.upgrade_profile_id) {
    const row = await getUpgradeProfile(db, input.upgrade_profile_id)
    if (!row) throw new StepFailed('DepotNotFound', `Upgrade profile ${input.upgrade_profile_id} is not there.`)
    return {
      depot_path: row.depot_path,
      depot_image_id: row.iso_image_id,
      profile_name: profile_name ?? row.profile_name,
      target_build: row.target_build,
    }
  }
  const image = input.depot_image_id ? await getIsoImage(db, input.depot_image_id) : null
  if (!image) throw new StepFailed('MediaNotFound', 'The depot is not in the store.')
  return { depot_path: null, depot_image_id: image.id, profile_name, target_build: null }
}

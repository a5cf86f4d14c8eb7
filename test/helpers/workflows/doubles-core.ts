import type { CredentialActivities } from '../../../activities/contracts/credentials.js'
import type { StatusChange } from '../../../activities/contracts/jobs.js'
import { NotYet, StepFailed } from '../../../activities/failures.js'
import type { CoreQueue, ProjectionActivities } from '../../../activities/index.js'
import type { AttentionEntry } from '../../../workflows/lib/job-input.js'
import { directoryDoubles } from './doubles-directory.js'
import type { World } from './world.js'

type Finish = Parameters<CoreQueue['finishJob']>[0]

/** What the rows of one job would say: people read these, so tests do too. */
export interface JobRows {
  status: string
  state_seq: number
  waiting_for: { code: string; message: string }[]
  plan: unknown
  tasks: Map<string, Record<string, unknown> & { seq: number }>
  finished: Finish[]
  attention: AttentionEntry[]
  steps: { task_id: string | null; kind: string; status: string }[]
  /** Writes whose counter did not grow: a row would have refused them. */
  stale: string[]
}

export const emptyRows = (): JobRows => ({
  status: 'pending',
  state_seq: 0,
  waiting_for: [],
  plan: undefined,
  tasks: new Map(),
  finished: [],
  attention: [],
  steps: [],
  stale: [],
})

/** Rows of a job, held in memory. The same job may be claimed by the same run again. */
export function projectionDoubles(rows: JobRows): ProjectionActivities {
  return {
    async claimJob({ targets }) {
      if (rows.status === 'cancelled') return { claimed: false, tasks: [] }
      rows.status = 'running'
      return { claimed: true, tasks: targets.map(({ id }) => ({ task_id: `task-${id}`, target_id: id })) }
    },
    async writeStatus({ changes }) {
      for (const change of changes) keepChange(rows, change)
    },
  }
}

function keepChange(rows: JobRows, change: StatusChange): void {
  if (change.kind === 'step') {
    const { task_id, kind, status } = change.step
    rows.steps.push({ task_id, kind, status })
    return
  }
  const { state_seq } = change
  if (change.kind === 'task') {
    const task = rows.tasks.get(change.task_id) ?? { seq: 0 }
    if (state_seq <= task.seq) rows.stale.push(`${change.task_id} ${state_seq}`)
    rows.tasks.set(change.task_id, { ...task, ...change.patch, seq: state_seq })
    return
  }
  const { patch } = change
  if (state_seq <= rows.state_seq) rows.stale.push(`job ${state_seq}`)
  rows.state_seq = state_seq
  if (patch.status) rows.status = patch.status
  if (patch.waiting_for) rows.waiting_for = patch.waiting_for
  if (patch.plan !== undefined) rows.plan = patch.plan
}

/** Activities live in real time, workflows in skipped time: waiting is counted in questions, not by a clock. */
const ASK_AGAIN_MS = 30_000

/** What the job borrowed and has not given back, in the words of the real end of a job. */
function unreturned(world: World): AttentionEntry[] {
  const ssh = [...world.hosts.values()].filter((host) => host.ssh).map((host) => ['host', host.id, 'ssh'] as const)
  const clusters = [...world.borrowed].map((key) => ['cluster', key.split('/')[0] ?? '', key] as const)
  return [...ssh, ...clusters].map(([target_kind, target_id, what]) => ({
    target_kind,
    target_id,
    target_label: what,
    state_left: `${what} is not as it was before the job`,
    code: 'OutcomeUnknown',
    message: `${what} was changed by this job and could not be given back.`,
    next_action: `Set ${what} back by hand.`,
  }))
}

/** Database work of jobs: leases belong to owners, the end is written once, attention is kept. */
export function coreDoubles(world: World, rows: JobRows): Omit<CoreQueue, keyof CredentialActivities> {
  const asked = new Map<string, number>()
  return {
    async finishJob(input) {
      rows.finished.push(input)
      rows.attention.push(...unreturned(world))
      rows.status = input.status
      for (const [resource, owner] of world.leases) if (owner === input.owner_workflow_id) world.leases.delete(resource)
    },
    async acquireLeases({ resources, owner_workflow_id, wait_ms, asked_at }) {
      const held = resources.find((resource) => (world.leases.get(resource) ?? owner_workflow_id) !== owner_workflow_id)
      asked.set(asked_at, (asked.get(asked_at) ?? 0) + 1)
      const waited_ms = ((asked.get(asked_at) ?? 1) - 1) * ASK_AGAIN_MS
      if (held && waited_ms >= wait_ms) throw new StepFailed('LeaseHeld', `${held} is held.`)
      if (held) throw new NotYet('LeaseHeld', `${held} is held.`, ASK_AGAIN_MS)
      for (const resource of resources) world.leases.set(resource, owner_workflow_id)
      return { tokens: Object.fromEntries(resources.map((resource, index) => [resource, index + 1])) }
    },
    async releaseLeases({ owner_workflow_id, resources }) {
      for (const resource of resources)
        if (world.leases.get(resource) === owner_workflow_id) world.leases.delete(resource)
    },
    async openAttention({ entries }) {
      rows.attention.push(...entries)
    },
    async handOverMaintenance({ host_id }) {
      world.handed_over.add(host_id)
    },
    countRange: async () => ({ addresses: 256 }),
    unreturnedSettings: async () => [],
    createChildJobs: async ({ children }) =>
      children.map(({ cluster_id }) => ({
        job_id: `child-${cluster_id}`,
        cluster_id,
        cluster: cluster_id,
        workflow_id: `job/rolling_update/child-${cluster_id}`,
      })),
    resolveDepot: async ({ depot_path, profile_name }) => ({
      depot_path: depot_path ?? '/vmfs/volumes/ds1/profile.zip',
      depot_image_id: null,
      profile_name: profile_name ?? null,
      target_build: null,
    }),
    startBackgroundWork: async () => ({ started: [] }),
    deleteOldRows: async () => ({ deleted: {}, more: false }),
    noteCleanUp: async () => undefined,
    reconcileJobs: async () => ({ looked_at: 3, ended: 1, leases_freed: 2 }),
    listLeftMedia: async () => [],
    nameLeftMedia: async () => {},
    takeUpload: async ({ dry_run }) => ({
      outcome: dry_run ? 'unchanged' : 'changed',
      kind: 'firmware_package',
      record_id: 'record-1',
      size_bytes: 10,
      sha256: 'a'.repeat(64),
      served_url: null,
      details: { filename: 'BIOS.EXE' },
    }),
    dropUpload: async () => {},
    scanStore: async () => ({
      found: 2,
      new: 1,
      updated: 0,
      missing: 0,
      skipped: [{ path: 'link.iso', reason: 'a link' }],
      bytes_total: 10,
      warnings: [],
    }),
    registerUrl: async ({ dry_run }) => ({
      outcome: dry_run ? 'answered' : 'changed',
      iso_image_id: dry_run ? null : 'record-2',
      size_bytes: 10,
      accepts_ranges: true,
      url_host: 'files.example.com',
      warnings: [],
    }),
    ...directoryDoubles(),
  }
}

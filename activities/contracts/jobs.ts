import type { JobStatus, Phase, TaskStatus } from '../../domain/job-status.js'
import type {
  AttentionEntry,
  JobError,
  Outcome,
  Target,
  TargetResult,
  WaitingReason,
} from '../../workflows/lib/job-input.js'

export interface JobPatch {
  status?: Extract<JobStatus, 'running' | 'paused'>
  phase?: Phase
  phase_note?: string
  progress?: number
  waiting_for?: WaitingReason[]
  plan?: unknown
}

export interface TaskPatch {
  status?: TaskStatus
  phase?: Phase
  phase_note?: string
  progress?: number
  waiting_for?: WaitingReason[]
  outcome?: Outcome
  error?: JobError | null
  result?: Record<string, unknown>
  log?: string
}

export interface StepPatch {
  task_id: string | null
  seq: number
  phase: Phase
  kind: string
  status: 'planned' | 'running' | 'waiting' | 'completed' | 'failed' | 'skipped' | 'unknown'
  component?: string
  from_version?: string
  to_version?: string
  device_job_id?: string
  detail?: Record<string, unknown>
}

/** One change of what people see: of the job's row, of the row of one target, of one step. Counters only ever grow. */
export type StatusChange =
  | { kind: 'job'; job_id: string; state_seq: number; patch: JobPatch }
  | { kind: 'task'; job_id: string; task_id: string; state_seq: number; patch: TaskPatch }
  | { kind: 'step'; job_id: string; step: StepPatch }

export interface ClaimedTask {
  task_id: string
  target_id: string
}

/** Local activities of the workflow worker: status rows for people. Repeats and late arrivals change nothing. */
export interface ProjectionActivities {
  /**
   * `pending` -> `running` for this run, with one task row per target. `claimed: false` when the job was cancelled meanwhile
   * or belongs to another run; a repeat by the same run is a success.
   */
  claimJob(input: {
    job_id: string
    run_id: string
    targets: Target[]
  }): Promise<{ claimed: boolean; tasks: ClaimedTask[] }>
  /** Writes the changes in one go; also refreshes the job's own phase and progress from its tasks. */
  writeStatus(input: { changes: StatusChange[] }): Promise<void>
}

export interface FinishInput {
  job_id: string
  state_seq: number
  owner_workflow_id: string
  status: Extract<JobStatus, 'completed' | 'failed' | 'cancelled'>
  result: { targets: TargetResult[]; plan?: unknown; [field: string]: unknown }
  error: JobError | null
}

/** An image in a server that nobody will eject any more. */
export interface LeftMedia {
  borrowed_id: string
  job_id: string
  job_type: string
  server_id: string
  iso_image_id: string
  site: string
  scale: number
}

/** Database work of jobs that is not a mere projection. */
export interface CoreActivities {
  /** Releases leases, closes what the job left open (secrets, waiters), writes the final state. Repeatable. */
  finishJob(input: FinishInput): Promise<void>
  /** Takes all of them in sorted order, or throws `LeaseHeld` (retryable until `wait_ms` is over). Re-entrant by owner. */
  acquireLeases(input: {
    job_id: string
    owner_workflow_id: string
    resources: string[]
    wait_ms: number
    asked_at: string
    reason: string
    task_id: string | null
    task_seq?: number
  }): Promise<{ tokens: Record<string, number> }>
  releaseLeases(input: { job_id: string; owner_workflow_id: string; resources: string[] }): Promise<void>
  openAttention(input: { job_id: string; entries: AttentionEntry[] }): Promise<void>
  /** The maintenance of this host is meant to stay after the job: recorded as held by it, no longer owed back. */
  handOverMaintenance(input: { job_id: string; host_id: string }): Promise<void>
  /** How many addresses a range has after exclusions. Throws `InvalidRequest` for a bad range. */
  countRange(input: { ip_range: string; exclude_ranges: string[] }): Promise<{ addresses: number }>
  /** Rows of borrowed settings that this job has not given back; for the last words of a job. */
  unreturnedSettings(input: {
    job_id: string
  }): Promise<{ kind: string; device_kind: string; device_id: string; original: unknown }[]>
  /** Makes one child job row per cluster; repeatable by (parent, cluster). */
  createChildJobs(input: {
    parent_job_id: string
    children: { cluster_id: string; targets: Target[]; target_scope: Record<string, unknown> }[]
  }): Promise<{ job_id: string; cluster_id: string; cluster: string; workflow_id: string }[]>
  /** Resolves what `esxi` details name into what a host can be told; reads our own store only. */
  resolveDepot(input: {
    upgrade_profile_id?: string
    depot_path?: string
    depot_image_id?: string
    profile_name?: string
  }): Promise<{
    depot_path: string | null
    depot_image_id: string | null
    profile_name: string | null
    target_build: number | null
  }>
  /** Repairs the gap between rows and workflows; run by the schedule. */
  reconcileJobs(input: Record<string, never>): Promise<{ looked_at: number; ended: number; leases_freed: number }>
  /** Writes job rows for the background reading that is due; run by the schedule. */
  startBackgroundWork(input: Record<string, never>): Promise<{ started: { job_id: string; job_type: string }[] }>
  /** Deletes a batch of each kind of row that has been kept for its time; run by the daily schedule until `more` is false. */
  deleteOldRows(input: Record<string, never>): Promise<{ deleted: Record<string, number>; more: boolean }>
  /** Says in the audit how many rows of each table went. */
  noteCleanUp(input: { deleted: Record<string, number> }): Promise<void>
  /** Media that closed jobs left inserted although they were to be ejected: safe to give back without judgement. */
  listLeftMedia(input: Record<string, never>): Promise<LeftMedia[]>
  /** It could not be given back now: named once in the attention of its job. */
  nameLeftMedia(input: { borrowed_id: string; message: string }): Promise<void>
}

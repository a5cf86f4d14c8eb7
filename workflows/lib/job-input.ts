/** What a job works on, as resolved when it was posted. Links are copied in, so that a plan can be made without a look-up. */
export interface Target {
  kind: 'server' | 'host' | 'cluster' | 'vcenter' | 'range' | 'datastore' | 'file' | 'user_source'
  id: string
  name: string
  /** Hosts: their cluster and server. Servers: the cluster and host they carry. */
  cluster_id?: string | null
  server_id?: string | null
  host_id?: string | null
  /** Clusters: the hosts that were named, judged together. */
  host_ids?: string[]
}

/** The one argument of every job's workflow. It holds ids and choices, never a secret. */
export interface JobInput<Details = Record<string, unknown>> {
  job_id: string
  job_type: string
  targets: Target[]
  target_scope: Record<string, unknown>
  details: Details
  dry_run: boolean
  credential_set_ids: string[]
  requested_by: string | null
  site: string
  /** Divides device pauses and limits on loopback addresses; 1 for real devices. */
  device_time_scale: number
  parent_job_id?: string | null
  /** Nobody asked for it: it leaves alone what a job of somebody holds. */
  background?: boolean
  /** Set for a shard: the rows are there already, and the job that people see is claimed and ended by its parent workflow. */
  shard?: ShardTask[]
}

/** A target's row and counters, handed to the shard that works on it. */
export interface ShardTask {
  target_id: string
  task_id: string | null
  seq: number
  round: number
}

/** What every device activity needs to know about the work it is part of. */
export interface WorkContext {
  job_id: string
  job_type: string
  task_id: string | null
  /** Id of the server, host or cluster in work; part of every operation id. */
  target_id: string
  site: string
  scale: number
  credential_set_ids: string[]
  /** How often this target was taken up in this job, from 1: a retry is new work with operations of its own. */
  round: number
  /** What is being done, in a sentence; shown beside the activity in Temporal Web. */
  note?: string
  /** Background reading: a device that a job holds is not asked. */
  background?: boolean
  /** Fencing tokens of the leases held, by resource. */
  tokens: Record<string, number>
}

export interface JobError {
  code: string
  message: string
  hint?: string
  device?: { message_id?: string; text?: string }
  data?: Record<string, unknown>
}

export type Outcome = 'changed' | 'unchanged' | 'answered' | 'staged' | 'failed' | 'skipped' | 'not_started' | 'unknown'

/** One entry of `result.targets`; types add fields of their own. */
export interface TargetResult {
  target: { kind: string; id: string | null; name: string }
  outcome: Outcome
  code?: string
  message?: string
  [field: string]: unknown
}

export interface AttentionEntry {
  target_kind: string
  target_id: string
  target_label: string
  state_left: string
  code: string
  message: string
  next_action: string
}

export interface WaitingReason {
  code: string
  message: string
  since: string
  until?: string
  data?: Record<string, unknown>
}

import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { JOB_STATUSES, type JobStatus, TASK_STATUSES, type TaskStatus } from '../../domain/job-status.js'
import { createdAt, id, instant, oneOf } from './columns.js'

export const FINAL_JOB_STATUSES = ['completed', 'failed', 'cancelled'] as const
export const TARGET_KINDS = [
  'server',
  'host',
  'cluster',
  'vcenter',
  'range',
  'datastore',
  'file',
  'user_source',
] as const
export type TargetKind = (typeof TARGET_KINDS)[number]

/** One resolved target of a job, as in `jobs.targets` and in the workflow's argument. Links are copied in when it is posted. */
export interface JobTarget {
  kind: 'server' | 'host' | 'cluster' | 'vcenter' | 'range' | 'datastore' | 'file' | 'user_source'
  /** UUID of the row, or the text itself for targets that are no row of ours (an address range). */
  id: string
  name: string
  cluster_id?: string | null
  server_id?: string | null
  host_id?: string | null
  /** Clusters: the hosts that were named, judged together. */
  host_ids?: string[]
}

/** What was asked, before it was resolved. */
export interface TargetScope {
  server_ids?: string[] | undefined
  server_group_ids?: string[] | undefined
  host_ids?: string[] | undefined
  cluster_ids?: string[] | undefined
  filter?: { servers?: string | undefined; hosts?: string | undefined } | undefined
  exclude?: { server_ids?: string[] | undefined; host_ids?: string[] | undefined } | undefined
}

export interface WaitingReason {
  code: string
  message: string
  since: string
  until?: string
  data?: Record<string, unknown>
}

export interface JobError {
  code: string
  message: string
  hint?: string
  device?: { message_id?: string; text?: string }
  data?: Record<string, unknown>
}

export const jobs = pgTable(
  'jobs',
  {
    id: id(),
    job_type: text().notNull(),
    status: text().notNull().default('pending').$type<JobStatus>(),
    created_by: uuid(),
    target_scope: jsonb().notNull().$type<TargetScope>(),
    details: jsonb().notNull().$type<Record<string, unknown>>(),
    parent_job_id: uuid(),
    firmware_source: text(),
    credential_set_ids: uuid().array().notNull().default(sql`'{}'::uuid[]`),
    schedule_at: instant(),
    created_at: createdAt(),
    started_at: instant(),
    completed_at: instant(),
    dry_run: boolean().notNull().default(false),
    targets: jsonb().notNull().$type<JobTarget[]>(),
    result: jsonb().$type<Record<string, unknown>>(),
    error: jsonb().$type<JobError>(),
    phase: text(),
    phase_note: text(),
    phase_since: instant(),
    progress: smallint().notNull().default(0),
    waiting_for: jsonb().notNull().default([]).$type<WaitingReason[]>(),
    needs_attention: boolean().notNull().default(false),
    plan: jsonb().$type<Record<string, unknown>>(),
    plan_version: integer().notNull().default(0),
    workflow_id: text().notNull(),
    run_id: text(),
    state_seq: bigint({ mode: 'number' }).notNull().default(0),
    event_seq: bigint({ mode: 'number' }).notNull().default(0),
    priority: smallint().notNull().default(3),
    origin: text().notNull().default('user').$type<'user' | 'token' | 'window' | 'background' | 'child' | 'cli'>(),
    maintenance_window_id: uuid(),
    occurrence_id: uuid(),
    cancel_requested_at: instant(),
    cancel_mode: text().$type<'graceful' | 'abort'>(),
    pause_requested_at: instant(),
    last_progress_at: instant(),
    stuck_since: instant(),
    request_id: text(),
    version: integer().notNull().default(1),
    updated_at: createdAt(),
  },
  (t) => [
    uniqueIndex('jobs_workflow_id_key').on(t.workflow_id),
    index('jobs_due_idx').on(t.status, t.schedule_at).where(sql`status = 'pending'`),
    index('jobs_created_idx').on(t.created_at.desc(), t.id.desc()),
    index('jobs_type_idx').on(t.job_type, t.created_at.desc()),
    index('jobs_parent_idx').on(t.parent_job_id),
    index('jobs_attention_idx').on(t.needs_attention).where(sql`needs_attention`),
    index('jobs_targets_idx').using('gin', t.targets.op('jsonb_path_ops')),
    index('jobs_created_by_idx').on(t.created_by, t.created_at.desc()),
    oneOf('jobs_status_check', t.status, JOB_STATUSES),
    oneOf('jobs_cancel_mode_check', t.cancel_mode, ['graceful', 'abort']),
    oneOf('jobs_origin_check', t.origin, ['user', 'token', 'window', 'background', 'child', 'cli']),
  ],
)

const jobId = () =>
  uuid()
    .notNull()
    .references(() => jobs.id, { onDelete: 'cascade' })

export const jobTasks = pgTable(
  'job_tasks',
  {
    id: id(),
    job_id: jobId(),
    server_id: uuid(),
    vcenter_host_id: uuid(),
    status: text().notNull().default('pending').$type<TaskStatus>(),
    progress: smallint().notNull().default(0),
    log: text(),
    started_at: instant(),
    completed_at: instant(),
    target_kind: text().notNull().$type<TargetKind>(),
    target_id: text(),
    target_label: text().notNull(),
    position: integer().notNull().default(0),
    phase: text(),
    phase_since: instant(),
    waiting_for: jsonb().notNull().default([]).$type<WaitingReason[]>(),
    outcome: text(),
    error: jsonb().$type<JobError>(),
    result: jsonb().$type<Record<string, unknown>>(),
    state_seq: bigint({ mode: 'number' }).notNull().default(0),
    attempt: integer().notNull().default(1),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex('job_tasks_target_key').on(t.job_id, t.target_kind, t.target_label),
    index('job_tasks_server_idx').on(t.server_id, t.started_at.desc()),
    index('job_tasks_host_idx').on(t.vcenter_host_id, t.started_at.desc()),
    oneOf('job_tasks_status_check', t.status, TASK_STATUSES),
    oneOf('job_tasks_kind_check', t.target_kind, TARGET_KINDS),
  ],
)

export const STEP_STATUSES = ['planned', 'running', 'waiting', 'completed', 'failed', 'skipped', 'unknown'] as const

export const jobSteps = pgTable(
  'job_steps',
  {
    id: id(),
    job_id: jobId(),
    task_id: uuid(),
    seq: integer().notNull(),
    phase: text().notNull(),
    kind: text().notNull(),
    component: text(),
    fqdd: text(),
    from_version: text(),
    to_version: text(),
    status: text().notNull().default('planned').$type<(typeof STEP_STATUSES)[number]>(),
    planned_minutes: integer(),
    started_at: instant(),
    completed_at: instant(),
    device_job_id: text(),
    safe_to_stop: boolean(),
    reversible: boolean(),
    detail: jsonb().$type<Record<string, unknown>>(),
  },
  (t) => [
    unique('job_steps_seq_key').on(t.job_id, t.task_id, t.seq).nullsNotDistinct(),
    oneOf('job_steps_status_check', t.status, STEP_STATUSES),
  ],
)

export const JOB_EVENT_TYPES = [
  'job.changed',
  'task.changed',
  'step.changed',
  'log',
  'plan',
  'attention',
  'control',
  'server.health_changed',
  'window.changed',
] as const

export const jobEventsId = pgSequence('job_events_id_seq')

export const jobEvents = pgTable(
  'job_events',
  {
    /** Given under a short advisory lock, so ids become visible in order. */
    id: bigint({ mode: 'number' }).notNull(),
    job_id: uuid(),
    task_id: uuid(),
    type: text().notNull().$type<(typeof JOB_EVENT_TYPES)[number]>(),
    level: text(),
    message: text(),
    data: jsonb().$type<Record<string, unknown>>(),
    actor_id: uuid(),
    at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.at] }),
    index('job_events_job_idx').on(t.job_id, t.id),
    oneOf('job_events_type_check', t.type, JOB_EVENT_TYPES),
  ],
)

export const jobAttention = pgTable(
  'job_attention',
  {
    id: id(),
    job_id: jobId(),
    target_kind: text(),
    target_id: text(),
    target_label: text(),
    state_left: text().notNull(),
    code: text().notNull(),
    message: text().notNull(),
    next_action: text().notNull(),
    created_at: createdAt(),
    acknowledged_by: uuid(),
    acknowledged_at: instant(),
    resolved_at: instant(),
  },
  (t) => [
    index('job_attention_open_idx').on(t.resolved_at, t.acknowledged_at),
    index('job_attention_job_idx').on(t.job_id),
  ],
)

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    user_id: uuid().notNull(),
    key: text().notNull(),
    method: text().notNull(),
    path: text().notNull(),
    request_hash: text().notNull(),
    status: smallint(),
    response: jsonb().$type<{ body: unknown; headers: Record<string, string> }>(),
    job_id: uuid(),
    created_at: createdAt(),
    expires_at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.user_id, t.key] }), index('idempotency_keys_expires_idx').on(t.expires_at)],
)

export type Job = typeof jobs.$inferSelect
export type JobTask = typeof jobTasks.$inferSelect
export type JobStep = typeof jobSteps.$inferSelect
export type JobEvent = typeof jobEvents.$inferSelect
export type JobAttention = typeof jobAttention.$inferSelect

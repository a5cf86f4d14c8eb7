import { sql } from 'drizzle-orm'
import {
  bigint,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from './columns.js'

export const OPERATION_STATES = [
  'intent',
  'sent',
  'accepted',
  'done',
  'refused',
  'failed',
  'unknown',
  'adopted',
] as const
export type OperationState = (typeof OPERATION_STATES)[number]

export const deviceOperations = pgTable(
  'device_operations',
  {
    /** `<job_id>/<target_id>/<step>/<attempt>` */
    id: text().primaryKey(),
    job_id: uuid().notNull(),
    task_id: uuid(),
    target_id: text().notNull(),
    step: text().notNull(),
    attempt: integer().notNull(),
    device_kind: text().notNull(),
    device_id: text().notNull(),
    operation: text().notNull(),
    component: text(),
    fencing_token: bigint({ mode: 'number' }).notNull(),
    state: text().notNull().default('intent').$type<OperationState>(),
    /** The worker process that sends; whether it still lives decides who may reconcile. */
    worker_id: text(),
    device_ref: text(),
    before: jsonb().$type<Record<string, unknown>>(),
    intent_at: createdAt(),
    sent_at: instant(),
    settled_at: instant(),
    settled_how: text().$type<'answer' | 'reconcile' | 'person'>(),
    command_id: uuid(),
  },
  (t) => [
    uniqueIndex('device_operations_attempt_key').on(t.job_id, t.target_id, t.step, t.attempt),
    index('device_operations_device_idx').on(t.device_id, t.operation, t.intent_at.desc()),
    oneOf('device_operations_state_check', t.state, OPERATION_STATES),
    oneOf('device_operations_how_check', t.settled_how, ['answer', 'reconcile', 'person']),
  ],
)

export const fencingTokens = pgSequence('device_fencing_token_seq')

export const deviceLeases = pgTable(
  'device_leases',
  {
    resource: text().primaryKey(),
    owner_workflow_id: text().notNull(),
    owner_job_id: uuid().notNull(),
    fencing_token: bigint({ mode: 'number' }).notNull(),
    acquired_at: createdAt(),
    reason: text(),
  },
  (t) => [index('device_leases_owner_idx').on(t.owner_workflow_id)],
)

export const leaseWaiters = pgTable(
  'lease_waiters',
  {
    resource: text().notNull(),
    job_id: uuid().notNull(),
    asked_at: createdAt(),
    /** A waiter that no longer asks does not keep others waiting. */
    polled_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.resource, t.job_id] })],
)

export const BORROWED_KINDS = [
  'maintenance',
  'ssh_service',
  'dpm',
  'ha_admission',
  'virtual_media',
  'boot_override',
  'lockdown',
  'vm_power',
  'alarm_actions',
] as const
export type BorrowedKind = (typeof BORROWED_KINDS)[number]

export const borrowedSettings = pgTable(
  'borrowed_settings',
  {
    id: id(),
    job_id: uuid().notNull(),
    kind: text().notNull().$type<BorrowedKind>(),
    device_kind: text().notNull(),
    device_id: text().notNull(),
    original: jsonb().notNull().$type<Record<string, unknown>>(),
    wanted: jsonb().notNull().$type<Record<string, unknown>>(),
    taken_at: createdAt(),
    returned_at: instant(),
    return_error: text(),
  },
  (t) => [
    uniqueIndex('borrowed_settings_open_key').on(t.job_id, t.kind, t.device_id).where(sql`returned_at is null`),
    index('borrowed_settings_device_idx').on(t.device_id).where(sql`returned_at is null`),
    oneOf('borrowed_settings_kind_check', t.kind, BORROWED_KINDS),
  ],
)

/** Uploads to devices that are under way, one row each; a row of a worker that is gone counts for nothing. */
export const uploadSlots = pgTable(
  'upload_slots',
  {
    id: id(),
    site: text().notNull(),
    worker_id: text().notNull(),
    taken_at: createdAt(),
  },
  (t) => [index('upload_slots_site_idx').on(t.site)],
)

export type DeviceOperation = typeof deviceOperations.$inferSelect
export type DeviceLease = typeof deviceLeases.$inferSelect
export type BorrowedSetting = typeof borrowedSettings.$inferSelect

import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, createdAt, id, instant, oneOf } from './columns.js'

/** Columns of the tamper-evidence chain; filled by the writer that seals the chain. */
const chain = {
  chain: smallint(),
  chain_seq: bigint({ mode: 'number' }),
  prev_hash: bytea(),
  hash: bytea(),
}

export const OPERATION_TYPES = [
  'discovery',
  'firmware',
  'power',
  'bios',
  'boot',
  'scp',
  'virtual_media',
  'console',
  'logs',
  'inventory',
  'session',
  'vcenter',
  'esxi',
  'directory',
  'openmanage',
  'media',
] as const
export type OperationType = (typeof OPERATION_TYPES)[number]

export const idracCommands = pgTable(
  'idrac_commands',
  {
    id: uuid().notNull(),
    server_id: uuid(),
    job_id: uuid(),
    task_id: uuid(),
    endpoint: text().notNull(),
    command_type: text().notNull(),
    operation_type: text().notNull().$type<OperationType>(),
    full_url: text(),
    request_body: jsonb(),
    response_body: jsonb(),
    success: boolean(),
    status_code: integer(),
    response_time_ms: integer(),
    error_message: text(),
    source: text().notNull().$type<'api' | 'worker'>(),
    initiated_by: uuid(),
    timestamp: createdAt(),
    device_kind: text(),
    vcenter_id: uuid(),
    vcenter_host_id: uuid(),
    outcome: text().notNull().default('intent').$type<'intent' | 'ok' | 'refused' | 'failed' | 'unknown'>(),
    message_id: text(),
    operation_id: text(),
    fencing_token: bigint({ mode: 'number' }),
    credential_set_id: uuid(),
    workflow_id: text(),
    attempt: integer(),
    worker_id: text(),
    request_id: text(),
    ...chain,
    completed_at: instant(),
    bytes_sent: bigint({ mode: 'number' }),
    bytes_received: bigint({ mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.timestamp] }),
    index('idrac_commands_server_idx').on(t.server_id, t.timestamp.desc()),
    index('idrac_commands_job_idx').on(t.job_id, t.timestamp),
    index('idrac_commands_failed_idx').on(t.timestamp.desc()).where(sql`not success`),
    index('idrac_commands_time_idx').on(t.timestamp.desc(), t.id.desc()),
    oneOf('idrac_commands_type_check', t.command_type, [
      'GET',
      'POST',
      'PATCH',
      'PUT',
      'DELETE',
      'SOAP',
      'SSH',
      'LDAP',
    ]),
    oneOf('idrac_commands_operation_check', t.operation_type, OPERATION_TYPES),
    oneOf('idrac_commands_source_check', t.source, ['api', 'worker']),
    oneOf('idrac_commands_outcome_check', t.outcome, ['intent', 'ok', 'refused', 'failed', 'unknown']),
  ],
)

export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    at: createdAt(),
    actor_id: uuid(),
    actor_label: text(),
    actor_ip: text(),
    origin: text(),
    action: text().notNull(),
    object_kind: text(),
    object_id: text(),
    object_label: text(),
    before: jsonb().$type<Record<string, unknown>>(),
    after: jsonb().$type<Record<string, unknown>>(),
    decision: jsonb().$type<Record<string, unknown>>(),
    request_id: text(),
    ...chain,
  },
  (t) => [
    index('audit_log_at_idx').on(t.at.desc(), t.id.desc()),
    index('audit_log_object_idx').on(t.object_kind, t.object_id),
  ],
)

export type Command = typeof idracCommands.$inferSelect
export type AuditEntry = typeof auditLog.$inferSelect

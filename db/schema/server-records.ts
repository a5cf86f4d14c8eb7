import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from './columns.js'
import { servers } from './servers.js'

const serverId = () =>
  uuid()
    .notNull()
    .references(() => servers.id)

export const EVENT_LOGS = ['sel', 'lifecycle'] as const
export const SEVERITIES = ['OK', 'Warning', 'Critical', 'Unknown'] as const

/** Entries of the device's own logs. Ids begin anew after a clear, so the device's time is part of the key. */
export const serverEventLogs = pgTable(
  'server_event_logs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    server_id: serverId(),
    log: text().notNull().$type<(typeof EVENT_LOGS)[number]>(),
    entry_id: bigint({ mode: 'number' }).notNull(),
    /** The device's clock. */
    logged_at: instant().notNull(),
    severity: text().notNull().$type<(typeof SEVERITIES)[number]>(),
    message_id: text(),
    message: text().notNull(),
    category: text(),
    raw: jsonb().$type<Record<string, unknown>>(),
    fetched_at: createdAt(),
    job_id: uuid(),
  },
  (t) => [
    uniqueIndex('server_event_logs_entry_key').on(t.server_id, t.log, t.entry_id, t.logged_at),
    index('server_event_logs_server_idx').on(t.server_id, t.logged_at.desc()),
    index('server_event_logs_severity_idx').on(t.severity, t.logged_at.desc()),
    oneOf('server_event_logs_log_check', t.log, EVENT_LOGS),
    oneOf('server_event_logs_severity_check', t.severity, SEVERITIES),
  ],
)

/** Up to where a log was fetched. */
export const serverLogCursors = pgTable(
  'server_log_cursors',
  {
    server_id: serverId(),
    log: text().notNull().$type<(typeof EVENT_LOGS)[number]>(),
    entry_id: bigint({ mode: 'number' }).notNull(),
    logged_at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.server_id, t.log] }), oneOf('server_log_cursors_log_check', t.log, EVENT_LOGS)],
)

/** BIOS attributes as read at one time. Attributes of type Password are never in it. */
export const biosConfigurations = pgTable(
  'bios_configurations',
  {
    id: id(),
    server_id: serverId(),
    job_id: uuid(),
    reason: text().notNull().$type<'read' | 'before_write' | 'after_write'>(),
    attributes: jsonb().notNull().$type<Record<string, unknown>>(),
    pending: jsonb().$type<Record<string, unknown>>(),
    registry_name: text(),
    bios_version: text(),
    sha256: text().notNull(),
    attribute_count: integer().notNull(),
    captured_at: createdAt(),
    last_seen_at: createdAt(),
  },
  (t) => [
    index('bios_configurations_server_idx').on(t.server_id, t.captured_at.desc()),
    oneOf('bios_configurations_reason_check', t.reason, ['read', 'before_write', 'after_write']),
  ],
)

export type ServerEventLog = typeof serverEventLogs.$inferSelect
export type BiosConfiguration = typeof biosConfigurations.$inferSelect

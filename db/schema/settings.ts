import { sql } from 'drizzle-orm'
import { boolean, check, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { cidr, edited, instant, oneOf } from './columns.js'

const one = () => integer().primaryKey().default(1)

export const activitySettings = pgTable(
  'activity_settings',
  {
    id: one(),
    /** The wrapped current data key (`dek1.…`); a bare key cannot be stored. */
    encryption_key: text(),
    log_retention_days: integer().notNull().default(30),
    max_request_body_bytes: integer().notNull().default(8192),
    max_response_body_bytes: integer().notNull().default(16384),
    keep_read_bodies: boolean().notNull().default(false),
    mutation_retention_days: integer().notNull().default(400),
    job_retention_days: integer().notNull().default(400),
    event_log_retention_days: integer().notNull().default(400),
    health_interval_minutes: integer().notNull().default(60),
    inventory_interval_hours: integer().notNull().default(24),
    event_log_interval_minutes: integer().notNull().default(360),
    /** No background reading at all, for as long as this is set. */
    background_paused: boolean().notNull().default(false),
    first_contact: text().notNull().default('pin').$type<'pin' | 'ask'>(),
    scan_rate_per_second: integer().notNull().default(1000),
    scan_in_flight: integer().notNull().default(1024),
    uploads_per_site: integer().notNull().default(4),
    /** Null: 22, or 2222 for loopback addresses while a lab is in use. */
    esxi_ssh_port: integer(),
    confirm_over_targets: integer().notNull().default(50),
    confirm_over_percent: integer().notNull().default(20),
    session_idle_minutes: integer().notNull().default(15),
    session_max_hours: integer().notNull().default(12),
    login_banner: text(),
    syslog_target: text(),
    allowed_device_cidrs: cidr().array().notNull().default(sql`'{}'::cidr[]`),
    ...edited,
  },
  (t) => [
    check('activity_settings_one_row', sql`id = 1`),
    check('activity_settings_key_check', sql`encryption_key is null or encryption_key like 'dek1.%'`),
    oneOf('activity_settings_first_contact_check', t.first_contact, ['pin', 'ask']),
  ],
)

export const mediaSettings = pgTable(
  'media_settings',
  {
    id: one(),
    allowed_hosts: text().array().notNull().default(sql`'{}'::text[]`),
    allowed_cidrs: cidr().array().notNull().default(sql`'{}'::cidr[]`),
    max_upload_gb: integer().notNull().default(64),
    base_url: text(),
    ...edited,
  },
  () => [check('media_settings_one_row', sql`id = 1`)],
)

/** Where OpenManage Enterprise is, one row. */
export const openmanageSettings = pgTable(
  'openmanage_settings',
  {
    id: one(),
    enabled: boolean().notNull().default(false),
    host: text(),
    port: integer().notNull().default(443),
    username: text(),
    password_encrypted: text(),
    sync_enabled: boolean().notNull().default(false),
    sync_interval_minutes: integer().notNull().default(360),
    last_sync_at: instant(),
    last_sync_result: jsonb().$type<Record<string, unknown>>(),
    ...edited,
  },
  () => [check('openmanage_settings_one_row', sql`id = 1`)],
)

export type ActivitySettings = typeof activitySettings.$inferSelect
export type MediaSettings = typeof mediaSettings.$inferSelect
export type OpenmanageSettings = typeof openmanageSettings.$inferSelect

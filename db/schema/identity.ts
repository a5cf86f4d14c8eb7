import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { ROLES, type Role } from '../../domain/permissions.js'
import { createdAt, edited, id, instant, oneOf } from './columns.js'

/** Settings of the company directory, one row. */
export const idmSettings = pgTable(
  'idm_settings',
  {
    id: integer().primaryKey().default(1),
    enabled: boolean().notNull().default(false),
    vendor: text().notNull().default('ldap').$type<'freeipa' | 'active_directory' | 'ldap'>(),
    servers: text().array().notNull().default(sql`'{}'::text[]`),
    port: integer().notNull().default(636),
    tls_mode: text().notNull().default('ldaps').$type<'ldaps' | 'starttls'>(),
    ca_pem: text(),
    base_dn: text(),
    bind_dn: text(),
    bind_password_encrypted: text(),
    user_base: text(),
    user_filter: text(),
    username_attribute: text(),
    group_base: text(),
    group_filter: text(),
    nested_groups: boolean().notNull().default(true),
    /** Null: no access without a mapped group. */
    default_role: text().$type<Role>(),
    sync_enabled: boolean().notNull().default(false),
    sync_interval_minutes: integer().notNull().default(360),
    connect_timeout_ms: integer().notNull().default(5000),
    operation_timeout_ms: integer().notNull().default(10_000),
    last_sync_at: instant(),
    last_sync_result: jsonb().$type<Record<string, unknown>>(),
    ...edited,
  },
  (t) => [
    check('idm_settings_one_row', sql`id = 1`),
    oneOf('idm_settings_vendor_check', t.vendor, ['freeipa', 'active_directory', 'ldap']),
    oneOf('idm_settings_tls_mode_check', t.tls_mode, ['ldaps', 'starttls']),
    oneOf('idm_settings_default_role_check', t.default_role, ROLES),
  ],
)

/** Directory group to role, by full DN or unchangeable id, never by name. */
export const idmGroupMappings = pgTable(
  'idm_group_mappings',
  {
    id: id(),
    group_dn: text().notNull(),
    group_id: text(),
    role: text().notNull().$type<Role>(),
  },
  (t) => [
    uniqueIndex('idm_group_mappings_dn_key').on(sql`lower(${t.group_dn})`),
    oneOf('idm_group_mappings_role_check', t.role, ROLES),
  ],
)

/** Each time somebody was asked for at the directory: logins and tests. */
export const idmAuthSessions = pgTable(
  'idm_auth_sessions',
  {
    id: id(),
    user_id: uuid(),
    session_id: uuid(),
    kind: text().notNull().$type<'login' | 'test'>(),
    username: text().notNull(),
    dn: text(),
    server: text(),
    role: text().$type<Role>(),
    /** Only mapped ones. */
    groups: text().array().notNull().default(sql`'{}'::text[]`),
    source_ip: text(),
    outcome: text().notNull(),
    started_at: createdAt(),
    ended_at: instant(),
  },
  (t) => [
    index('idm_auth_sessions_user_idx').on(t.user_id, t.started_at.desc()),
    index('idm_auth_sessions_username_idx').on(sql`lower(${t.username})`, t.started_at.desc()),
    oneOf('idm_auth_sessions_kind_check', t.kind, ['login', 'test']),
  ],
)

export type IdmSettings = typeof idmSettings.$inferSelect
export type IdmGroupMapping = typeof idmGroupMappings.$inferSelect
export type IdmAuthSession = typeof idmAuthSessions.$inferSelect

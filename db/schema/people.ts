import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { ROLES, type Role } from '../../domain/permissions.js'
import { bytea, cidr, createdAt, edited, id, instant, oneOf } from './columns.js'

export const profiles = pgTable(
  'profiles',
  {
    id: id(),
    username: text().notNull(),
    display_name: text(),
    email: text(),
    source: text().notNull().default('local').$type<'local' | 'directory'>(),
    directory_id: text(),
    dn: text(),
    disabled_at: instant(),
    /** `admin`: a person said so, and only a person takes it back; `directory`: gone or disabled there. */
    disabled_how: text().$type<'admin' | 'directory'>(),
    last_login_at: instant(),
    preferences: jsonb().$type<Record<string, unknown>>(),
    ...edited,
  },
  (t) => [
    uniqueIndex('profiles_username_key').on(sql`lower(${t.username})`),
    oneOf('profiles_source_check', t.source, ['local', 'directory']),
    oneOf('profiles_disabled_how_check', t.disabled_how, ['admin', 'directory']),
  ],
)

const userId = () =>
  uuid()
    .notNull()
    .references(() => profiles.id, { onDelete: 'cascade' })

export const userRoles = pgTable(
  'user_roles',
  {
    user_id: userId(),
    role: text().notNull().$type<Role>(),
    source: text().notNull().default('manual').$type<'manual' | 'directory'>(),
    granted_by: uuid(),
    granted_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.user_id, t.role, t.source] }),
    oneOf('user_roles_role_check', t.role, ROLES),
    oneOf('user_roles_source_check', t.source, ['manual', 'directory']),
  ],
)

export const localAccounts = pgTable('local_accounts', {
  user_id: userId().primaryKey(),
  password_hash: text().notNull(),
  must_change: boolean().notNull().default(false),
  failed_count: integer().notNull().default(0),
  locked_until: instant(),
  changed_at: createdAt(),
})

export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    user_id: userId(),
    token_hash: bytea().notNull(),
    created_at: createdAt(),
    last_seen_at: createdAt(),
    expires_at: instant().notNull(),
    idle_minutes: integer().notNull().default(15),
    ip: text(),
    user_agent: text(),
    ended_at: instant(),
    ended_why: text(),
  },
  (t) => [uniqueIndex('sessions_token_hash_key').on(t.token_hash), index('sessions_user_idx').on(t.user_id)],
)

export const apiTokens = pgTable(
  'api_tokens',
  {
    id: id(),
    user_id: userId(),
    name: text().notNull(),
    prefix: text().notNull(),
    token_hash: bytea().notNull(),
    role: text().$type<Role>(),
    scopes: text().array(),
    allowed_cidrs: cidr().array(),
    created_at: createdAt(),
    expires_at: instant().notNull(),
    last_used_at: instant(),
    revoked_at: instant(),
  },
  (t) => [uniqueIndex('api_tokens_token_hash_key').on(t.token_hash), index('api_tokens_user_idx').on(t.user_id)],
)

export type Profile = typeof profiles.$inferSelect
export type LocalAccount = typeof localAccounts.$inferSelect
export type Session = typeof sessions.$inferSelect
export type ApiToken = typeof apiTokens.$inferSelect

import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  numeric,
  pgTable,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, edited, id, instant, numrange, oneOf } from './columns.js'

export const credentialSets = pgTable(
  'credential_sets',
  {
    id: id(),
    name: text().notNull(),
    credential_type: text().notNull().$type<'idrac' | 'esxi' | 'vcenter'>(),
    username: text().notNull(),
    password_encrypted: text(),
    is_default: boolean().notNull().default(false),
    priority: integer().notNull().default(0),
    vcenter_host_id: uuid(),
    vcenter_id: uuid(),
    ssh_private_key_encrypted: text(),
    description: text(),
    created_by: uuid(),
    last_used_at: instant(),
    last_success_at: instant(),
    password_changed_at: instant(),
    ...edited,
  },
  (t) => [
    uniqueIndex('credential_sets_name_key').on(t.name),
    uniqueIndex('credential_sets_default_key').on(t.credential_type).where(sql`is_default`),
    check('credential_sets_username_check', sql`length(username) between 1 and 255`),
    check(
      'credential_sets_secret_check',
      sql`password_encrypted is not null or (credential_type = 'esxi' and ssh_private_key_encrypted is not null)`,
    ),
    oneOf('credential_sets_type_check', t.credential_type, ['idrac', 'esxi', 'vcenter']),
  ],
)

export const credentialIpRanges = pgTable(
  'credential_ip_ranges',
  {
    id: id(),
    credential_set_id: uuid()
      .notNull()
      .references(() => credentialSets.id, { onDelete: 'cascade' }),
    ip_range: text().notNull(),
    priority: integer().notNull().default(0),
    description: text(),
    family: smallint().notNull(),
    addresses: numrange().notNull(),
    size: numeric().notNull(),
  },
  (t) => [index('credential_ip_ranges_addresses_idx').using('gist', t.addresses)],
)

export const DEVICE_KINDS = ['idrac', 'vcenter', 'esxi', 'openmanage', 'directory', 'media_host'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]

export const deviceIdentities = pgTable(
  'device_identities',
  {
    id: id(),
    device_kind: text().notNull().$type<DeviceKind>(),
    device_id: uuid(),
    address: text().notNull(),
    port: integer().notNull(),
    protocol: text().notNull().$type<'tls' | 'ssh'>(),
    sha256: text().notNull(),
    algorithm: text(),
    subject: text(),
    issuer: text(),
    not_before: instant(),
    not_after: instant(),
    state: text().notNull().$type<'pending' | 'accepted' | 'replaced' | 'rejected'>(),
    first_seen_at: createdAt(),
    last_seen_at: createdAt(),
    decided_by: uuid(),
    decided_at: instant(),
    decided_how: text().$type<'first_contact' | 'person' | 'expected_change'>(),
    job_id: uuid(),
  },
  (t) => [
    uniqueIndex('device_identities_accepted_key')
      .on(t.device_kind, t.address, t.port, t.protocol)
      .where(sql`state = 'accepted'`),
    uniqueIndex('device_identities_pending_key')
      .on(t.device_kind, t.address, t.port, t.protocol, t.sha256)
      .where(sql`state = 'pending'`),
    index('device_identities_device_idx').on(t.device_id),
    oneOf('device_identities_kind_check', t.device_kind, DEVICE_KINDS),
    oneOf('device_identities_protocol_check', t.protocol, ['tls', 'ssh']),
    oneOf('device_identities_state_check', t.state, ['pending', 'accepted', 'replaced', 'rejected']),
    oneOf('device_identities_how_check', t.decided_how, ['first_contact', 'person', 'expected_change']),
  ],
)

export const loginAttempts = pgTable(
  'login_attempts',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    device_kind: text().notNull(),
    address: text().notNull(),
    account: text().notNull(),
    credential_set_id: uuid(),
    reserved_at: createdAt(),
    outcome: text().notNull().default('reserved').$type<'reserved' | 'ok' | 'refused' | 'no_answer'>(),
    settled_at: instant(),
    worker_id: text(),
    job_id: uuid(),
  },
  (t) => [
    index('login_attempts_budget_idx').on(t.device_kind, t.address, t.reserved_at),
    oneOf('login_attempts_outcome_check', t.outcome, ['reserved', 'ok', 'refused', 'no_answer']),
  ],
)

export const deviceSessions = pgTable(
  'device_sessions',
  {
    id: id(),
    /** Null while a scan speaks to an address that is no server yet; the limit counts by address. */
    server_id: uuid(),
    /** `ip:port`: what the limit of two sessions counts. */
    address: text().notNull(),
    /** Null between the reservation and the answer to the login; holds no token. */
    session_uri: text(),
    worker_id: text().notNull(),
    opened_at: createdAt(),
    last_used_at: createdAt(),
    closed_at: instant(),
  },
  (t) => [index('device_sessions_open_idx').on(t.address).where(sql`closed_at is null`)],
)

export const sealedSecrets = pgTable(
  'sealed_secrets',
  {
    id: id(),
    purpose: text().notNull().$type<'idm_authenticate' | 'idm_test' | 'console_ticket' | 'job_input'>(),
    owner_user_id: uuid(),
    job_id: uuid(),
    content_encrypted: text().notNull(),
    expires_at: instant().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    index('sealed_secrets_expires_idx').on(t.expires_at),
    oneOf('sealed_secrets_purpose_check', t.purpose, ['idm_authenticate', 'idm_test', 'console_ticket', 'job_input']),
  ],
)

export const hostRecoveryKeys = pgTable(
  'host_recovery_keys',
  {
    id: id(),
    host_id: uuid().notNull(),
    recovery_id: text().notNull(),
    key_encrypted: text().notNull(),
    captured_at: createdAt(),
    job_id: uuid(),
  },
  (t) => [uniqueIndex('host_recovery_keys_host_key').on(t.host_id, t.recovery_id)],
)

export const dataKeys = pgTable(
  'data_keys',
  {
    kid: text().primaryKey(),
    wrapped_key: text().notNull(),
    kek_id: text().notNull(),
    state: text().notNull().$type<'active' | 'retired'>(),
    created_at: createdAt(),
    retired_at: instant(),
    check_value: text().notNull(),
  },
  (t) => [
    uniqueIndex('data_keys_active_key').on(t.state).where(sql`state = 'active'`),
    check('data_keys_kid_check', sql`kid ~ '^d[0-9a-f]{8}$'`),
    check('data_keys_wrapped_check', sql`wrapped_key like 'dek1.%'`),
    oneOf('data_keys_state_check', t.state, ['active', 'retired']),
  ],
)

export type CredentialSet = typeof credentialSets.$inferSelect
export type CredentialIpRange = typeof credentialIpRanges.$inferSelect
export type DeviceIdentity = typeof deviceIdentities.$inferSelect
export type LoginAttempt = typeof loginAttempts.$inferSelect
export type DeviceSession = typeof deviceSessions.$inferSelect
export type DataKey = typeof dataKeys.$inferSelect
export type HostRecoveryKey = typeof hostRecoveryKeys.$inferSelect

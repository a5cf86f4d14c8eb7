import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, edited, id, instant, oneOf } from './columns.js'

export const clusterSafetyChecks = pgTable(
  'cluster_safety_checks',
  {
    id: id(),
    job_id: uuid(),
    cluster_id: uuid().notNull(),
    cluster: text(),
    requested_host_ids: uuid().array(),
    total_hosts: integer(),
    healthy_hosts: integer(),
    healthy_after: integer(),
    min_required: integer(),
    max_unavailable: integer(),
    safe: boolean().notNull(),
    blockers: jsonb().notNull().$type<unknown[]>(),
    warnings: jsonb().notNull().$type<unknown[]>(),
    cpu: jsonb().$type<Record<string, unknown>>(),
    memory: jsonb().$type<Record<string, unknown>>(),
    drs_mode: text(),
    ha: jsonb().$type<Record<string, unknown>>(),
    vsan: jsonb().$type<Record<string, unknown>>(),
    facts: jsonb().notNull().$type<Record<string, unknown>>(),
    facts_at: instant().notNull(),
    checked_at: createdAt(),
  },
  (t) => [index('cluster_safety_checks_cluster_idx').on(t.cluster_id, t.checked_at.desc())],
)

export const esxiUpgradeProfiles = pgTable(
  'esxi_upgrade_profiles',
  {
    id: id(),
    name: text().notNull(),
    depot_path: text(),
    profile_name: text(),
    target_version: text(),
    target_build: integer(),
    vendor: text(),
    acceptance_level: text(),
    flavor: text(),
    min_source_version: text(),
    sha256: text(),
    size_bytes: bigint({ mode: 'number' }),
    iso_image_id: uuid(),
    datastore_moids: text().array(),
    verified_at: instant(),
    notes: text(),
    created_by: uuid(),
    ...edited,
  },
  (t) => [uniqueIndex('esxi_upgrade_profiles_name_key').on(t.name)],
)

export const esxiPreflightResults = pgTable(
  'esxi_preflight_results',
  {
    id: id(),
    job_id: uuid().notNull(),
    host_id: uuid().notNull(),
    upgrade_profile_id: uuid(),
    verdict: text().notNull(),
    checks: jsonb().notNull().$type<unknown[]>(),
    current: jsonb().$type<Record<string, unknown>>(),
    target: jsonb().$type<Record<string, unknown>>(),
    vibs: jsonb().$type<Record<string, unknown>>(),
    checked_at: createdAt(),
  },
  (t) => [index('esxi_preflight_results_host_idx').on(t.host_id, t.checked_at.desc())],
)

/** ESXi steps that an admin allowed or forbade; they win over the built-in table of supported steps. */
export const upgradePaths = pgTable(
  'upgrade_paths',
  {
    from_version: text().notNull(),
    to_version: text().notNull(),
    allowed: boolean().notNull(),
    note: text(),
    source: text().notNull().default('admin').$type<'built_in' | 'admin'>(),
  },
  (t) => [
    primaryKey({ columns: [t.from_version, t.to_version] }),
    oneOf('upgrade_paths_source_check', t.source, ['built_in', 'admin']),
  ],
)

export type ClusterSafetyCheck = typeof clusterSafetyChecks.$inferSelect
export type EsxiUpgradeProfile = typeof esxiUpgradeProfiles.$inferSelect
export type UpgradePath = typeof upgradePaths.$inferSelect
export type EsxiPreflightResult = typeof esxiPreflightResults.$inferSelect

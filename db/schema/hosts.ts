import { sql } from 'drizzle-orm'
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

export const vcenters = pgTable(
  'vcenters',
  {
    id: id(),
    name: text().notNull(),
    host: text().notNull(),
    port: integer().notNull().default(443),
    credential_set_id: uuid(),
    instance_uuid: text(),
    version: text(),
    build: text(),
    api_version: text(),
    tls_ca_pem: text(),
    sync_enabled: boolean().notNull().default(true),
    sync_interval_minutes: integer().notNull().default(30),
    last_sync_at: instant(),
    last_sync_status: text(),
    last_sync_error: jsonb().$type<Record<string, unknown>>(),
    missing_privileges: text().array(),
    appliance_vm_name: text(),
    site: text().notNull().default('main'),
    removed_at: instant(),
    /** The ETag counter; `version` is the product version of the vCenter here. */
    row_version: integer().notNull().default(1),
    created_at: createdAt(),
    updated_at: createdAt(),
  },
  (t) => [
    uniqueIndex('vcenters_name_key').on(t.name).where(sql`removed_at is null`),
    uniqueIndex('vcenters_address_key').on(t.host, t.port).where(sql`removed_at is null`),
  ],
)

export const clusters = pgTable(
  'clusters',
  {
    id: id(),
    vcenter_id: uuid()
      .notNull()
      .references(() => vcenters.id),
    moid: text().notNull(),
    name: text().notNull(),
    drs_enabled: boolean(),
    drs_mode: text(),
    ha_enabled: boolean(),
    ha_admission: jsonb().$type<Record<string, unknown>>(),
    vsan_enabled: boolean(),
    vsan_health: text(),
    image_managed: boolean(),
    dpm_enabled: boolean(),
    evc_mode: text(),
    hosts_total: integer(),
    hosts_effective: integer(),
    cpu_mhz: integer(),
    memory_mb: integer(),
    cpu_demand_mhz: integer(),
    memory_used_mb: integer(),
    max_unavailable: integer(),
    facts: jsonb().$type<Record<string, unknown>>(),
    facts_at: instant(),
    removed_at: instant(),
    ...edited,
  },
  (t) => [
    uniqueIndex('clusters_moid_key').on(t.vcenter_id, t.moid),
    oneOf('clusters_drs_mode_check', t.drs_mode, ['fullyAutomated', 'partiallyAutomated', 'manual', 'off', 'unknown']),
  ],
)

export const vcenterHosts = pgTable(
  'vcenter_hosts',
  {
    id: id(),
    vcenter_id: uuid().references(() => vcenters.id),
    name: text().notNull(),
    ip_address: text(),
    serial_number: text(),
    esxi_version: text(),
    cluster: text(),
    connection_state: text().notNull().default('notResponding'),
    power_state: text().notNull().default('unknown'),
    in_maintenance_mode: boolean(),
    server_id: uuid(),
    credential_set_id: uuid(),
    cluster_id: uuid().references(() => clusters.id),
    moid: text(),
    host_uuid: uuid(),
    build: integer(),
    image_profile: text(),
    acceptance_level: text(),
    boot_time: instant(),
    overall_status: text(),
    in_quarantine: boolean(),
    ha_state: text(),
    lockdown_mode: text(),
    reboot_required: boolean(),
    tpm_sealed: boolean(),
    cpu_mhz: integer(),
    memory_mb: integer(),
    vms_running: integer(),
    cpu_used_mhz: integer(),
    memory_used_mb: integer(),
    link_source: text(),
    ssh_port: integer(),
    maintenance_by_job_id: uuid(),
    facts_at: instant(),
    removed_at: instant(),
    ...edited,
  },
  (t) => [
    uniqueIndex('vcenter_hosts_moid_key').on(t.vcenter_id, t.moid).where(sql`removed_at is null`),
    uniqueIndex('vcenter_hosts_server_id_key').on(t.server_id),
    index('vcenter_hosts_cluster_idx').on(t.cluster_id),
    index('vcenter_hosts_serial_idx').on(t.serial_number),
    oneOf('vcenter_hosts_connection_state_check', t.connection_state, ['connected', 'disconnected', 'notResponding']),
    oneOf('vcenter_hosts_power_state_check', t.power_state, ['poweredOn', 'poweredOff', 'standBy', 'unknown']),
    oneOf('vcenter_hosts_link_source_check', t.link_source, ['serial', 'uuid', 'manual']),
  ],
)

export const vcenterDatastores = pgTable(
  'vcenter_datastores',
  {
    vcenter_id: uuid()
      .notNull()
      .references(() => vcenters.id),
    moid: text().notNull(),
    name: text().notNull(),
    type: text(),
    capacity_bytes: bigint({ mode: 'number' }),
    free_bytes: bigint({ mode: 'number' }),
    accessible: boolean(),
    shared: boolean(),
    host_ids: uuid().array().notNull().default(sql`'{}'::uuid[]`),
    seen_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.vcenter_id, t.moid] })],
)

export type Vcenter = typeof vcenters.$inferSelect
export type Cluster = typeof clusters.$inferSelect
export type Host = typeof vcenterHosts.$inferSelect
export type VcenterDatastore = typeof vcenterDatastores.$inferSelect

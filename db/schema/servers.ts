import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, edited, id, inet, instant, macaddr, oneOf } from './columns.js'

export const servers = pgTable(
  'servers',
  {
    id: id(),
    hostname: text(),
    ip_address: text().notNull(),
    service_tag: text().notNull(),
    model: text(),
    bios_version: text(),
    idrac_version: text(),
    power_state: text().notNull().default('Unknown'),
    health_status: text().notNull().default('Unknown'),
    vcenter_host_id: uuid(),
    credential_set_id: uuid(),
    discovered_username: text(),
    discovered_password_encrypted: text(),
    last_discovered_at: instant(),
    ip: inet().generatedAlwaysAs(sql`ip_address::inet`),
    idrac_port: integer().notNull().default(443),
    idrac_mac: macaddr(),
    system_uuid: uuid(),
    generation: text().notNull().default('unknown'),
    system_id: integer(),
    asset_tag: text(),
    chassis_service_tag: text(),
    cpu_model: text(),
    cpu_count: integer(),
    cpu_cores: integer(),
    memory_gib: integer(),
    capabilities: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    lockdown: boolean(),
    site: text().notNull().default('main'),
    labels: text().array().notNull().default(sql`'{}'::text[]`),
    source: text().notNull().default('discovery'),
    openmanage_device_id: bigint({ mode: 'number' }),
    credential_state: text().notNull().default('unknown'),
    last_seen_at: instant(),
    last_health_at: instant(),
    last_inventory_at: instant(),
    removed_at: instant(),
    last_error: jsonb().$type<{ code: string; message: string; at: string }>(),
    ...edited,
  },
  (t) => [
    uniqueIndex('servers_address_key').on(t.ip_address, t.idrac_port).where(sql`removed_at is null`),
    uniqueIndex('servers_service_tag_key').on(t.service_tag).where(sql`removed_at is null`),
    uniqueIndex('servers_vcenter_host_id_key').on(t.vcenter_host_id),
    index('servers_health_status_idx').on(t.health_status),
    index('servers_model_idx').on(t.model),
    index('servers_site_idx').on(t.site),
    index('servers_ip_idx').using('gist', t.ip.op('inet_ops')),
    index('servers_labels_idx').using('gin', t.labels),
    check('servers_service_tag_check', sql`service_tag ~ '^[A-Z0-9]{5,10}$'`),
    check('servers_hostname_check', sql`length(hostname) <= 255`),
    check('servers_labels_check', sql`cardinality(labels) <= 20`),
    oneOf('servers_power_state_check', t.power_state, ['On', 'Off', 'PoweringOn', 'PoweringOff', 'Unknown']),
    oneOf('servers_health_status_check', t.health_status, ['OK', 'Warning', 'Critical', 'Unknown']),
    oneOf('servers_generation_check', t.generation, ['idrac7', 'idrac8', 'idrac9', 'idrac10', 'unknown']),
    oneOf('servers_source_check', t.source, ['discovery', 'openmanage', 'manual', 'import']),
    oneOf('servers_credential_state_check', t.credential_state, [
      'unknown',
      'working',
      'rejected',
      'missing',
      'password_change_required',
    ]),
  ],
)

export const serverGroups = pgTable(
  'server_groups',
  {
    id: id(),
    name: text().notNull(),
    description: text(),
    kind: text().notNull().default('static'),
    filter: jsonb().$type<{ servers: string }>(),
    created_by: uuid(),
    ...edited,
  },
  (t) => [
    uniqueIndex('server_groups_name_key').on(t.name),
    oneOf('server_groups_kind_check', t.kind, ['static', 'dynamic']),
  ],
)

export const serverGroupMembers = pgTable(
  'server_group_members',
  {
    group_id: uuid()
      .notNull()
      .references(() => serverGroups.id, { onDelete: 'cascade' }),
    server_id: uuid()
      .notNull()
      .references(() => servers.id),
    added_by: uuid(),
    added_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.group_id, t.server_id] })],
)

export const serverFirmware = pgTable(
  'server_firmware',
  {
    id: id(),
    server_id: uuid()
      .notNull()
      .references(() => servers.id),
    fqdd: text().notNull(),
    software_id: text(),
    component_id: text(),
    component_type: text(),
    name: text(),
    version: text().notNull(),
    vendor_id: text(),
    device_id: text(),
    subvendor_id: text(),
    subdevice_id: text(),
    updateable: boolean(),
    installed_at: instant(),
    previous_version: text(),
    /** Software id or PCI tuple, with the FQDD: the name is never a key, since it holds MAC addresses. */
    component_key: text()
      .notNull()
      .generatedAlwaysAs(
        sql`coalesce(software_id, component_id, coalesce(vendor_id, '') || ':' || coalesce(device_id, '') || ':' || coalesce(subvendor_id, '') || ':' || coalesce(subdevice_id, '')) || '@' || fqdd`,
      ),
    first_seen_at: createdAt(),
    seen_at: createdAt(),
    job_id: uuid(),
  },
  (t) => [
    uniqueIndex('server_firmware_component_key').on(t.server_id, t.component_key),
    index('server_firmware_component_idx').on(t.component_id, t.version),
  ],
)

export const inventoryChanges = pgTable(
  'inventory_changes',
  {
    id: id(),
    server_id: uuid(),
    host_id: uuid(),
    field: text().notNull(),
    old: text(),
    new: text(),
    at: createdAt(),
    job_id: uuid(),
  },
  (t) => [index('inventory_changes_server_idx').on(t.server_id, t.at.desc())],
)

export const serverHealth = pgTable(
  'server_health',
  {
    server_id: uuid()
      .notNull()
      .references(() => servers.id),
    component: text().notNull(),
    kind: text(),
    health: text(),
    state: text(),
    reading: jsonb().$type<Record<string, unknown>>(),
    faults: jsonb().$type<unknown[]>(),
    seen_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.server_id, t.component] })],
)

export const DISCOVERY_FINDING_KINDS = [
  'auth_failed',
  'identity_pending',
  'identity_changed',
  'duplicate_address',
  'address_conflict',
  'redfish_disabled',
  'other_redfish',
  'not_answering',
  'ambiguous_link',
  'factory_account',
  'password_change_required',
  'no_credential',
] as const

export const discoveryFindings = pgTable(
  'discovery_findings',
  {
    id: id(),
    job_id: uuid().notNull(),
    address: text().notNull(),
    port: integer(),
    kind: text().notNull().$type<(typeof DISCOVERY_FINDING_KINDS)[number]>(),
    service_tag: text(),
    server_id: uuid(),
    data: jsonb().$type<Record<string, unknown>>(),
    at: createdAt(),
    resolved_at: instant(),
    resolved_by: uuid(),
  },
  (t) => [
    index('discovery_findings_job_idx').on(t.job_id),
    index('discovery_findings_server_idx').on(t.server_id).where(sql`resolved_at is null`),
    oneOf('discovery_findings_kind_check', t.kind, DISCOVERY_FINDING_KINDS),
  ],
)

export type Server = typeof servers.$inferSelect
export type ServerGroup = typeof serverGroups.$inferSelect
export type ServerFirmware = typeof serverFirmware.$inferSelect
export type ServerHealth = typeof serverHealth.$inferSelect
export type InventoryChange = typeof inventoryChanges.$inferSelect
export type DiscoveryFinding = typeof discoveryFindings.$inferSelect

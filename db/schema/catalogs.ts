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
import { createdAt, id, instant, oneOf } from './columns.js'
import { servers } from './servers.js'

/** A vendor's list of update packages, imported from a file. */
export const firmwareCatalogs = pgTable(
  'firmware_catalogs',
  {
    id: id(),
    name: text().notNull(),
    source_type: text().notNull().$type<'upload' | 'url'>(),
    /** Where the paths of the entries count from; may be changed to a mirror inside the site. */
    base_location: text(),
    release_id: text(),
    catalog_version: text(),
    dated_at: instant(),
    entries: integer().notNull().default(0),
    sha256: text().notNull(),
    is_default: boolean().notNull().default(false),
    status: text().notNull().$type<'importing' | 'ready' | 'failed'>(),
    imported_by: uuid(),
    imported_at: createdAt(),
    version: integer().notNull().default(1),
    updated_at: createdAt(),
  },
  (t) => [
    uniqueIndex('firmware_catalogs_sha256_key').on(t.sha256).where(sql`status = 'ready'`),
    uniqueIndex('firmware_catalogs_default_key').on(t.is_default).where(sql`is_default`),
    oneOf('firmware_catalogs_source_check', t.source_type, ['upload', 'url']),
    oneOf('firmware_catalogs_status_check', t.status, ['importing', 'ready', 'failed']),
  ],
)

/** One package that a catalogue names; the columns are those of a stored package without its storage. */
export const firmwareCatalogEntries = pgTable(
  'firmware_catalog_entries',
  {
    id: id(),
    catalog_id: uuid()
      .notNull()
      .references(() => firmwareCatalogs.id, { onDelete: 'cascade' }),
    path: text().notNull(),
    filename: text().notNull(),
    name: text(),
    component_id: text(),
    component_type: text(),
    component_class: text().notNull().$type<'direct' | 'host_reboot' | 'cpld' | 'idrac'>(),
    /** The version the inventory shows. */
    version: text().notNull(),
    dell_version: text(),
    package_code: text(),
    release_date: text(),
    criticality: text(),
    reboot_required: boolean(),
    size_bytes: bigint({ mode: 'number' }),
    sha256: text(),
    md5: text(),
    system_ids: text().array(),
    devices: jsonb().$type<unknown[]>(),
    prerequisites: jsonb().$type<unknown>(),
    /** Models of the vendor's bundles that the package is part of. */
    bundle_models: text().array(),
    /** `LW64` is the form an iDRAC takes. */
    package_type: text(),
    /** Model names as printed, for servers that do not tell their system id. */
    models: text().array(),
  },
  (t) => [
    uniqueIndex('firmware_catalog_entries_path_key').on(t.catalog_id, t.path),
    index('firmware_catalog_entries_component_idx').on(t.catalog_id, t.component_id),
    index('firmware_catalog_entries_systems_idx').using('gin', t.system_ids),
    oneOf('firmware_catalog_entries_class_check', t.component_class, ['direct', 'host_reboot', 'cpld', 'idrac']),
  ],
)

/** How a server stands against a catalogue. Unknown is shown as unknown. */
export const firmwareCompliance = pgTable(
  'firmware_compliance',
  {
    server_id: uuid()
      .notNull()
      .references(() => servers.id),
    catalog_id: uuid()
      .notNull()
      .references(() => firmwareCatalogs.id, { onDelete: 'cascade' }),
    status: text().notNull().$type<'compliant' | 'outdated' | 'unknown'>(),
    outdated: integer().notNull().default(0),
    urgent: integer().notNull().default(0),
    not_in_catalog: integer().notNull().default(0),
    items: jsonb().notNull().$type<unknown[]>(),
    compared_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.server_id, t.catalog_id] }),
    index('firmware_compliance_catalog_idx').on(t.catalog_id, t.status),
    oneOf('firmware_compliance_status_check', t.status, ['compliant', 'outdated', 'unknown']),
  ],
)

export type FirmwareCatalog = typeof firmwareCatalogs.$inferSelect
export type FirmwareCatalogEntry = typeof firmwareCatalogEntries.$inferSelect
export type FirmwareCompliance = typeof firmwareCompliance.$inferSelect

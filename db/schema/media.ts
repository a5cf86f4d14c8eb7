import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, edited, id, inet, instant, oneOf } from './columns.js'

const MEDIA_STATUSES = ['ready', 'verifying', 'missing', 'deleted'] as const

export const isoImages = pgTable(
  'iso_images',
  {
    id: id(),
    name: text().notNull(),
    filename: text(),
    kind: text().notNull().$type<'iso' | 'img' | 'esxi_depot'>(),
    size_bytes: bigint({ mode: 'number' }),
    sha256: text(),
    source_type: text().notNull().$type<'upload' | 'scan' | 'url'>(),
    source_url: text(),
    served_url: text(),
    status: text().notNull().$type<(typeof MEDIA_STATUSES)[number]>(),
    storage_name: text(),
    media_token: text(),
    accepts_ranges: boolean(),
    details: jsonb().$type<Record<string, unknown>>(),
    uploaded_by: uuid(),
    last_seen_at: instant(),
    last_used_at: instant(),
    mounted_count: integer().notNull().default(0),
    ...edited,
  },
  (t) => [
    uniqueIndex('iso_images_sha256_key').on(t.sha256).where(sql`status = 'ready'`),
    oneOf('iso_images_kind_check', t.kind, ['iso', 'img', 'esxi_depot']),
    oneOf('iso_images_source_check', t.source_type, ['upload', 'scan', 'url']),
    oneOf('iso_images_status_check', t.status, MEDIA_STATUSES),
  ],
)

export const firmwarePackages = pgTable(
  'firmware_packages',
  {
    id: id(),
    filename: text().notNull(),
    name: text(),
    component_id: text(),
    component_type: text(),
    component_class: text().notNull().default('host_reboot').$type<'direct' | 'host_reboot' | 'cpld' | 'idrac'>(),
    version: text().notNull(),
    dell_version: text(),
    package_code: text(),
    release_date: text(),
    criticality: text(),
    reboot_required: boolean(),
    size_bytes: bigint({ mode: 'number' }).notNull(),
    sha256: text().notNull(),
    md5: text(),
    system_ids: text().array(),
    /** `LW64` is the form an iDRAC takes. */
    package_type: text(),
    /** Model names as printed, for servers that do not tell their system id. */
    models: text().array(),
    devices: jsonb().$type<unknown[]>(),
    prerequisites: jsonb().$type<unknown>(),
    signature_seen: boolean(),
    catalog_id: uuid(),
    storage_name: text(),
    media_token: text(),
    served_url: text(),
    status: text().notNull().default('ready').$type<(typeof MEDIA_STATUSES)[number]>(),
    uploaded_by: uuid(),
    created_at: createdAt(),
    updated_at: createdAt(),
  },
  (t) => [
    uniqueIndex('firmware_packages_sha256_key').on(t.sha256),
    index('firmware_packages_component_idx').on(t.component_id, t.version),
    index('firmware_packages_systems_idx').using('gin', t.system_ids),
    oneOf('firmware_packages_class_check', t.component_class, ['direct', 'host_reboot', 'cpld', 'idrac']),
    oneOf('firmware_packages_status_check', t.status, MEDIA_STATUSES),
  ],
)

export const uploads = pgTable(
  'uploads',
  {
    id: id(),
    user_id: uuid().notNull(),
    filename: text().notNull(),
    size_bytes: bigint({ mode: 'number' }).notNull(),
    received_bytes: bigint({ mode: 'number' }).notNull().default(0),
    hash_state: text(),
    sha256: text(),
    /** Name of the file in the folder of uploads: made by us, never from the client's text. */
    storage_name: text().notNull(),
    created_at: createdAt(),
    expires_at: instant().notNull(),
    completed_at: instant(),
  },
  (t) => [index('uploads_expires_idx').on(t.expires_at), check('uploads_size_check', sql`size_bytes >= 0`)],
)

/** What the media server serves to one device, until when. */
export const mediaGrants = pgTable(
  'media_grants',
  {
    id: id(),
    image_id: uuid().references(() => isoImages.id),
    package_id: uuid().references(() => firmwarePackages.id),
    server_id: uuid(),
    token: text().notNull(),
    allowed_address: inet(),
    expires_at: instant().notNull(),
    job_id: uuid(),
    last_read_at: instant(),
    bytes_read: bigint({ mode: 'number' }).notNull().default(0),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex('media_grants_token_key').on(t.token),
    index('media_grants_image_idx').on(t.image_id),
    index('media_grants_server_idx').on(t.server_id),
  ],
)

export type MediaGrant = typeof mediaGrants.$inferSelect
export type IsoImage = typeof isoImages.$inferSelect
export type FirmwarePackage = typeof firmwarePackages.$inferSelect
export type Upload = typeof uploads.$inferSelect

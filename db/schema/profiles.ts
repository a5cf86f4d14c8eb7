import { sql } from 'drizzle-orm'
import { bigint, boolean, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytea, createdAt, id, oneOf } from './columns.js'
import { servers } from './servers.js'

/** Server Configuration Profiles. The content may hold password hashes: it is sealed, and never part of a list. */
export const scpBackups = pgTable(
  'scp_backups',
  {
    id: id(),
    server_id: uuid()
      .notNull()
      .references(() => servers.id),
    name: text().notNull(),
    description: text(),
    components: text().array().notNull(),
    format: text().notNull().$type<'XML' | 'JSON'>(),
    export_use: text().$type<'Default' | 'Clone' | 'Replace'>(),
    /** Compressed, then sealed. */
    content_encrypted: bytea().notNull(),
    /** Of the plain text. */
    size_bytes: bigint({ mode: 'number' }).notNull(),
    sha256: text().notNull(),
    kind: text().notNull().$type<'export' | 'before_change' | 'uploaded'>(),
    service_tag: text(),
    model: text(),
    idrac_version: text(),
    contains_hashes: boolean().notNull(),
    pinned: boolean().notNull().default(false),
    job_id: uuid(),
    last_import_job_id: uuid(),
    created_by: uuid(),
    created_at: createdAt(),
  },
  (t) => [
    index('scp_backups_server_idx').on(t.server_id, t.created_at.desc()),
    // What was before the first change of a job is kept once: a later export would already hold the change.
    uniqueIndex('scp_backups_before_change_key').on(t.job_id, t.server_id).where(sql`kind = 'before_change'`),
    oneOf('scp_backups_format_check', t.format, ['XML', 'JSON']),
    oneOf('scp_backups_use_check', t.export_use, ['Default', 'Clone', 'Replace']),
    oneOf('scp_backups_kind_check', t.kind, ['export', 'before_change', 'uploaded']),
  ],
)

export type ScpBackup = typeof scpBackups.$inferSelect

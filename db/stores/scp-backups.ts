import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { and, desc, eq, getTableColumns } from 'drizzle-orm'
import type { Db } from '../connect.js'
import type { KeyRing } from '../crypto.js'
import { newId } from '../new-id.js'
import { type ScpBackup, scpBackups } from '../schema/profiles.js'

/** A backup without its content: what lists, jobs and history may hold. */
export type ScpBackupFacts = Omit<ScpBackup, 'content_encrypted'>

export type NewScpBackup = Omit<
  typeof scpBackups.$inferInsert,
  'id' | 'content_encrypted' | 'size_bytes' | 'sha256' | 'created_at' | 'pinned' | 'last_import_job_id'
> & {
  /** Given by who may keep the same one twice: the second time, the row that is there is answered. */
  id?: string
  /** The profile as the device wrote it. */
  content: string
}

const { content_encrypted: _content, ...facts } = getTableColumns(scpBackups)
/** Every column but the content. */
export const scpBackupColumns = facts
const compress = promisify(gzip)
const expand = promisify(gunzip)

const place = (id: string) => ({ table: 'scp_backups', column: 'content_encrypted', row_id: id })

/**
 * Keeps a profile, compressed and then sealed. A backup with an id that is known, or a second one from before a change of
 * the same job and server, is not kept again: the row that is there is answered and the new content is dropped.
 */
export async function keepScpBackup(db: Db, keys: KeyRing, backup: NewScpBackup): Promise<ScpBackupFacts> {
  const { content, ...columns } = backup
  const plain = Buffer.from(content, 'utf8')
  const sha256 = createHash('sha256').update(plain).digest('hex')
  const id = backup.id ?? newId()
  const content_encrypted = keys.sealContent(await compress(plain), place(id))
  const [row] = await db
    .insert(scpBackups)
    .values({ ...columns, id, content_encrypted, size_bytes: plain.length, sha256 })
    .onConflictDoNothing()
    .returning(facts)
  if (row) return row
  const { job_id, server_id, kind } = backup
  const there = (await getScpBackup(db, id)) ?? (job_id ? await findScpBackup(db, { job_id, server_id, kind }) : null)
  if (!there) throw new Error('the backup was neither inserted nor was one there')
  return there
}

/** The newest backup of this kind that a job kept of a server, or null. */
export async function findScpBackup(
  db: Db,
  of: { job_id: string; server_id: string; kind: ScpBackup['kind'] },
): Promise<ScpBackupFacts | null> {
  const { job_id, server_id, kind } = of
  const [row] = await db
    .select(facts)
    .from(scpBackups)
    .where(and(eq(scpBackups.job_id, job_id), eq(scpBackups.server_id, server_id), eq(scpBackups.kind, kind)))
    .orderBy(desc(scpBackups.created_at))
    .limit(1)
  return row ?? null
}

/** One backup without its content, or null. */
export async function getScpBackup(db: Db, id: string): Promise<ScpBackupFacts | null> {
  const [row] = await db.select(facts).from(scpBackups).where(eq(scpBackups.id, id))
  return row ?? null
}

/** The newest backup of a server, of whatever kind, without content. */
export async function latestScpBackup(db: Db, server_id: string): Promise<ScpBackupFacts | null> {
  const [row] = await db
    .select(facts)
    .from(scpBackups)
    .where(eq(scpBackups.server_id, server_id))
    .orderBy(desc(scpBackups.created_at))
    .limit(1)
  return row ?? null
}

/** The columns that people may change; null when there is no such backup. */
export async function updateScpBackup(
  db: Db,
  id: string,
  patch: Partial<Pick<ScpBackup, 'name' | 'description' | 'pinned'>>,
): Promise<ScpBackupFacts | null> {
  const [row] = await db.update(scpBackups).set(patch).where(eq(scpBackups.id, id)).returning(facts)
  return row ?? null
}

/** Notes which job imported a backup last. */
export async function noteScpImport(db: Db, id: string, job_id: string): Promise<void> {
  await db.update(scpBackups).set({ last_import_job_id: job_id }).where(eq(scpBackups.id, id))
}

/** Deletes a backup with its content; false when there was none. */
export async function deleteScpBackup(db: Db, id: string): Promise<boolean> {
  const rows = await db.delete(scpBackups).where(eq(scpBackups.id, id)).returning({ id: scpBackups.id })
  return rows.length > 0
}

/** The profile in clear, for an import or an audited download; null when there is no such backup. @throws {KeyUnavailable} */
export async function openScpBackup(
  db: Db,
  keys: KeyRing,
  id: string,
): Promise<(ScpBackupFacts & { content: string }) | null> {
  const [row] = await db.select().from(scpBackups).where(eq(scpBackups.id, id))
  if (!row) return null
  const { content_encrypted, ...rest } = row
  const plain = await expand(keys.openContent(content_encrypted, place(id)))
  return { ...rest, content: plain.toString('utf8') }
}

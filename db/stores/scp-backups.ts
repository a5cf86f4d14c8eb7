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
  /** The profile as the device wrote it. */
  content: string
}

const { content_encrypted: _content, ...facts } = getTableColumns(scpBackups)
const compress = promisify(gzip)
const expand = promisify(gunzip)

const place = (id: string) => ({ table: 'scp_backups', column: 'content_encrypted', row_id: id })

/**
 * Keeps a profile, compressed and then sealed. A backup from before a change is kept once per job and server: when there
 * is one already, that one is answered and the new content is dropped.
 */
export async function keepScpBackup(db: Db, keys: KeyRing, backup: NewScpBackup): Promise<ScpBackupFacts> {
  const { content, ...columns } = backup
  const plain = Buffer.from(content, 'utf8')
  const sha256 = createHash('sha256').update(plain).digest('hex')
  const id = newId()
  const content_encrypted = keys.sealContent(await compress(plain), place(id))
  const [row] = await db
    .insert(scpBackups)
    .values({ ...columns, id, content_encrypted, size_bytes: plain.length, sha256 })
    .onConflictDoNothing()
    .returning(facts)
  if (row) return row
  const there = backup.job_id ? await findBackupBeforeChange(db, backup.job_id, backup.server_id) : null
  if (!there) throw new Error('the backup was neither inserted nor was one there')
  return there
}

/** What a job kept of a server before its first change there, or null. */
export async function findBackupBeforeChange(
  db: Db,
  job_id: string,
  server_id: string,
): Promise<ScpBackupFacts | null> {
  const [row] = await db
    .select(facts)
    .from(scpBackups)
    .where(
      and(eq(scpBackups.job_id, job_id), eq(scpBackups.server_id, server_id), eq(scpBackups.kind, 'before_change')),
    )
  return row ?? null
}

/** Backups of a server, newest first, without content. */
export async function listScpBackups(db: Db, server_id: string): Promise<ScpBackupFacts[]> {
  return db
    .select(facts)
    .from(scpBackups)
    .where(eq(scpBackups.server_id, server_id))
    .orderBy(desc(scpBackups.created_at))
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

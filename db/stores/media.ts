import { and, eq, inArray, isNotNull, lt, ne, or, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import {
  type FirmwarePackage,
  firmwarePackages,
  type IsoImage,
  isoImages,
  type Upload,
  uploads,
} from '../schema/media.js'

export type NewIsoImage = Omit<typeof isoImages.$inferInsert, 'id' | 'version' | 'created_at' | 'updated_at'>
export type NewFirmwarePackage = Omit<typeof firmwarePackages.$inferInsert, 'id' | 'created_at' | 'updated_at'>

/** Stores an image; the same content (hash) that is ready already gives the row that is there (`created: false`). */
export async function insertIsoImage(db: Db, image: NewIsoImage): Promise<{ image: IsoImage; created: boolean }> {
  const [row] = await db
    .insert(isoImages)
    .values({ ...image, id: newId() })
    .onConflictDoNothing()
    .returning()
  if (row) return { image: row, created: true }
  const [known] = await db
    .select()
    .from(isoImages)
    .where(and(eq(isoImages.sha256, image.sha256 ?? ''), eq(isoImages.status, 'ready')))
  if (!known) throw new Error('the image was neither written nor found')
  return { image: known, created: false }
}

/**
 * Stores a package. The same content gives the row that is there with what is read from the file brought up to date; it
 * keeps its file name and address, under which others know it, and the name and class that somebody may have given it.
 */
export async function upsertFirmwarePackage(
  db: Db,
  item: NewFirmwarePackage,
): Promise<{ item: FirmwarePackage; created: boolean }> {
  const id = newId()
  const { filename: _file, media_token: _token, served_url: _url, uploaded_by: _who, ...read } = item
  const { name: _name, component_class: _class, ...facts } = read
  const [row] = await db
    .insert(firmwarePackages)
    .values({ ...item, id })
    .onConflictDoUpdate({ target: firmwarePackages.sha256, set: { ...facts, updated_at: sql`now()` } })
    .returning()
  if (!row) throw new Error('the package was not saved')
  return { item: row, created: row.id === id }
}

/** Images of the same name and other content that are mounted nowhere make room; gives the names of their files. */
export async function retireNamesakes(db: Db, name: string, keep_id: string): Promise<string[]> {
  const retired = await db
    .update(isoImages)
    .set({ status: 'deleted', version: sql`version + 1`, updated_at: sql`now()` })
    .where(
      and(
        eq(isoImages.name, name),
        ne(isoImages.id, keep_id),
        ne(isoImages.status, 'deleted'),
        eq(isoImages.mounted_count, 0),
      ),
    )
    .returning({ storage_name: isoImages.storage_name })
  return retired.flatMap(({ storage_name }) => storage_name ?? [])
}

/** The image that stays at this address elsewhere, if it is registered. */
export async function findUrlImage(db: Db, source_url: string): Promise<IsoImage | null> {
  const [row] = await db
    .select()
    .from(isoImages)
    .where(and(eq(isoImages.source_url, source_url), eq(isoImages.status, 'ready')))
  return row ?? null
}

/** Registers an image that stays on another web server. */
export async function insertUrlImage(
  db: Db,
  image: Pick<NewIsoImage, 'name' | 'filename' | 'kind' | 'size_bytes' | 'accepts_ranges' | 'uploaded_by'> & {
    source_url: string
  },
): Promise<IsoImage> {
  const [row] = await db
    .insert(isoImages)
    .values({ ...image, id: newId(), source_type: 'url', status: 'ready' })
    .returning()
  if (!row) throw new Error('the image was not written')
  return row
}

export async function getIsoImage(db: Db, id: string): Promise<IsoImage | null> {
  const [row] = await db.select().from(isoImages).where(eq(isoImages.id, id))
  return row ?? null
}

export async function getFirmwarePackage(db: Db, id: string): Promise<FirmwarePackage | null> {
  const [row] = await db.select().from(firmwarePackages).where(eq(firmwarePackages.id, id))
  return row ?? null
}

/** Packages by id, in no special order; missing ones are simply not in the answer. */
export async function getFirmwarePackages(db: Db, ids: string[]): Promise<FirmwarePackage[]> {
  if (ids.length === 0) return []
  return db.select().from(firmwarePackages).where(inArray(firmwarePackages.id, ids))
}

/** All packages that can be used. */
export async function listReadyPackages(db: Db): Promise<FirmwarePackage[]> {
  return db.select().from(firmwarePackages).where(eq(firmwarePackages.status, 'ready'))
}

/** Checksums as a catalogue names them; MD5 counts only together with the size. */
export interface NamedFile {
  sha256?: string | null
  md5?: string | null
  size_bytes?: number | null
}

/** The stored package that is this very file; null when there is none, or no checksum to tell it by. */
export async function findPackageByHash(db: Db, file: NamedFile): Promise<FirmwarePackage | null> {
  const found = await findPackagesByHash(db, [{ ...file, id: '' }])
  return found.get('') ?? null
}

/** The stored packages among these files, by the id of the asked file. */
export async function findPackagesByHash(
  db: Db,
  files: readonly (NamedFile & { id: string })[],
): Promise<Map<string, FirmwarePackage>> {
  const words = (name: 'sha256' | 'md5') => files.flatMap((file) => file[name] ?? [])
  const p = firmwarePackages
  const [sha256, md5] = [words('sha256'), words('md5')]
  if (sha256.length + md5.length === 0) return new Map()
  const rows = await db
    .select()
    .from(p)
    .where(
      and(
        eq(p.status, 'ready'),
        isNotNull(p.storage_name),
        or(sql`${p.sha256} = any(${sql.param(sha256)}::text[])`, sql`${p.md5} = any(${sql.param(md5)}::text[])`),
      ),
    )
  const bySha256 = new Map(rows.map((row) => [row.sha256, row]))
  const byMd5 = new Map(rows.map((row) => [`${row.md5} ${row.size_bytes}`, row]))
  const found = files.flatMap((file): [string, FirmwarePackage][] => {
    const row = file.sha256 ? bySha256.get(file.sha256) : byMd5.get(`${file.md5} ${file.size_bytes}`)
    return row ? [[file.id, row]] : []
  })
  return new Map(found)
}

/** Marks an image as used now. */
export async function noteImageUse(db: Db, image_id: string): Promise<void> {
  await db.update(isoImages).set({ last_used_at: sql`now()` }).where(eq(isoImages.id, image_id))
}

export type NewUpload = Omit<typeof uploads.$inferInsert, 'id' | 'created_at'> & { id?: string }

/** Begins an upload if the store has room for it, counting all that others have begun; null when it has not. */
export async function reserveUpload(db: Db, upload: NewUpload, quota_bytes: number): Promise<Upload | null> {
  return db.transaction(async (tx) => {
    await lockText(tx, 'media_store')
    if ((await storedBytes(tx)) + upload.size_bytes > quota_bytes) return null
    return insertUpload(tx, upload)
  })
}

/** Begins an upload. */
export async function insertUpload(db: Db, upload: NewUpload): Promise<Upload> {
  const [row] = await db
    .insert(uploads)
    .values({ ...upload, id: upload.id ?? newId() })
    .returning()
  if (!row) throw new Error('the upload was not inserted')
  return row
}

/** All bytes are there and hashed. */
export async function completeUpload(
  db: Db,
  id: string,
  sha256: string,
  received_bytes: number,
): Promise<Upload | null> {
  const [row] = await db
    .update(uploads)
    .set({ sha256, received_bytes, size_bytes: received_bytes, completed_at: sql`now()` })
    .where(eq(uploads.id, id))
    .returning()
  return row ?? null
}

/** A finished upload, or null when it is unknown, unfinished or expired. */
export async function getUpload(db: Db, id: string): Promise<Upload | null> {
  const [row] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), isNotNull(uploads.completed_at), sql`expires_at > now()`))
  return row ?? null
}

/** An upload that has not expired, finished or not. */
export async function findUpload(db: Db, id: string): Promise<Upload | null> {
  const [row] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), sql`expires_at > now()`))
  return row ?? null
}

/** Its file lies in the store now and is counted there. */
export async function markTaken(db: Db, id: string): Promise<void> {
  await db.update(uploads).set({ hash_state: 'taken' }).where(eq(uploads.id, id))
}

/** How far an upload is that comes in parts. */
export async function noteReceived(db: Db, id: string, received_bytes: number): Promise<void> {
  await db.update(uploads).set({ received_bytes }).where(eq(uploads.id, id))
}

export async function deleteUpload(db: Db, id: string): Promise<void> {
  await db.delete(uploads).where(eq(uploads.id, id))
}

/** Uploads that have expired: their files go, then their rows. */
export async function listExpiredUploads(db: Db): Promise<Upload[]> {
  return db.select().from(uploads).where(lt(uploads.expires_at, sql`now()`)).limit(100)
}

/** Bytes that uploads and stored files take, for the quota. */
export async function storedBytes(db: Db): Promise<number> {
  const { rows } = await db.execute<{ bytes: string }>(sql`
    select (coalesce((select sum(size_bytes) from uploads where expires_at > now() and hash_state is distinct from 'taken'), 0)
      + coalesce((select sum(size_bytes) from iso_images where status <> 'deleted' and storage_name is not null), 0)
      + coalesce((select sum(size_bytes) from firmware_packages where status <> 'deleted' and storage_name is not null), 0))::text as bytes`)
  return Number(rows[0]?.bytes ?? 0)
}

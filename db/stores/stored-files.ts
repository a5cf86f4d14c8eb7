import { and, eq, isNotNull, ne, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { firmwarePackages, isoImages } from '../schema/media.js'

/** A file of the store and its row, whichever table that is in. */
export interface StoredRow {
  table: 'image' | 'package'
  id: string
  storage_name: string
  filename: string
  kind: string
  size_bytes: number | null
  sha256: string | null
  status: 'ready' | 'verifying' | 'missing' | 'deleted'
  /** When its content was last known to be this, in ms; null where it never was. */
  hashed_ms: number | null
  served_url: string | null
  media_token: string | null
}

/** All rows that stand for a file of the store, also those whose file was not there. */
export async function listStored(db: Db): Promise<StoredRow[]> {
  const i = isoImages
  const images = await db
    .select()
    .from(i)
    .where(and(isNotNull(i.storage_name), ne(i.status, 'deleted')))
  const p = firmwarePackages
  const packages = await db
    .select()
    .from(p)
    .where(and(isNotNull(p.storage_name), ne(p.status, 'deleted')))
  return [
    ...images.map((row) => ({
      ...common(row),
      table: 'image' as const,
      filename: row.filename ?? row.name,
      kind: row.kind as string,
      hashed_ms: Date.parse(row.last_seen_at ?? row.created_at),
    })),
    ...packages.map((row) => ({
      ...common(row),
      table: 'package' as const,
      filename: row.filename,
      kind: 'firmware',
      hashed_ms: Date.parse(row.updated_at),
    })),
  ]
}

type Common = Pick<StoredRow, 'id' | 'size_bytes' | 'sha256' | 'status' | 'served_url' | 'media_token'>

function common(row: Common & { storage_name: string | null }) {
  const { id, size_bytes, sha256, status, served_url, media_token, storage_name } = row
  return { id, size_bytes, sha256, status, served_url, media_token, storage_name: storage_name ?? '' }
}

/** The row of a file; the one that is ready, where an older one names the same place. */
export async function findStored(db: Db, storage_name: string): Promise<StoredRow | null> {
  const rows = (await listStored(db)).filter((row) => row.storage_name === storage_name)
  return rows.find((row) => row.status === 'ready') ?? rows[0] ?? null
}

/** Its file has gone, or is back with the same content. */
export async function markStored(db: Db, row: StoredRow, status: 'ready' | 'missing'): Promise<void> {
  const seen = status === 'ready' ? { last_seen_at: sql`now()` } : {}
  if (row.table === 'image')
    await db
      .update(isoImages)
      .set({ status, ...seen, updated_at: sql`now()`, version: sql`version + 1` })
      .where(eq(isoImages.id, row.id))
  else await db.update(firmwarePackages).set({ status, updated_at: sql`now()` }).where(eq(firmwarePackages.id, row.id))
}

/** Its content was read and is what it was. */
export async function noteScanned(db: Db, row: StoredRow): Promise<void> {
  if (row.table === 'image')
    await db.update(isoImages).set({ last_seen_at: sql`now()` }).where(eq(isoImages.id, row.id))
  else await db.update(firmwarePackages).set({ updated_at: sql`now()` }).where(eq(firmwarePackages.id, row.id))
}

/** Writes the address of every file anew where it differs. */
export async function keepServedUrls(
  db: Db,
  addressOf: (row: StoredRow & { media_token: string }) => string,
): Promise<void> {
  for (const row of await listStored(db)) {
    const { media_token } = row
    if (media_token === null) continue
    const served_url = addressOf({ ...row, media_token })
    if (served_url === row.served_url) continue
    const table = row.table === 'image' ? isoImages : firmwarePackages
    await db.update(table).set({ served_url }).where(eq(table.id, row.id))
  }
}

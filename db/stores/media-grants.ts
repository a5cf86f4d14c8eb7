import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { firmwarePackages, isoImages, type MediaGrant, mediaGrants } from '../schema/media.js'

/** A file that the media server may serve, and the grant that says so (null: the file's own unguessable address). */
export interface ServedFile {
  storage_name: string
  sha256: string | null
  grant: { id: string; allowed_address: string | null } | null
}

const open = gt(mediaGrants.expires_at, sql`now()`)

export interface NewGrant {
  image_id?: string
  package_id?: string
  server_id: string
  allowed_address: string
  job_id: string
  token: string
  valid_minutes: number
}

/** Lets one device read one file for a while. The same token again prolongs what it stands for, also after its end. */
export async function grantFile(db: Db, wanted: NewGrant): Promise<MediaGrant> {
  const { valid_minutes, ...columns } = wanted
  const expires_at = sql`now() + make_interval(mins => ${valid_minutes})`
  const [row] = await db
    .insert(mediaGrants)
    .values({ ...columns, id: newId(), expires_at: expires_at as unknown as string })
    .onConflictDoUpdate({
      target: mediaGrants.token,
      set: { expires_at: sql`greatest(media_grants.expires_at, excluded.expires_at)`, job_id: wanted.job_id },
    })
    .returning()
  if (!row) throw new Error('the grant was not written')
  return row
}

/** All grants of a device for an image, also those that have ended: their tokens may still stand in a slot. */
export async function grantsOf(db: Db, server_id: string, image_id: string): Promise<MediaGrant[]> {
  return db
    .select()
    .from(mediaGrants)
    .where(and(eq(mediaGrants.server_id, server_id), eq(mediaGrants.image_id, image_id)))
    .orderBy(desc(mediaGrants.created_at))
}

/** The grant of a token, in force or not. */
export async function grantByToken(db: Db, token: string): Promise<MediaGrant | null> {
  const [row] = await db.select().from(mediaGrants).where(eq(mediaGrants.token, token))
  return row ?? null
}

/** Grants in force, newest first. */
export async function openGrants(
  db: Db,
  of: { server_id?: string; image_id?: string; package_id?: string },
): Promise<MediaGrant[]> {
  return db
    .select()
    .from(mediaGrants)
    .where(
      and(
        open,
        of.server_id ? eq(mediaGrants.server_id, of.server_id) : undefined,
        of.image_id ? eq(mediaGrants.image_id, of.image_id) : undefined,
        of.package_id ? eq(mediaGrants.package_id, of.package_id) : undefined,
      ),
    )
    .orderBy(desc(mediaGrants.created_at))
}

/** Ends the grants of a device for an image (or all of its images), and counts anew on how many servers each is mounted. */
export async function endGrants(db: Db, server_id: string, image_id?: string): Promise<void> {
  const ended = await db
    .update(mediaGrants)
    .set({ expires_at: sql`now()` })
    .where(
      and(
        open,
        eq(mediaGrants.server_id, server_id),
        image_id ? eq(mediaGrants.image_id, image_id) : sql`image_id is not null`,
      ),
    )
    .returning({ image_id: mediaGrants.image_id })
  for (const { image_id: id } of ended) if (id) await recountMounts(db, id)
}

/** `mounted_count` = servers with a grant in force. */
export async function recountMounts(db: Db, image_id: string): Promise<void> {
  await db
    .update(isoImages)
    .set({
      mounted_count: sql`(select count(distinct server_id) from media_grants where image_id = ${image_id} and expires_at > now())`,
    })
    .where(eq(isoImages.id, image_id))
}

/** What a path token of the media server stands for; null when it is unknown, has ended, or its file is not ready. */
export async function findServedFile(db: Db, token: string): Promise<ServedFile | null> {
  for (const [table, column] of [
    [isoImages, mediaGrants.image_id],
    [firmwarePackages, mediaGrants.package_id],
  ] as const) {
    const file = { storage_name: table.storage_name, sha256: table.sha256 }
    const [granted] = await db
      .select({ ...file, id: mediaGrants.id, allowed_address: mediaGrants.allowed_address })
      .from(mediaGrants)
      .innerJoin(table, eq(table.id, column))
      .where(and(open, eq(mediaGrants.token, token), eq(table.status, 'ready')))
    if (granted?.storage_name) {
      const { id, allowed_address, storage_name, sha256 } = granted
      return { storage_name, sha256, grant: { id, allowed_address } }
    }
    const [own] = await db
      .select(file)
      .from(table)
      .where(and(eq(table.media_token, token), eq(table.status, 'ready')))
    if (own?.storage_name) return { storage_name: own.storage_name, sha256: own.sha256, grant: null }
  }
  return null
}

/** Counts what a device has read. */
export async function countRead(db: Db, grant_id: string, bytes: number): Promise<void> {
  await db
    .update(mediaGrants)
    .set({ bytes_read: sql`bytes_read + ${bytes}`, last_read_at: sql`now()` })
    .where(eq(mediaGrants.id, grant_id))
}

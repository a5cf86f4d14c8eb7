import { createHash } from 'node:crypto'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import { type BiosConfiguration, biosConfigurations } from '../schema/server-records.js'

export type NewBiosConfiguration = Pick<
  typeof biosConfigurations.$inferInsert,
  'server_id' | 'job_id' | 'reason' | 'attributes' | 'pending' | 'registry_name' | 'bios_version'
>

/** Equal for equal attributes, in whatever order they came. */
function fingerprint(attributes: Record<string, unknown>): string {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
}

/**
 * Keeps what was read. A mere read with the attributes of the newest row only moves that row's `last_seen_at` and pending
 * values; the readings before and after a write are rows of their own, once per job.
 */
export async function saveBiosConfiguration(
  db: Db,
  reading: NewBiosConfiguration,
): Promise<{ id: string; changed: boolean }> {
  const sha256 = fingerprint(reading.attributes)
  return db.transaction(async (tx) => {
    await lockText(tx, `bios configurations of ${reading.server_id}`)
    const newest = await newestBiosConfiguration(tx, reading.server_id)
    const known = reading.reason === 'read' ? newest : await ofJob(tx, reading)
    if (known?.sha256 === sha256) {
      await tx
        .update(biosConfigurations)
        .set({ last_seen_at: sql`now()`, pending: reading.pending ?? null })
        .where(eq(biosConfigurations.id, known.id))
      return { id: known.id, changed: false }
    }
    const id = newId()
    const attribute_count = Object.keys(reading.attributes).length
    await tx.insert(biosConfigurations).values({ ...reading, id, sha256, attribute_count })
    return { id, changed: newest?.sha256 !== sha256 }
  })
}

async function ofJob(tx: Db, { server_id, job_id, reason }: NewBiosConfiguration): Promise<BiosConfiguration | null> {
  if (!job_id) return null
  const b = biosConfigurations
  const [row] = await tx
    .select()
    .from(b)
    .where(and(eq(b.server_id, server_id), eq(b.job_id, job_id), eq(b.reason, reason)))
    .orderBy(desc(b.captured_at))
    .limit(1)
  return row ?? null
}

/** The newest reading of a server, or null when none was ever made. */
export async function newestBiosConfiguration(db: Db, server_id: string): Promise<BiosConfiguration | null> {
  const [row] = await db
    .select()
    .from(biosConfigurations)
    .where(eq(biosConfigurations.server_id, server_id))
    .orderBy(desc(biosConfigurations.captured_at), desc(biosConfigurations.id))
    .limit(1)
  return row ?? null
}

export async function getBiosConfiguration(db: Db, id: string): Promise<BiosConfiguration | null> {
  const [row] = await db.select().from(biosConfigurations).where(eq(biosConfigurations.id, id))
  return row ?? null
}

/** Which of these ids are stored configurations. */
export async function knownBiosConfigurations(db: Db, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select({ id: biosConfigurations.id })
    .from(biosConfigurations)
    .where(inArray(biosConfigurations.id, ids))
  return rows.map((row) => row.id)
}

import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type BorrowedKind, type BorrowedSetting, borrowedSettings } from '../schema/ledger.js'

export interface NewBorrowed {
  job_id: string
  kind: BorrowedKind
  device_kind: 'idrac' | 'esxi' | 'vcenter' | 'cluster' | 'host' | 'server'
  device_id: string
  original: Record<string, unknown>
  wanted: Record<string, unknown>
}

/**
 * Records what will be changed, before it is changed. Repeating it gives the open row with its *first* original: a second
 * look may already see the changed value.
 */
export async function recordBorrowed(db: Db, setting: NewBorrowed): Promise<BorrowedSetting> {
  const [created] = await db
    .insert(borrowedSettings)
    .values({ ...setting, id: newId() })
    .onConflictDoNothing()
    .returning()
  const row = created ?? (await findBorrowed(db, setting))
  if (!row) throw new Error(`borrowed setting ${setting.kind} of ${setting.device_id} was neither written nor found`)
  return row
}

/** The open row of this job, kind and device; null when nothing is borrowed. */
export async function findBorrowed(
  db: Db,
  key: { job_id: string; kind: BorrowedKind; device_id: string },
): Promise<BorrowedSetting | null> {
  const [row] = await db
    .select()
    .from(borrowedSettings)
    .where(
      and(
        eq(borrowedSettings.job_id, key.job_id),
        eq(borrowedSettings.kind, key.kind),
        eq(borrowedSettings.device_id, key.device_id),
        isNull(borrowedSettings.returned_at),
      ),
    )
  return row ?? null
}

/** It is as it was (or the change was never made). Repeatable. */
export async function markReturned(db: Db, id: string): Promise<void> {
  await db
    .update(borrowedSettings)
    .set({ returned_at: sql`coalesce(returned_at, now())`, return_error: null })
    .where(eq(borrowedSettings.id, id))
}

/** It could not be given back; the row stays open. */
export async function markReturnFailed(db: Db, id: string, return_error: string): Promise<void> {
  await db
    .update(borrowedSettings)
    .set({ return_error: return_error.slice(0, 2000) })
    .where(eq(borrowedSettings.id, id))
}

/** Open rows of a job, of a device, or all of them (reconciler), oldest first. */
export async function listUnreturned(
  db: Db,
  of: { job_id?: string; device_id?: string } = {},
): Promise<BorrowedSetting[]> {
  return db
    .select()
    .from(borrowedSettings)
    .where(
      and(
        of.job_id ? eq(borrowedSettings.job_id, of.job_id) : undefined,
        of.device_id ? eq(borrowedSettings.device_id, of.device_id) : undefined,
        isNull(borrowedSettings.returned_at),
      ),
    )
    .orderBy(asc(borrowedSettings.taken_at))
}

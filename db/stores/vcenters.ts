import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type Vcenter, type VcenterDatastore, vcenterDatastores, vcenters } from '../schema/hosts.js'

type Insert = typeof vcenters.$inferInsert
export type VcenterInput = Omit<Insert, 'id' | 'row_version' | 'created_at' | 'updated_at'>

export async function insertVcenter(db: Db, input: VcenterInput): Promise<Vcenter> {
  const [row] = await db
    .insert(vcenters)
    .values({ ...input, id: newId() })
    .returning()
  if (!row) throw new Error('the vCenter was not inserted')
  return row
}

export async function getVcenter(db: Db, id: string): Promise<Vcenter | null> {
  const [row] = await db.select().from(vcenters).where(eq(vcenters.id, id))
  return row ?? null
}

/** All that are not removed, by name. */
export async function listVcenters(db: Db): Promise<Vcenter[]> {
  return db.select().from(vcenters).where(isNull(vcenters.removed_at)).orderBy(asc(vcenters.name))
}

/** Changes columns; null = no such vCenter. */
export async function updateVcenter(db: Db, id: string, patch: Partial<VcenterInput>): Promise<Vcenter | null> {
  const [row] = await db
    .update(vcenters)
    .set({ ...patch, updated_at: sql`now()`, row_version: sql`row_version + 1` })
    .where(eq(vcenters.id, id))
    .returning()
  return row ?? null
}

export interface DatastoreFacts {
  moid: string
  name: string
  type?: string | null
  capacity_bytes?: number | null
  free_bytes?: number | null
  accessible?: boolean | null
  shared?: boolean | null
  host_ids?: string[]
}

/** Makes the datastores of a vCenter equal to what was read; an empty list changes nothing. */
export async function saveDatastores(db: Db, vcenter_id: string, stores: DatastoreFacts[]): Promise<void> {
  if (stores.length === 0) return
  await db.transaction(async (tx) => {
    await tx.delete(vcenterDatastores).where(eq(vcenterDatastores.vcenter_id, vcenter_id))
    await tx.insert(vcenterDatastores).values(stores.map((store) => ({ ...store, vcenter_id })))
  })
}

export async function listDatastores(db: Db, vcenter_id: string): Promise<VcenterDatastore[]> {
  return db
    .select()
    .from(vcenterDatastores)
    .where(and(eq(vcenterDatastores.vcenter_id, vcenter_id)))
    .orderBy(asc(vcenterDatastores.name))
}

import { and, asc, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type Cluster, clusters } from '../schema/hosts.js'

type Insert = typeof clusters.$inferInsert
export type ClusterFacts = Omit<
  Insert,
  'id' | 'vcenter_id' | 'version' | 'created_at' | 'updated_at' | 'max_unavailable' | 'removed_at' | 'facts_at'
>

/** Saves what vCenter says, found by (vCenter, moid); `facts_at` becomes now. A removed one comes back with its row. */
export async function upsertCluster(db: Db, vcenter_id: string, facts: ClusterFacts): Promise<Cluster> {
  const seen = { facts_at: new Date().toISOString(), removed_at: null }
  const [row] = await db
    .insert(clusters)
    .values({ ...facts, ...seen, id: newId(), vcenter_id })
    .onConflictDoUpdate({
      target: [clusters.vcenter_id, clusters.moid],
      set: { ...facts, ...seen, updated_at: sql`now()`, version: sql`clusters.version + 1` },
    })
    .returning()
  if (!row) throw new Error(`cluster ${facts.moid} was not saved`)
  return row
}

export async function getCluster(db: Db, id: string): Promise<Cluster | null> {
  const [row] = await db.select().from(clusters).where(eq(clusters.id, id))
  return row ?? null
}

export async function getClusters(db: Db, ids: string[]): Promise<Cluster[]> {
  if (ids.length === 0) return []
  return db
    .select()
    .from(clusters)
    .where(and(inArray(clusters.id, ids), isNull(clusters.removed_at)))
}

export async function listClustersOf(db: Db, vcenter_id: string): Promise<Cluster[]> {
  return db
    .select()
    .from(clusters)
    .where(and(eq(clusters.vcenter_id, vcenter_id), isNull(clusters.removed_at)))
    .orderBy(asc(clusters.name))
}

/** Operator's policy of a cluster: how many hosts may be out at once (null = 1). */
export async function setMaxUnavailable(db: Db, id: string, max_unavailable: number | null): Promise<Cluster | null> {
  const [row] = await db
    .update(clusters)
    .set({ max_unavailable, updated_at: sql`now()`, version: sql`version + 1` })
    .where(eq(clusters.id, id))
    .returning()
  return row ?? null
}

/** Marks the clusters of a vCenter that were not seen (`seen_ids` = all that were). Returns the marked ones. */
export async function removeUnseenClusters(db: Db, vcenter_id: string, seen_ids: string[]): Promise<Cluster[]> {
  return db
    .update(clusters)
    .set({ removed_at: sql`now()`, updated_at: sql`now()` })
    .where(
      and(
        eq(clusters.vcenter_id, vcenter_id),
        isNull(clusters.removed_at),
        seen_ids.length > 0 ? notInArray(clusters.id, seen_ids) : undefined,
      ),
    )
    .returning()
}

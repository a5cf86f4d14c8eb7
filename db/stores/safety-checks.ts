import { and, desc, eq } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import {
  type ClusterSafetyCheck,
  clusterSafetyChecks,
  type EsxiPreflightResult,
  type EsxiUpgradeProfile,
  esxiPreflightResults,
  esxiUpgradeProfiles,
  type UpgradePath,
  upgradePaths,
} from '../schema/checks.js'

/** Stores a judgement with the facts it was made on; append-only. */
export async function insertSafetyCheck(
  db: Db,
  check: Omit<typeof clusterSafetyChecks.$inferInsert, 'id' | 'checked_at'>,
): Promise<ClusterSafetyCheck> {
  const [row] = await db
    .insert(clusterSafetyChecks)
    .values({ ...check, id: newId() })
    .returning()
  if (!row) throw new Error('the safety check was not inserted')
  return row
}

/** Newest judgement of a cluster, or null. */
export async function latestSafetyCheck(db: Db, cluster_id: string): Promise<ClusterSafetyCheck | null> {
  const [row] = await db
    .select()
    .from(clusterSafetyChecks)
    .where(eq(clusterSafetyChecks.cluster_id, cluster_id))
    .orderBy(desc(clusterSafetyChecks.checked_at))
    .limit(1)
  return row ?? null
}

export async function insertPreflightResult(
  db: Db,
  result: Omit<typeof esxiPreflightResults.$inferInsert, 'id' | 'checked_at'>,
): Promise<EsxiPreflightResult> {
  const [row] = await db
    .insert(esxiPreflightResults)
    .values({ ...result, id: newId() })
    .returning()
  if (!row) throw new Error('the preflight result was not inserted')
  return row
}

/** Newest preflight of a host, or null. */
export async function latestPreflight(db: Db, host_id: string): Promise<EsxiPreflightResult | null> {
  const [row] = await db
    .select()
    .from(esxiPreflightResults)
    .where(eq(esxiPreflightResults.host_id, host_id))
    .orderBy(desc(esxiPreflightResults.checked_at))
    .limit(1)
  return row ?? null
}

export async function getUpgradeProfile(db: Db, id: string): Promise<EsxiUpgradeProfile | null> {
  const [row] = await db.select().from(esxiUpgradeProfiles).where(eq(esxiUpgradeProfiles.id, id))
  return row ?? null
}

/** Steps that an admin allowed or forbade, in the order of their versions. Empty until somebody sets one. */
export async function listUpgradePaths(db: Db): Promise<UpgradePath[]> {
  return db.select().from(upgradePaths).orderBy(upgradePaths.from_version, upgradePaths.to_version)
}

/** Sets what an admin says about one step; it wins over the built-in table. */
export async function setUpgradePath(
  db: Db,
  path: Pick<UpgradePath, 'from_version' | 'to_version' | 'allowed'> & { note?: string | null },
): Promise<UpgradePath> {
  const { allowed, note = null } = path
  const [row] = await db
    .insert(upgradePaths)
    .values({ ...path, note, source: 'admin' })
    .onConflictDoUpdate({
      target: [upgradePaths.from_version, upgradePaths.to_version],
      set: { allowed, note, source: 'admin' },
    })
    .returning()
  if (!row) throw new Error('the upgrade path was not written')
  return row
}

/** Takes an admin's word back; the built-in table counts again. False = there was none. */
export async function dropUpgradePath(db: Db, from_version: string, to_version: string): Promise<boolean> {
  const rows = await db
    .delete(upgradePaths)
    .where(and(eq(upgradePaths.from_version, from_version), eq(upgradePaths.to_version, to_version)))
    .returning({ from_version: upgradePaths.from_version })
  return rows.length > 0
}

import { and, asc, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import { type Host, vcenterHosts } from '../schema/hosts.js'
import { diffFields, recordChanges } from './inventory-changes.js'

type Insert = typeof vcenterHosts.$inferInsert
/** What a vCenter (or the host itself) says. The link to the server is written by `linkHost` alone. */
export type HostFacts = Partial<
  Omit<Insert, 'id' | 'version' | 'created_at' | 'updated_at' | 'server_id' | 'link_source' | 'removed_at' | 'facts_at'>
>

const WATCHED = [
  'name',
  'esxi_version',
  'build',
  'connection_state',
  'power_state',
  'in_maintenance_mode',
  'cluster_id',
  'ip_address',
] as const

/**
 * Saves a host found by (vCenter, moid), else by its UUID when it was removed or re-added under another moid; `facts_at`
 * becomes now. What changed is in `inventory_changes`.
 */
export async function upsertHost(
  db: Db,
  key: { vcenter_id: string; moid: string; host_uuid?: string | null },
  facts: HostFacts & { name: string },
  job_id: string | null = null,
): Promise<{ host: Host; outcome: 'created' | 'updated' | 'unchanged' }> {
  return db.transaction(async (tx) => {
    await lockText(tx, `host ${key.vcenter_id} ${key.moid}`)
    const known = await findKnown(tx, key)
    const seen = { facts_at: new Date().toISOString(), removed_at: null }
    if (!known) {
      const [host] = await tx
        .insert(vcenterHosts)
        .values({ ...facts, ...key, ...seen, id: newId() })
        .returning()
      if (!host) throw new Error('the host was not inserted')
      return { host, outcome: 'created' }
    }
    const host = await writeFacts(tx, known, { ...facts, ...key }, seen, job_id)
    const changed = known.removed_at !== null || diffFields(known, host, WATCHED).length > 0
    return { host, outcome: changed ? 'updated' : 'unchanged' }
  })
}

async function findKnown(
  tx: Db,
  key: { vcenter_id: string; moid: string; host_uuid?: string | null },
): Promise<Host | null> {
  const rows = await tx
    .select()
    .from(vcenterHosts)
    .where(
      and(
        eq(vcenterHosts.vcenter_id, key.vcenter_id),
        sql`(moid = ${key.moid} or (${key.host_uuid ?? null}::uuid is not null and host_uuid = ${key.host_uuid ?? null}::uuid))`,
      ),
    )
    .orderBy(sql`(moid = ${key.moid} and removed_at is null) desc`, sql`removed_at desc nulls first`)
    .limit(1)
    .for('update')
  return rows[0] ?? null
}

/** Saves facts of a known host read just now (`facts_at` becomes now). Null when there is no such host. */
export async function updateHostFacts(
  db: Db,
  id: string,
  facts: HostFacts,
  job_id: string | null = null,
): Promise<Host | null> {
  return db.transaction(async (tx) => {
    const [known] = await tx.select().from(vcenterHosts).where(eq(vcenterHosts.id, id)).for('update')
    return known ? writeFacts(tx, known, facts, { facts_at: new Date().toISOString() }, job_id) : null
  })
}

async function writeFacts(
  tx: Db,
  known: Host,
  facts: HostFacts,
  seen: Partial<Insert>,
  job_id: string | null,
): Promise<Host> {
  const [host] = await tx
    .update(vcenterHosts)
    .set({ ...facts, ...seen, updated_at: sql`now()`, version: sql`version + 1` })
    .where(eq(vcenterHosts.id, known.id))
    .returning()
  if (!host) throw new Error(`host ${known.id} vanished`)
  await recordChanges(tx, { host_id: known.id, server_id: known.server_id, job_id }, diffFields(known, host, WATCHED))
  return host
}

/** Notes which job began the maintenance of a host; null = nobody of ours. */
export async function setMaintenanceOwner(db: Db, id: string, job_id: string | null): Promise<void> {
  await db
    .update(vcenterHosts)
    .set({ maintenance_by_job_id: job_id, updated_at: sql`now()` })
    .where(eq(vcenterHosts.id, id))
}

/** Writes which credential set opens a host by SSH. */
export async function setHostCredentialSet(db: Db, id: string, credential_set_id: string): Promise<void> {
  await db
    .update(vcenterHosts)
    .set({ credential_set_id, updated_at: sql`now()`, version: sql`version + 1` })
    .where(eq(vcenterHosts.id, id))
}

export async function getHost(db: Db, id: string): Promise<Host | null> {
  const [row] = await db.select().from(vcenterHosts).where(eq(vcenterHosts.id, id))
  return row ?? null
}

/** Hosts by id that are not removed; in no special order. */
export async function getHosts(db: Db, ids: string[]): Promise<Host[]> {
  if (ids.length === 0) return []
  return db
    .select()
    .from(vcenterHosts)
    .where(and(inArray(vcenterHosts.id, ids), isNull(vcenterHosts.removed_at)))
}

/** Hosts of some clusters, by name. */
export async function listHostsOfClusters(db: Db, cluster_ids: string[]): Promise<Host[]> {
  if (cluster_ids.length === 0) return []
  return db
    .select()
    .from(vcenterHosts)
    .where(and(inArray(vcenterHosts.cluster_id, cluster_ids), isNull(vcenterHosts.removed_at)))
    .orderBy(asc(vcenterHosts.name))
}

/** Hosts of a vCenter, or of all of them, that are not removed. */
export async function listHosts(db: Db, vcenter_id?: string): Promise<Host[]> {
  return db
    .select()
    .from(vcenterHosts)
    .where(and(vcenter_id ? eq(vcenterHosts.vcenter_id, vcenter_id) : undefined, isNull(vcenterHosts.removed_at)))
    .orderBy(asc(vcenterHosts.name))
}

/** Marks the hosts of a vCenter that were not seen (`seen_ids` = all that were). Returns the marked ones. */
export async function removeUnseenHosts(db: Db, vcenter_id: string, seen_ids: string[]): Promise<Host[]> {
  return db
    .update(vcenterHosts)
    .set({ removed_at: sql`now()`, updated_at: sql`now()` })
    .where(
      and(
        eq(vcenterHosts.vcenter_id, vcenter_id),
        isNull(vcenterHosts.removed_at),
        seen_ids.length > 0 ? notInArray(vcenterHosts.id, seen_ids) : undefined,
      ),
    )
    .returning()
}

import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import { vcenterHosts } from '../schema/hosts.js'
import { type Server, servers } from '../schema/servers.js'
import { diffFields, recordChanges } from './inventory-changes.js'

type Insert = typeof servers.$inferInsert
/** Columns that discovery and inventory may set. */
export type ServerFacts = Partial<
  Omit<
    Insert,
    'id' | 'ip' | 'version' | 'created_at' | 'updated_at' | 'vcenter_host_id' | 'discovered_password_encrypted'
  >
>

const WATCHED = [
  'ip_address',
  'idrac_port',
  'bios_version',
  'idrac_version',
  'power_state',
  'health_status',
  'model',
  'memory_gib',
  'cpu_count',
  'hostname',
] as const

export interface ServerUpsert {
  server: Server
  outcome: 'created' | 'updated' | 'unchanged'
  /** Another server that held this address before and lost it to this one. */
  displaced_server_id: string | null
}

/**
 * Saves what was seen, found by service tag. A removed server comes back with its own row; the address wins over an older
 * owner of the same address, which is marked as not seen there any more (`last_error`), never deleted.
 */
export async function upsertServer(
  db: Db,
  facts: ServerFacts & Pick<Insert, 'service_tag' | 'ip_address'>,
  job_id: string | null = null,
): Promise<ServerUpsert> {
  return db.transaction(async (tx) => {
    const port = facts.idrac_port ?? 443
    await lockText(tx, `server ${facts.service_tag}`, `server at ${facts.ip_address} ${port}`)
    const there = and(
      eq(servers.ip_address, facts.ip_address),
      eq(servers.idrac_port, port),
      isNull(servers.removed_at),
    )
    const like = await tx
      .select()
      .from(servers)
      .where(or(eq(servers.service_tag, facts.service_tag), there))
      .orderBy(sql`removed_at nulls first`, sql`updated_at desc`)
      .for('update')
    const known = like.find(({ service_tag }) => service_tag === facts.service_tag)
    const older = like.find((row) => row.service_tag !== facts.service_tag)
    if (older) await displace(tx, older.id)
    const displaced_server_id = older?.id ?? null
    const seen = { last_seen_at: new Date().toISOString(), removed_at: null }
    if (!known) {
      const [server] = await tx
        .insert(servers)
        .values({ ...facts, ...seen, id: newId() })
        .returning()
      if (!server) throw new Error('the server was not inserted')
      return { server, outcome: 'created', displaced_server_id }
    }
    const server = await writeFacts(tx, known, { ...facts, ...seen }, job_id)
    const changed = known.removed_at !== null || diffFields(known, server, WATCHED).length > 0
    return { server, outcome: changed ? 'updated' : 'unchanged', displaced_server_id }
  })
}

/** The address belongs to whoever answers there now: an older owner of it is set aside. */
async function displace(tx: Db, server_id: string): Promise<void> {
  await tx
    .update(servers)
    .set({
      removed_at: sql`now()`,
      last_error: sql`jsonb_build_object('code', 'IdentityMismatch', 'message', 'Another device answers at this address.', 'at', now())`,
    })
    .where(eq(servers.id, server_id))
}

/** Saves facts of a known server and notes what changed. Null when there is no such server. */
export async function updateServerFacts(
  db: Db,
  id: string,
  facts: ServerFacts,
  job_id: string | null = null,
): Promise<Server | null> {
  return db.transaction(async (tx) => {
    const [known] = await tx.select().from(servers).where(eq(servers.id, id)).for('update')
    return known ? writeFacts(tx, known, facts, job_id) : null
  })
}

async function writeFacts(tx: Db, known: Server, facts: ServerFacts, job_id: string | null): Promise<Server> {
  const [server] = await tx
    .update(servers)
    .set({ ...facts, updated_at: sql`now()`, version: sql`version + 1` })
    .where(eq(servers.id, known.id))
    .returning()
  if (!server) throw new Error(`server ${known.id} vanished`)
  await recordChanges(tx, { server_id: known.id, job_id }, diffFields(known, server, WATCHED))
  return server
}

export async function getServer(db: Db, id: string): Promise<Server | null> {
  const [row] = await db.select().from(servers).where(eq(servers.id, id))
  return row ?? null
}

/** Servers by id that are not removed; in no special order. */
export async function getServers(db: Db, ids: string[]): Promise<Server[]> {
  if (ids.length === 0) return []
  return db
    .select()
    .from(servers)
    .where(and(inArray(servers.id, ids), isNull(servers.removed_at)))
}

export async function findServerByTag(db: Db, service_tag: string): Promise<Server | null> {
  const [row] = await db
    .select()
    .from(servers)
    .where(and(eq(servers.service_tag, service_tag), isNull(servers.removed_at)))
  return row ?? null
}

export async function findServerByAddress(db: Db, ip_address: string, idrac_port: number): Promise<Server | null> {
  const [row] = await db
    .select()
    .from(servers)
    .where(and(eq(servers.ip_address, ip_address), eq(servers.idrac_port, idrac_port), isNull(servers.removed_at)))
  return row ?? null
}

/** Servers with this service tag or at this address: whom a device that answers there may be, or may displace. */
export async function findServersLike(
  db: Db,
  seen: { service_tag: string; ip_address: string; idrac_port: number },
): Promise<Pick<Server, 'id' | 'service_tag' | 'ip_address'>[]> {
  const { id, service_tag, ip_address, idrac_port, removed_at } = servers
  return db
    .select({ id, service_tag, ip_address })
    .from(servers)
    .where(
      and(
        isNull(removed_at),
        or(eq(service_tag, seen.service_tag), and(eq(ip_address, seen.ip_address), eq(idrac_port, seen.idrac_port))),
      ),
    )
}

/** All servers that are not removed. */
export async function listActiveServers(db: Db): Promise<Server[]> {
  return db.select().from(servers).where(isNull(servers.removed_at)).orderBy(servers.service_tag)
}

/**
 * Links host and server, both sides in one transaction; former partners of either are let go. A manual link is not replaced
 * by an automatic one. Answers whether the link is now as asked.
 */
export async function linkHost(
  db: Db,
  link: { host_id: string; server_id: string; link_source: 'serial' | 'uuid' | 'manual' },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockText(tx, 'host links')
    const [host] = await tx.select().from(vcenterHosts).where(eq(vcenterHosts.id, link.host_id)).for('update')
    if (!host) return false
    if (host.server_id === link.server_id) return true
    if (host.link_source === 'manual' && link.link_source !== 'manual') return false
    await unlinkBoth(tx, link.host_id, link.server_id)
    await tx
      .update(vcenterHosts)
      .set({
        server_id: link.server_id,
        link_source: link.link_source,
        updated_at: sql`now()`,
        version: sql`version + 1`,
      })
      .where(eq(vcenterHosts.id, link.host_id))
    await tx
      .update(servers)
      .set({ vcenter_host_id: link.host_id, updated_at: sql`now()`, version: sql`version + 1` })
      .where(eq(servers.id, link.server_id))
    return true
  })
}

/** Lets host and server go from each other. */
export async function unlinkHost(db: Db, host_id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockText(tx, 'host links')
    await unlinkBoth(tx, host_id, null)
  })
}

async function unlinkBoth(tx: Db, host_id: string, server_id: string | null): Promise<void> {
  const hostSide = sql`id = ${host_id} or (${server_id}::uuid is not null and server_id = ${server_id}::uuid)`
  const serverSide = sql`vcenter_host_id = ${host_id} or (${server_id}::uuid is not null and id = ${server_id}::uuid)`
  // Partners of both, before either side forgets.
  await tx.update(servers).set({ vcenter_host_id: null }).where(serverSide)
  await tx.update(vcenterHosts).set({ server_id: null, link_source: null }).where(hostSide)
}

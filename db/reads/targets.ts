import { and, eq, inArray, isNull, type SQL } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { type Cluster, clusters, type Host, vcenterHosts } from '../schema/hosts.js'
import { type Server, type ServerGroup, serverGroupMembers, serverGroups, servers } from '../schema/servers.js'
import { type HostFilter, hostConditions, type ServerFilter, serverConditions } from './inventory-filters.js'

/** Servers that match a filter, by service tag. */
export async function findServers(db: Db, filter: ServerFilter): Promise<Server[]> {
  return db
    .select()
    .from(servers)
    .where(and(...serverConditions(filter)))
    .orderBy(servers.service_tag)
}

/** Hosts that match a filter, by name. */
export async function findHosts(db: Db, filter: HostFilter): Promise<Host[]> {
  return db
    .select()
    .from(vcenterHosts)
    .where(and(...hostConditions(filter)))
    .orderBy(vcenterHosts.name)
}

export async function getGroups(db: Db, ids: string[]): Promise<ServerGroup[]> {
  return ids.length === 0 ? [] : db.select().from(serverGroups).where(inArray(serverGroups.id, ids))
}

/** Servers of static groups that are not removed. */
export async function serversOfGroups(db: Db, group_ids: string[]): Promise<Server[]> {
  if (group_ids.length === 0) return []
  const rows = await db
    .select({ server: servers })
    .from(serverGroupMembers)
    .innerJoin(servers, eq(servers.id, serverGroupMembers.server_id))
    .where(and(inArray(serverGroupMembers.group_id, group_ids), isNull(servers.removed_at)))
    .orderBy(servers.service_tag)
  return rows.map((row) => row.server)
}

/** How many servers there are that are not removed: the fleet. */
export async function countFleet(db: Db): Promise<number> {
  return db.$count(servers, isNull(servers.removed_at))
}

/** Clusters by id with all their hosts. */
export async function clustersWithHosts(db: Db, ids: string[]): Promise<{ cluster: Cluster; hosts: Host[] }[]> {
  if (ids.length === 0) return []
  const alive: SQL | undefined = isNull(clusters.removed_at)
  const found = await db
    .select()
    .from(clusters)
    .where(and(inArray(clusters.id, ids), alive))
  const hosts = await db
    .select()
    .from(vcenterHosts)
    .where(and(inArray(vcenterHosts.cluster_id, ids), isNull(vcenterHosts.removed_at)))
    .orderBy(vcenterHosts.name)
  return found.map((cluster) => ({ cluster, hosts: hosts.filter((host) => host.cluster_id === cluster.id) }))
}

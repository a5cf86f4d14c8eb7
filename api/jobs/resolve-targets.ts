import type { Db } from '../../db/connect.js'
import type { HostFilter, ServerFilter } from '../../db/reads/inventory-filters.js'
import { clustersWithHosts, findHosts, findServers, getGroups, serversOfGroups } from '../../db/reads/targets.js'
import type { Host } from '../../db/schema/hosts.js'
import type { JobTarget } from '../../db/schema/jobs.js'
import type { Server } from '../../db/schema/servers.js'
import { getHosts } from '../../db/stores/hosts.js'
import { getServers } from '../../db/stores/servers.js'
import type { JobDefinition, TargetKey } from '../../workflows/define.js'
import { type FieldProblem, fieldProblems, Problem } from '../errors.js'
import { hostFilters, parseFilterText, serverFilters } from '../inventory-query.js'
import type { TargetScopeOrder } from './order.js'

const KEYS: readonly TargetKey[] = ['server_ids', 'server_group_ids', 'host_ids', 'cluster_ids']

/** What a scope names, looked up; each list without duplicates and without what is excluded. */
interface Found {
  servers: Server[]
  hosts: Host[]
  clusters: { id: string; name: string }[]
  /** Those of `hosts` that were named themselves, not through their cluster. */
  named_hosts: Host[]
}

/**
 * Resolves a scope to the explicit list of targets of a job type: groups, clusters and filters are opened, links host ↔ server
 * are followed, duplicates dropped. Nothing left is `EmptyTarget`, never "all".
 * @throws {Problem} `TargetNotAllowed`, `UnknownTarget`, `HostNotLinked`, `NotInCluster`, `UseRollingUpdate`, `EmptyTarget`
 */
export async function resolveTargets(
  db: Db,
  definition: JobDefinition,
  scope: TargetScopeOrder,
  details: Record<string, unknown>,
): Promise<JobTarget[]> {
  refuseForeignKeys(definition, scope)
  const found = await lookUp(db, scope)
  const targets = await targetsOf(db, definition, found, details)
  if (targets.length === 0) {
    throw new Problem('EmptyTarget', scope.filter ? 'The selection matches nothing.' : 'Name at least one target.', {
      errors: [{ pointer: '/target_scope', detail: `one of ${definition.target_scope.join(', ')}` }],
    })
  }
  if (definition.one_host_per_cluster) refuseSeveralOfCluster(targets)
  return targets
}

function refuseForeignKeys(definition: JobDefinition, scope: TargetScopeOrder): void {
  const allowed = new Set<string>(definition.target_scope)
  if (definition.via_host) for (const key of ['host_ids', 'cluster_ids']) allowed.add(key)
  const errors: FieldProblem[] = KEYS.filter((key) => scope[key].length > 0 && !allowed.has(key)).map((key) => ({
    pointer: `/target_scope/${key}`,
    detail: `${definition.job_type} takes ${[...allowed].join(', ')}`,
  }))
  if (scope.filter?.servers !== undefined && !allowed.has('server_ids')) {
    errors.push({ pointer: '/target_scope/filter/servers', detail: 'this job type takes no servers' })
  }
  if (scope.filter?.hosts !== undefined && !allowed.has('host_ids')) {
    errors.push({ pointer: '/target_scope/filter/hosts', detail: 'this job type takes no hosts' })
  }
  if (errors.length > 0) throw new Problem('TargetNotAllowed', 'This job type does not take these targets.', { errors })
}

async function lookUp(db: Db, scope: TargetScopeOrder): Promise<Found> {
  const [servers, hosts, groups, clusters] = await Promise.all([
    getServers(db, scope.server_ids),
    getHosts(db, scope.host_ids),
    getGroups(db, scope.server_group_ids),
    clustersWithHosts(db, scope.cluster_ids),
  ])
  refuseUnknown(scope, {
    server_ids: servers,
    host_ids: hosts,
    server_group_ids: groups,
    cluster_ids: clusters.map((c) => c.cluster),
  })
  const filter = parseFilters(scope)
  const dynamic = groups.filter((group) => group.kind === 'dynamic' && group.filter)
  const grouped = await serversOfGroups(
    db,
    groups.filter((group) => group.kind === 'static').map((group) => group.id),
  )
  const matched = await Promise.all(dynamic.map((group) => findServers(db, filterOfGroup(group.filter?.servers ?? ''))))
  const byFilter = filter.servers ? await findServers(db, filter.servers) : []
  const hostsByFilter = filter.hosts ? await findHosts(db, filter.hosts) : []
  const inOrder = scope.server_ids.flatMap((id) => servers.find((server) => server.id === id) ?? [])
  const hostsInOrder = scope.host_ids.flatMap((id) => hosts.find((host) => host.id === id) ?? [])
  const out = { servers: new Set(scope.exclude?.server_ids), hosts: new Set(scope.exclude?.host_ids) }
  return {
    servers: once([...inOrder, ...grouped, ...matched.flat(), ...byFilter], out.servers),
    hosts: once([...hostsInOrder, ...clusters.flatMap((c) => c.hosts), ...hostsByFilter], out.hosts),
    clusters: clusters.map(({ cluster }) => cluster),
    named_hosts: once([...hostsInOrder, ...hostsByFilter], out.hosts),
  }
}

function once<Row extends { id: string }>(rows: Row[], without: Set<string>): Row[] {
  return [...new Map(rows.filter((row) => !without.has(row.id)).map((row) => [row.id, row])).values()]
}

function refuseUnknown(scope: TargetScopeOrder, found: Record<TargetKey, { id: string }[]>): void {
  const errors = KEYS.flatMap((key) => {
    const known = new Set(found[key].map((row) => row.id))
    return scope[key].flatMap((id, i) =>
      known.has(id) ? [] : [{ pointer: `/target_scope/${key}/${i}`, detail: `${id} is unknown` }],
    )
  })
  if (errors.length === 0) return
  throw new Problem('UnknownTarget', `${errors.length} of the targets named do not exist.`, {
    errors: errors.slice(0, 200),
  })
}

function parseFilters(scope: TargetScopeOrder): { servers: ServerFilter | null; hosts: HostFilter | null } {
  const { servers, hosts } = scope.filter ?? {}
  return {
    servers: servers === undefined ? null : parsed(parseFilterText(serverFilters, servers), 'servers'),
    hosts: hosts === undefined ? null : parsed(parseFilterText(hostFilters, hosts), 'hosts'),
  }
}

function parsed<T>(
  result: { success: true; data: T } | { success: false; error: Parameters<typeof fieldProblems>[0] },
  kind: string,
): T {
  if (result.success) return result.data
  const errors = fieldProblems(result.error, `/target_scope/filter/${kind}`)
  throw new Problem('InvalidRequest', `The filter of ${kind} is not valid.`, { errors })
}

function filterOfGroup(text: string): ServerFilter {
  const result = parseFilterText(serverFilters, text)
  return result.success ? result.data : { service_tag: 'NO-SUCH-TAG' }
}

async function targetsOf(
  db: Db,
  definition: JobDefinition,
  found: Found,
  details: Record<string, unknown>,
): Promise<JobTarget[]> {
  if (definition.task_target === 'cluster') return clusterTargets(db, found)
  if (definition.task_target === 'device')
    return [
      ...(await serverTargets(db, definition, { ...found, hosts: [] })),
      ...(await hostTargets(db, definition, { ...found, servers: [] }, details)),
    ]
  return definition.task_target === 'server'
    ? serverTargets(db, definition, found)
    : hostTargets(db, definition, found, details)
}

/** Clusters, also those of hosts that are named: these hosts are then judged together. */
async function clusterTargets(db: Db, found: Found): Promise<JobTarget[]> {
  refuseOutsideCluster(found.named_hosts.filter((host) => !host.cluster_id))
  const named = new Map<string, Host[]>()
  for (const host of found.named_hosts) {
    if (host.cluster_id) named.set(host.cluster_id, [...(named.get(host.cluster_id) ?? []), host])
  }
  const behind = (await clustersWithHosts(db, [...named.keys()])).map(({ cluster }) => cluster)
  return once([...found.clusters, ...behind], new Set()).map(({ id, name }) => {
    const hosts = named.get(id)
    return {
      kind: 'cluster',
      id,
      name,
      cluster_id: id,
      ...(hosts ? { host_ids: hosts.map((host) => host.id) } : {}),
    }
  })
}

/** Servers, also those behind hosts; a host without a linked server is refused with the list. */
async function serverTargets(db: Db, definition: JobDefinition, found: Found): Promise<JobTarget[]> {
  refuseUnlinked(found.hosts.filter((host) => !host.server_id))
  const behind = await getServers(
    db,
    found.hosts.flatMap((host) => host.server_id ?? []),
  )
  const servers = once([...found.servers, ...behind], new Set())
  const hosts = await hostsOfServers(db, servers)
  if (definition.needs_linked_server) refuseWithoutHost(servers.filter((server) => !hosts.has(server.id)))
  return servers.map((server) => {
    const host = hosts.get(server.id)
    return {
      kind: 'server',
      id: server.id,
      name: server.hostname ? `${server.service_tag} (${server.hostname})` : server.service_tag,
      server_id: server.id,
      host_id: host?.id ?? null,
      cluster_id: host?.cluster_id ?? null,
    }
  })
}

/** Hosts, also those of servers; whoever updates firmware needs the server behind the host. */
async function hostTargets(
  db: Db,
  definition: JobDefinition,
  found: Found,
  details: Record<string, unknown>,
): Promise<JobTarget[]> {
  const linked = await hostsOfServers(db, found.servers)
  refuseWithoutHost(found.servers.filter((server) => !linked.has(server.id)))
  const hosts = once([...found.hosts, ...linked.values()], new Set())
  if (definition.needs_linked_server || details.firmware !== undefined) {
    refuseUnlinked(hosts.filter((host) => !host.server_id))
  }
  if (definition.job_type === 'rolling_update') refuseOutsideCluster(hosts.filter((host) => !host.cluster_id))
  return hosts.map((host) => ({
    kind: 'host',
    id: host.id,
    name: host.name,
    host_id: host.id,
    cluster_id: host.cluster_id,
    server_id: host.server_id,
  }))
}

async function hostsOfServers(db: Db, servers: Server[]): Promise<Map<string, Host>> {
  const hosts = await getHosts(
    db,
    servers.flatMap((server) => server.vcenter_host_id ?? []),
  )
  return new Map(hosts.flatMap((host) => (host.server_id ? [[host.server_id, host]] : [])))
}

function refuseUnlinked(hosts: Host[]): void {
  if (hosts.length === 0) return
  throw new Problem('HostNotLinked', `No server is linked to ${hosts.map((host) => host.name).join(', ')}.`, {
    errors: hosts.map((host) => ({
      pointer: '/target_scope',
      detail: `${host.name} (${host.id}) has no linked server`,
    })),
  })
}

function refuseWithoutHost(servers: Server[]): void {
  if (servers.length === 0) return
  throw new Problem(
    'HostNotLinked',
    `No host is linked to ${servers.map((server) => server.service_tag).join(', ')}.`,
    {
      errors: servers.map((server) => ({
        pointer: '/target_scope',
        detail: `${server.service_tag} (${server.id}) has no linked host`,
      })),
    },
  )
}

function refuseOutsideCluster(hosts: Host[]): void {
  if (hosts.length === 0) return
  throw new Problem('NotInCluster', `${hosts.map((host) => host.name).join(', ')}: in no cluster.`)
}

function refuseSeveralOfCluster(targets: JobTarget[]): void {
  const counts = new Map<string, string[]>()
  for (const { cluster_id, name } of targets) {
    if (cluster_id) counts.set(cluster_id, [...(counts.get(cluster_id) ?? []), name])
  }
  const crowded = [...counts.values()].find((names) => names.length > 1)
  if (!crowded) return
  throw new Problem(
    'UseRollingUpdate',
    `${crowded.join(', ')} are of one cluster; rolling_update takes them one after the other.`,
  )
}

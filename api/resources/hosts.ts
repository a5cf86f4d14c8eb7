import { eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { hostConditions } from '../../db/reads/inventory-filters.js'
import { jsonView, listJson } from '../../db/reads/list-json.js'
import { listRows } from '../../db/reads/list-rows.js'
import { clusterSafetyChecks } from '../../db/schema/checks.js'
import { clusters, type Host, vcenterHosts } from '../../db/schema/hosts.js'
import { getCluster, setMaxUnavailable } from '../../db/stores/clusters.js'
import { getHost, updateHostFacts } from '../../db/stores/hosts.js'
import { listIdentities } from '../../db/stores/identities.js'
import { getServer, linkHost, unlinkHost } from '../../db/stores/servers.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { hostFilters } from '../inventory-query.js'
import { listOutput, listQuery, recordsQuery, sortedPage, sortOf } from '../list.js'
import { type Answer, idParams, type Route, type RouteContext, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { clusterSchema, clusterViews } from './cluster-view.js'
import { identitySchema } from './vcenters.js'

const hostSchema = rowSchema(vcenterHosts).meta({ id: 'Host' })
const SHOWN = jsonView(vcenterHosts)
const checkSchema = rowSchema(clusterSafetyChecks).meta({ id: 'SafetyCheck' })
const hostPatch = z.strictObject({
  server_id: z.uuid().nullable().optional().describe('Links by hand; null lets go'),
  credential_set_id: z.uuid().nullable().optional(),
  ssh_port: z.int().min(1).max(65_535).nullable().optional(),
})

export function hostRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/hosts',
      permission: 'signed_in',
      summary: 'ESXi hosts; the filters are also those of target_scope.filter.hosts',
      query: listQuery(['name', 'created_at'], hostFilters),
      output: listOutput(hostSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, ...filter } = query
        const { column, descending } = sortOf(sort)
        const key =
          column === 'created_at'
            ? { expression: sql`${vcenterHosts.created_at}`, type: 'timestamptz' as const }
            : { expression: sql`${vcenterHosts.name}`, type: 'text' as const }
        const where = hostConditions(filter)
        const json = await listJson(services.database.pool, SHOWN, {
          table: vcenterHosts,
          id: sql`${vcenterHosts.id}`,
          where,
          sort: { ...key, descending },
          limit,
          cursor,
          count,
        })
        return { json }
      },
    }),
    route({
      method: 'GET',
      path: '/hosts/:id',
      permission: 'signed_in',
      summary: 'One host',
      params: idParams,
      output: hostSchema,
      handler: async ({ params }) => {
        const host = await mustGetHost(services, params.id)
        return { body: host, version: host.version }
      },
    }),
    route({
      method: 'GET',
      path: '/hosts/:id/identities',
      permission: 'signed_in',
      summary: 'Host keys seen from this host',
      params: idParams,
      query: recordsQuery('first_seen_at', {}),
      output: listOutput(identitySchema),
      handler: async ({ params, query }) => {
        await mustGetHost(services, params.id)
        return { body: sortedPage(await listIdentities(db, params.id), query, (row) => row.first_seen_at) }
      },
    }),
    route({
      method: 'PATCH',
      path: '/hosts/:id',
      permission: 'admin',
      summary: 'Links a host to its server, or changes its credential set or SSH port',
      params: idParams,
      body: hostPatch,
      output: hostSchema,
      handler: (context) => changeHost(services, context),
    }),
  ]
}

async function changeHost(
  services: Services,
  context: RouteContext<{ id: string }, unknown, z.output<typeof hostPatch>>,
): Promise<Answer> {
  const { db } = services.database
  const before = await mustGetHost(services, context.params.id)
  context.checkVersion(before.version)
  const { server_id, ...rest } = context.body
  if (server_id !== undefined && server_id !== null && !(await getServer(db, server_id))) {
    throw new Problem('UnknownTarget', 'There is no such server.', {
      errors: [{ pointer: '/server_id', detail: 'unknown' }],
    })
  }
  if (server_id === null) await unlinkHost(db, before.id)
  else if (server_id !== undefined) await linkHost(db, { host_id: before.id, server_id, link_source: 'manual' })
  const facts = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const host = (await updateHostFacts(db, before.id, facts)) ?? before
  await auditDeed(db, context, {
    action: 'host.update',
    object_kind: 'host',
    object_id: host.id,
    object_label: host.name,
    after: context.body,
  })
  return { body: host, version: host.version }
}

export function clusterRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/clusters',
      permission: 'signed_in',
      summary: 'Clusters by name: capacity, which hosts do not serve and why, the last judgement',
      query: listQuery(['name'], { vcenter_id: z.uuid().optional(), name: z.string().max(255).optional() }),
      output: listOutput(clusterSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, vcenter_id, name } = query
        const where = [
          isNull(clusters.removed_at),
          vcenter_id ? eq(clusters.vcenter_id, vcenter_id) : undefined,
          name ? eq(clusters.name, name) : undefined,
        ]
        const key = { expression: sql`${clusters.name}`, type: 'text' as const, descending: sortOf(sort).descending }
        const page = await listRows(db, {
          table: clusters,
          id: sql`${clusters.id}`,
          where,
          sort: key,
          limit,
          cursor,
          count,
        })
        return { body: { ...page, items: await clusterViews(db, page.items) } }
      },
    }),
    route({
      method: 'GET',
      path: '/clusters/:id',
      permission: 'signed_in',
      summary: 'One cluster',
      params: idParams,
      output: clusterSchema,
      handler: async ({ params }) => {
        const cluster = await getCluster(db, params.id)
        if (!cluster) throw new Problem('NotFound', 'There is no such cluster.')
        return { body: (await clusterViews(db, [cluster]))[0], version: cluster.version }
      },
    }),
    route({
      method: 'PATCH',
      path: '/clusters/:id',
      permission: 'admin',
      summary: 'Sets how many hosts of the cluster may be out at once',
      params: idParams,
      body: z.strictObject({ max_unavailable: z.int().min(1).max(16).nullable() }),
      output: clusterSchema,
      handler: async (context) => {
        const before = await getCluster(db, context.params.id)
        if (!before) throw new Problem('NotFound', 'There is no such cluster.')
        context.checkVersion(before.version)
        const cluster = await setMaxUnavailable(db, before.id, context.body.max_unavailable)
        await auditDeed(db, context, {
          action: 'cluster.update',
          object_kind: 'cluster',
          object_id: before.id,
          object_label: before.name,
          before: { max_unavailable: before.max_unavailable },
          after: context.body,
        })
        const [body] = await clusterViews(db, cluster ? [cluster] : [])
        return { body, ...(cluster ? { version: cluster.version } : {}) }
      },
    }),
    route({
      method: 'GET',
      path: '/safety-checks',
      permission: 'signed_in',
      summary: 'Judgements about clusters, newest first',
      query: recordsQuery('checked_at', { cluster_id: z.uuid().optional(), job_id: z.uuid().optional() }),
      output: listOutput(checkSchema),
      handler: async ({ query }) => {
        const { limit, cursor, count, sort, cluster_id, job_id } = query
        const table = clusterSafetyChecks
        const where = [
          cluster_id ? eq(table.cluster_id, cluster_id) : undefined,
          job_id ? eq(table.job_id, job_id) : undefined,
        ]
        const key = {
          expression: sql`${table.checked_at}`,
          type: 'timestamptz' as const,
          descending: sortOf(sort).descending,
        }
        return { body: await listRows(db, { table, id: sql`${table.id}`, where, sort: key, limit, cursor, count }) }
      },
    }),
  ]
}

async function mustGetHost(services: Services, id: string): Promise<Host> {
  const host = await getHost(services.database.db, id)
  if (!host) throw new Problem('NotFound', 'There is no such host.')
  return host
}

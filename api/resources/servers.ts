import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { serverConditions } from '../../db/reads/inventory-filters.js'
import { listCommands, listJobs } from '../../db/reads/job-list.js'
import { jsonView, listJson } from '../../db/reads/list-json.js'
import { listRows } from '../../db/reads/list-rows.js'
import { type Server, serverFirmware, serverHealth, servers } from '../../db/schema/servers.js'
import { listIdentities } from '../../db/stores/identities.js'
import { getServer, updateServerFacts } from '../../db/stores/servers.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { serverFilters } from '../inventory-query.js'
import { commandFilters, commandSchema, commandView, jobFilters, summarySchema } from '../jobs/routes.js'
import { jobSummary } from '../jobs/view.js'
import { listOutput, listQuery, mapPage, recordsQuery, sortedPage, sortOf } from '../list.js'
import { type Answer, idParams, type Route, type RouteContext, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { consoleTicketRoute } from './console-tickets.js'
import { eventLogRoute } from './event-logs.js'
import { identitySchema } from './vcenters.js'

export const serverSchema = rowSchema(servers, ['ip'], { has_discovered_password: z.boolean() }).meta({ id: 'Server' })
const firmwareSchema = rowSchema(serverFirmware, ['component_key']).meta({ id: 'ServerFirmware' })
const healthSchema = rowSchema(serverHealth).meta({ id: 'ServerHealth' })

const patchBody = z.strictObject({
  labels: z.array(z.string().min(1).max(60)).max(20).optional(),
  credential_set_id: z.uuid().nullable().optional(),
  ip_address: z.ipv4().optional(),
  idrac_port: z.int().min(1).max(65_535).optional(),
  site: z.string().min(1).max(60).optional(),
  hostname: z.string().max(255).nullable().optional(),
})

const SORTS: Record<string, { expression: ReturnType<typeof sql>; type: 'text' | 'timestamptz' }> = {
  service_tag: { expression: sql`${servers.service_tag}`, type: 'text' },
  hostname: { expression: sql`coalesce(${servers.hostname}, '')`, type: 'text' },
  model: { expression: sql`coalesce(${servers.model}, '')`, type: 'text' },
  health_status: { expression: sql`${servers.health_status}`, type: 'text' },
  ip_address: { expression: sql`${servers.ip_address}`, type: 'text' },
  created_at: { expression: sql`${servers.created_at}`, type: 'timestamptz' },
}

/** A server without its sealed column. */
export function serverView({ discovered_password_encrypted, ip: _ip, ...shown }: Server) {
  return { ...shown, has_discovered_password: discovered_password_encrypted !== null }
}

/** The same as `serverView`, for lists. */
const SHOWN = jsonView(servers, ['ip', 'discovered_password_encrypted'], {
  has_discovered_password: sql`${servers.discovered_password_encrypted} is not null`,
})

export function serverRoutes(services: Services): Route[] {
  return [...ownRoutes(services), ...partRoutes(services)]
}

function ownRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/servers',
      permission: 'signed_in',
      summary: 'Servers; the filters are also those of target_scope.filter.servers',
      query: listQuery(
        ['service_tag', 'hostname', 'model', 'health_status', 'ip_address', 'created_at'],
        serverFilters,
      ),
      output: listOutput(serverSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, ...filter } = query
        const { column, descending } = sortOf(sort)
        const key = SORTS[column] ?? { expression: sql`${servers.service_tag}`, type: 'text' as const }
        const json = await listJson(services.database.pool, SHOWN, {
          table: servers,
          id: sql`${servers.id}`,
          where: serverConditions(filter),
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
      path: '/servers/:id',
      permission: 'signed_in',
      summary: 'One server',
      params: idParams,
      output: serverSchema,
      handler: async ({ params }) => {
        const server = await mustGetServer(services, params.id)
        return { body: serverView(server), version: server.version }
      },
    }),
    route({
      method: 'PATCH',
      path: '/servers/:id',
      permission: 'operator',
      summary: 'Changes labels (operator), or address, site and credential set (admin)',
      params: idParams,
      body: patchBody,
      output: serverSchema,
      handler: (context) => changeServer(services, context),
    }),
    route({
      method: 'DELETE',
      path: '/servers/:id',
      permission: 'admin',
      summary: 'Removes a server from the inventory; its history stays',
      params: idParams,
      output: null,
      handler: async (context) => {
        const server = await mustGetServer(services, context.params.id)
        context.checkVersion(server.version)
        if (server.vcenter_host_id)
          throw new Problem('StateConflict', 'The server is linked to a host; unlink it first.')
        await updateServerFacts(db, server.id, { removed_at: new Date().toISOString() })
        await auditDeed(db, context, {
          action: 'server.remove',
          object_kind: 'server',
          object_id: server.id,
          object_label: server.service_tag,
        })
        return {}
      },
    }),
  ]
}

async function changeServer(
  services: Services,
  context: RouteContext<{ id: string }, unknown, z.output<typeof patchBody>>,
): Promise<Answer> {
  const { db } = services.database
  const { labels, ...rest } = context.body
  const adminOnly = Object.keys(rest)
  if (adminOnly.length > 0 && !context.user.roles.includes('admin')) {
    throw new Problem('Forbidden', `Only an admin changes ${adminOnly.join(', ')}.`, {
      errors: adminOnly.map((name) => ({ pointer: `/${name}`, detail: 'needs the role admin' })),
      members: { roles_allowed: ['admin'] },
    })
  }
  const before = await mustGetServer(services, context.params.id)
  context.checkVersion(before.version)
  const facts = Object.fromEntries(Object.entries({ ...rest, labels }).filter(([, value]) => value !== undefined))
  const fresh = rest.credential_set_id === undefined ? {} : { credential_state: 'unknown' }
  const server = await updateServerFacts(db, before.id, { ...facts, ...fresh })
  if (!server) throw new Problem('NotFound', 'There is no such server.')
  await auditDeed(db, context, {
    action: 'server.update',
    object_kind: 'server',
    object_id: server.id,
    object_label: server.service_tag,
    before: Object.fromEntries(Object.keys(facts).map((name) => [name, before[name as keyof Server]])),
    after: facts,
  })
  return { body: serverView(server), version: server.version }
}

function partRoutes(services: Services): Route[] {
  const { db } = services.database
  const part = (
    path: string,
    summary: string,
    table: typeof serverFirmware | typeof serverHealth,
    item: z.ZodType,
    key: ReturnType<typeof sql>,
    id: ReturnType<typeof sql>,
  ) =>
    route({
      method: 'GET',
      path: `/servers/:id/${path}`,
      permission: 'signed_in',
      summary,
      params: idParams,
      query: listQuery(['name'], {}),
      output: listOutput(item),
      handler: async ({ params, query }) => {
        await mustGetServer(services, params.id)
        const { limit, cursor, count, sort } = query
        const where = [and(eq(table.server_id, params.id))]
        const order = { expression: key, type: 'text' as const, descending: sortOf(sort).descending }
        const page = await listRows(db, {
          table: table as typeof serverFirmware,
          id,
          where,
          sort: order,
          limit,
          cursor,
          count,
        })
        return { body: mapPage(page, ({ component_key: _key, ...shown }) => shown) }
      },
    })
  return [
    part(
      'firmware',
      'Installed firmware',
      serverFirmware,
      firmwareSchema,
      sql`${serverFirmware.fqdd}`,
      sql`${serverFirmware.id}`,
    ),
    part(
      'health',
      'Health of the components',
      serverHealth,
      healthSchema,
      sql`${serverHealth.component}`,
      sql`${serverHealth.component}`,
    ),
    eventLogRoute(services),
    consoleTicketRoute(services),
    route({
      method: 'GET',
      path: '/servers/:id/jobs',
      permission: 'signed_in',
      summary: 'Jobs that touched this server, newest first',
      params: idParams,
      query: recordsQuery('created_at', jobFilters),
      output: listOutput(summarySchema),
      handler: async ({ params, query }) => {
        await mustGetServer(services, params.id)
        const { limit, cursor, count, sort, ...filter } = query
        const { descending } = sortOf(sort)
        const page = await listJobs(db, { ...filter, server_id: params.id }, { limit, cursor, count, descending })
        return { body: mapPage(page, (job) => jobSummary(job, services.config.temporal)) }
      },
    }),
    route({
      method: 'GET',
      path: '/servers/:id/commands',
      permission: 'signed_in',
      summary: 'Calls made to this server, newest first',
      params: idParams,
      query: recordsQuery('timestamp', commandFilters),
      output: listOutput(commandSchema),
      handler: async ({ params, query }) => {
        await mustGetServer(services, params.id)
        const { limit, cursor, count, sort, ...filter } = query
        const { descending } = sortOf(sort)
        const page = await listCommands(db, { ...filter, server_id: params.id }, { limit, cursor, count, descending })
        return { body: mapPage(page, commandView) }
      },
    }),
    route({
      method: 'GET',
      path: '/servers/:id/identities',
      permission: 'signed_in',
      summary: 'Certificates seen from this server; admins accept one with POST /identities/{id}/accept',
      params: idParams,
      query: recordsQuery('first_seen_at', {}),
      output: listOutput(identitySchema),
      handler: async ({ params, query }) => {
        await mustGetServer(services, params.id)
        return { body: sortedPage(await listIdentities(db, params.id), query, (row) => row.first_seen_at) }
      },
    }),
  ]
}

async function mustGetServer(services: Services, id: string): Promise<Server> {
  const server = await getServer(services.database.db, id)
  if (!server) throw new Problem('NotFound', 'There is no such server.')
  return server
}

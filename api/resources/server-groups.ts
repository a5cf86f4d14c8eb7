import { eq, ilike, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { newId } from '../../db/new-id.js'
import { contains } from '../../db/reads/inventory-filters.js'
import { listRows } from '../../db/reads/list-rows.js'
import { findServers, serversOfGroups } from '../../db/reads/targets.js'
import { type ServerGroup, serverGroupMembers, serverGroups } from '../../db/schema/servers.js'
import { getServers } from '../../db/stores/servers.js'
import { auditDeed } from '../audit-trail.js'
import { fieldProblems, Problem } from '../errors.js'
import { parseFilterText, serverFilters } from '../inventory-query.js'
import { listOutput, listQuery, sortedPage, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { serverSchema, serverView } from './servers.js'

const groupSchema = rowSchema(serverGroups).meta({ id: 'ServerGroup' })
const filter = z.strictObject({ servers: z.string().max(2000) })
const createBody = z
  .strictObject({
    name: z.string().min(1).max(255),
    description: z.string().max(2000).nullish(),
    kind: z.enum(['static', 'dynamic']).default('static'),
    filter: filter.optional(),
    server_ids: z.array(z.uuid()).max(10_000).default([]),
  })
  .refine((group) => (group.kind === 'dynamic') === (group.filter !== undefined), {
    message: 'a dynamic group has a filter, a static one has none',
    path: ['filter'],
  })
const patchBody = z.strictObject({
  name: z.string().min(1).max(255).optional(),
  description: z.string().max(2000).nullish(),
  filter: filter.optional(),
  server_ids: z.array(z.uuid()).max(10_000).optional().describe('Replaces all members of a static group'),
})

export function serverGroupRoutes(services: Services): Route[] {
  return [...readRoutes(services), ...writeRoutes(services)]
}

function readRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/server-groups',
      permission: 'signed_in',
      summary: 'Groups of servers by name',
      query: listQuery(['name'], { kind: z.enum(['static', 'dynamic']).optional(), q: z.string().max(255).optional() }),
      output: listOutput(groupSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, kind, q } = query
        const key = {
          expression: sql`${serverGroups.name}`,
          type: 'text' as const,
          descending: sortOf(sort).descending,
        }
        return {
          body: await listRows(db, {
            table: serverGroups,
            id: sql`${serverGroups.id}`,
            where: [
              kind ? eq(serverGroups.kind, kind) : undefined,
              q ? ilike(serverGroups.name, contains(q)) : undefined,
            ],
            sort: key,
            limit,
            cursor,
            count,
          }),
        }
      },
    }),
    route({
      method: 'GET',
      path: '/server-groups/:id',
      permission: 'signed_in',
      summary: 'One group',
      params: idParams,
      output: groupSchema,
      handler: async ({ params }) => {
        const group = await mustGet(services, params.id)
        return { body: group, version: group.version }
      },
    }),
    route({
      method: 'GET',
      path: '/server-groups/:id/servers',
      permission: 'signed_in',
      summary: 'Servers that the group holds now',
      params: idParams,
      query: listQuery(['service_tag'], {}),
      output: listOutput(serverSchema),
      handler: async ({ params, query }) => {
        const group = await mustGet(services, params.id)
        const found = group.filter
          ? await findServers(db, parsedFilter(group.filter.servers))
          : await serversOfGroups(db, [group.id])
        return { body: sortedPage(found.map(serverView), query, (server) => server.service_tag) }
      },
    }),
  ]
}

function writeRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'POST',
      path: '/server-groups',
      permission: 'operator',
      summary: 'Adds a group',
      body: createBody,
      output: groupSchema,
      handler: async (context) => {
        const { server_ids, ...values } = context.body
        if (values.filter) parsedFilter(values.filter.servers)
        const group = await db.transaction(async (tx) => {
          const id = newId()
          const [row] = await tx
            .insert(serverGroups)
            .values({
              ...values,
              filter: values.filter ?? null,
              description: values.description ?? null,
              id,
              created_by: context.user.user_id,
            })
            .returning()
          await setMembers(services, tx, id, server_ids, context.user.user_id)
          await auditDeed(tx, context, {
            action: 'group.create',
            object_kind: 'server_group',
            object_id: id,
            object_label: values.name,
            after: context.body,
          })
          return row
        })
        return { body: group, version: 1, headers: { location: `/api/v1/server-groups/${group?.id}` } }
      },
    }),
    route({
      method: 'PATCH',
      path: '/server-groups/:id',
      permission: 'operator',
      summary: 'Changes a group',
      params: idParams,
      body: patchBody,
      output: groupSchema,
      handler: async (context) => {
        const before = await mustGet(services, context.params.id)
        context.checkVersion(before.version)
        const { server_ids, name, description, filter: wanted } = context.body
        if (wanted) parsedFilter(wanted.servers)
        if ((wanted && before.kind === 'static') || (server_ids && before.kind === 'dynamic')) {
          throw new Problem('OptionConflict', `The group is ${before.kind}.`)
        }
        const group = await db.transaction(async (tx) => {
          const [row] = await tx
            .update(serverGroups)
            .set({
              ...(name === undefined ? {} : { name }),
              ...(description === undefined ? {} : { description }),
              ...(wanted === undefined ? {} : { filter: wanted }),
              updated_at: sql`now()`,
              version: sql`version + 1`,
            })
            .where(eq(serverGroups.id, before.id))
            .returning()
          if (server_ids) await setMembers(services, tx, before.id, server_ids, context.user.user_id)
          await auditDeed(tx, context, {
            action: 'group.update',
            object_kind: 'server_group',
            object_id: before.id,
            object_label: before.name,
            after: context.body,
          })
          return row ?? before
        })
        return { body: group, version: group.version }
      },
    }),
    route({
      method: 'DELETE',
      path: '/server-groups/:id',
      permission: 'operator',
      summary: 'Removes a group; its servers stay',
      params: idParams,
      output: null,
      handler: async (context) => {
        const before = await mustGet(services, context.params.id)
        context.checkVersion(before.version)
        await db.delete(serverGroups).where(eq(serverGroups.id, before.id))
        await auditDeed(db, context, {
          action: 'group.delete',
          object_kind: 'server_group',
          object_id: before.id,
          object_label: before.name,
        })
        return {}
      },
    }),
  ]
}

async function setMembers(
  services: Services,
  tx: Services['database']['db'],
  group_id: string,
  server_ids: string[],
  added_by: string,
): Promise<void> {
  const known = new Set((await getServers(services.database.db, server_ids)).map((server) => server.id))
  const errors = server_ids.flatMap((id, i) =>
    known.has(id) ? [] : [{ pointer: `/server_ids/${i}`, detail: `${id} is unknown` }],
  )
  if (errors.length > 0) throw new Problem('UnknownTarget', 'A server named does not exist.', { errors })
  await tx.delete(serverGroupMembers).where(inArray(serverGroupMembers.group_id, [group_id]))
  if (known.size > 0) {
    await tx.insert(serverGroupMembers).values([...known].map((server_id) => ({ group_id, server_id, added_by })))
  }
}

function parsedFilter(text: string) {
  const result = parseFilterText(serverFilters, text)
  if (result.success) return result.data
  throw new Problem('InvalidRequest', 'The filter is not valid.', {
    errors: fieldProblems(result.error, '/filter/servers'),
  })
}

async function mustGet(services: Services, id: string): Promise<ServerGroup> {
  const [group] = await services.database.db.select().from(serverGroups).where(eq(serverGroups.id, id))
  if (!group) throw new Problem('NotFound', 'There is no such group.')
  return group
}

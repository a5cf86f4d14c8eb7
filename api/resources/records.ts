import { eq, gte, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listCommands } from '../../db/reads/job-list.js'
import { listRows } from '../../db/reads/list-rows.js'
import { auditLog } from '../../db/schema/audit.js'
import { commandFilters, commandSchema, commandView } from '../jobs/routes.js'
import { listOutput, mapPage, recordsQuery, sortOf } from '../list.js'
import { type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const time = z.iso.datetime({ offset: true }).optional()
const auditSchema = rowSchema(auditLog, ['chain', 'chain_seq', 'prev_hash', 'hash']).meta({ id: 'AuditEntry' })

/** The two audits: what was said to devices, and what people did. */
export function recordRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/commands',
      permission: 'signed_in',
      summary: 'Every request to every device, newest first',
      query: recordsQuery('timestamp', {
        ...commandFilters,
        job_id: z.uuid().optional(),
        server_id: z.uuid().optional(),
        vcenter_host_id: z.uuid().optional(),
      }),
      output: listOutput(commandSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, ...filter } = query
        const page = await listCommands(db, filter, { limit, cursor, count, descending: sortOf(sort).descending })
        return { body: mapPage(page, commandView) }
      },
    }),
    route({
      method: 'GET',
      path: '/audit',
      permission: 'audit',
      summary: 'What people and rules did, newest first',
      query: recordsQuery('at', {
        actor_id: z.uuid().optional(),
        action: z.string().max(60).optional(),
        object_kind: z.string().max(60).optional(),
        object_id: z.string().max(200).optional(),
        request_id: z.string().max(100).optional(),
        after: time,
        before: time,
      }),
      output: listOutput(auditSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, after, before, ...equal } = query
        const a = auditLog
        const where = [
          equal.actor_id ? eq(a.actor_id, equal.actor_id) : undefined,
          equal.action ? eq(a.action, equal.action) : undefined,
          equal.object_kind ? eq(a.object_kind, equal.object_kind) : undefined,
          equal.object_id ? eq(a.object_id, equal.object_id) : undefined,
          equal.request_id ? eq(a.request_id, equal.request_id) : undefined,
          after ? gte(a.at, after) : undefined,
          before ? lt(a.at, before) : undefined,
        ]
        const key = { expression: sql`${a.at}`, type: 'timestamptz' as const, descending: sortOf(sort).descending }
        const page = await listRows(db, { table: a, id: sql`${a.id}`, where, sort: key, limit, cursor, count })
        return { body: mapPage(page, ({ chain: _c, chain_seq: _s, prev_hash: _p, hash: _h, ...shown }) => shown) }
      },
    }),
  ]
}

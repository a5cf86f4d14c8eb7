import { eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { discoveryFindings } from '../../db/schema/servers.js'
import { FINDING_KINDS } from '../../domain/discovery-finding.js'
import { listOutput, queryWords, recordsQuery, sortOf } from '../list.js'
import { type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const findingSchema = rowSchema(discoveryFindings).meta({ id: 'DiscoveryFinding' })

/** `GET /discovery-findings`: addresses that a scan or a sync could not take over, and why. */
export function discoveryFindingRoutes(services: Services): Route[] {
  const { db } = services.database
  const t = discoveryFindings
  return [
    route({
      method: 'GET',
      path: '/discovery-findings',
      permission: 'signed_in',
      summary: 'What scans and syncs found and could not take over, newest first',
      query: recordsQuery('at', {
        job_id: z.uuid().optional(),
        server_id: z.uuid().optional(),
        address: z.string().max(255).optional(),
        kind: queryWords(FINDING_KINDS).optional(),
        resolved: z.enum(['true', 'false']).optional().describe('Was the cause gone at a later look?'),
      }),
      output: listOutput(findingSchema),
      handler: async ({ query }) => {
        const { limit, cursor, count, sort, job_id, server_id, address, kind, resolved } = query
        const where = [
          job_id ? eq(t.job_id, job_id) : undefined,
          server_id ? eq(t.server_id, server_id) : undefined,
          address ? eq(t.address, address) : undefined,
          kind ? inArray(t.kind, kind) : undefined,
          resolved === 'true' ? isNotNull(t.resolved_at) : undefined,
          resolved === 'false' ? isNull(t.resolved_at) : undefined,
        ]
        const key = { expression: sql`${t.at}`, type: 'timestamptz' as const, descending: sortOf(sort).descending }
        return { body: await listRows(db, { table: t, id: sql`${t.id}`, where, sort: key, limit, cursor, count }) }
      },
    }),
  ]
}

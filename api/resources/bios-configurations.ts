import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { type BiosConfiguration, biosConfigurations } from '../../db/schema/server-records.js'
import { getBiosConfiguration, newestBiosConfiguration } from '../../db/stores/bios-configurations.js'
import { getServer } from '../../db/stores/servers.js'
import type { BiosValues } from '../../domain/bios-attributes.js'
import { biosDifference } from '../../domain/bios-difference.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, mapPage, sortOf } from '../list.js'
import { type Answer, idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const values = z.record(z.string(), z.unknown())
const differences = z.array(z.object({ name: z.string(), from: z.unknown(), to: z.unknown() })).optional()
const whole = { attributes: values, pending: values.nullable(), differences }
const entrySchema = rowSchema(biosConfigurations, ['attributes', 'pending']).meta({ id: 'BiosConfigurationEntry' })
const configurationSchema = rowSchema(biosConfigurations, [], whole).meta({ id: 'BiosConfiguration' })

const oneQuery = z.strictObject({
  compare_with: z.uuid().optional().describe('Another stored configuration; adds the differences from it'),
})

/** Stored readings of BIOS settings. Passwords are never in them. */
export function biosConfigurationRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/bios-configurations',
      permission: 'signed_in',
      summary: 'Stored BIOS settings without their attributes, newest first',
      query: listQuery(['captured_at'], {
        server_id: z.uuid().optional(),
        job_id: z.uuid().optional(),
        reason: z.enum(['read', 'before_write', 'after_write']).optional(),
      }).extend({ sort: z.enum(['-captured_at', 'captured_at']).default('-captured_at') }),
      output: listOutput(entrySchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, server_id, job_id, reason } = query
        const b = biosConfigurations
        const page = await listRows(db, {
          table: b,
          id: sql`${b.id}`,
          where: [
            server_id ? eq(b.server_id, server_id) : undefined,
            job_id ? eq(b.job_id, job_id) : undefined,
            reason ? eq(b.reason, reason) : undefined,
          ],
          sort: { expression: sql`${b.captured_at}`, type: 'timestamptz', descending: sortOf(sort).descending },
          limit,
          cursor,
          count,
        })
        return { body: mapPage(page, ({ attributes: _a, pending: _p, ...shown }) => shown) }
      },
    }),
    route({
      method: 'GET',
      path: '/bios-configurations/:id',
      permission: 'signed_in',
      summary: 'One stored reading with all attributes; compare_with adds the differences from another one',
      params: idParams,
      query: oneQuery,
      output: configurationSchema,
      handler: async ({ params, query }) => shown(services, await mustGet(services, params.id), query.compare_with),
    }),
    route({
      method: 'GET',
      path: '/servers/:id/bios',
      permission: 'signed_in',
      summary: 'The newest BIOS settings read from this server, with the values that wait for a reboot',
      params: idParams,
      query: oneQuery,
      output: configurationSchema,
      handler: async ({ params, query }) => {
        if (!(await getServer(db, params.id))) throw new Problem('NotFound', 'There is no such server.')
        const newest = await newestBiosConfiguration(db, params.id)
        if (!newest) throw new Problem('NotFound', 'Its BIOS settings were never read. Run bios_config_read.')
        return shown(services, newest, query.compare_with)
      },
    }),
  ]
}

async function mustGet(services: Services, id: string): Promise<BiosConfiguration> {
  const row = await getBiosConfiguration(services.database.db, id)
  if (!row) throw new Problem('NotFound', `There is no BIOS configuration ${id}.`)
  return row
}

/** Attributes never change after they were captured; what moves is when they were last seen, and what is pending. */
async function shown(services: Services, row: BiosConfiguration, compare_with: string | undefined): Promise<Answer> {
  const etag = `"${row.sha256.slice(0, 16)}-${Date.parse(row.last_seen_at)}"`
  if (!compare_with) return { body: row, headers: { etag } }
  const other = await mustGet(services, compare_with)
  const found = biosDifference(other.attributes as BiosValues, row.attributes as BiosValues)
  return {
    body: { ...row, differences: found },
    headers: { etag: `"${etag.slice(1, -1)}-${other.sha256.slice(0, 16)}"` },
  }
}

import { eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { EVENT_LOGS, SEVERITIES, type ServerEventLog, serverEventLogs } from '../../db/schema/server-records.js'
import { getServer } from '../../db/stores/servers.js'
import { UNDATED } from '../../domain/event-logs.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, mapPage, queryWords, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const time = z.iso.datetime({ offset: true }).optional()
const filters = {
  q: z.string().min(1).max(255).optional().describe('Part of the message, the message id or the category'),
  log: queryWords(EVENT_LOGS).optional(),
  severity: queryWords(SEVERITIES).optional(),
  message_id: z.string().min(1).max(60).optional().describe('As the device writes it behind the last dot: `USR0030`'),
  logged_after: time.describe("At or after this time of the device's clock"),
  logged_before: time.describe("Before this time of the device's clock"),
}
type Filter = Partial<{ [Name in keyof typeof filters]: z.output<(typeof filters)[Name]> }>

const entrySchema = rowSchema(serverEventLogs, ['logged_at'], {
  logged_at: z.iso.datetime().nullable().describe("The device's clock; null when the entry has no time"),
}).meta({ id: 'ServerEventLog' })

/** Entries of the same second stand in the order of their ids, newest first as the log itself. */
const TIE = sql`lpad(${serverEventLogs.entry_id}::text, 15, '0') || lpad(${serverEventLogs.id}::text, 19, '0')`

/** `GET /servers/{id}/event-logs`: what `fetch_event_logs` has stored. */
export function eventLogRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'GET',
    path: '/servers/:id/event-logs',
    permission: 'signed_in',
    summary: 'Entries of the system event log and the Lifecycle log, newest first',
    params: idParams,
    query: listQuery(['logged_at'], filters).extend({
      sort: z.enum(['-logged_at', 'logged_at']).default('-logged_at'),
    }),
    output: listOutput(entrySchema),
    handler: async ({ params, query }) => {
      if (!(await getServer(db, params.id))) throw new Problem('NotFound', 'There is no such server.')
      const { limit, cursor, sort, count, ...filter } = query
      const page = await listRows(db, {
        table: serverEventLogs,
        id: sql`(${TIE})`,
        where: [eq(serverEventLogs.server_id, params.id), ...conditions(filter)],
        sort: {
          expression: sql`${serverEventLogs.logged_at}`,
          type: 'timestamptz',
          descending: sortOf(sort).descending,
        },
        limit,
        cursor,
        count,
      })
      return { body: mapPage(page, entryView) }
    },
  })
}

function conditions({ q, log, severity, message_id, logged_after, logged_before }: Filter): (SQL | undefined)[] {
  const t = serverEventLogs
  const part = q === undefined ? undefined : `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`
  return [
    part === undefined
      ? undefined
      : sql`(${t.message} ilike ${part} or ${t.message_id} ilike ${part} or ${t.category} ilike ${part})`,
    log ? inArray(t.log, log) : undefined,
    severity ? inArray(t.severity, severity) : undefined,
    message_id ? eq(t.message_id, message_id) : undefined,
    logged_after ? gte(t.logged_at, logged_after) : undefined,
    logged_before ? lt(t.logged_at, logged_before) : undefined,
  ]
}

const entryView = (row: ServerEventLog) => ({ ...row, logged_at: row.logged_at === UNDATED ? null : row.logged_at })

import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, databaseNow } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { listRows } from '../../db/reads/list-rows.js'
import { clusters, vcenterHosts } from '../../db/schema/hosts.js'
import { serverGroups, servers } from '../../db/schema/servers.js'
import {
  MAINTENANCE_TYPES,
  type MaintenanceWindow,
  maintenanceWindows,
  WINDOW_STATUSES,
} from '../../db/schema/windows.js'
import { markCancelRequested } from '../../db/stores/jobs.js'
import { getWindow, pendingJobsOf } from '../../db/stores/maintenance-windows.js'
import { auditDeed } from '../audit-trail.js'
import { type FieldProblem, Problem } from '../errors.js'
import { listOutput, listQuery, mapPage, sortOf } from '../list.js'
import { type Answer, idParams, type Route, type RouteContext, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { occurrencesAhead, timeProblems } from '../windows/occurrences.js'

const SHOWN = 5
const ids = z.array(z.uuid()).max(10_000)
const time = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString())
const fields = {
  title: z.string().trim().min(1).max(255),
  maintenance_type: z.enum(MAINTENANCE_TYPES),
  planned_start: time,
  planned_end: time.describe('After planned_start, at most 7 days; every occurrence lasts as long as the first'),
  time_zone: z.string().min(1).max(64).describe('IANA name; the pattern is read in it'),
  recurrence_enabled: z.boolean(),
  recurrence_pattern: z.string().max(100).nullable().describe('Cron with 5 fields'),
  recurrence_until: time.nullable().describe('No occurrence begins later'),
  recurrence_count: z.int().min(1).max(1000).nullable().describe('Occurrences in all'),
  server_ids: ids,
  cluster_ids: ids,
  host_ids: ids,
  server_group_ids: ids,
}
const createBody = z.strictObject({
  ...fields,
  time_zone: fields.time_zone.default('UTC'),
  recurrence_enabled: fields.recurrence_enabled.default(false),
  recurrence_pattern: fields.recurrence_pattern.default(null),
  recurrence_until: fields.recurrence_until.default(null),
  recurrence_count: fields.recurrence_count.default(null),
  server_ids: ids.default([]),
  cluster_ids: ids.default([]),
  host_ids: ids.default([]),
  server_group_ids: ids.default([]),
})
const patchBody = z.strictObject(z.object(fields).partial().shape)
const occurrence = z.object({ starts_at: z.iso.datetime(), ends_at: z.iso.datetime() })
const windowSchema = rowSchema(maintenanceWindows, [], {
  status: z.enum(WINDOW_STATUSES).describe('in_progress while an occurrence is open, completed when none is left'),
  next_occurrences: z.array(occurrence).describe('The one that is open, and those that come'),
}).meta({ id: 'MaintenanceWindow' })

/** When maintenance may happen: jobs that name a window wait until it opens. */
export function maintenanceWindowRoutes(services: Services): Route[] {
  return [listRoute(services), oneRoute(services), createRoute(services), patchRoute(services), cancelRoute(services)]
}

/** A window as the clock of the database sees it. */
function viewOf(row: MaintenanceWindow, now: string) {
  const next_occurrences = row.status === 'cancelled' ? [] : occurrencesAhead(row, Date.parse(now), SHOWN)
  return { ...row, status: statusOf(row, next_occurrences[0]?.starts_at, now), next_occurrences }
}

function statusOf(row: MaintenanceWindow, next: string | undefined, now: string): MaintenanceWindow['status'] {
  if (row.status === 'cancelled') return 'cancelled'
  if (next === undefined) return 'completed'
  return next <= now ? 'in_progress' : 'planned'
}

function listRoute({ database }: Services): Route {
  const { db } = database
  return route({
    method: 'GET',
    path: '/maintenance-windows',
    permission: 'signed_in',
    summary: 'Maintenance windows by title',
    query: listQuery(['title'], { maintenance_type: z.enum(MAINTENANCE_TYPES).optional() }),
    output: listOutput(windowSchema),
    handler: async ({ query }) => {
      const { limit, cursor, sort, count, maintenance_type } = query
      const w = maintenanceWindows
      const key = { expression: sql`${w.title}`, type: 'text' as const, descending: sortOf(sort).descending }
      const where = [maintenance_type ? eq(w.maintenance_type, maintenance_type) : undefined]
      const page = await listRows(db, { table: w, id: sql`${w.id}`, where, sort: key, limit, cursor, count })
      const now = await databaseNow(db)
      return { body: mapPage(page, (row) => viewOf(row, now)) }
    },
  })
}

function oneRoute(services: Services): Route {
  return route({
    method: 'GET',
    path: '/maintenance-windows/:id',
    permission: 'signed_in',
    summary: 'One maintenance window, with its next occurrences',
    params: idParams,
    output: windowSchema,
    handler: async ({ params }) => answerOf(services, await mustGet(services, params.id)),
  })
}

function createRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'POST',
    path: '/maintenance-windows',
    permission: 'operator',
    summary: 'Plans a maintenance window, once or recurring',
    body: createBody,
    output: windowSchema,
    handler: async (context) => {
      refuseTimes(context.body)
      await refuseUnknown(db, context.body)
      const [row] = await db
        .insert(maintenanceWindows)
        .values({ ...context.body, id: newId(), created_by: context.user.user_id })
        .returning()
      if (!row) throw new Error('the window was not written')
      const what = { object_kind: 'maintenance_window', object_id: row.id, object_label: row.title }
      await auditDeed(db, context, { action: 'window.create', ...what, after: context.body })
      return { ...(await answerOf(services, row)), headers: { location: `/api/v1/maintenance-windows/${row.id}` } }
    },
  })
}

function patchRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'PATCH',
    path: '/maintenance-windows/:id',
    permission: 'operator',
    summary: 'Changes a window; one that is open only by an admin',
    params: idParams,
    body: patchBody,
    output: windowSchema,
    handler: async (context) => {
      const before = await mustChange(services, context)
      const given = Object.fromEntries(Object.entries(context.body).filter(([, value]) => value !== undefined))
      const wanted = { ...before, ...given }
      refuseTimes(wanted)
      await refuseUnknown(db, wanted)
      const row = await write(db, before, given)
      const what = { object_kind: 'maintenance_window', object_id: row.id, object_label: row.title }
      await auditDeed(db, context, { action: 'window.update', ...what, before: { ...before }, after: given })
      return answerOf(services, row)
    },
  })
}

function cancelRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'DELETE',
    path: '/maintenance-windows/:id',
    permission: 'operator',
    summary: 'Cancels a window and the jobs that wait for it; running ones go on. An open one only by an admin',
    params: idParams,
    output: null,
    handler: async (context) => {
      const before = await mustChange(services, context)
      await db.transaction(async (tx) => {
        await write(tx, before, { status: 'cancelled' })
        const jobs = await pendingJobsOf(tx, before.id)
        for (const id of jobs) await markCancelRequested(tx, id, 'graceful', context.user.user_id)
        const what = { object_kind: 'maintenance_window', object_id: before.id, object_label: before.title }
        await auditDeed(tx, context, { action: 'window.cancel', ...what, after: { cancelled_jobs: jobs } })
      })
      return {}
    },
  })
}

async function write(db: Db, before: MaintenanceWindow, set: object): Promise<MaintenanceWindow> {
  const w = maintenanceWindows
  const [row] = await db
    .update(w)
    .set({ ...set, updated_at: sql`now()`, version: sql`version + 1` })
    .where(and(eq(w.id, before.id), eq(w.version, before.version), ne(w.status, 'cancelled')))
    .returning()
  if (!row) throw new Problem('PreconditionFailed', 'The window was changed meanwhile. Read it again.')
  return row
}

async function answerOf(services: Services, row: MaintenanceWindow): Promise<Answer> {
  return { body: viewOf(row, await databaseNow(services.database.db)), version: row.version }
}

async function mustGet(services: Services, id: string): Promise<MaintenanceWindow> {
  const row = await getWindow(services.database.db, id)
  if (!row) throw new Problem('NotFound', 'There is no such maintenance window.')
  return row
}

/** The window, if this caller may change it now: it decides when jobs run, so an open one is for admins. */
async function mustChange(services: Services, context: RouteContext<{ id: string }, unknown, unknown>) {
  const row = await mustGet(services, context.params.id)
  context.checkVersion(row.version)
  const { status } = viewOf(row, await databaseNow(services.database.db))
  if (status === 'cancelled') throw new Problem('StateConflict', 'The window was cancelled; plan another one.')
  if (status === 'in_progress' && !context.user.roles.includes('admin'))
    throw new Problem('Forbidden', 'The window is open now; only an admin may change it.', {
      members: { roles_allowed: ['admin'] },
    })
  return row
}

function refuseTimes(window: Parameters<typeof timeProblems>[0]): void {
  const errors = timeProblems(window)
  const [first] = errors
  if (first) throw new Problem('WindowInvalid', `${first.pointer.slice(1)}: ${first.detail}`, { errors })
}

type Targets = Pick<MaintenanceWindow, 'server_ids' | 'cluster_ids' | 'host_ids' | 'server_group_ids'>

async function refuseUnknown(db: Db, window: Targets): Promise<void> {
  const kinds = [
    { key: 'server_ids', table: servers, there: isNull(servers.removed_at) },
    { key: 'cluster_ids', table: clusters, there: isNull(clusters.removed_at) },
    { key: 'host_ids', table: vcenterHosts, there: isNull(vcenterHosts.removed_at) },
    { key: 'server_group_ids', table: serverGroups, there: undefined },
  ] as const
  const errors: FieldProblem[] = []
  for (const { key, table, there } of kinds) {
    const named = window[key]
    if (named.length === 0) continue
    const rows = await db
      .select({ id: table.id })
      .from(table)
      .where(and(inArray(table.id, named), there))
    const known = new Set(rows.map(({ id }) => id))
    errors.push(
      ...named.flatMap((id, i) => (known.has(id) ? [] : [{ pointer: `/${key}/${i}`, detail: `${id} is unknown` }])),
    )
  }
  if (errors.length > 0) throw new Problem('UnknownTarget', 'A target named does not exist.', { errors })
}

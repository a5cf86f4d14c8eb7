import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { scpBackups } from '../../db/schema/profiles.js'
import {
  deleteScpBackup,
  getScpBackup,
  openScpBackup,
  type ScpBackupFacts,
  scpBackupColumns,
  updateScpBackup,
} from '../../db/stores/scp-backups.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, queryFlag, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const schema = rowSchema(scpBackups).meta({ id: 'ScpBackup' })
const patchBody = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  description: z.string().max(1000).nullable().optional(),
  pinned: z.boolean().optional(),
})

/** What people may change makes the version: the rest of a backup never changes under an editor. */
function versionOf({ name, description, pinned }: ScpBackupFacts): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([name, description, pinned]))
    .digest()
  return hash.readUIntBE(0, 6)
}

/** Configuration profiles in the store. Lists and rows never hold content; it is downloaded by admins only, on record. */
export function scpBackupRoutes(services: Services): Route[] {
  return [listRoute(services), readRoute(services), ...changeRoutes(services), contentRoute(services)]
}

function listRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'GET',
    path: '/scp-backups',
    permission: 'no_viewer',
    summary: 'Saved configuration profiles, newest first, without their content',
    query: listQuery(['created_at'], {
      server_id: z.uuid().optional(),
      job_id: z.uuid().optional(),
      kind: z.enum(['export', 'before_change', 'uploaded']).optional(),
      pinned: queryFlag.optional(),
    }).extend({ sort: z.enum(['-created_at', 'created_at']).default('-created_at') }),
    output: listOutput(schema),
    handler: async ({ query }) => {
      const { limit, cursor, sort, count, server_id, job_id, kind, pinned } = query
      const b = scpBackups
      const where = [
        server_id ? eq(b.server_id, server_id) : undefined,
        job_id ? eq(b.job_id, job_id) : undefined,
        kind ? eq(b.kind, kind) : undefined,
        pinned === undefined ? undefined : eq(b.pinned, pinned),
      ]
      const key = {
        expression: sql`${b.created_at}`,
        type: 'timestamptz' as const,
        descending: sortOf(sort).descending,
      }
      const columns = scpBackupColumns
      return {
        body: await listRows(db, { table: b, columns, id: sql`${b.id}`, where, sort: key, limit, cursor, count }),
      }
    },
  })
}

async function found(services: Services, id: string): Promise<ScpBackupFacts> {
  const row = await getScpBackup(services.database.db, id)
  if (!row) throw new Problem('NotFound', 'There is no such backup.')
  return row
}

function readRoute(services: Services): Route {
  return route({
    method: 'GET',
    path: '/scp-backups/:id',
    permission: 'no_viewer',
    summary: 'One saved profile, without its content',
    params: idParams,
    output: schema,
    handler: async ({ params }) => {
      const row = await found(services, params.id)
      return { body: row, version: versionOf(row) }
    },
  })
}

function changeRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'PATCH',
      path: '/scp-backups/:id',
      permission: 'operator',
      summary: 'Names a saved profile, or pins it so that it is never cleaned up',
      params: idParams,
      body: patchBody,
      output: schema,
      handler: async (context) => {
        const before = await found(services, context.params.id)
        context.checkVersion(versionOf(before))
        const given = Object.fromEntries(Object.entries(context.body).filter(([, value]) => value !== undefined))
        if (Object.keys(given).length === 0) return { body: before, version: versionOf(before) }
        return db.transaction(async (tx) => {
          const row = await updateScpBackup(tx, before.id, given)
          if (!row) throw new Problem('NotFound', 'There is no such backup.')
          await auditDeed(tx, context, { ...deed(row, 'update'), after: given })
          return { body: row, version: versionOf(row) }
        })
      },
    }),
    route({
      method: 'DELETE',
      path: '/scp-backups/:id',
      permission: 'admin',
      summary: 'Deletes a saved profile with its content',
      params: idParams,
      output: null,
      handler: async (context) => {
        const row = await found(services, context.params.id)
        context.checkVersion(versionOf(row))
        await db.transaction(async (tx) => {
          await deleteScpBackup(tx, row.id)
          await auditDeed(tx, context, deed(row, 'delete'))
        })
        return {}
      },
    }),
  ]
}

const deed = (row: ScpBackupFacts, what: string) => ({
  action: `scp_backup.${what}`,
  object_kind: 'scp_backup',
  object_id: row.id,
  object_label: row.name,
})

/** The audit comes first: content that nobody wrote down as read is not given out. */
function contentRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'GET',
    path: '/scp-backups/:id/content',
    permission: 'admin',
    summary: 'The profile itself, XML or JSON; each download is audited',
    params: idParams,
    output: null,
    raw: true,
    handler: async (context) => {
      const row = await openScpBackup(db, services.keys(), context.params.id)
      if (!row) throw new Problem('NotFound', 'There is no such backup.')
      await auditDeed(db, context, { ...deed(row, 'download'), after: { contains_hashes: row.contains_hashes } })
      const ending = row.format.toLowerCase()
      context.res
        .status(200)
        .setHeader('content-type', `application/${ending}; charset=utf-8`)
        .setHeader('content-disposition', `attachment; filename="${row.service_tag ?? 'profile'}-${row.id}.${ending}"`)
        .setHeader('cache-control', 'no-store')
        .end(row.content)
      return {}
    },
  })
}

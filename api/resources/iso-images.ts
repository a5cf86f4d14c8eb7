import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { eq, inArray, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { type IsoImage, isoImages, type MediaGrant, mediaGrants } from '../../db/schema/media.js'
import { getIsoImage } from '../../db/stores/media.js'
import { openGrants } from '../../db/stores/media-grants.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, mapPage, queryWords, sortOf } from '../list.js'
import { idParams, type Route, type RouteContext, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

// The token is what lets a device read the file; people need it no more than a storage name.
const imageSchema = rowSchema(isoImages, ['media_token', 'storage_name', 'served_url']).meta({ id: 'IsoImage' })
const grantSchema = rowSchema(mediaGrants, ['token']).meta({ id: 'MediaGrant' })

const imageView = ({ media_token: _t, storage_name: _s, served_url: _u, ...shown }: IsoImage) => shown
const grantView = ({ token: _t, ...shown }: MediaGrant) => shown

const SORTS = { name: [isoImages.name, 'text'], created_at: [isoImages.created_at, 'timestamptz'] } as const

/** Images and depots of the store, and of other web servers. */
export function isoImageRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    listRoute(services),
    route({
      method: 'GET',
      path: '/iso-images/:id',
      permission: 'signed_in',
      summary: 'One image or depot',
      params: idParams,
      output: imageSchema,
      handler: async (context) => {
        const row = await imageOf(services, context)
        return { body: imageView(row), version: row.version }
      },
    }),
    route({
      method: 'GET',
      path: '/iso-images/:id/grants',
      permission: 'signed_in',
      summary: 'Servers that may read the image now, and how much each has read',
      params: idParams,
      output: listOutput(grantSchema),
      handler: async (context) => {
        const { id } = await imageOf(services, context)
        const items = (await openGrants(db, { image_id: id })).map(grantView)
        return { body: { items, next_cursor: null } }
      },
    }),
    renameRoute(services),
    route({
      method: 'DELETE',
      path: '/iso-images/:id',
      permission: 'operator',
      summary: 'Takes an image out of the store; refused while it is mounted or a server may read it',
      params: idParams,
      output: null,
      handler: async (context) => {
        await deleteImage(services, context)
        return {}
      },
    }),
  ]
}

async function imageOf(services: Services, { params }: { params: { id: string } }): Promise<IsoImage> {
  const row = await getIsoImage(services.database.db, params.id)
  if (!row || row.status === 'deleted') throw new Problem('NotFound', 'There is no such image.')
  return row
}

function listRoute({ database }: Services): Route {
  return route({
    method: 'GET',
    path: '/iso-images',
    permission: 'signed_in',
    summary: 'Images and depots by name',
    query: listQuery(['name', 'created_at'], {
      kind: z.enum(['iso', 'img', 'esxi_depot']).optional(),
      status: queryWords(['ready', 'verifying', 'missing']).optional(),
      source_type: z.enum(['upload', 'scan', 'url']).optional(),
      name: z.string().max(200).optional().describe('Exactly this name'),
      sha256: z.string().max(64).optional(),
    }),
    output: listOutput(imageSchema),
    handler: async ({ query }) => {
      const { limit, cursor, sort, count, kind, status, source_type, name, sha256 } = query
      const i = isoImages
      const where = [
        ne(i.status, 'deleted'),
        kind ? eq(i.kind, kind) : undefined,
        status ? inArray(i.status, status) : undefined,
        source_type ? eq(i.source_type, source_type) : undefined,
        name === undefined ? undefined : eq(i.name, name),
        sha256 ? eq(i.sha256, sha256) : undefined,
      ]
      const { column, descending } = sortOf(sort)
      const [expression, type] = SORTS[column as keyof typeof SORTS]
      const key = { expression: sql`${expression}`, type, descending }
      const page = await listRows(database.db, { table: i, id: sql`${i.id}`, where, sort: key, limit, cursor, count })
      return { body: mapPage(page, imageView) }
    },
  })
}

function renameRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'PATCH',
    path: '/iso-images/:id',
    permission: 'operator',
    summary: 'Renames an image',
    params: idParams,
    body: z.strictObject({ name: z.string().trim().min(1).max(200) }),
    output: imageSchema,
    handler: async (context) => {
      const before = await imageOf(services, context)
      context.checkVersion(before.version)
      const { name } = context.body
      const [row] = await db
        .update(isoImages)
        .set({ name, updated_at: sql`now()`, version: sql`version + 1` })
        .where(eq(isoImages.id, before.id))
        .returning()
      if (!row) throw new Problem('NotFound', 'There is no such image.')
      const what = { object_kind: 'iso_image', object_id: row.id, object_label: row.name }
      await auditDeed(db, context, { action: 'image.update', ...what, before: { name: before.name }, after: { name } })
      return { body: imageView(row), version: row.version }
    },
  })
}

/** A file of ours goes with its row; one that somebody put into the directory stays there. */
async function deleteImage(services: Services, context: RouteContext<{ id: string }, unknown, unknown>): Promise<void> {
  const { db } = services.database
  const row = await imageOf(services, context)
  context.checkVersion(row.version)
  const servers = new Set((await openGrants(db, { image_id: row.id })).map(({ server_id }) => server_id))
  if (servers.size > 0)
    throw new Problem('StateConflict', `${servers.size} server(s) hold the image or may read it; unmount it first.`, {
      members: { server_ids: [...servers] },
    })
  await db
    .update(isoImages)
    .set({ status: 'deleted', updated_at: sql`now()`, version: sql`version + 1` })
    .where(eq(isoImages.id, row.id))
  const what = { object_kind: 'iso_image', object_id: row.id, object_label: row.name }
  await auditDeed(db, context, { action: 'image.delete', ...what })
  await dropStoredFile(services, row)
}

/** Only names of ours (hashes) are removed. */
export async function dropStoredFile(services: Services, file: { storage_name: string | null }): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(file.storage_name ?? '')) return
  await rm(join(services.config.iso_directory, file.storage_name ?? ''), { force: true })
}

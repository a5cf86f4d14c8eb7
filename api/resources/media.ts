import { eq, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { esxiUpgradeProfiles } from '../../db/schema/checks.js'
import { type FirmwarePackage, firmwarePackages } from '../../db/schema/media.js'
import { getFirmwarePackage } from '../../db/stores/media.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, mapPage, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { dropStoredFile, isoImageRoutes } from './iso-images.js'

// The token is what lets a device read the file; people need it no more than a storage name.
const packageSchema = rowSchema(firmwarePackages, ['media_token', 'storage_name', 'served_url']).meta({
  id: 'FirmwarePackage',
})
const profileSchema = rowSchema(esxiUpgradeProfiles).meta({ id: 'EsxiUpgradeProfile' })

const packageView = ({ media_token: _t, storage_name: _s, served_url: _u, ...shown }: FirmwarePackage) => shown

/** What lies in the media store. */
export function mediaRoutes(services: Services): Route[] {
  return [...packageRoutes(services), ...isoImageRoutes(services), profileRoute(services)]
}

function packageRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/firmware-packages',
      permission: 'signed_in',
      summary: 'Firmware packages by file name',
      query: listQuery(['filename'], {
        component_id: z.string().max(40).optional(),
        version: z.string().max(100).optional(),
        sha256: z.string().max(64).optional(),
      }),
      output: listOutput(packageSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, component_id, version, sha256 } = query
        const p = firmwarePackages
        const where = [
          ne(p.status, 'deleted'),
          component_id ? eq(p.component_id, component_id) : undefined,
          version ? eq(p.version, version) : undefined,
          sha256 ? eq(p.sha256, sha256) : undefined,
        ]
        const key = { expression: sql`${p.filename}`, type: 'text' as const, descending: sortOf(sort).descending }
        return {
          body: mapPage(
            await listRows(db, { table: p, id: sql`${p.id}`, where, sort: key, limit, cursor, count }),
            packageView,
          ),
        }
      },
    }),
    route({
      method: 'GET',
      path: '/firmware-packages/:id',
      permission: 'signed_in',
      summary: 'One firmware package',
      params: idParams,
      output: packageSchema,
      handler: async ({ params }) => {
        const row = await getFirmwarePackage(db, params.id)
        if (!row || row.status === 'deleted') throw new Problem('NotFound', 'There is no such package.')
        return { body: packageView(row), version: Date.parse(row.updated_at) }
      },
    }),
    route({
      method: 'DELETE',
      path: '/firmware-packages/:id',
      permission: 'operator',
      summary: 'Takes a package out of the store',
      params: idParams,
      output: null,
      handler: async (context) => {
        const row = await getFirmwarePackage(db, context.params.id)
        if (!row || row.status === 'deleted') throw new Problem('NotFound', 'There is no such package.')
        context.checkVersion(Date.parse(row.updated_at))
        await db.delete(firmwarePackages).where(eq(firmwarePackages.id, row.id))
        await dropStoredFile(services, row)
        await auditDeed(db, context, {
          action: 'package.delete',
          object_kind: 'firmware_package',
          object_id: row.id,
          object_label: row.filename,
        })
        return {}
      },
    }),
  ]
}

function profileRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'GET',
    path: '/esxi-upgrade-profiles',
    permission: 'signed_in',
    summary: 'Known ESXi images by name',
    query: listQuery(['name'], {}),
    output: listOutput(profileSchema),
    handler: async ({ query }) => {
      const { limit, cursor, sort, count } = query
      const e = esxiUpgradeProfiles
      const key = { expression: sql`${e.name}`, type: 'text' as const, descending: sortOf(sort).descending }
      return { body: await listRows(db, { table: e, id: sql`${e.id}`, where: [], sort: key, limit, cursor, count }) }
    },
  })
}

import { and, eq, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { type FirmwarePackage, firmwarePackages, mediaGrants } from '../../db/schema/media.js'
import { getFirmwarePackage } from '../../db/stores/media.js'
import { openGrants } from '../../db/stores/media-grants.js'
import { classOfPackage } from '../../domain/firmware-catalog.js'
import type { PackageDevice } from '../../domain/firmware-facts.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, mapPage, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { esxiProfileRoutes } from './esxi-profiles.js'
import { dropStoredFile, isoImageRoutes } from './iso-images.js'

// The token is what lets a device read the file; people need it no more than a storage name.
const packageSchema = rowSchema(firmwarePackages, ['media_token', 'storage_name', 'served_url']).meta({
  id: 'FirmwarePackage',
})

const packageView = ({ media_token: _t, storage_name: _s, served_url: _u, ...shown }: FirmwarePackage) => shown

/** What lies in the media store. */
export function mediaRoutes(services: Services): Route[] {
  return [...packageRoutes(services), ...isoImageRoutes(services), ...esxiProfileRoutes(services)]
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
      handler: async (context) => {
        const row = await packageOf(services, context)
        return { body: packageView(row), version: Date.parse(row.updated_at) }
      },
    }),
    patchPackageRoute(services),
    deletePackageRoute(services),
  ]
}

const packagePatch = z.strictObject({
  name: z.string().trim().min(1).max(200).optional().describe('Shown name'),
  component_class: z
    .enum(['direct', 'host_reboot', 'cpld', 'idrac'])
    .optional()
    .describe('How it is applied; may be more careful than what the file says of itself, never less'),
})

/** What people may say of a package; what was read from its file stays. */
function patchPackageRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'PATCH',
    path: '/firmware-packages/:id',
    permission: 'operator',
    summary: 'Renames a package, or has it applied more carefully',
    params: idParams,
    body: packagePatch,
    output: packageSchema,
    handler: async (context) => {
      const before = await packageOf(services, context)
      context.checkVersion(Date.parse(before.updated_at))
      const { name = before.name, component_class = before.component_class } = context.body
      refuseLessCareful(before, component_class)
      const [row] = await db
        .update(firmwarePackages)
        .set({ name, component_class, updated_at: sql`greatest(clock_timestamp(), updated_at + interval '1 ms')` })
        .where(and(eq(firmwarePackages.id, before.id), eq(firmwarePackages.updated_at, before.updated_at)))
        .returning()
      if (!row) throw new Problem('PreconditionFailed', 'The package was changed meanwhile. Read it again.')
      await auditDeed(db, context, {
        action: 'package.update',
        object_kind: 'firmware_package',
        object_id: row.id,
        object_label: row.filename,
        before: { name: before.name, component_class: before.component_class },
        after: context.body,
      })
      return { body: packageView(row), version: Date.parse(row.updated_at) }
    },
  })
}

function refuseLessCareful(row: FirmwarePackage, wanted: FirmwarePackage['component_class']): void {
  const applied = classOfPackage({
    ...row,
    name: row.name ?? row.filename,
    system_ids: row.system_ids ?? [],
    models: row.models ?? [],
    devices: (row.devices ?? []) as PackageDevice[],
    prerequisites: [],
    criticality: null,
    file_available: true,
    component_class: wanted,
  })
  if (applied === wanted) return
  const detail = `its file says that it is applied as ${applied}`
  throw new Problem('OptionConflict', `The package cannot be applied as ${wanted}: ${detail}.`, {
    errors: [{ pointer: '/component_class', detail }],
  })
}

async function packageOf(services: Services, { params }: { params: { id: string } }): Promise<FirmwarePackage> {
  const row = await getFirmwarePackage(services.database.db, params.id)
  if (!row || row.status === 'deleted') throw new Problem('NotFound', 'There is no such package.')
  return row
}

function deletePackageRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'DELETE',
    path: '/firmware-packages/:id',
    permission: 'operator',
    summary: 'Takes a package out of the store; refused while a server may read it',
    params: idParams,
    output: null,
    handler: async (context) => {
      const row = await packageOf(services, context)
      context.checkVersion(Date.parse(row.updated_at))
      const readers = new Set((await openGrants(db, { package_id: row.id })).map(({ server_id }) => server_id))
      if (readers.size > 0)
        throw new Problem('StateConflict', `${readers.size} server(s) may be reading the package.`, {
          members: { server_ids: [...readers] },
        })
      await db.transaction(async (tx) => {
        await tx.delete(mediaGrants).where(eq(mediaGrants.package_id, row.id))
        await tx.delete(firmwarePackages).where(eq(firmwarePackages.id, row.id))
      })
      await dropStoredFile(services, row)
      await auditDeed(db, context, {
        action: 'package.delete',
        object_kind: 'firmware_package',
        object_id: row.id,
        object_label: row.filename,
      })
      return {}
    },
  })
}

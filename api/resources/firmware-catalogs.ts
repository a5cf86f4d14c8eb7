import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { complianceOfServer, countCompliance, listCompliance } from '../../db/reads/compliance-list.js'
import { listRows } from '../../db/reads/list-rows.js'
import { type FirmwareCatalog, firmwareCatalogEntries, firmwareCatalogs } from '../../db/schema/catalogs.js'
import { changeCatalog, deleteCatalog, getCatalog, getCatalogEntry } from '../../db/stores/firmware-catalogs.js'
import { getServer } from '../../db/stores/servers.js'
import { readUrl } from '../../domain/url-rule.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, pageOfArray, queryFlag, sortOf } from '../list.js'
import { type Answer, idParams, type Route, type RouteContext, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const STATUSES = ['compliant', 'outdated', 'unknown'] as const
const counts = z.object({ compliant: z.int(), outdated: z.int(), unknown: z.int() })
const catalogSchema = rowSchema(firmwareCatalogs).meta({ id: 'FirmwareCatalog' })
const catalogWithCounts = rowSchema(firmwareCatalogs, [], {
  compliance: counts.describe('Servers by how they stand against this catalog'),
}).meta({ id: 'FirmwareCatalogDetail' })
const entrySchema = rowSchema(firmwareCatalogEntries).meta({ id: 'FirmwareCatalogEntry' })

const standing = {
  status: z.enum(STATUSES),
  outdated: z.int(),
  urgent: z.int(),
  not_in_catalog: z.int(),
  compared_at: z.iso.datetime().nullable().describe('Null: the firmware of the server is not known yet'),
}
const complianceSchema = z
  .object({
    server_id: z.uuid(),
    service_tag: z.string(),
    hostname: z.string().nullable(),
    model: z.string().nullable(),
    ...standing,
  })
  .meta({ id: 'CatalogCompliance' })
const serverComplianceSchema = z
  .object({
    catalog_id: z.uuid(),
    catalog_name: z.string(),
    is_default: z.boolean(),
    ...standing,
    items: z.array(z.unknown()).describe('One per installed component: status, reason, versions, what it needs first'),
  })
  .meta({ id: 'ServerCompliance' })

const patchBody = z.strictObject({
  name: z.string().min(1).max(255).optional(),
  base_location: z
    .string()
    .max(2000)
    .refine((text) => readUrl(text).ok, 'an http or https address without user and password')
    .nullish()
    .describe('Where the packages lie, such as a mirror inside the site'),
  is_default: z.literal(true).optional().describe('Makes it the default instead of the one that is'),
})

/** Imported catalogues, their packages, and how servers stand against them. */
export function firmwareCatalogRoutes(services: Services): Route[] {
  return [...catalogRoutes(services), ...entryRoutes(services), ...complianceRoutes(services)]
}

function catalogRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/firmware-catalogs',
      permission: 'signed_in',
      summary: 'Imported firmware catalogs by name; import one with the job iso_upload',
      query: listQuery(['name'], { is_default: queryFlag.optional() }),
      output: listOutput(catalogSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, is_default } = query
        const c = firmwareCatalogs
        const key = { expression: sql`${c.name}`, type: 'text' as const, descending: sortOf(sort).descending }
        const where = [is_default === undefined ? undefined : eq(c.is_default, is_default)]
        return { body: await listRows(db, { table: c, id: sql`${c.id}`, where, sort: key, limit, cursor, count }) }
      },
    }),
    route({
      method: 'GET',
      path: '/firmware-catalogs/:id',
      permission: 'signed_in',
      summary: 'One catalog, and how many servers stand how against it',
      params: idParams,
      output: catalogWithCounts,
      handler: async ({ params }) => {
        const catalog = await mustGet(services, params.id)
        const compliance = await countCompliance(db, catalog.id)
        return { body: { ...catalog, compliance }, version: catalog.version }
      },
    }),
    route({
      method: 'PATCH',
      path: '/firmware-catalogs/:id',
      permission: 'operator',
      summary: 'Renames a catalog, points it at a mirror, or makes it the default',
      params: idParams,
      body: patchBody,
      output: catalogSchema,
      handler: (context) => change(services, context),
    }),
    route({
      method: 'DELETE',
      path: '/firmware-catalogs/:id',
      permission: 'operator',
      summary: 'Deletes a catalog with its entries and comparisons; stored packages stay',
      params: idParams,
      output: null,
      handler: async (context) => {
        const catalog = await mustGet(services, context.params.id)
        context.checkVersion(catalog.version)
        await deleteCatalog(db, catalog.id)
        await auditDeed(db, context, { action: 'catalog.delete', ...objectOf(catalog) })
        return {}
      },
    }),
  ]
}

const objectOf = (catalog: FirmwareCatalog) => ({
  object_kind: 'firmware_catalog',
  object_id: catalog.id,
  object_label: catalog.name,
})

async function change(
  services: Services,
  context: RouteContext<{ id: string }, unknown, z.output<typeof patchBody>>,
): Promise<Answer> {
  const { db } = services.database
  const before = await mustGet(services, context.params.id)
  context.checkVersion(before.version)
  const facts = Object.fromEntries(Object.entries(context.body).filter(([, value]) => value !== undefined))
  const catalog = await changeCatalog(db, before.id, facts)
  if (!catalog) throw new Problem('NotFound', 'There is no such catalog.')
  await auditDeed(db, context, {
    action: 'catalog.update',
    ...objectOf(catalog),
    before: Object.fromEntries(Object.keys(facts).map((name) => [name, before[name as keyof FirmwareCatalog]])),
    after: facts,
  })
  return { body: catalog, version: catalog.version }
}

function entryRoutes(services: Services): Route[] {
  const { db } = services.database
  const e = firmwareCatalogEntries
  return [
    route({
      method: 'GET',
      path: '/firmware-catalogs/:id/entries',
      permission: 'signed_in',
      summary: 'Packages that the catalog names, by path',
      params: idParams,
      query: listQuery(['path'], {
        component_id: z.string().max(40).optional(),
        component_type: z.string().max(20).optional(),
        component_class: z.enum(['direct', 'host_reboot', 'cpld', 'idrac']).optional(),
        criticality: z.enum(['optional', 'recommended', 'urgent']).optional(),
        system_id: z
          .string()
          .regex(/^[0-9A-Fa-f]{4}$/)
          .optional()
          .describe('Four hex digits'),
        package_type: z.string().max(20).optional(),
        search: z.string().max(200).optional().describe('Part of the name or file name'),
      }),
      output: listOutput(entrySchema),
      handler: async ({ params, query }) => {
        const catalog = await mustGet(services, params.id)
        const { limit, cursor, sort, count, system_id, search, ...same } = query
        const like = search === undefined ? undefined : `%${search.replace(/[\\%_]/g, '\\$&')}%`
        const where = [
          eq(e.catalog_id, catalog.id),
          ...Object.entries(same).map(([name, value]) =>
            value === undefined ? undefined : eq(e[name as keyof typeof same], value),
          ),
          system_id === undefined ? undefined : sql`${e.system_ids} @> array[${system_id.toUpperCase()}]::text[]`,
          like === undefined ? undefined : sql`(${e.name} ilike ${like} or ${e.filename} ilike ${like})`,
        ]
        const key = { expression: sql`${e.path}`, type: 'text' as const, descending: sortOf(sort).descending }
        return { body: await listRows(db, { table: e, id: sql`${e.id}`, where, sort: key, limit, cursor, count }) }
      },
    }),
    route({
      method: 'GET',
      path: '/firmware-catalogs/:id/entries/:entry_id',
      permission: 'signed_in',
      summary: 'One package of the catalog',
      params: z.strictObject({ id: z.uuid(), entry_id: z.uuid() }),
      output: entrySchema,
      handler: async ({ params }) => {
        const entry = await getCatalogEntry(db, params.entry_id)
        if (entry?.catalog_id !== params.id) throw new Problem('NotFound', 'There is no such entry.')
        return { body: entry }
      },
    }),
  ]
}

function complianceRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/firmware-catalogs/:id/compliance',
      permission: 'signed_in',
      summary: 'All servers against the catalog, by service tag',
      params: idParams,
      query: listQuery(['service_tag'], {
        status: z.enum(STATUSES).optional(),
        model: z.string().max(200).optional(),
        urgent: queryFlag.optional().describe('Only servers that lack an urgent update, or only the others'),
      }),
      output: listOutput(complianceSchema),
      handler: async ({ params, query }) => {
        const catalog = await mustGet(services, params.id)
        const { limit, cursor, sort, count, ...filter } = query
        const { descending } = sortOf(sort)
        return { body: await listCompliance(db, catalog.id, filter, { limit, cursor, count, descending }) }
      },
    }),
    route({
      method: 'GET',
      path: '/servers/:id/compliance',
      permission: 'signed_in',
      summary: 'The firmware of a server against each catalog, component by component; the default catalog first',
      params: idParams,
      query: listQuery(['catalog'], { catalog_id: z.uuid().optional() }),
      output: listOutput(serverComplianceSchema),
      handler: async ({ params, query }) => {
        const server = await getServer(db, params.id)
        if (!server) throw new Problem('NotFound', 'There is no such server.')
        const rows = await complianceOfServer(db, server.id, query.catalog_id)
        return { body: pageOfArray(rows, query.limit, query.cursor) }
      },
    }),
  ]
}

async function mustGet(services: Services, id: string): Promise<FirmwareCatalog> {
  const catalog = await getCatalog(services.database.db, id)
  if (!catalog) throw new Problem('NotFound', 'There is no such catalog.')
  return catalog
}

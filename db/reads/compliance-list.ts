import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { behindCursor, orderBy, type Page, pageOf, type SortKey } from '../paging.js'
import { firmwareCatalogs, firmwareCompliance } from '../schema/catalogs.js'
import { servers } from '../schema/servers.js'

/** How one server stands against a catalogue, without its components. */
export interface ComplianceRow {
  server_id: string
  service_tag: string
  hostname: string | null
  model: string | null
  status: 'compliant' | 'outdated' | 'unknown'
  outdated: number
  urgent: number
  not_in_catalog: number
  /** Null: not compared yet, because the firmware of the server is not known. */
  compared_at: string | null
}

export interface ComplianceFilter {
  status?: string | undefined
  model?: string | undefined
  urgent?: boolean | undefined
}

const k = firmwareCompliance
const status = sql<ComplianceRow['status']>`coalesce(${k.status}, 'unknown')`

function conditions(filter: ComplianceFilter): SQL | undefined {
  return and(
    isNull(servers.removed_at),
    filter.status === undefined ? undefined : sql`${status} = ${filter.status}`,
    filter.model === undefined ? undefined : eq(servers.model, filter.model),
    filter.urgent === undefined ? undefined : sql`(coalesce(${k.urgent}, 0) > 0) = ${filter.urgent}`,
  )
}

/** All servers against one catalogue, one page; a server that was never compared is `unknown`. */
export async function listCompliance(
  db: Db,
  catalog_id: string,
  filter: ComplianceFilter,
  request: { limit: number; cursor?: string | undefined; descending: boolean; count?: boolean | undefined },
): Promise<Page<ComplianceRow> & { total?: number }> {
  const sort: SortKey = { expression: sql`${servers.service_tag}`, type: 'text', descending: request.descending }
  const id = sql`${servers.id}`
  const where = conditions(filter)
  const joined = and(eq(k.server_id, servers.id), eq(k.catalog_id, catalog_id))
  const rows = await db
    .select({
      row: {
        server_id: servers.id,
        service_tag: servers.service_tag,
        hostname: servers.hostname,
        model: servers.model,
        status,
        outdated: sql<number>`coalesce(${k.outdated}, 0)`,
        urgent: sql<number>`coalesce(${k.urgent}, 0)`,
        not_in_catalog: sql<number>`coalesce(${k.not_in_catalog}, 0)`,
        compared_at: k.compared_at,
      },
      sort_key: sql<string>`${servers.service_tag}`,
      sort_id: sql<string>`${servers.id}::text`,
    })
    .from(servers)
    .leftJoin(k, joined)
    .where(and(where, behindCursor(sort, id, request.cursor)))
    .orderBy(orderBy(sort, id))
    .limit(request.limit + 1)
  const page = pageOf(rows, request.limit)
  if (!request.count) return page
  const [counted] = await db
    .select({ total: sql<number>`count(*)::int` })
    .from(servers)
    .leftJoin(k, joined)
    .where(where)
  return { ...page, total: counted?.total ?? 0 }
}

/** How many servers stand how against a catalogue. */
export async function countCompliance(db: Db, catalog_id: string): Promise<Record<ComplianceRow['status'], number>> {
  const rows = await db
    .select({ status, servers: sql<number>`count(*)::int` })
    .from(servers)
    .leftJoin(k, and(eq(k.server_id, servers.id), eq(k.catalog_id, catalog_id)))
    .where(isNull(servers.removed_at))
    .groupBy(status)
  const counts = { compliant: 0, outdated: 0, unknown: 0 }
  for (const row of rows) counts[row.status] = row.servers
  return counts
}

/** One server against every catalogue, or the one named, with its components; the default catalogue first. */
export async function complianceOfServer(db: Db, server_id: string, catalog_id: string | undefined) {
  return db
    .select({
      catalog_id: firmwareCatalogs.id,
      catalog_name: firmwareCatalogs.name,
      is_default: firmwareCatalogs.is_default,
      status,
      outdated: sql<number>`coalesce(${k.outdated}, 0)`,
      urgent: sql<number>`coalesce(${k.urgent}, 0)`,
      not_in_catalog: sql<number>`coalesce(${k.not_in_catalog}, 0)`,
      items: sql<unknown[]>`coalesce(${k.items}, '[]'::jsonb)`,
      compared_at: k.compared_at,
    })
    .from(firmwareCatalogs)
    .leftJoin(k, and(eq(k.catalog_id, firmwareCatalogs.id), eq(k.server_id, server_id)))
    .where(and(eq(firmwareCatalogs.status, 'ready'), catalog_id ? eq(firmwareCatalogs.id, catalog_id) : undefined))
    .orderBy(sql`${firmwareCatalogs.is_default} desc`, firmwareCatalogs.name, firmwareCatalogs.id)
}

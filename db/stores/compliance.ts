import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { type FirmwareCompliance, firmwareCompliance } from '../schema/catalogs.js'
import { type Server, type ServerFirmware, serverFirmware, servers } from '../schema/servers.js'

export interface ComparableServer {
  server: Server
  firmware: ServerFirmware[]
}

/**
 * Servers with their firmware, in the order of their ids, at most `limit` behind `after`; only those of `ids` when given.
 * The firmware rows are locked against changes until the transaction ends, so that a comparison is not older than they are.
 */
export async function readComparableServers(
  tx: Db,
  request: { after: string | null; limit: number; ids?: string[] | undefined },
): Promise<ComparableServer[]> {
  const { after, limit, ids } = request
  const rows = await tx
    .select()
    .from(servers)
    .where(
      and(
        isNull(servers.removed_at),
        after === null ? undefined : gt(servers.id, after),
        ids ? inArray(servers.id, ids) : undefined,
      ),
    )
    .orderBy(asc(servers.id))
    .limit(limit)
  if (rows.length === 0) return []
  const firmware = await tx
    .select()
    .from(serverFirmware)
    .where(
      inArray(
        serverFirmware.server_id,
        rows.map((row) => row.id),
      ),
    )
    .orderBy(asc(serverFirmware.fqdd))
    .for('share')
  const byServer = new Map(rows.map((server): [string, ComparableServer] => [server.id, { server, firmware: [] }]))
  for (const row of firmware) byServer.get(row.server_id)?.firmware.push(row)
  return [...byServer.values()]
}

export type NewCompliance = Omit<FirmwareCompliance, 'compared_at'>

/** Writes comparisons in one statement; one that is there already is replaced. */
export async function saveCompliance(db: Db, rows: NewCompliance[]): Promise<void> {
  if (rows.length === 0) return
  await db.execute(sql`
    insert into firmware_compliance (server_id, catalog_id, status, outdated, urgent, not_in_catalog, items)
    select server_id, catalog_id, status, outdated, urgent, not_in_catalog, items
    from jsonb_populate_recordset(null::firmware_compliance, ${JSON.stringify(rows)}::jsonb)
    on conflict (server_id, catalog_id) do update set
      status = excluded.status, outdated = excluded.outdated, urgent = excluded.urgent,
      not_in_catalog = excluded.not_in_catalog, items = excluded.items, compared_at = now()`)
}

/** Forgets how a server stood: its firmware has changed. A row that is there is always of today's inventory. */
export async function dropCompliance(db: Db, server_id: string): Promise<void> {
  await db.delete(firmwareCompliance).where(eq(firmwareCompliance.server_id, server_id))
}

/** Servers whose firmware is known and that were not compared with every catalogue yet; with `server_id` only this one. */
export async function listUncompared(db: Db, limit: number, server_id: string | null = null): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select s.id from servers s
    where s.removed_at is null and (${server_id}::uuid is null or s.id = ${server_id}::uuid)
      and exists (select 1 from server_firmware f where f.server_id = s.id)
      and exists (select 1 from firmware_catalogs c where c.status = 'ready' and not exists (
        select 1 from firmware_compliance k where k.server_id = s.id and k.catalog_id = c.id))
    limit ${limit}`)
  return rows.map((row) => row.id)
}

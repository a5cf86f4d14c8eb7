import { asc, eq, inArray, sql } from 'drizzle-orm'
import { bulkInsert } from '../bulk-insert.js'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type ServerFirmware, serverFirmware, servers } from '../schema/servers.js'
import { dropCompliance } from './compliance.js'
import { type FieldChange, recordChanges } from './inventory-changes.js'

export interface FirmwareItem {
  fqdd: string
  software_id?: string | null
  component_id?: string | null
  component_type?: string | null
  name?: string | null
  version: string
  vendor_id?: string | null
  device_id?: string | null
  subvendor_id?: string | null
  subdevice_id?: string | null
  updateable?: boolean | null
  installed_at?: string | null
  previous_version?: string | null
}

/**
 * Makes the rows of a server equal to what was read. A component that is gone is deleted; versions that changed, came or went
 * are in `inventory_changes`. An empty list changes nothing: a device that answers nothing has not lost its firmware.
 */
export async function saveFirmwareInventory(
  db: Db,
  server_id: string,
  items: FirmwareItem[],
  job_id: string | null = null,
): Promise<FieldChange[]> {
  if (items.length === 0) return []
  return db.transaction(async (tx) => {
    const { id, component_key, fqdd, version } = serverFirmware
    const before = await tx
      .select({ id, component_key, fqdd, version })
      .from(serverFirmware)
      .where(eq(serverFirmware.server_id, server_id))
      .for('update')
    const rows = (await bulkInsert(
      tx,
      serverFirmware,
      oncePerKey(items).map((item) => ({ ...item, id: newId(), server_id, job_id })),
      sql`on conflict (server_id, component_key) do update set
        version = excluded.version, name = excluded.name, component_type = excluded.component_type,
        component_id = excluded.component_id, updateable = excluded.updateable, installed_at = excluded.installed_at,
        previous_version = excluded.previous_version, seen_at = now(),
        job_id = case when server_firmware.version is distinct from excluded.version
                      then excluded.job_id else server_firmware.job_id end
        returning id, component_key, fqdd, version`,
    )) as Installed[]
    const kept = new Set(rows.map((row) => row.id))
    const gone = before.filter((row) => !kept.has(row.id)).map((row) => row.id)
    if (gone.length > 0) await tx.delete(serverFirmware).where(inArray(serverFirmware.id, gone))
    const changes = before.length === 0 ? [] : compare(before, rows)
    if (before.length === 0 || changes.length > 0) await dropCompliance(tx, server_id)
    await recordChanges(tx, { server_id, job_id }, changes)
    await tx.update(servers).set({ last_inventory_at: sql`now()` }).where(eq(servers.id, server_id))
    return changes
  })
}

/** A device may list the same component twice; the last one with the same identity counts. */
function oncePerKey(items: FirmwareItem[]): FirmwareItem[] {
  const key = (i: FirmwareItem) =>
    `${i.software_id ?? i.component_id ?? [i.vendor_id, i.device_id, i.subvendor_id, i.subdevice_id].map((p) => p ?? '').join(':')}@${i.fqdd}`
  return [...new Map(items.map((item) => [key(item), item])).values()]
}

type Installed = Pick<ServerFirmware, 'id' | 'component_key' | 'fqdd' | 'version'>

function compare(before: Installed[], after: Installed[]): FieldChange[] {
  const old = new Map(before.map((row) => [row.component_key, row]))
  const now = new Map(after.map((row) => [row.component_key, row]))
  const moved = after
    .filter((row) => old.get(row.component_key)?.version !== row.version)
    .map((row) => ({
      field: `firmware:${row.fqdd}`,
      old: old.get(row.component_key)?.version ?? null,
      new: row.version,
    }))
  const gone = before
    .filter((row) => !now.has(row.component_key))
    .map((row) => ({ field: `firmware:${row.fqdd}`, old: row.version, new: null }))
  return [...moved, ...gone]
}

export async function listFirmware(db: Db, server_id: string): Promise<ServerFirmware[]> {
  return db
    .select()
    .from(serverFirmware)
    .where(eq(serverFirmware.server_id, server_id))
    .orderBy(asc(serverFirmware.component_type), asc(serverFirmware.fqdd))
}

/** Rows of several servers, for plans over a cluster. */
export async function listFirmwareOf(db: Db, server_ids: string[]): Promise<ServerFirmware[]> {
  if (server_ids.length === 0) return []
  return db.select().from(serverFirmware).where(inArray(serverFirmware.server_id, server_ids))
}

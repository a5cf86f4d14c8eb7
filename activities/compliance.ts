import type { Db } from '../db/connect.js'
import {
  type ComparableServer,
  listUncompared,
  type NewCompliance,
  readComparableServers,
  saveCompliance,
} from '../db/stores/compliance.js'
import { listReadyCatalogs, listUsableEntries } from '../db/stores/firmware-catalogs.js'
import { type FirmwareItem, saveFirmwareInventory } from '../db/stores/firmware-inventory.js'
import { type CatalogIndex, indexCatalog } from '../domain/catalog-index.js'
import { systemIdText } from '../domain/firmware-catalog.js'
import { judgeCompliance } from '../domain/firmware-compliance.js'
import type { FirmwareServer } from '../domain/firmware-facts.js'
import { catalogPackage, firmwareFacts } from './firmware-facts.js'

const BATCH = 200
/** A catalogue of today takes some 30 MB as an index. */
const MOST_INDEXES = 2
const MOST_AT_ONCE = 500

/** Indexes by id; a catalogue never changes once it is stored, so they need no refreshing. */
const indexes = new Map<string, CatalogIndex>()

async function indexOf(db: Db, catalog_id: string): Promise<CatalogIndex> {
  const known = indexes.get(catalog_id)
  indexes.delete(catalog_id)
  const index = known ?? indexCatalog((await listUsableEntries(db, catalog_id)).map((row) => catalogPackage(row, true)))
  indexes.set(catalog_id, index)
  const [oldest] = indexes.keys()
  if (indexes.size > MOST_INDEXES && oldest !== undefined) indexes.delete(oldest)
  return index
}

/** Compares every known server with a catalogue, a batch at a time. Answers how many were compared. */
export async function compareFleet(db: Db, catalog_id: string): Promise<number> {
  let compared = 0
  for (let after: string | null = null; ; ) {
    const ids: string[] = await compareBatch(db, [catalog_id], { after, limit: BATCH })
    compared += ids.length
    after = ids.at(-1) ?? null
    if (ids.length < BATCH) return compared
  }
}

/** Compares these servers with every catalogue there is. */
export async function compareServers(db: Db, server_ids: string[]): Promise<void> {
  if (server_ids.length === 0) return
  const catalogs = await listReadyCatalogs(db)
  const ids = catalogs.map((catalog) => catalog.id)
  await compareBatch(db, ids, { after: null, limit: server_ids.length, ids: server_ids })
}

/** Makes up for comparisons that a dying process left out. */
export async function compareForgotten(db: Db): Promise<void> {
  await compareServers(db, await listUncompared(db, MOST_AT_ONCE))
}

/** Stores what was read of a server's firmware and compares it anew when it changed. */
export async function saveFirmware(
  db: Db,
  server_id: string,
  items: FirmwareItem[],
  job_id: string | null = null,
): Promise<void> {
  await saveFirmwareInventory(db, server_id, items, job_id)
  await compareServers(db, await listUncompared(db, 1, server_id))
}

/** The ids that were compared, in order. */
async function compareBatch(
  db: Db,
  catalog_ids: string[],
  request: Parameters<typeof readComparableServers>[1],
): Promise<string[]> {
  const known = await Promise.all(catalog_ids.map(async (id) => ({ id, index: await indexOf(db, id) })))
  return db.transaction(async (tx) => {
    const servers = await readComparableServers(tx, request)
    const rows = servers.flatMap((one) => known.map(({ id, index }) => complianceOf(one, id, index)))
    await saveCompliance(tx, rows)
    return servers.map(({ server }) => server.id)
  })
}

function complianceOf(one: ComparableServer, catalog_id: string, index: CatalogIndex): NewCompliance {
  return { server_id: one.server.id, catalog_id, ...judgeCompliance(knownServer(one), index) }
}

/** A server as the matching rule takes it, with the inventory of our tables. */
function knownServer({ server, firmware }: ComparableServer): FirmwareServer {
  return {
    id: server.id,
    name: server.hostname ?? server.service_tag,
    model: server.model,
    system_id: server.system_id === null ? null : systemIdText(server.system_id),
    generation: server.generation,
    inventory: firmware.length === 0 ? null : firmwareFacts(firmware),
  }
}

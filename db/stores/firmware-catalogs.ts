import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import {
  type FirmwareCatalog,
  type FirmwareCatalogEntry,
  firmwareCatalogEntries,
  firmwareCatalogs,
} from '../schema/catalogs.js'

export type NewCatalog = Pick<
  FirmwareCatalog,
  'name' | 'source_type' | 'base_location' | 'release_id' | 'catalog_version' | 'dated_at' | 'sha256' | 'imported_by'
>
export type NewCatalogEntry = Omit<FirmwareCatalogEntry, 'id' | 'catalog_id'>

/** What an import writes with; everything is in the one transaction of {@link importCatalog}. */
export interface CatalogWriter {
  /** Writes a batch of entries; a path that is there already is left as it is. Answers how many were new. */
  addEntries(entries: NewCatalogEntry[]): Promise<number>
  /** Names the models of packages that were written before their bundle was read. */
  setModels(models: ReadonlyMap<string, Iterable<string>>): Promise<void>
}

/**
 * Stores a catalogue and its entries, all or nothing. The first one becomes the default.
 * @throws whatever `fill` throws; then nothing is stored
 */
export async function importCatalog(
  db: Db,
  catalog: NewCatalog,
  fill: (writer: CatalogWriter) => Promise<number>,
): Promise<FirmwareCatalog> {
  const id = newId()
  return db.transaction(async (tx) => {
    // One import at a time: two of the same file must not both be new, nor two catalogues both be the first.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('firmware_catalogs'))`)
    const [other] = await tx.select({ id: firmwareCatalogs.id }).from(firmwareCatalogs).limit(1)
    await tx.insert(firmwareCatalogs).values({ ...catalog, id, status: 'importing', is_default: !other })
    const entries = await fill(writerOf(tx, id))
    const [row] = await tx
      .update(firmwareCatalogs)
      .set({ status: 'ready', entries })
      .where(eq(firmwareCatalogs.id, id))
      .returning()
    if (!row) throw new Error('the catalog was not stored')
    return row
  })
}

function writerOf(tx: Db, catalog_id: string): CatalogWriter {
  return {
    async addEntries(entries) {
      const rows = JSON.stringify(entries.map((entry) => ({ ...entry, id: newId(), catalog_id })))
      const { rowCount } = await tx.execute(sql`
        insert into firmware_catalog_entries
        select * from jsonb_populate_recordset(null::firmware_catalog_entries, ${rows}::jsonb)
        on conflict do nothing`)
      return rowCount ?? 0
    },
    async setModels(models) {
      const rows = JSON.stringify([...models].map(([name, list]) => ({ name, list: [...list] })))
      await tx.execute(sql`
        update firmware_catalog_entries e set bundle_models = m.list
        from jsonb_to_recordset(${rows}::jsonb) as m(name text, list text[])
        where e.catalog_id = ${catalog_id} and (e.filename = m.name or e.path = m.name)`)
    },
  }
}

export async function findCatalogByHash(db: Db, sha256: string): Promise<FirmwareCatalog | null> {
  const [row] = await db
    .select()
    .from(firmwareCatalogs)
    .where(and(eq(firmwareCatalogs.sha256, sha256), eq(firmwareCatalogs.status, 'ready')))
  return row ?? null
}

export async function getCatalog(db: Db, id: string): Promise<FirmwareCatalog | null> {
  const [row] = await db.select().from(firmwareCatalogs).where(eq(firmwareCatalogs.id, id))
  return row ?? null
}

/** All that can be compared with, the default first, then the newest. */
export async function listReadyCatalogs(db: Db): Promise<FirmwareCatalog[]> {
  const c = firmwareCatalogs
  return db
    .select()
    .from(c)
    .where(eq(c.status, 'ready'))
    .orderBy(desc(c.is_default), sql`${c.dated_at} desc nulls last`, desc(c.imported_at))
}

/** Changes name, base location or the default mark; marking one takes the mark from the other. */
export async function changeCatalog(
  db: Db,
  id: string,
  facts: Partial<Pick<FirmwareCatalog, 'name' | 'base_location' | 'is_default'>>,
): Promise<FirmwareCatalog | null> {
  return db.transaction(async (tx) => {
    if (facts.is_default) {
      const bump = { is_default: false, version: sql`version + 1`, updated_at: sql`now()` }
      await tx
        .update(firmwareCatalogs)
        .set(bump)
        .where(and(eq(firmwareCatalogs.is_default, true), sql`id <> ${id}`))
    }
    const [row] = await tx
      .update(firmwareCatalogs)
      .set({ ...facts, version: sql`version + 1`, updated_at: sql`now()` })
      .where(eq(firmwareCatalogs.id, id))
      .returning()
    return row ?? null
  })
}

/** Deletes a catalogue with its entries and comparisons. */
export async function deleteCatalog(db: Db, id: string): Promise<void> {
  await db.delete(firmwareCatalogs).where(eq(firmwareCatalogs.id, id))
}

export async function getCatalogEntry(db: Db, id: string): Promise<FirmwareCatalogEntry | null> {
  const [row] = await db.select().from(firmwareCatalogEntries).where(eq(firmwareCatalogEntries.id, id))
  return row ?? null
}

/** The entries that an iDRAC could take, of the whole catalogue or of one system. */
export async function listUsableEntries(
  db: Db,
  catalog_id: string,
  system_id: string | null = null,
): Promise<FirmwareCatalogEntry[]> {
  const e = firmwareCatalogEntries
  const forSystem: SQL | undefined = system_id
    ? sql`(${e.system_ids} @> array[${system_id}]::text[] or ${e.system_ids} is null or ${e.system_ids} = '{}')`
    : undefined
  return db
    .select()
    .from(e)
    .where(and(eq(e.catalog_id, catalog_id), sql`coalesce(${e.package_type}, 'LW64') = 'LW64'`, forSystem))
}

import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { XMLParser } from 'fast-xml-parser'
import type pg from 'pg'
import { inspectCatalog, takeCatalog } from '../../activities/catalog-import.js'
import { compareFleet } from '../../activities/compliance.js'
import { type Database, openDatabase } from '../../db/connect.js'
import { migrateDatabase } from '../../db/migrate.js'
import { deleteCatalog } from '../../db/stores/firmware-catalogs.js'
import type { WatchedProcess } from '../embedded/child.js'
import { createConsole } from '../embedded/console.js'
import { openRunNotes, prepareDataDirectory } from '../embedded/data-directory.js'
import { createPortChooser } from '../embedded/ports.js'
import { startPostgres } from '../embedded/postgres.js'
import { catalogXml, componentIdOf } from './catalog-xml.js'
import { quantile } from './measure.js'

const COMPONENTS = 6_000
const SYSTEMS = 25
const SERVERS = 1_000
const PER_SERVER = 20
const RUNS = 5

/**
 * Import of a catalogue of 6,000 components from its gz, against parsing its text whole and inserting the same rows from
 * a table inside the database; then 1,000 servers of 20 components against it, against reading and writing the same rows.
 */
export async function benchCatalog(): Promise<Record<string, unknown>> {
  const postgres = await openPostgres()
  const { database } = postgres
  const folder = await mkdtemp(join(tmpdir(), 'dsm-bench-catalog-'))
  try {
    const path = join(folder, 'Catalog.xml.gz')
    const text = [...catalogXml({ components: COMPONENTS, systems: SYSTEMS })].join('')
    await writeFile(path, gzipSync(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])))
    await insertServers(database.pool)
    const runs: Run[] = []
    for (let run = 0; run < RUNS; run += 1) runs.push(await oneRun(database, path, text, run === RUNS - 1))
    const mb = Math.round((2 * text.length) / 1e5) / 10
    return { components: COMPONENTS, utf16_mb: mb, servers: SERVERS, per_server: PER_SERVER, ...spread(runs) }
  } finally {
    await postgres.end()
    await rm(folder, { recursive: true, force: true })
  }
}

type Run = Record<string, number>

async function oneRun(database: Database, path: string, text: string, last: boolean): Promise<Run> {
  const { db, pool } = database
  const file = { path, sha256: createHash('sha256').update(randomUUID()).digest('hex'), name: 'bench' }
  await pool.query('update servers set removed_at = now()')
  const rss = process.memoryUsage().rss
  let id = ''
  const imported = await measured(async () => {
    const source = { ...file, source_type: 'upload' as const, imported_by: null }
    id = (await takeCatalog({ db }, source, await inspectCatalog(path))).id
  })
  const import_rss_growth_mb = (process.memoryUsage().rss - rss) / 1e6
  const parsed = await measured(async () => void new XMLParser({ ignoreAttributes: false }).parse(text))
  await pool.query('create temp table same_rows (like firmware_catalog_entries including all)')
  const copied = await measured(() => pool.query('insert into same_rows select * from firmware_catalog_entries'))
  await pool.query('drop table same_rows')
  await pool.query('update servers set removed_at = null')
  const compared = await measured(async () => {
    if ((await compareFleet(db, id)) !== SERVERS) throw new Error('not every server was compared')
  })
  const moved = await measured(async () => {
    await pool.query('select * from servers')
    await pool.query('select * from server_firmware')
    await pool.query('create temp table same_rows as select * from firmware_compliance')
  })
  await pool.query('drop table same_rows')
  const { rows } = await pool.query(
    `select count(*)::int as n, sum(outdated)::int as outdated from firmware_compliance`,
  )
  if (rows[0].n !== SERVERS || rows[0].outdated === 0) throw new Error('the comparison wrote something else')
  if (!last) await deleteCatalog(db, id)
  return {
    import_seconds: imported.seconds,
    import_cpu_seconds: imported.cpu_seconds,
    import_rss_growth_mb,
    bare_parse_seconds: parsed.seconds,
    bare_insert_seconds: copied.seconds,
    import_ratio: imported.seconds / (parsed.seconds + copied.seconds),
    compare_seconds: compared.seconds,
    compare_cpu_seconds: compared.cpu_seconds,
    bare_rows_seconds: moved.seconds,
    compare_ratio: compared.seconds / moved.seconds,
  }
}

async function measured(body: () => Promise<unknown>): Promise<{ seconds: number; cpu_seconds: number }> {
  const [cpu, since] = [process.cpuUsage(), performance.now()]
  await body()
  const used = process.cpuUsage(cpu)
  return { seconds: (performance.now() - since) / 1000, cpu_seconds: (used.user + used.system) / 1e6 }
}

function spread(runs: Run[]): Record<string, string> {
  const figure = (name: string, share: number) =>
    (
      quantile(
        runs.map((run) => run[name] ?? 0),
        share,
      ) ?? 0
    ).toFixed(2)
  const names = Object.keys(runs[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, [0, 0.5, 1].map((share) => figure(name, share)).join(' / ')]))
}

/** Servers of the catalogue's systems, each with twenty devices of which some are behind. */
async function insertServers(pool: pg.Pool): Promise<void> {
  const servers = Array.from({ length: SERVERS }, (_, n) => ({ id: randomUUID(), n, system: n % SYSTEMS }))
  await pool.query(
    `insert into servers (id, service_tag, ip_address, model, system_id)
     select (s->>'id')::uuid, 'B' || lpad(s->>'n', 6, '0'), '10.9.' || ((s->>'n')::int / 250) || '.' || ((s->>'n')::int % 250 + 1),
       'PowerEdge R' || (s->>'system'), ${0x900} + (s->>'system')::int from jsonb_array_elements($1::jsonb) s`,
    [JSON.stringify(servers)],
  )
  const rows = servers.flatMap(({ id, n }) =>
    Array.from({ length: PER_SERVER }, (_, device) => ({
      id: randomUUID(),
      server_id: id,
      fqdd: `Device.${device}`,
      software_id: componentIdOf(device),
      component_id: componentIdOf(device),
      name: `Device ${device}`,
      version: `${1 + ((n + device) % 6)}.${device}.0`,
    })),
  )
  await pool.query(
    `insert into server_firmware (id, server_id, fqdd, software_id, component_id, name, version)
     select id, server_id, fqdd, software_id, component_id, name, version
     from jsonb_to_recordset($1::jsonb) as r(id uuid, server_id uuid, fqdd text, software_id text, component_id text, name text, version text)`,
    [JSON.stringify(rows)],
  )
}

async function openPostgres(): Promise<{ database: Database; end: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dsm-bench-db-'))
  await prepareDataDirectory(dataDir)
  const made: WatchedProcess[] = []
  const { databaseUrl } = await startPostgres(dataDir, createPortChooser(), {
    dataDir,
    console: createConsole('json', 'error', () => {}),
    notes: openRunNotes(dataDir, { processes: {} }),
    created: (process) => void made.push(process),
    onHopeless: (name, reason) => {
      throw new Error(`${name}: ${reason}`)
    },
  })
  await migrateDatabase(databaseUrl)
  // One connection, so that temporary tables are seen by the next statement.
  const database = openDatabase({ url: databaseUrl, application_name: 'bench', max_connections: 1 })
  return {
    database,
    end: async () => {
      await database.close()
      for (const process of made) await process.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareForgotten, saveFirmware } from '../../activities/compliance.js'
import type { MediaActivities } from '../../activities/contracts/media.js'
import { createMediaActivities, UPLOADS_FOLDER } from '../../activities/media.js'
import { newId } from '../../db/new-id.js'
import { complianceOfServer, countCompliance, listCompliance } from '../../db/reads/compliance-list.js'
import { deleteCatalog, findCatalogByHash, getCatalog, listReadyCatalogs } from '../../db/stores/firmware-catalogs.js'
import { completeUpload, getFirmwarePackage, insertUpload } from '../../db/stores/media.js'
import { upsertServer } from '../../db/stores/servers.js'
import { firmwareFiles } from '../../lab/firmware/packages.js'
import { catalogXml, systemIdOf } from '../../scripts/bench/catalog-xml.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'

let bench: ActivityBench
let media: MediaActivities
beforeAll(async () => {
  bench = await startActivityBench()
  media = createMediaActivities(bench.deps)
}, 120_000)
afterAll(() => bench?.close())

/** An upload as the API leaves it. */
async function uploaded(filename: string, bytes: Buffer): Promise<string> {
  const { db } = bench.deps
  const folder = join(bench.iso_directory, UPLOADS_FOLDER)
  await mkdir(folder, { recursive: true })
  const storage_name = randomUUID()
  await writeFile(join(folder, storage_name), bytes)
  const expires_at = new Date(Date.now() + 3_600_000).toISOString()
  const { id } = await insertUpload(db, {
    user_id: newId(),
    filename,
    size_bytes: bytes.length,
    storage_name,
    expires_at,
  })
  await completeUpload(db, id, createHash('sha256').update(bytes).digest('hex'), bytes.length)
  return id
}

async function take(filename: string, bytes: Buffer, more: { dry_run?: boolean; kind?: string } = {}) {
  const upload_id = await uploaded(filename, bytes)
  const context = await bench.work(upload_id, [`upload:${upload_id}`])
  const options = { requested_by: null, name: null, expected_sha256: null, replace: false }
  return untilDone(() =>
    media.takeUpload({ context, upload_id, ...options, kind: more.kind ?? null, dry_run: more.dry_run ?? false }),
  )
}

const made = (components: number, systems = 4) =>
  Buffer.from([...catalogXml({ components, systems })].join(''), 'utf16le')
const mark = Buffer.from([0xff, 0xfe])

async function server(system: number, versions: Record<string, string>, service_tag: string): Promise<string> {
  const { db } = bench.deps
  const facts = {
    service_tag,
    ip_address: `10.1.0.${system + 1}`,
    system_id: 0x900 + system,
    model: `PowerEdge R${system}`,
  }
  const { server: row } = await upsertServer(db, facts)
  await saveFirmware(db, row.id, items(versions))
  return row.id
}
const items = (versions: Record<string, string>) =>
  Object.entries(versions).map(([id, version]) => ({
    fqdd: `Device.${id}`,
    component_id: id,
    software_id: id,
    version,
    name: `Device ${id}`,
  }))

test('a catalogue is taken in once, its entries with their bundles; the servers are compared at once and after a change', async () => {
  const { db } = bench.deps
  const old = await server(1, { '159': '0.9', '25227': '9.9.0', '4711': '1' }, 'CATALOG')
  const current = await server(2, { '159': '1.0.0', '25227': '1.1' }, 'CATALOH')
  const bytes = gzipSync(Buffer.concat([mark, made(160)]))
  const dry = await take('Catalog.xml.gz', bytes, { dry_run: true })
  expect(dry).toMatchObject({ outcome: 'unchanged', kind: 'catalog', details: { components: 160, bundles: 4 } })
  expect(await listReadyCatalogs(db)).toEqual([])

  const taken = await take('Catalog.xml.gz', bytes, { kind: 'catalog' })
  expect(taken).toMatchObject({
    outcome: 'changed',
    kind: 'catalog',
    details: { components: 160, release_id: 'MADE1' },
  })
  const again = await take('Other-name.xml.gz', bytes)
  expect(again).toMatchObject({ outcome: 'unchanged', record_id: taken.record_id })
  const catalog = await getCatalog(db, taken.record_id)
  expect(catalog).toMatchObject({
    name: 'Catalog.xml.gz',
    entries: 160,
    is_default: true,
    status: 'ready',
    base_location: 'https://downloads.example.com',
    dated_at: expect.stringContaining('2025-04-01'),
  })
  const { rows } = await bench.database.pool.query(
    `select component_class, component_type, release_date, bundle_models, system_ids, models, size_bytes
     from firmware_catalog_entries where catalog_id = $1 and component_id = '25227' and $2 = any(system_ids)`,
    [taken.record_id, systemIdOf(1)],
  )
  expect(rows).toEqual([
    {
      component_class: 'idrac',
      component_type: 'FRMW',
      release_date: '2025-01-09',
      bundle_models: ['R1'],
      system_ids: ['0901'],
      models: ['R1'],
      size_bytes: '20000005',
    },
  ])
  // The files of catalogues are not kept: only dry_run left its upload.
  expect((await readdir(bench.iso_directory)).filter((name) => name !== UPLOADS_FOLDER)).toEqual([])

  const standing = async (id: string) => (await complianceOfServer(db, id, undefined))[0]
  expect(await standing(old)).toMatchObject({ status: 'outdated', outdated: 1, urgent: 1, not_in_catalog: 1 })
  expect(await standing(current)).toMatchObject({ status: 'compliant', outdated: 0 })
  await saveFirmware(db, old, items({ '159': '1.0.0', '25227': '9.9.0' }))
  expect(await standing(old)).toMatchObject({ status: 'compliant', not_in_catalog: 0 })
  expect(await countCompliance(db, taken.record_id)).toEqual({ compliant: 2, outdated: 0, unknown: 0 })

  // What a process that died in between left out is made up for; until then it is unknown.
  await bench.database.pool.query('delete from firmware_compliance where server_id = $1', [old])
  expect(
    await listCompliance(db, taken.record_id, { status: 'unknown' }, { limit: 5, descending: false }),
  ).toMatchObject({
    items: [{ server_id: old, compared_at: null }],
  })
  await compareForgotten(db)
  expect(await standing(old)).toMatchObject({ status: 'compliant' })

  const second = await take('Second.xml', Buffer.concat([mark, made(8)]))
  expect((await listReadyCatalogs(db)).map(({ id }) => id)).toEqual([taken.record_id, second.record_id])
  await deleteCatalog(db, taken.record_id)
  const left = await bench.database.pool.query('select distinct catalog_id from firmware_compliance')
  expect(left.rows).toEqual([{ catalog_id: second.record_id }])
})

test('a cut, a hostile and a foreign file are refused in words, and nothing of them is stored', async () => {
  const whole = Buffer.concat([mark, made(40)])
  const before = await listReadyCatalogs(bench.deps.db)
  const entities = Buffer.from('<!DOCTYPE m [<!ENTITY a "aaaa">]><Manifest>&a;</Manifest>')
  for (const [bytes, code, words] of [
    [whole.subarray(0, whole.length - 2000), 'PackageInvalid', 'cut off'],
    [gzipSync(whole).subarray(0, 500), 'PackageInvalid', 'cut off'],
    [Buffer.from('<?xml version="1.0"?><Manifest></Manifest>'), 'PackageInvalid', 'no package'],
    [Buffer.concat([Buffer.from('<?xml version="1.0"?>'), entities]), 'PackageInvalid', 'document type'],
    [Buffer.from('<?xml version="1.0"?><note/>'), 'PackageInvalid', 'no catalog'],
    [Buffer.from('nothing of ours'), 'UnsupportedFileType', 'no ISO'],
  ] as const) {
    const failure = await failureOf(take('Catalog.xml', bytes))
    expect(failure.type).toBe(code)
    expect(failure.message).toContain(words)
  }
  expect((await failureOf(take('Catalog.xml', whole, { kind: 'iso' }))).type).toBe('UnsupportedFileType')
  expect(await listReadyCatalogs(bench.deps.db)).toEqual(before)
  expect(await findCatalogByHash(bench.deps.db, '0'.repeat(64))).toBeNull()
})

test('a package that is uploaded again keeps the name and the address under which others know it', async () => {
  const [one] = firmwareFiles(new Set(['PowerEdge R750']), (name) => name)
  if (!one) throw new Error('the depot is empty')
  const first = await take(one.file.file_name, one.bytes)
  const kept = await getFirmwarePackage(bench.deps.db, first.record_id)
  expect(kept).toMatchObject({ filename: one.file.file_name, models: ['R750', 'R650'], package_type: 'LW64' })
  expect(kept?.md5).toMatch(/^[0-9a-f]{32}$/)
  const again = await take('renamed by somebody.EXE', one.bytes)
  expect(again).toMatchObject({ outcome: 'unchanged', record_id: first.record_id })
  const row = await getFirmwarePackage(bench.deps.db, first.record_id)
  expect({ ...row, updated_at: null }).toEqual({ ...kept, updated_at: null })
})

test('a scan of the store takes catalogues and packages in where they lie, once', async () => {
  const folder = join(bench.iso_directory, 'dell')
  await mkdir(folder)
  const [, one] = firmwareFiles(new Set(['PowerEdge R750']), (name) => name)
  if (!one) throw new Error('the depot is empty')
  const context = await bench.work('store', ['media'])
  const asked = { subdirectory: 'dell', recursive: true, checksums: 'all' as const, mark_missing: true }
  const scan = (dry_run: boolean) =>
    untilDone(() => media.scanStore({ context, ...asked, refresh_urls: true, requested_by: null, dry_run }))
  const bytes = Buffer.concat([mark, made(24, 2)])
  await writeFile(join(folder, 'Catalog.xml'), bytes)
  await writeFile(join(folder, 'half.xml'), bytes.subarray(0, bytes.length - 2000))
  await writeFile(join(folder, one.file.file_name), one.bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')

  expect(await scan(true)).toMatchObject({ found: 3, new: 2, skipped: [{ path: 'dell/half.xml' }] })
  expect(await findCatalogByHash(bench.deps.db, sha256)).toBeNull()
  const first = await scan(false)
  expect(first).toMatchObject({ found: 3, new: 2, skipped: [{ path: 'dell/half.xml' }] })
  expect(first.skipped[0]?.reason).toContain('cut off')
  expect(await findCatalogByHash(bench.deps.db, sha256)).toMatchObject({ name: 'Catalog.xml', entries: 24 })
  const packages = await bench.database.pool.query(
    `select filename, status, media_token is not null as served from firmware_packages where storage_name like 'dell/%'`,
  )
  expect(packages.rows).toEqual([{ filename: one.file.file_name, status: 'ready', served: true }])
  expect(await scan(false)).toMatchObject({ found: 3, new: 0, updated: 0, missing: 0 })
  expect((await readdir(folder)).sort()).toEqual(['Catalog.xml', one.file.file_name, 'half.xml'].sort())
})

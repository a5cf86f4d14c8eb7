import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inspectCatalog, takeCatalog } from '../../activities/catalog-import.js'
import type { FirmwareActivities, FirmwareSelection, TransferActivities } from '../../activities/contracts/firmware.js'
import { createFirmwareActivities, createTransferActivities } from '../../activities/firmware.js'
import { UPLOADS_FOLDER } from '../../activities/media.js'
import { entryUrl } from '../../activities/package-fetch.js'
import { complianceOfServer } from '../../db/reads/compliance-list.js'
import { importCatalog, type NewCatalogEntry } from '../../db/stores/firmware-catalogs.js'
import { getFirmwarePackage } from '../../db/stores/media.js'
import { firmwareFiles } from '../../lab/firmware/packages.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabIdrac, type LabProcess, startLab } from '../helpers/lab-process.js'

let lab: LabProcess
let bench: ActivityBench
let firmware: FirmwareActivities
let transfer: TransferActivities
let idrac: LabIdrac
let server_id: string
let mirror: Server
let base: string
/** Files of the mirror, by name; and what was asked of it. */
const files = new Map<string, Buffer>()
let asked: string[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  firmware = createFirmwareActivities(bench.deps)
  transfer = createTransferActivities(bench.deps)
  idrac = lab.site.idracs.find((one) => one.model === 'PowerEdge R750' && !one.personality) as LabIdrac
  server_id = await bench.addServer(idrac)
  mirror = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '')
    asked.push(name)
    const bytes = files.get(name)
    if (name === 'elsewhere') response.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end()
    else if (bytes) response.end(bytes)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/dell`
  for (const { file, bytes } of depot) files.set(file.file_name, bytes)
}, 120_000)
afterAll(async () => {
  mirror?.close()
  await bench?.close()
  await lab?.stop()
})
beforeEach(async () => {
  asked = []
  await allow(['127.0.0.1'])
})

const depot = firmwareFiles(new Set(['PowerEdge R750']), (name) => name)
const bios = depot
  .filter(({ file }) => file.component === 'bios')
  .sort((a, b) => (a.file.version < b.file.version ? 1 : -1))
const [newest, older] = bios as [(typeof bios)[0], (typeof bios)[0]]
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

const allow = (hosts: string[]) =>
  bench.database.pool.query(
    `insert into media_settings (id, allowed_hosts) values (1, $1) on conflict (id) do update set allowed_hosts = $1`,
    [hosts],
  )

let catalogs = 0
async function catalog(changes: Partial<NewCatalogEntry> = {}, base_location: string | null = base, list = depot) {
  catalogs += 1
  const entries = list.map(({ file, bytes }): NewCatalogEntry => {
    const { component_id, component_type, version, dell_version, release_date, reboot_required, system_ids } = file
    const pci = file.pci && {
      vendor_id: file.pci.vendor_id,
      device_id: file.pci.device_id,
      subvendor_id: file.pci.sub_vendor_id,
      subdevice_id: file.pci.sub_device_id,
    }
    return {
      ...{ component_id, component_type, version, dell_version, release_date, reboot_required, system_ids },
      path: `FOLDER1/${file.file_name}`,
      filename: file.file_name,
      name: file.name,
      component_class: 'host_reboot',
      package_code: file.package_id,
      criticality: 'urgent',
      size_bytes: bytes.length,
      sha256: file.sha256,
      md5: md5(bytes),
      devices: [{ component_id, pci: pci ? [pci] : [] }],
      prerequisites: [],
      bundle_models: [],
      package_type: 'LW64',
      models: file.models,
      ...changes,
    }
  })
  const facts = {
    source_type: 'upload' as const,
    release_id: null,
    catalog_version: null,
    dated_at: null,
    imported_by: null,
  }
  const head = { ...facts, name: `catalog ${catalogs}`, base_location, sha256: String(catalogs).padStart(64, '0') }
  return (await importCatalog(bench.deps.db, head, (writer) => writer.addEntries(entries))).id
}

const WISH: FirmwareSelection = {
  firmware_source: 'dell_catalog',
  min_criticality: 'optional',
  allow_downgrade: false,
  reinstall_same: false,
  missing_files: 'fail',
  skip_not_applicable: false,
}
const context = () => bench.work(server_id, [], {})
const plan = async (changes: Partial<FirmwareSelection>) => {
  const work = await context()
  return untilDone(() =>
    firmware.planFirmware({ context: work, server_id, selection: { ...WISH, ...changes }, store: false }),
  )
}
const biosOf = (made: Awaited<ReturnType<typeof plan>>) =>
  made.phases.flatMap((phase) => phase.updates).find((update) => update.component === 'bios')
const leftovers = async () => readdir(join(bench.iso_directory, UPLOADS_FOLDER)).catch(() => [])
const uploads = async () =>
  (await lab.ledger(idrac.name)).filter((row) => row.mutation && row.method === 'POST' && /[Uu]pdate/.test(row.path))

test('without a catalogue, and with one that is gone, the plan is blocked', async () => {
  expect((await plan({})).blockers.map(({ code }) => code)).toEqual(['CatalogMissing'])
  const catalog_id = '00000000-0000-7000-8000-000000000000'
  expect((await plan({ catalog_id })).blockers.map(({ code }) => code)).toEqual(['CatalogMissing'])
})

test('a component comes from the catalogue into the store and onto the server, checked on the way, once', async () => {
  const catalog_id = await catalog()
  const made = await plan({ catalog_id, component: 'bios' })
  expect(made.blockers).toEqual([])
  const update = biosOf(made)
  expect(update).toMatchObject({ filename: newest.file.file_name, to: newest.file.version })
  expect(asked).toEqual([])
  const catalog_entry_id = update?.catalog_entry_id ?? ''
  const fetched = await Promise.all([1, 2, 3].map(() => untilDone(() => transfer.fetchPackage({ catalog_entry_id }))))
  expect(new Set(fetched.map(({ package_id }) => package_id)).size).toBe(1)
  expect(asked).toEqual([newest.file.file_name])
  const package_id = fetched[0]?.package_id ?? ''
  const row = await getFirmwarePackage(bench.deps.db, package_id)
  expect(row).toMatchObject({
    filename: newest.file.file_name,
    sha256: newest.file.sha256,
    md5: md5(newest.bytes),
    catalog_id,
  })
  expect((await readFile(join(bench.iso_directory, row?.storage_name ?? ''))).equals(newest.bytes)).toBe(true)
  // Now that it is stored it goes under its id there, also when the base location may not be asked any more.
  await allow([])
  const again = biosOf(await plan({ catalog_id, component: 'bios' }))
  expect(again).toMatchObject({ package_id })
  expect(again).not.toHaveProperty('catalog_entry_id')
  const byMd5 = await catalog({ sha256: null }, null, [newest])
  expect(biosOf(await plan({ catalog_id: byMd5, component: '159' }))).toMatchObject({ package_id })
  if (!again) throw new Error('no BIOS in the plan')
  const work = await bench.work(server_id, [`server:${server_id}`])
  const sent = await untilDone(() =>
    transfer.submitFirmware({
      context: work,
      server_id,
      component: again,
      apply_time: 'OnReset',
      transfer: 'push',
      limit_minutes: 30,
    }),
  )
  expect(sent.device_job_id).toMatch(/^JID_/)
  expect(await uploads()).toHaveLength(1)
  expect(await leftovers()).toEqual([])
})

test('what the allow-list does not name is not asked, and the missing file blocks the plan', async () => {
  await allow(['10.0.0.5'])
  const catalog_id = await catalog({}, base, [older])
  const made = await plan({ catalog_id, component: 'bios', allow_downgrade: true })
  expect(made.blockers.map(({ code }) => code)).toEqual(['PackageNotFound'])
  expect((await plan({ catalog_id: await catalog({}, null, [older]), component: 'bios' })).blockers).toHaveLength(1)
  expect(asked).toEqual([])
})

test.each([
  ['SHA-256', { sha256: 'f'.repeat(64) }],
  ['MD5', { sha256: null, md5: 'f'.repeat(32) }],
  ['size', { size_bytes: 5_000_000 }],
  ['larger', { size_bytes: 1_000 }],
  ['no checksum', { sha256: null, md5: null }],
])('a file that is not what the catalogue names (%s) is not stored, and nothing is sent', async (words, changes) => {
  const before = (await uploads()).length
  const catalog_id = await catalog(changes, base, [older])
  const { rows } = await bench.database.pool.query('select id from firmware_catalog_entries where catalog_id = $1', [
    catalog_id,
  ])
  const failure = await failureOf(untilDone(() => transfer.fetchPackage({ catalog_entry_id: rows[0].id })))
  expect([failure.type, failure.message]).toEqual(['HashMismatch', expect.stringContaining(words)])
  const stored = await bench.database.pool.query('select 1 from firmware_packages where filename = $1', [
    older.file.file_name,
  ])
  expect(stored.rows).toEqual([])
  expect(await leftovers()).toEqual([])
  expect(await uploads()).toHaveLength(before)
})

test('a package from an address: the list, the checksum and the content decide; a look leaves nothing', async () => {
  const url = `${base}/${older.file.file_name}`
  const { sha256 } = older.file
  const take = (wish: { url?: string; sha256?: string | null; keep?: boolean }) =>
    untilDone(() => transfer.fetchUrlPackage({ url, sha256, keep: true, ...wish }))
  const looked = await take({ keep: false })
  expect(looked).toMatchObject({ package_id: null, facts: { id: 'url', version: older.file.version, sha256 } })
  expect(await leftovers()).toEqual([])
  const dry = await plan({
    firmware_source: 'url',
    package_ids: ['url'],
    offered: [looked.facts],
    allow_downgrade: true,
  })
  expect([biosOf(dry)?.to ?? dry.left_out[0]?.offered]).toEqual([older.file.version])
  expect((await failureOf(take({ sha256: 'e'.repeat(64) }))).type).toBe('HashMismatch')
  files.set('not-a.EXE', Buffer.from('MZ but nothing behind'))
  expect((await failureOf(take({ url: `${base}/not-a.EXE`, sha256: null }))).type).toBe('PackageInvalid')
  expect((await failureOf(take({ url: `${base}/gone.EXE`, sha256: null }))).type).toBe('UrlUnreachable')
  expect((await failureOf(take({ url: `${base}/elsewhere`, sha256: null }))).type).toBe('UrlRefused')
  await allow(['10.0.0.5'])
  asked = []
  for (const far of [url, 'http://169.254.169.254/x', 'http://localhost:8080/x'])
    expect((await failureOf(take({ url: far }))).type).toBe('UrlRefused')
  expect(asked).toEqual([])
  await allow(['127.0.0.1'])
  const kept = await take({})
  expect(kept.package_id).not.toBeNull()
  // Known by its checksum: it is not fetched again.
  asked = []
  expect(await take({ url: `${base}/gone.EXE` })).toMatchObject({ package_id: kept.package_id })
  expect(asked).toEqual([])
})

test('the catalogue of the depot: damaged files store nothing; a stepping stone is a step of its own', async () => {
  const [served] = (await lab.control<{ catalogs: { url: string }[] }>('GET', '/lab/site')).catalogs
  if (!served) throw new Error('the site has no catalogue')
  const { host, hostname } = new URL(served.url)
  await allow([hostname])
  const path = join(bench.iso_directory, 'Catalog.xml')
  await writeFile(path, Buffer.from(await (await fetch(served.url)).arrayBuffer()))
  const source = { path, sha256: 'd'.repeat(64), name: 'depot', source_type: 'upload' as const, imported_by: null }
  const { id: catalog_id } = await takeCatalog(bench.deps, source, await inspectCatalog(path))
  const old = lab.site.idracs.find((one) => one.model === 'PowerEdge R640' && !one.personality)
  if (!old) throw new Error('the site has no R640')
  const server = await bench.addServer(old)
  const work = await bench.work(server, [])
  const selection = { ...WISH, catalog_id, component: 'backplane' }
  const made = await untilDone(() =>
    firmware.planFirmware({ context: work, server_id: server, selection, store: true }),
  )
  const steps = made.phases.map(({ kind, updates }) => [kind, updates[0]?.from, updates[0]?.to])
  expect([made.blockers, steps]).toEqual([
    [],
    [
      ['prerequisite', ['4.35'], '4.36'],
      ['host_reboot', ['4.36'], '4.40'],
    ],
  ])
  const standing = (await complianceOfServer(bench.deps.db, server, catalog_id))[0]
  expect(standing).toMatchObject({ status: 'outdated' })
  const backplane = ((standing?.items ?? []) as { component: string; needs: object[] }[]).find(
    (item) => item.component === 'backplane',
  )
  expect(backplane?.needs).toMatchObject([{ min_version: '4.36', installed: '4.35', stepping_stone: true }])

  const stone = made.phases[0]?.updates[0]
  const take = () => untilDone(() => transfer.fetchPackage({ catalog_entry_id: stone?.catalog_entry_id ?? '' }))
  const broken = async (rule: object) => {
    const selector = { device: 'web-depot', path: `*${stone?.filename}` }
    await lab.control('POST', '/lab/faults', { selector, remaining: 1, ...rule })
    return (await failureOf(take())).type
  }
  expect(await broken({ action: 'replace_body', body: 'another file' })).toBe('HashMismatch')
  expect(await broken({ action: 'truncate' })).toMatch(/UrlUnreachable|HashMismatch/)
  expect(await broken({ action: 'status', code: 404 })).toBe('UrlUnreachable')
  expect(await leftovers()).toEqual([])
  expect((await take()).package_id).toMatch(/^[0-9a-f-]{36}$/)
  expect(host).toContain(':8080')
})

test('the path of an entry stays below the base location', () => {
  expect(entryUrl('https://m.example/dell/', 'FOLDER 1/a#b.EXE')).toBe('https://m.example/dell/FOLDER%201/a%23b.EXE')
  for (const path of ['../x.EXE', 'a/../../x', '', '/', 'a\\..\\b'])
    expect(() => entryUrl('https://m.example/dell', path)).toThrow('does not lie below')
})

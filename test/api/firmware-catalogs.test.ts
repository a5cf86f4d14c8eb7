import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveCompliance } from '../../db/stores/compliance.js'
import { importCatalog, type NewCatalogEntry } from '../../db/stores/firmware-catalogs.js'
import { upsertServer } from '../../db/stores/servers.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let operator: ApiClient
let viewer: ApiClient
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  operator = await api.as('operator')
  viewer = await api.as('viewer')
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

const entry = (path: string, more: Partial<NewCatalogEntry>): NewCatalogEntry => ({
  path,
  filename: path.slice(path.lastIndexOf('/') + 1),
  name: 'BIOS',
  component_id: '159',
  component_type: 'BIOS',
  component_class: 'host_reboot',
  version: '1.2.3',
  dell_version: null,
  package_code: null,
  release_date: '2025-01-01',
  criticality: 'urgent',
  reboot_required: true,
  size_bytes: 100,
  sha256: null,
  md5: null,
  system_ids: ['090E'],
  devices: [],
  prerequisites: [],
  bundle_models: ['R750'],
  package_type: 'LW64',
  models: ['R750'],
  ...more,
})

async function imported(name: string, entries: NewCatalogEntry[]): Promise<string> {
  const facts = {
    source_type: 'upload' as const,
    base_location: null,
    release_id: null,
    catalog_version: null,
    dated_at: null,
  }
  const head = { ...facts, name, sha256: name.padEnd(64, '0'), imported_by: null }
  return (await importCatalog(api.services.database.db, head, (writer) => writer.addEntries(entries))).id
}

test('catalogues are listed, filtered, renamed under their ETag, made the default and deleted', async () => {
  const one = await imported('first', [
    entry('a/BIOS_1.EXE', {}),
    entry('a/100%_NIC.EXE', {
      component_id: '0',
      component_type: 'FRMW',
      criticality: 'optional',
      system_ids: ['0936'],
    }),
  ])
  const two = await imported('second', [entry('a/BIOS_1.EXE', {})])
  expect((await viewer.call('GET', '/firmware-catalogs')).body.items).toMatchObject([
    { id: one, name: 'first', entries: 2, is_default: true },
    { id: two, name: 'second', entries: 1, is_default: false },
  ])
  expect((await viewer.call('PATCH', `/firmware-catalogs/${two}`, { name: 'x' })).status).toBe(403)
  const shown = await operator.call('GET', `/firmware-catalogs/${two}`)
  const etag = shown.headers.get('etag') ?? ''
  expect(shown.body.compliance).toEqual({ compliant: 0, outdated: 0, unknown: 0 })
  const change = { name: 'mirror', base_location: 'http://10.0.0.5/dell', is_default: true }
  const changed = await operator.call('PATCH', `/firmware-catalogs/${two}`, change, { 'if-match': etag })
  expect(changed.body).toMatchObject(change)
  expect((await operator.call('PATCH', `/firmware-catalogs/${two}`, change, { 'if-match': etag })).status).toBe(412)
  for (const base_location of ['file:///etc', 'http://u:p@10.0.0.5/'])
    expect((await operator.call('PATCH', `/firmware-catalogs/${two}`, { base_location })).status).toBe(400)
  expect((await viewer.call('GET', '/firmware-catalogs?is_default=true')).body.items).toMatchObject([{ id: two }])
  const at = `/firmware-catalogs/${one}/entries`
  const paths = async (query: string) =>
    (await viewer.call('GET', `${at}?${query}`)).body.items.map((item: { path: string }) => item.path)
  expect(await paths('')).toEqual(['a/100%_NIC.EXE', 'a/BIOS_1.EXE'])
  expect(await paths('component_id=159')).toEqual(['a/BIOS_1.EXE'])
  expect(await paths('system_id=0936&criticality=optional')).toEqual(['a/100%_NIC.EXE'])
  expect(await paths('search=0%25_')).toEqual(['a/100%_NIC.EXE'])
  expect(await paths('limit=1&sort=-path')).toEqual(['a/BIOS_1.EXE'])
  expect((await viewer.call('GET', `${at}?nonsense=1`)).status).toBe(400)
  const [first] = (await viewer.call('GET', at)).body.items
  expect((await viewer.call('GET', `${at}/${first.id}`)).body).toEqual(first)
  expect((await viewer.call('GET', `/firmware-catalogs/${two}/entries/${first.id}`)).status).toBe(404)
  expect((await operator.call('DELETE', `/firmware-catalogs/${one}`)).status).toBe(204)
  expect((await viewer.call('GET', `/firmware-catalogs/${one}`)).status).toBe(404)
})

test('how servers stand against a catalogue is told per server and per catalogue; not compared is unknown', async () => {
  const { db } = api.services.database
  const catalog_id = await imported('third', [entry('a/BIOS_1.EXE', {})])
  const { server } = await upsertServer(db, { service_tag: 'CMP0001', ip_address: '10.3.0.1', model: 'PowerEdge R750' })
  await upsertServer(db, { service_tag: 'CMP0002', ip_address: '10.3.0.2', model: 'PowerEdge R750' })
  const items = [{ component: 'bios', status: 'outdated' }]
  const counts = { outdated: 1, urgent: 1, not_in_catalog: 0 }
  await saveCompliance(db, [{ server_id: server.id, catalog_id, status: 'outdated', ...counts, items }])
  const at = `/firmware-catalogs/${catalog_id}`
  expect((await viewer.call('GET', `${at}/compliance?count=true`)).body).toMatchObject({
    total: 2,
    items: [
      { service_tag: 'CMP0001', status: 'outdated', urgent: 1 },
      { service_tag: 'CMP0002', status: 'unknown', compared_at: null },
    ],
  })
  const tags = async (query: string) =>
    (await viewer.call('GET', `${at}/compliance?${query}`)).body.items.map(
      (row: { service_tag: string }) => row.service_tag,
    )
  expect(await tags('status=unknown')).toEqual(['CMP0002'])
  expect(await tags('urgent=true')).toEqual(['CMP0001'])
  expect(await tags('model=PowerEdge%20R640')).toEqual([])
  expect((await viewer.call('GET', at)).body.compliance).toEqual({ compliant: 0, outdated: 1, unknown: 1 })
  const own = (await viewer.call('GET', `/servers/${server.id}/compliance?catalog_id=${catalog_id}`)).body.items
  expect(own).toMatchObject([{ catalog_id, catalog_name: 'third', status: 'outdated', items }])
  expect((await viewer.call('GET', `/servers/${server.id}/compliance`)).body.items[0].is_default).toBe(true)
})

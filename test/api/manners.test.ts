import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasVersion } from '../../api/documented-answers.js'
import { newId } from '../../db/new-id.js'
import { saveBiosConfiguration } from '../../db/stores/bios-configurations.js'
import { upsertCluster } from '../../db/stores/clusters.js'
import { importCatalog } from '../../db/stores/firmware-catalogs.js'
import { upsertHost } from '../../db/stores/hosts.js'
import { insertIsoImage, upsertFirmwarePackage } from '../../db/stores/media.js'
import { keepScpBackup } from '../../db/stores/scp-backups.js'
import { upsertServer } from '../../db/stores/servers.js'
import { insertVcenter } from '../../db/stores/vcenters.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let admin: ApiClient
let vcenter_id: string
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  admin = await api.as('admin')
  vcenter_id = (await insertVcenter(api.services.database.db, { name: 'vc', host: '127.3.0.1' })).id
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

async function idsByPath(): Promise<Record<string, string>> {
  const { db } = api.services.database
  const made = async (path: string, body: object) => String((await admin.call('POST', path, body)).body.id)
  const { server } = await upsertServer(db, { service_tag: 'ETAG001', ip_address: '127.3.1.1' })
  const cluster = await upsertCluster(db, vcenter_id, { moid: 'domain-c1', name: 'C1', ha_enabled: true } as never)
  const upload = { sha256: 'e'.repeat(64), source_type: 'upload' as const, status: 'ready' as const, storage_name: 'e' }
  const image = { ...upload, name: 'etag.iso', kind: 'iso' as const, size_bytes: 5, media_token: 'token' }
  const pack = {
    ...upload,
    name: 'BIOS',
    filename: 'etag.EXE',
    size_bytes: 5,
    version: '1',
    component_class: 'host_reboot' as const,
  }
  const at = { server_id: server.id, job_id: newId() }
  const facts = { source_type: 'upload' as const, base_location: null, release_id: null, catalog_version: null }
  const set = { name: 's', credential_type: 'idrac', username: 'root', password: 'x' }
  return {
    '/servers/:id': server.id,
    '/clusters/:id': cluster.id,
    '/vcenters/:id': vcenter_id,
    '/server-groups/:id': await made('/server-groups', { name: 'g' }),
    '/credential-sets/:id': await made('/credential-sets', set),
    '/tokens/:id': await made('/tokens', { name: 't' }),
    '/users/:id': await made('/users', { username: 'etag', password: 'a long test password', role: 'viewer' }),
    '/hosts/:id': (await upsertHost(db, { vcenter_id, moid: 'host-e' }, { name: 'etag-host' })).host.id,
    '/jobs/:id': await made('/jobs', { job_type: 'health_check', target_scope: { server_ids: [server.id] } }),
    '/iso-images/:id': (await insertIsoImage(db, image)).image.id,
    '/maintenance-windows/:id': await made('/maintenance-windows', {
      title: 'w',
      maintenance_type: 'patch',
      planned_start: '2099-01-01T00:00:00Z',
      planned_end: '2099-01-01T02:00:00Z',
    }),
    '/esxi-upgrade-profiles/:id': await made('/esxi-upgrade-profiles', {
      name: 'e',
      depot_path: '/vmfs/volumes/Depots/e.zip',
      profile_name: 'e',
      target_version: '8.0.3',
      target_build: 1,
    }),
    '/firmware-packages/:id': (await upsertFirmwarePackage(db, pack)).item.id,
    '/scp-backups/:id': await keptBackup(server.id),
    '/bios-configurations/:id': (
      await saveBiosConfiguration(db, {
        ...at,
        registry_name: 'v1',
        bios_version: '1',
        reason: 'read',
        attributes: {},
        pending: {},
      })
    ).id,
    '/firmware-catalogs/:id': (
      await importCatalog(
        db,
        { ...facts, name: 'etag', sha256: 'e'.repeat(64), dated_at: null, imported_by: null },
        async () => 0,
      )
    ).id,
    '/settings/activity': '',
    '/settings/media': '',
    '/settings/directory': '',
    '/settings/openmanage': '',
  }
}

const keptBackup = async (server_id: string) =>
  (
    await keepScpBackup(api.services.database.db, api.keys, {
      server_id,
      name: 'etag',
      components: ['BIOS'],
      format: 'XML',
      export_use: 'Default',
      content: '<SystemConfiguration/>',
      kind: 'export',
      service_tag: 'ETAG001',
      contains_hashes: false,
    })
  ).id

/** Changes that are valid where an empty one is not. */
const CHANGES: Record<string, object> = {
  '/clusters/:id': { max_unavailable: 2 },
  '/hosts/:id': { server_id: null },
  '/iso-images/:id': { name: 'other' },
  '/scp-backups/:id': { name: 'other' },
  '/firmware-catalogs/:id': { name: 'other' },
}
const ETAG = /^"[\w-]+"$/

test('single resources send an ETag, and a change that names another one is refused with the ETag now', async () => {
  const ids = await idsByPath()
  const lines = api.routes.filter(hasVersion)
  const paths = [...new Set(lines.map((line) => line.path))].sort()
  expect(paths).toEqual(Object.keys(ids).sort())
  for (const line of lines) {
    const path = line.path.replace(':id', ids[line.path] ?? '')
    const where = `${line.method} ${line.path}`
    if (line.method === 'GET') {
      const { status, headers } = await admin.call('GET', path)
      expect([status, headers.get('etag')], where).toEqual([200, expect.stringMatching(ETAG)])
      continue
    }
    const body = CHANGES[line.path] ?? {}
    const stale = await admin.call(line.method, path, line.method === 'PATCH' ? body : undefined, { 'if-match': '"0"' })
    expect([stale.status, stale.body?.code], where).toEqual([412, 'PreconditionFailed'])
    expect(stale.headers.get('etag'), where).toMatch(ETAG)
  }
})

test('every list turns round with its sort, and refuses what it does not know', async () => {
  for (const tag of ['LISTA', 'LISTB', 'LISTC']) {
    await upsertServer(api.services.database.db, { service_tag: tag, ip_address: `127.3.2.${tag.charCodeAt(4)}` })
  }
  for (const line of api.routes.filter(({ method, query, path }) => method === 'GET' && query && !path.includes(':'))) {
    expect((await admin.call('GET', `${line.path}?colour=blue`)).status, line.path).toBe(400)
  }
  for (const [path, sort] of [
    ['/servers', 'service_tag'],
    ['/users', 'username'],
    ['/job-types', 'job_type'],
    ['/audit', 'at'],
  ] as const) {
    const ids = async (by: string) =>
      (await admin.call('GET', `${path}?limit=200&sort=${by}`)).body.items.map(
        (row: Record<string, string>) => row[sort],
      )
    const up = await ids(sort)
    expect(up.length, path).toBeGreaterThan(2)
    expect(await ids(`-${sort}`), path).toEqual([...up].reverse())
  }
})

test('what cannot be stored or has no bottom is refused in words, nowhere with an error of the product', async () => {
  const nul = await admin.call('POST', '/server-groups', { name: 'a\u0000b' })
  expect([nul.status, nul.body.errors[0].pointer]).toEqual([400, '/name'])
  expect((await admin.call('POST', '/server-groups', '{"name":"\\ud800"}')).status).toBe(400)
  const deep = `{"job_type":"health_check","details":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`
  expect([(await admin.call('POST', '/jobs', deep)).status]).toEqual([400])
  expect((await admin.call('GET', '/servers?q=%00')).status).toBe(400)
  expect((await admin.call('PATCH', `/settings/activity`, { job_retention_days: 1e300 })).status).toBe(400)
  const huge = Buffer.from(JSON.stringify(['x', 'y'])).toString('base64url')
  expect((await admin.call('GET', `/jobs?cursor=${huge}`)).status).toBe(400)
})

test('a method that a path does not take is 405 with those that it does', async () => {
  const wrong = await admin.call('PUT', '/servers', {})
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  expect((await admin.call('OPTIONS', `/servers/${newId()}`)).headers.get('allow')).toBe(
    'GET, PATCH, DELETE, HEAD, OPTIONS',
  )
  expect((await admin.call('GET', '/nowhere')).status).toBe(404)
})

test('a cluster tells its capacity, which hosts do not serve and why, and nothing that it does not know', async () => {
  const { db } = api.services.database
  const facts = { moid: 'domain-c9', name: 'C9', ha_enabled: false, cpu_mhz: 100, cpu_demand_mhz: 30 }
  const cluster = await upsertCluster(db, vcenter_id, facts as never)
  await api.services.database.pool.query(
    `insert into vcenter_hosts (id, vcenter_id, cluster_id, name, moid, connection_state, power_state, in_maintenance_mode,
       in_quarantine, overall_status, cpu_mhz) values
       ($1, $3, $4, 'a', 'host-1', 'connected', 'poweredOn', false, false, 'green', 50),
       ($2, $3, $4, 'b', 'host-2', 'connected', 'poweredOn', true, false, 'green', 50)`,
    [newId(), newId(), vcenter_id, cluster.id],
  )
  const { body } = await admin.call('GET', `/clusters/${cluster.id}`)
  expect(body).toMatchObject({
    capacity: { cpu_used: 0.3, cpu_used_after_largest_host: 0.6, memory_used: null },
    hosts: [
      { name: 'a', serving: true, facts_at: null, blocked_by: [] },
      { name: 'b', serving: false, blocked_by: [{ code: 'StateConflict', message: 'b: in maintenance mode.' }] },
    ],
    hosts_serving: 1,
    hosts_out: 1,
    oldest_facts_at: null,
    last_safety_check: null,
  })
  const list = await admin.call('GET', '/clusters?name=C9')
  expect(list.body.items).toEqual([body])

  const { pool } = api.services.database
  const read_at = '2026-01-01T00:00:00.000Z'
  await pool.query("update vcenter_hosts set facts_at = $2, power_state = 'unknown' where cluster_id = $1", [
    cluster.id,
    read_at,
  ])
  const later = (await admin.call('GET', `/clusters/${cluster.id}`)).body
  expect(later).toMatchObject({ hosts_serving: 0, hosts_out: 2, oldest_facts_at: read_at })
  expect(later.hosts[0].blocked_by).toMatchObject([{ code: 'HostStateUnknown', message: 'a: power state unknown.' }])
})

test('an admin changes roles and shuts a person out, but not the own account', async () => {
  const made = await admin.call('POST', '/users', {
    username: 'anna',
    password: 'a long test password',
    role: 'viewer',
  })
  const path = `/users/${made.body.id}`
  const anna = await api.as(null)
  const sign = () => anna.call('POST', '/sessions', { username: 'anna', password: 'a long test password' })
  anna.token = (await sign()).body.token
  expect((await admin.call('PATCH', path, { roles: ['operator'] })).body.roles).toEqual(['operator'])
  expect((await anna.call('GET', '/sessions/current')).status).toBe(401)
  anna.token = (await sign()).body.token
  expect((await anna.call('GET', '/sessions/current')).body.role).toBe('operator')
  expect((await admin.call('PATCH', path, { disabled: true })).body.disabled_at).toBeTruthy()
  expect((await anna.call('GET', '/sessions/current')).status).toBe(401)
  anna.token = null
  expect((await sign()).status).toBe(401)
  const self = (await admin.call('GET', '/users?q=admin')).body.items[0]
  expect((await admin.call('PATCH', `/users/${self.id}`, { roles: ['viewer'] })).body.code).toBe('StateConflict')
  expect((await admin.call('PATCH', `/users/${self.id}`, { disabled: true })).status).toBe(409)
})

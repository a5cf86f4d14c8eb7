import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { openApiDocument } from '../../api/openapi.js'
import { uploadsFolder } from '../../api/resources/upload-room.js'
import { newId } from '../../db/new-id.js'
import { createPayloadCodec } from '../../db/payload-codec.js'
import { vcenterHosts, vcenters } from '../../db/schema/hosts.js'
import { openCredentialSet } from '../../db/stores/credentials.js'
import { upsertHost } from '../../db/stores/hosts.js'
import { judgeIdentity } from '../../db/stores/identities.js'
import { upsertFirmwarePackage } from '../../db/stores/media.js'
import { grantFile } from '../../db/stores/media-grants.js'
import { updateServerFacts, upsertServer } from '../../db/stores/servers.js'
import { insertVcenter } from '../../db/stores/vcenters.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let admin: ApiClient
let operator: ApiClient
let viewer: ApiClient
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  admin = await api.as('admin')
  operator = await api.as('operator')
  viewer = await api.as('viewer')
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

const PASSWORD = 'Geheim#"<&%'

test('a credential set is written with its ranges, never shows its password, and opens inside', async () => {
  const body = {
    name: 'iDRAC prod',
    credential_type: 'idrac',
    username: 'root',
    password: PASSWORD,
    priority: 10,
    ip_ranges: [{ ip_range: '10.0.0.9/24', priority: 5 }],
  }
  const made = await admin.call('POST', '/credential-sets', body)
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ has_password: true, ip_ranges: [{ ip_range: '10.0.0.0/24', priority: 5 }] })
  const shown = await operator.call('GET', `/credential-sets/${made.body.id}`)
  const list = await operator.call('GET', '/credential-sets?limit=200')
  for (const answer of [made, shown, list]) {
    expect(JSON.stringify(answer.body)).not.toMatch(/Geheim|_encrypted|"v1\./)
  }
  expect((await viewer.call('GET', '/credential-sets')).status).toBe(403)
  expect((await openCredentialSet(api.services.database.db, api.keys, made.body.id))?.password).toBe(PASSWORD)
  expect((await admin.call('POST', '/credential-sets', body)).body.code).toBe('DuplicateName')
  const bad = await admin.call('POST', '/credential-sets', {
    ...body,
    name: 'b',
    ip_ranges: [{ ip_range: '10.0.0.0/40' }],
  })
  expect([bad.status, bad.body.errors[0].pointer]).toEqual([400, '/ip_ranges/0/ip_range'])
  expect(
    (await admin.call('POST', '/credential-sets', { ...body, name: 'c', password: undefined })).body.errors[0].pointer,
  ).toBe('/password')
  const resolved = await operator.call('GET', '/credential-resolution?ip=10.0.0.77&kind=idrac')
  expect(resolved.body.choice).toMatchObject({ source: 'range', credential_set_id: made.body.id })
  const { rows } = await api.services.database.pool.query(
    `select audit_log::text as raw from audit_log where action = 'credential.create'`,
  )
  expect(JSON.stringify(rows)).not.toContain('Geheim')
})

test('ETag and If-Match keep two editors apart', async () => {
  const made = await admin.call('POST', '/credential-sets', {
    name: 'etag',
    credential_type: 'esxi',
    username: 'root',
    password: 'x',
  })
  const path = `/credential-sets/${made.body.id}`
  const etag = (await admin.call('GET', path)).headers.get('etag') ?? ''
  expect(etag).toBe('"1"')
  expect((await admin.call('PATCH', path, { priority: 1 }, { 'if-match': etag })).status).toBe(200)
  const stale = await admin.call('PATCH', path, { priority: 2 }, { 'if-match': etag })
  expect([stale.status, stale.body.code, stale.headers.get('etag')]).toEqual([412, 'PreconditionFailed', '"2"'])
  expect((await admin.call('DELETE', path, undefined, { 'if-match': '"2"' })).status).toBe(204)
  expect((await admin.call('GET', path)).status).toBe(404)
})

test('an operator labels a server, an admin changes the rest', async () => {
  const { server } = await upsertServer(api.services.database.db, { service_tag: 'PATCH01', ip_address: '127.2.0.1' })
  const path = `/servers/${server.id}`
  expect((await operator.call('PATCH', path, { labels: ['a'] })).body.labels).toEqual(['a'])
  expect((await operator.call('PATCH', path, { site: 'x' })).body).toMatchObject({
    code: 'Forbidden',
    errors: [{ pointer: '/site' }],
  })
  expect((await admin.call('PATCH', path, { site: 'x' })).body.site).toBe('x')
  expect((await admin.call('PATCH', path, { service_tag: 'X' })).status).toBe(400)
  expect((await viewer.call('GET', '/servers?label=a&count=true')).body).toMatchObject({
    total: 1,
    items: [{ service_tag: 'PATCH01' }],
  })
  expect(JSON.stringify((await viewer.call('GET', path)).body)).not.toContain('_encrypted')
  for (const part of ['firmware', 'health', 'jobs', 'commands', 'identities']) {
    expect((await viewer.call('GET', `${path}/${part}`)).body).toMatchObject({ items: [], next_cursor: null })
  }
  expect((await admin.call('DELETE', path)).status).toBe(204)
  expect((await viewer.call('GET', '/servers?label=a')).body.items).toEqual([])
})

test('a list shows a machine exactly as its own page does, whatever its columns hold', async () => {
  const { db } = api.services.database
  const { server } = await upsertServer(db, { service_tag: 'LISTED1', ip_address: '127.2.0.2' })
  await updateServerFacts(db, server.id, {
    hostname: 'a "quoted" \\ name\n\u2028 \u00e9\u{1f600}',
    labels: ['a,b', '{c}', '"', ''],
    last_seen_at: '2026-01-02T03:04:05.120Z',
    last_health_at: '2026-07-02T03:04:05.000Z',
    capabilities: { nested: [1, 2.5, null, { deep: 'x' }] },
    last_error: { code: 'Unreachable', message: 'no answer', at: '2026-01-02T03:04:05.120Z' },
    openmanage_device_id: 9_007_199_254_740_991,
    idrac_mac: '00:11:22:aa:bb:cc',
  })
  const vcenter = await insertVcenter(db, { name: 'vc-list', host: '127.3.0.9' })
  await upsertHost(db, { vcenter_id: vcenter.id, moid: 'host-9' }, { name: 'esx9.lab' })
  for (const list of ['/servers?service_tag=LISTED1', '/hosts?q=esx9']) {
    const { items } = (await viewer.call('GET', list)).body as { items: { id: string }[] }
    expect(items).toHaveLength(1)
    expect(items[0]).toEqual((await viewer.call('GET', `${list.split('?')[0]}/${items[0]?.id}`)).body)
  }
  await db.delete(vcenterHosts)
  await db.delete(vcenters)
})

test('a list of machines goes on at its cursor in both directions', async () => {
  for (const n of [1, 2, 3])
    await upsertServer(api.services.database.db, { service_tag: `PAGED0${n}`, ip_address: `127.2.1.${n}` })
  for (const [sort, order] of [
    ['service_tag', ['PAGED01', 'PAGED02', 'PAGED03']],
    ['-service_tag', ['PAGED03', 'PAGED02', 'PAGED01']],
  ] as const) {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const path = `/servers?q=PAGED&limit=1&count=true&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`
      const { body } = await viewer.call('GET', path)
      expect(body.total).toBe(3)
      seen.push(...body.items.map((item: { service_tag: string }) => item.service_tag))
      cursor = body.next_cursor
    }
    expect(seen).toEqual(order)
  }
})

test('a changed certificate is accepted by an admin', async () => {
  const { db } = api.services.database
  const place = { device_kind: 'idrac' as const, address: '127.2.0.9', port: 443, protocol: 'tls' as const }
  await judgeIdentity(db, place, { sha256: 'aa' }, { first_contact: 'pin' })
  const changed = await judgeIdentity(db, place, { sha256: 'bb' }, { first_contact: 'pin' })
  if (changed.verdict !== 'changed') throw new Error(changed.verdict)
  expect((await admin.call('POST', `/identities/${changed.seen.id}/accept`, {})).status).toBe(204)
  expect((await judgeIdentity(db, place, { sha256: 'bb' }, { first_contact: 'pin' })).verdict).toBe('accepted')
  expect((await admin.call('POST', `/identities/${newId()}/accept`, {})).status).toBe(404)
})

test('vCenters, groups and settings round trip', async () => {
  const vc = await admin.call('POST', '/vcenters', { name: 'vc-1', host: '10.0.0.5' })
  expect([vc.status, vc.body.port]).toEqual([201, 443])
  expect(
    (await admin.call('PATCH', `/vcenters/${vc.body.id}`, { sync_interval_minutes: 60 })).body.sync_interval_minutes,
  ).toBe(60)
  expect((await admin.call('DELETE', `/vcenters/${vc.body.id}`)).status).toBe(204)
  expect((await admin.call('POST', '/vcenters', { name: 'vc-1', host: '10.0.0.5' })).status).toBe(201)
  const settings = await admin.call('PATCH', '/settings/activity', {
    first_contact: 'ask',
    allowed_device_cidrs: ['10.0.0.0/8'],
  })
  expect(settings.body).toMatchObject({ first_contact: 'ask', allowed_device_cidrs: ['10.0.0.0/8'] })
  expect(JSON.stringify(settings.body)).not.toContain('encryption_key')
  expect((await admin.call('PATCH', '/settings/activity', { encryption_key: 'x' })).status).toBe(400)
  expect((await admin.call('PATCH', '/settings/activity', { log_retention_days: 0 })).body.errors[0].pointer).toBe(
    '/log_retention_days',
  )
  for (const [field, wrong] of [
    ['health_interval_minutes', 4],
    ['event_log_interval_minutes', 14],
    ['max_request_body_bytes', 262_145],
    ['mutation_retention_days', 89],
    ['session_idle_minutes', 121],
  ] as const) {
    const refused = await admin.call('PATCH', '/settings/activity', { [field]: wrong })
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, `/${field}`])
  }
  const off = { health_interval_minutes: 0, event_log_interval_minutes: 0, background_paused: true }
  expect((await admin.call('PATCH', '/settings/activity', off)).body).toMatchObject(off)
  expect((await admin.call('PATCH', '/settings/media', { base_url: 'ftp://10.0.0.1' })).status).toBe(400)
  for (const path of [
    '/hosts',
    '/clusters',
    '/safety-checks',
    '/firmware-packages',
    '/iso-images',
    '/esxi-upgrade-profiles',
    '/commands',
  ]) {
    expect([path, (await viewer.call('GET', path)).body]).toEqual([path, { items: [], next_cursor: null }])
  }
  expect((await admin.call('GET', '/audit?action=settings.update')).body.items[0]).toMatchObject({
    actor_label: 'admin',
  })
})

test('a package can be renamed and applied more carefully, never less; not against a change of somebody else', async () => {
  const { db } = api.services.database
  const sha256 = 'c'.repeat(64)
  const facts = { filename: 'Diagnostics_X.EXE', size_bytes: 5, version: '1', devices: [{ component_id: '196' }] }
  const { item } = await upsertFirmwarePackage(db, { ...facts, sha256, component_class: 'direct' })
  const path = `/firmware-packages/${item.id}`
  const shown = await viewer.call('GET', path)
  const if_match = { 'if-match': shown.headers.get('etag') ?? '' }
  const change = (body: object, headers = {}) => operator.call('PATCH', path, body, headers)
  expect((await viewer.call('PATCH', path, { name: 'x' })).status).toBe(403)
  expect((await change({ sha256: 'd'.repeat(64) })).status).toBe(400)
  const careful = await change({ name: 'Our diagnostics', component_class: 'host_reboot' }, if_match)
  expect([careful.status, careful.body]).toMatchObject([
    200,
    { name: 'Our diagnostics', component_class: 'host_reboot' },
  ])
  expect((await change({ name: 'late' }, if_match)).status).toBe(412)
  const idrac = await change({ component_class: 'idrac' })
  expect([idrac.status, idrac.body.code, idrac.body.errors[0].pointer]).toEqual([
    422,
    'OptionConflict',
    '/component_class',
  ])
  // What somebody said of it stays when the same file comes again.
  const again = await upsertFirmwarePackage(db, { ...facts, sha256, name: 'read', component_class: 'direct' })
  expect(again.item).toMatchObject({ id: item.id, name: 'Our diagnostics', component_class: 'host_reboot' })

  await grantFile(db, {
    package_id: item.id,
    server_id: newId(),
    allowed_address: '10.0.0.7',
    job_id: newId(),
    token: 't'.repeat(32),
    valid_minutes: 5,
  })
  expect((await operator.call('DELETE', path)).body.code).toBe('StateConflict')
  await api.services.database.pool.query("update media_grants set expires_at = now() - interval '1 minute'")
  expect((await operator.call('DELETE', path)).status).toBe(204)
})

test('the login banner stands on the sign-in page, as text', async () => {
  const page = async () => (await fetch(`${api.url}/`)).text()
  expect(await page()).not.toContain('id="banner"')
  const login_banner = 'Only for <staff> & guests'
  expect((await admin.call('PATCH', '/settings/activity', { login_banner })).status).toBe(200)
  expect(await page()).toContain('Only for &lt;staff> &amp; guests')
  await admin.call('PATCH', '/settings/activity', { login_banner: null })
})

const put = (client: ApiClient, name: string, bytes: Buffer, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/api/v1/uploads/${encodeURIComponent(name)}`, {
    method: 'PUT',
    body: new Uint8Array(bytes),
    headers: { authorization: `Bearer ${client.token}`, 'content-type': 'application/octet-stream', ...headers },
  })

test('an upload is streamed, hashed, and lies under a name of ours', async () => {
  const bytes = randomBytes(3_000_000)
  const answer = await put(operator, '../../etc/BIOS_X.EXE', bytes)
  const body = (await answer.json()) as { upload_id: string; sha256: string; size_bytes: number }
  expect([answer.status, body.size_bytes, body.sha256]).toEqual([
    201,
    bytes.length,
    createHash('sha256').update(bytes).digest('hex'),
  ])
  const { rows } = await api.services.database.pool.query('select filename, storage_name from uploads where id = $1', [
    body.upload_id,
  ])
  expect(rows[0].filename).toBe('BIOS_X.EXE')
  const stored = readFileSync(join(uploadsFolder(api.services.config.iso_directory), rows[0].storage_name))
  expect(stored.equals(bytes)).toBe(true)
  expect((await put(viewer, 'x', bytes)).status).toBe(403)
  const order = await operator.call('POST', '/jobs', { job_type: 'iso_upload', details: { upload_id: body.upload_id } })
  expect(order.body.targets).toEqual([{ kind: 'file', id: body.upload_id, name: 'BIOS_X.EXE' }])
  // Somebody else's upload is not theirs to take; an admin may.
  const foreign = await put(admin, 'mine.iso', bytes)
  const { upload_id } = (await foreign.json()) as { upload_id: string }
  const taken = await operator.call('POST', '/jobs', { job_type: 'iso_upload', details: { upload_id } })
  expect(taken.body.code).toBe('MediaNotFound')
  const other = await admin.call('POST', '/jobs', { job_type: 'iso_upload', details: { upload_id: body.upload_id } })
  expect(other.status).toBe(202)
})

test('an upload without a length, over the quota, or broken off leaves nothing', async () => {
  const folder = uploadsFolder(api.services.config.iso_directory)
  const before = existsSync(folder) ? readdirSync(folder).length : 0
  const raw = (headers: Record<string, string>, send: (req: ReturnType<typeof request>) => void) =>
    new Promise<number>((resolve) => {
      const req = request(
        `${api.url}/api/v1/uploads/a.iso`,
        { method: 'PUT', headers: { authorization: `Bearer ${operator.token}`, ...headers } },
        (res) => {
          res.resume()
          resolve(res.statusCode ?? 0)
        },
      )
      req.on('error', () => resolve(0))
      send(req)
    })
  expect(await raw({ 'transfer-encoding': 'chunked' }, (req) => req.end('abc'))).toBe(411)
  expect(await raw({ 'content-length': String(65 * 1024 ** 3) }, (req) => req.flushHeaders())).toBe(413)
  await raw({ 'content-length': '1000' }, (req) => {
    req.write('abc')
    setTimeout(() => req.destroy(), 50)
  })
  await expect.poll(() => (existsSync(folder) ? readdirSync(folder).length : 0)).toBe(before)
  const { rows } = await api.services.database.pool.query(
    'select count(*)::int as n from uploads where completed_at is null',
  )
  expect(rows).toEqual([{ n: 0 }])
})

test('malformed, oversized and foreign bodies are refused as problems, without a stack', async () => {
  const send = (body: string, type = 'application/json') => admin.call('POST', '/jobs', body, { 'content-type': type })
  expect((await send('{"job_type":')).body).toMatchObject({ status: 400, code: 'InvalidRequest' })
  expect((await send('a=b', 'application/x-www-form-urlencoded')).status).toBe(415)
  expect((await send('[]')).status).toBe(400)
  expect((await send(JSON.stringify({ job_type: 'x'.repeat(50 * 1024 * 1024) }))).body).toMatchObject({
    status: 413,
    code: 'PayloadTooLarge',
  })
  const problem = await viewer.call('GET', '/nowhere')
  expect(problem.body).toMatchObject({
    type: '/problems/not-found',
    title: 'Not found',
    status: 404,
    code: 'NotFound',
    request_id: problem.headers.get('x-request-id'),
  })
  expect((await fetch(`${api.url}/problems/not-found`)).status).toBe(200)
  expect((await fetch(`${api.url}/api/v1/servers/%E0%A4%A`)).status).toBe(400)
  const traced = await viewer.call('GET', '/servers', undefined, { 'x-request-id': 'my-request-1' })
  expect(traced.headers.get('x-request-id')).toBe('my-request-1')
  expect(traced.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(traced.headers.get('strict-transport-security')).toBeNull()
})

test('histories are opened for auditors only', async () => {
  const auditor = await api.as('auditor')
  const codec = createPayloadCodec({ current: { kid: api.keys.kek_id, key: api.keys.deriveKey('temporal-payload') } })
  const [sealed] = await codec.encode([
    { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"x":1}') },
  ])
  const text = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString('base64')
  const body = {
    payloads: [
      {
        metadata: Object.fromEntries(Object.entries(sealed?.metadata ?? {}).map(([k, v]) => [k, text(v)])),
        data: text(sealed?.data),
      },
    ],
  }
  expect((await operator.call('POST', '/codec/decode', body)).status).toBe(403)
  const opened = await auditor.call('POST', '/codec/decode', body)
  expect(Buffer.from(opened.body.payloads[0].data, 'base64').toString()).toBe('{"x":1}')
  const atRoot = await fetch(`${api.url}/codec/decode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${auditor.token}` },
    body: JSON.stringify(body),
  })
  expect(atRoot.status).toBe(200)
})

test('health, version, document and page answer without a token', async () => {
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200)
  const ready = await fetch(`${api.url}/readyz`)
  expect(await ready.json()).toMatchObject({
    database: 'ok',
    temporal: 'ok',
    migrations: 'ok',
    key: 'ok',
    worker: 'no worker process is alive',
  })
  expect(ready.status).toBe(503)
  expect(await (await fetch(`${api.url}/api/v1/version`)).json()).toMatchObject({ api: 'v1' })
  expect(await (await fetch(`${api.url}/api/docs`)).text()).toContain('/api/v1/jobs')
  const document = (await (await fetch(`${api.url}/api/v1/openapi.json`)).json()) as ReturnType<typeof openApiDocument>
  expect(document.openapi).toBe('3.1.1')
  expect(Object.keys(document.paths ?? {})).toContain('/api/v1/jobs/{id}/cancel')
  expect(JSON.stringify(document.paths?.['/api/v1/jobs']?.post)).toContain('Order_rolling_update')
  expect(JSON.stringify(document)).not.toContain('_encrypted')
})

test('the catalogue shows every type with its schemas', async () => {
  const { body } = await viewer.call('GET', '/job-types?limit=200')
  expect(body.items.map((t: { job_type: string }) => t.job_type)).toContain('rolling_update')
  const one = await viewer.call('GET', '/job-types/rolling_update')
  expect(one.body).toMatchObject({ risk: 'disruptive', controls: expect.arrayContaining(['pause', 'acknowledge']) })
  expect(one.body.details_schema.properties.max_unavailable.default).toBe(1)
})

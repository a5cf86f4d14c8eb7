import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepScpBackup } from '../../db/stores/scp-backups.js'
import { upsertServer } from '../../db/stores/servers.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

const CONTENT = '<SystemConfiguration ServiceTag="SCPTAG1"><Component FQDD="BIOS.Setup.1-1"/></SystemConfiguration>'

let postgres: TestPostgres
let api: TestApi
let admin: ApiClient
let operator: ApiClient
let viewer: ApiClient
let server_id: string
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  ;[admin, operator, viewer] = await Promise.all([api.as('admin'), api.as('operator'), api.as('viewer')])
  const { server } = await upsertServer(api.services.database.db, { service_tag: 'SCPTAG1', ip_address: '10.1.2.3' })
  server_id = server.id
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

const keep = (name: string, kind: 'export' | 'uploaded' = 'export') =>
  keepScpBackup(api.services.database.db, api.keys, {
    server_id,
    name,
    components: ['BIOS'],
    format: 'XML',
    export_use: 'Default',
    content: CONTENT,
    kind,
    service_tag: 'SCPTAG1',
    contains_hashes: false,
  })

test('the list is newest first, filtered, and never has content', async () => {
  for (const name of ['one', 'two', 'three']) await keep(name)
  await keep('given', 'uploaded')
  const list = await operator.call('GET', `/scp-backups?server_id=${server_id}&kind=export&limit=2&count=true`)
  expect(list.body.items.map((row: { name: string }) => row.name)).toEqual(['three', 'two'])
  expect(list.body.total).toBe(3)
  const rest = await operator.call(
    'GET',
    `/scp-backups?server_id=${server_id}&kind=export&limit=2&cursor=${list.body.next_cursor}`,
  )
  expect(rest.body.items.map((row: { name: string }) => row.name)).toEqual(['one'])
  expect(JSON.stringify([list.body, rest.body])).not.toMatch(/SystemConfiguration|_encrypted/)
})

test('a backup is named and pinned under its ETag', async () => {
  const { id } = await keep('before')
  const read = await operator.call('GET', `/scp-backups/${id}`)
  const etag = read.headers.get('etag') ?? ''
  expect(read.body).toMatchObject({ id, name: 'before', pinned: false, size_bytes: CONTENT.length })
  const patch = { name: 'after', pinned: true }
  expect((await viewer.call('PATCH', `/scp-backups/${id}`, patch)).status).toBe(403)
  const changed = await operator.call('PATCH', `/scp-backups/${id}`, patch, { 'if-match': etag })
  expect(changed.body).toMatchObject(patch)
  const late = await operator.call('PATCH', `/scp-backups/${id}`, { name: 'x' }, { 'if-match': etag })
  expect([late.status, late.body.code]).toEqual([412, 'PreconditionFailed'])
})

test('the content is for admins, and each download is on record', async () => {
  const { id } = await keep('secret')
  expect((await operator.call('GET', `/scp-backups/${id}/content`)).status).toBe(403)
  const got = await admin.call('GET', `/scp-backups/${id}/content`)
  expect([got.status, got.body, got.headers.get('content-type')]).toEqual([
    200,
    CONTENT,
    'application/xml; charset=utf-8',
  ])
  const audit = await admin.call('GET', `/audit?object_id=${id}`)
  expect(audit.body.items).toMatchObject([{ action: 'scp_backup.download', actor_label: 'admin' }])
})

test('only an admin deletes', async () => {
  const { id } = await keep('old')
  expect((await operator.call('DELETE', `/scp-backups/${id}`)).status).toBe(403)
  expect((await admin.call('DELETE', `/scp-backups/${id}`)).status).toBe(204)
  expect((await admin.call('GET', `/scp-backups/${id}`)).status).toBe(404)
  expect((await admin.call('GET', `/scp-backups/${id}/content`)).status).toBe(404)
})

const order = (details: object) =>
  admin.call('POST', '/jobs', { job_type: 'scp_import', target_scope: { server_ids: [server_id] }, details })

test('a profile that comes with an order is kept sealed first, and the job holds only its id', async () => {
  const { status, body } = await order({ content: CONTENT, components: ['BIOS'] })
  expect(status).toBe(202)
  const job = await admin.call('GET', `/jobs/${body.id}`)
  expect(JSON.stringify(job.body)).not.toContain('SystemConfiguration')
  const { scp_backup_id } = job.body.details
  const backup = await admin.call('GET', `/scp-backups/${scp_backup_id}`)
  expect(backup.body).toMatchObject({
    kind: 'uploaded',
    server_id,
    service_tag: 'SCPTAG1',
    format: 'XML',
    job_id: body.id,
  })
  expect((await admin.call('GET', `/scp-backups/${scp_backup_id}/content`)).body).toBe(CONTENT)
  const { rows } = await api.services.database.pool.query('select jobs::text as text from jobs')
  expect(JSON.stringify(rows)).not.toContain('SystemConfiguration')
})

test('an order may bring up to four MiB, which other bodies may not', async () => {
  const large = CONTENT.replace('<Component', `<!--${'x'.repeat(3 * 1024 * 1024)}--><Component`)
  expect((await order({ content: large })).status).toBe(202)
  expect((await order({ content: large.replace('x', 'y'.repeat(2 * 1024 * 1024)) })).status).toBe(400)
  expect((await admin.call('PATCH', '/settings/media', { base_url: large })).status).toBe(413)
})

test('base64, a document type, an unknown profile, both or neither are refused before a job is written', async () => {
  const refused = async (details: object) => {
    const { status, body } = await order(details)
    return [status, body.code]
  }
  const { id } = await keep('both')
  expect(await refused({ content: Buffer.from(CONTENT).toString('base64') })).toEqual([422, 'ScpInvalid'])
  expect(await refused({ content: `<!DOCTYPE a>${CONTENT}` })).toEqual([422, 'ScpInvalid'])
  expect(await refused({ scp_backup_id: server_id })).toEqual([422, 'UnknownTarget'])
  expect(await refused({ scp_backup_id: id, content: CONTENT })).toEqual([400, 'InvalidRequest'])
  expect(await refused({})).toEqual([400, 'InvalidRequest'])
  expect(
    (await operator.call('POST', '/jobs', { job_type: 'scp_import', details: { scp_backup_id: id } })).status,
  ).toBe(403)
})

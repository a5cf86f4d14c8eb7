import { afterAll, beforeAll, expect, test } from 'vitest'
import { openOpenmanageAccess } from '../../db/stores/openmanage-settings.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

const PATH = '/settings/openmanage'
const PASSWORD = 'Geheim-Ome-1'

let postgres: TestPostgres
let api: TestApi
let admin: ApiClient
let operator: ApiClient
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  ;[admin, operator] = await Promise.all([api.as('admin'), api.as('operator')])
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

const post = () => operator.call('POST', '/jobs', { job_type: 'openmanage_sync', target_scope: {}, details: {} })

test('a sync cannot be posted before OpenManage is configured', async () => {
  const { status, body } = await post()
  expect([status, body.code]).toEqual([409, 'StateConflict'])
})

test('what is switched on must be complete', async () => {
  const half = await admin.call('PATCH', PATH, { enabled: true, host: '10.0.0.9', username: 'admin' })
  expect([half.status, half.body.errors[0].pointer]).toEqual([400, '/password'])
  expect((await admin.call('PATCH', PATH, { host: 'not a host' })).status).toBe(400)
  expect((await operator.call('PATCH', PATH, { enabled: false })).status).toBe(403)
})

test('the password goes in, opens inside, and comes out nowhere; the ETag keeps editors apart', async () => {
  const etag = (await admin.call('GET', PATH)).headers.get('etag') ?? ''
  const given = { enabled: true, host: '10.0.0.9', port: 8443, username: 'admin', password: PASSWORD }
  const changed = await admin.call('PATCH', PATH, given, { 'if-match': etag })
  expect(changed.body).toMatchObject({ enabled: true, host: '10.0.0.9', has_password: true })
  expect((await admin.call('PATCH', PATH, { port: 443 }, { 'if-match': etag })).status).toBe(412)
  const audit = await admin.call('GET', '/audit?object_id=openmanage')
  const shown = [changed.body, (await operator.call('GET', PATH)).body, audit.body]
  expect(JSON.stringify(shown)).not.toMatch(/Geheim|_encrypted|"v1\./)
  expect(audit.body.items[0].after).toMatchObject({ password: 'changed' })
  expect(await openOpenmanageAccess(api.services.database.db, api.keys)).toMatchObject({
    password: PASSWORD,
    port: 8443,
  })
  expect((await post()).status).toBe(202)
})

test('another host does not get the old password by accident', async () => {
  const moved = await admin.call('PATCH', PATH, { host: '10.0.0.10' })
  expect([moved.status, moved.body.errors[0].pointer]).toEqual([400, '/password'])
  expect((await admin.call('PATCH', PATH, { host: '10.0.0.10', password: 'new' })).status).toBe(200)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../db/new-id.js'
import { saveBiosConfiguration } from '../../db/stores/bios-configurations.js'
import { upsertServer } from '../../db/stores/servers.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let viewer: ApiClient
let operator: ApiClient
let server_id: string
let older: string
let newer: string

beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  viewer = await api.as('viewer')
  operator = await api.as('operator')
  const { db } = api.services.database
  server_id = (await upsertServer(db, { service_tag: 'BIOS001', ip_address: '127.0.0.9' })).server.id
  const reading = { server_id, job_id: newId(), registry_name: 'v1_0_3', bios_version: '1.8.2' }
  const save = async (attributes: Record<string, string>, reason: 'read' | 'before_write' | 'after_write') =>
    (await saveBiosConfiguration(db, { ...reading, reason, attributes, pending: {} })).id
  older = await save({ NumLock: 'On', BootMode: 'Uefi' }, 'before_write')
  newer = await save({ NumLock: 'Off', BootMode: 'Uefi' }, 'after_write')
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

test('readings are listed newest first, without their attributes', async () => {
  const list = await viewer.call('GET', `/bios-configurations?server_id=${server_id}&count=true`)
  expect(list.body).toMatchObject({ total: 2, next_cursor: null })
  expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual([newer, older])
  expect(list.body.items[0]).toMatchObject({ reason: 'after_write', attribute_count: 2, bios_version: '1.8.2' })
  expect(list.body.items[0]).not.toHaveProperty('attributes')
  expect((await viewer.call('GET', `/bios-configurations?server_id=${newId()}`)).body.items).toEqual([])
})

test('one reading has its attributes, an ETag, and the differences from another when asked', async () => {
  const one = await viewer.call('GET', `/bios-configurations/${newer}?compare_with=${older}`)
  expect(one.body).toMatchObject({
    id: newer,
    attributes: { NumLock: 'Off', BootMode: 'Uefi' },
    differences: [{ name: 'NumLock', from: 'On', to: 'Off' }],
  })
  const plain = await viewer.call('GET', `/bios-configurations/${newer}`)
  expect(plain.headers.get('etag')).toMatch(/^"[0-9a-f]{16}-\d+"$/)
  expect(plain.body).not.toHaveProperty('differences')
  expect((await viewer.call('GET', `/bios-configurations/${newId()}`)).status).toBe(404)
  expect((await viewer.call('GET', `/bios-configurations/${newer}?compare_with=${newId()}`)).status).toBe(404)
})

test('a server shows its newest reading, or says that none was made', async () => {
  const shown = await viewer.call('GET', `/servers/${server_id}/bios`)
  expect(shown.body).toMatchObject({ id: newer, attributes: { NumLock: 'Off' }, pending: {} })
  const { server } = await upsertServer(api.services.database.db, { service_tag: 'BIOS002', ip_address: '127.0.0.10' })
  const none = await viewer.call('GET', `/servers/${server.id}/bios`)
  expect([none.status, none.body.detail]).toEqual([404, expect.stringContaining('bios_config_read')])
})

test('a job that names a configuration that is not stored is refused', async () => {
  const order = { job_type: 'bios_config_read', target_scope: { server_ids: [server_id] } }
  const refused = await operator.call('POST', '/jobs', { ...order, details: { compare_with: newId() } })
  expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
    422,
    'UnknownTarget',
    '/details/compare_with',
  ])
  expect((await operator.call('POST', '/jobs', { ...order, details: { compare_with: older } })).status).toBe(202)
})

test('an equal reading moves the newest row, also back to earlier values a new one', async () => {
  const { db } = api.services.database
  const reading = { server_id, job_id: null, reason: 'read' as const, registry_name: null, bios_version: null }
  const attributes = { BootMode: 'Uefi', NumLock: 'Off' }
  expect(await saveBiosConfiguration(db, { ...reading, attributes, pending: { NumLock: 'On' } })).toEqual({
    id: newer,
    changed: false,
  })
  expect((await viewer.call('GET', `/servers/${server_id}/bios`)).body.pending).toEqual({ NumLock: 'On' })
  const back = await saveBiosConfiguration(db, {
    ...reading,
    attributes: { NumLock: 'On', BootMode: 'Uefi' },
    pending: {},
  })
  expect(back.changed).toBe(true)
  expect([older, newer]).not.toContain(back.id)
})

test.each([
  ['bios_config_write', { attributes: { SecureBoot: 'Disabled' } }, 403, 'Forbidden', '/details/attributes/SecureBoot'],
  ['bios_config_write', { from: true }, 403, 'Forbidden', '/details/from_configuration_id'],
  ['bios_config_write', { from: true, only: ['BootMode'] }, 403, 'Forbidden', '/details/only'],
  ['bios_config_write', { from: true, only: ['NumLock'] }, 202, undefined, undefined],
  [
    'bios_config_write',
    { attributes: { NumLock: 'Off' }, override_pending: true },
    403,
    'Forbidden',
    '/details/override_pending',
  ],
  [
    'bios_config_write',
    { attributes: { SetupPassword: 'geheim' } },
    422,
    'AttributeInvalid',
    '/details/attributes/SetupPassword',
  ],
  ['bios_config_write', {}, 422, 'OptionConflict', '/details/attributes'],
  ['bios_config_write', { attributes: { NumLock: 'Off' }, only: ['NumLock'] }, 422, 'OptionConflict', '/details/only'],
  ['boot_configuration', {}, 422, 'OptionConflict', '/details/target'],
  ['boot_configuration', { target: 'UefiTarget' }, 422, 'OptionConflict', '/details/uefi_target'],
] as const)('an operator who orders %s with %j gets %i %s', async (job_type, given, status, code, pointer) => {
  const { from, ...details } = given as { from?: true }
  const answer = await operator.call('POST', '/jobs', {
    job_type,
    target_scope: { server_ids: [server_id] },
    details: { ...details, ...(from ? { from_configuration_id: older } : {}) },
  })
  expect([answer.status, answer.body.code, answer.body.errors?.[0]?.pointer]).toEqual([status, code, pointer])
  const { rows } = await api.services.database.pool.query(`select 1 from jobs where details::text like '%geheim%'`)
  expect(rows).toEqual([])
})

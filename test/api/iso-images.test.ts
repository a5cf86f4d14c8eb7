import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { IsoImage } from '../../db/schema/media.js'
import { insertIsoImage } from '../../db/stores/media.js'
import { endGrants, grantFile } from '../../db/stores/media-grants.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let operator: ApiClient
let viewer: ApiClient
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  ;[operator, viewer] = await Promise.all([api.as('operator'), api.as('viewer')])
  mkdirSync(api.services.config.iso_directory, { recursive: true })
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

const fileOf = (name: string) => join(api.services.config.iso_directory, name)

async function image(name: string, letter: string, more: Partial<IsoImage> = {}) {
  const sha256 = letter.repeat(64)
  const { db } = api.services.database
  const rest = { size_bytes: 5, sha256, source_type: 'upload' as const, status: 'ready' as const, storage_name: sha256 }
  const row = { name, kind: 'iso' as const, media_token: `secret-token-of-${name}`, ...rest, ...more }
  writeFileSync(fileOf(row.storage_name ?? sha256), 'bytes')
  return (await insertIsoImage(db, row)).image
}

test('images are listed, filtered and sorted, without what lets a device read them', async () => {
  await image('b', 'b')
  await image('a', 'a', { kind: 'img' })
  await image('c', 'c', { status: 'missing', source_type: 'scan', storage_name: 'put-here.iso' })
  const names = async (query: string) => {
    const { status, body } = await viewer.call('GET', `/iso-images${query}`)
    return status === 200 ? body.items.map((row: IsoImage) => row.name).join('') : status
  }
  expect([await names(''), await names('?sort=-name'), await names('?sort=created_at')]).toEqual(['abc', 'cba', 'bac'])
  expect([await names('?kind=img'), await names('?status=missing'), await names('?source_type=upload')]).toEqual([
    'a',
    'c',
    'ab',
  ])
  expect([await names('?name=b'), await names('?nothing=1')]).toEqual(['b', 400])
  const all = JSON.stringify((await viewer.call('GET', '/iso-images')).body)
  expect(all).not.toMatch(/secret-token|put-here|storage_name|media_token/)
})

test('an image is renamed by whoever has seen its latest state', async () => {
  const row = await image('old', 'd')
  const path = `/iso-images/${row.id}`
  const etag = (await viewer.call('GET', path)).headers.get('etag') ?? ''
  expect((await viewer.call('PATCH', path, { name: 'x' })).status).toBe(403)
  const renamed = await operator.call('PATCH', path, { name: ' new ' }, { 'if-match': etag })
  expect([renamed.status, renamed.body.name]).toEqual([200, 'new'])
  expect((await operator.call('PATCH', path, { name: 'late' }, { 'if-match': etag })).status).toBe(412)
  expect((await operator.call('PATCH', path, { kind: 'img' })).status).toBe(400)
})

test('an image that a server may read stays; then it goes with its file, but never with a file that is not ours', async () => {
  const [own, put] = [
    await image('own', 'e'),
    await image('put', 'f', { storage_name: 'there.iso', source_type: 'scan' }),
  ]
  const server_id = '00000000-0000-4000-8000-000000000001'
  const { db } = api.services.database
  await grantFile(db, {
    image_id: own.id,
    server_id,
    allowed_address: '10.0.0.9',
    job_id: server_id,
    token: 'a-token-of-one-server-only',
    valid_minutes: 5,
  })
  const grants = await viewer.call('GET', `/iso-images/${own.id}/grants`)
  expect(grants.body.items).toMatchObject([
    { server_id, allowed_address: '10.0.0.9', bytes_read: 0, last_read_at: null },
  ])
  expect(JSON.stringify(grants.body)).not.toContain('a-token-of')
  const refused = await operator.call('DELETE', `/iso-images/${own.id}`)
  expect(refused.body).toMatchObject({ status: 409, code: 'StateConflict', server_ids: [server_id] })
  await endGrants(db, server_id)
  expect((await operator.call('DELETE', `/iso-images/${own.id}`)).status).toBe(204)
  expect((await operator.call('DELETE', `/iso-images/${put.id}`)).status).toBe(204)
  expect([existsSync(fileOf('e'.repeat(64))), existsSync(fileOf('there.iso'))]).toEqual([false, true])
  expect((await viewer.call('GET', `/iso-images/${own.id}`)).status).toBe(404)
})

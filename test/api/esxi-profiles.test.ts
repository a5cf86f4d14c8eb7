import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertIsoImage } from '../../db/stores/media.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { dsmClient } from '../helpers/dsm.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let operator: ApiClient
let viewer: ApiClient
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  ;[operator, viewer] = await Promise.all([api.as('operator'), api.as('viewer')])
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

const PATH = '/esxi-upgrade-profiles'
const DEPOT = '/vmfs/volumes/Depots/ESXi-8.0U3.zip'
const A03 = { name: 'A03', depot_path: DEPOT, profile_name: 'DEL-A03', target_version: '8.0.3', target_build: 24859861 }

async function image(kind: 'iso' | 'esxi_depot', letter: string): Promise<string> {
  const file = { sha256: letter.repeat(64), storage_name: letter.repeat(64), size_bytes: 5, media_token: letter }
  const row = { name: `${kind}.file`, kind, source_type: 'upload' as const, status: 'ready' as const, ...file }
  return (await insertIsoImage(api.services.database.db, row)).image.id
}

test('an ESXi image gets a name, on record, and loses it again', async () => {
  const made = await operator.call('POST', PATH, A03)
  expect([made.status, made.body]).toMatchObject([201, { ...A03, iso_image_id: null, version: 1 }])
  expect((await viewer.call('GET', `${PATH}/${made.body.id}`)).body).toEqual(made.body)
  expect((await viewer.call('GET', PATH)).body.items).toEqual([made.body])
  expect((await operator.call('POST', PATH, A03)).body.code).toBe('DuplicateName')
  expect((await viewer.call('DELETE', `${PATH}/${made.body.id}`)).status).toBe(403)
  expect((await operator.call('DELETE', `${PATH}/${made.body.id}`)).status).toBe(204)
  expect((await operator.call('GET', `${PATH}/${made.body.id}`)).status).toBe(404)
  const { items } = (await (await api.as('auditor')).call('GET', '/audit?object_kind=esxi_upgrade_profile')).body
  expect(items.map((entry: { action: string }) => entry.action)).toEqual(['esxi_profile.delete', 'esxi_profile.create'])
})

test('it names one depot that there is, and the profile in it', async () => {
  const [depot, iso] = [await image('esxi_depot', 'd'), await image('iso', 'e')]
  const { depot_path: _, ...bare } = A03
  const stored = await operator.call('POST', PATH, { ...bare, name: 'stored', iso_image_id: depot })
  expect([stored.status, stored.body.iso_image_id]).toEqual([201, depot])
  for (const [wrong, status, pointer] of [
    [{ ...A03, iso_image_id: depot }, 400, '/depot_path'],
    [bare, 400, '/depot_path'],
    [{ ...A03, depot_path: '/etc/passwd' }, 400, '/depot_path'],
    [{ ...A03, target_version: 'eight' }, 400, '/target_version'],
    [{ ...bare, iso_image_id: iso }, 422, '/iso_image_id'],
  ] as const) {
    const refused = await operator.call('POST', PATH, wrong)
    expect([refused.status, refused.body.errors[0].pointer], JSON.stringify(wrong)).toEqual([status, pointer])
  }
  expect((await viewer.call('POST', PATH, A03)).status).toBe(403)
})

test('the command line adds, lists, uses and removes them by name', async () => {
  const dsm = dsmClient({ server: api.url, token: operator.token })
  const add = ['esxi', 'add-profile', 'u3', '--depot', DEPOT, '--image-profile', 'DEL-A03', '--target-version', '8.0.3']
  expect((await dsm.run([...add, '--build', '24859861'])).code).toBe(0)
  expect((await dsm.run(['esxi', 'profiles'])).stdout).toMatch(/u3 +DEL-A03 +8\.0\.3 +24859861 +\/vmfs/)
  const unknown = await dsm.run(['esxi', 'upgrade', 'nohost', '--profile', 'u4'])
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no') })
  expect((await dsm.run(['esxi', 'remove-profile', 'u3'])).code).toBe(2)
  expect((await dsm.run(['esxi', 'remove-profile', 'u3', '--yes'])).code).toBe(0)
  expect((await dsm.json(['esxi', 'profiles'])).items.map(({ name }: { name: string }) => name)).not.toContain('u3')
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeOfflineBundle } from '../../lab/esxi/offline-bundle.js'
import { buildSite } from '../../lab/site/build-site.js'
import type { ApiClient } from '../../scripts/demo/api-client.js'
import { newestImage } from '../../scripts/demo/lab-client.js'
import { clusterIdOf, onboardSite } from '../../scripts/demo/onboard.js'
import { startSystem, type TestSystem } from '../helpers/system.js'

let system: TestSystem
let api: ApiClient

beforeAll(async () => {
  system = await startSystem({ env: { LAB_SITE: 'small:3', LAB_SPEED: '600' } })
  api = await system.signIn()
  await onboardSite(api, await system.lab.site(), () => {})
}, 300_000)
afterAll(() => system?.end(), 60_000)

test('a depot that was uploaded to us ends on a host: preflight without a copy, then the upgrade', async () => {
  const wanted = newestImage(await system.lab.site())
  const image = buildSite('small', 1, 0, Date.now())
    .depots.flatMap((depot) => depot.profiles)
    .find((profile) => profile.name === wanted.name)
  if (!image) throw new Error('the site has no such image')
  const upload_id = await api.upload('depot.zip', new Uint8Array(writeOfflineBundle([image])))
  const taken = await api.runJob('iso_upload', {}, { upload_id })
  const depot_image_id = taken.result?.record_id
  const cluster_id = await clusterIdOf(api, 'Prod-A')
  const hosts = await api.list<{ id: string; name: string; cluster_id: string }>('/hosts')
  const host = hosts.find((one) => one.cluster_id === cluster_id)
  if (!host) throw new Error('Prod-A has no host')
  const scope = { host_ids: [host.id] }

  const asked = await api.runJob('esxi_preflight', scope, { depot_image_id })
  const [answer] = (asked.result?.targets ?? []) as { target: { kind: string }; verdict: string; blockers: unknown[] }[]
  expect(answer?.blockers).toEqual([])
  expect(answer?.verdict).toMatch(/^ready/)

  const done = await api.runJob('esxi_upgrade', scope, { depot_image_id })
  expect([done.status, done.error]).toEqual(['completed', null])
  const state = await system.lab.state()
  expect(state.hosts.find((one) => one.name === host.name)).toMatchObject({
    build: wanted.build,
    in_maintenance: false,
  })
}, 300_000)

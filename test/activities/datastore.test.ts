import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatastoreActivities, DatastoreListing } from '../../activities/contracts/datastore.js'
import { createHostCredentialActivities } from '../../activities/credentials.js'
import { createDatastoreActivities } from '../../activities/datastore.js'
import { insertCredentialSet } from '../../db/stores/credentials.js'
import { setSshService } from '../../lab/esxi/ssh-service.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type VsphereSite, vsphereSite } from '../lab/vcenter-site.js'

let site: VsphereSite
let bench: ActivityBench
let activities: DatastoreActivities
let vcenter_id: string
let depots: { name: string; path: string }

beforeAll(async () => {
  ;[site, bench] = await Promise.all([vsphereSite(), startActivityBench()])
  activities = createDatastoreActivities(bench.deps)
  vcenter_id = await bench.addVcenter(site.vcenter)
  const store = site.running.lab.state.datastores.find((one) => one.files.length > 0)
  const file = store?.files.find((one) => one.path.endsWith('.zip'))
  if (!store || !file) throw new Error('the lab has no depot on a datastore')
  depots = { name: store.name, path: file.path }
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await site?.stop()
})

type Input = Parameters<DatastoreActivities['browseDatastore']>[0]
async function browse(more: Partial<Input> = {}): Promise<DatastoreListing> {
  const context = await bench.work(vcenter_id, [])
  const wish = { datastore: depots.name, path: '', patterns: ['*.zip'], recursive: true, limit: 500, host_id: null }
  return untilDone(() => activities.browseDatastore({ context, vcenter_id, ...wish, ...more }))
}
const hostRow = async (name: string) => {
  const { rows } = await bench.database.pool.query<{ id: string }>('select id from vcenter_hosts where name = $1', [
    name,
  ])
  return rows[0]?.id ?? ''
}

describe('a datastore', () => {
  test('lists depots with the path that a host sees, who mounts it, and what is free', async () => {
    const listing = await browse()
    const depot = listing.files.find((file) => file.host_path === `/vmfs/volumes/${depots.name}/${depots.path}`)
    expect(depot).toMatchObject({ kind: 'zip', size_bytes: expect.any(Number), modified_at: expect.any(String) })
    expect(listing.hosts_mounting.length).toBeGreaterThan(0)
    expect(listing).toMatchObject({ truncated: false, free_bytes: expect.any(Number) })
  })

  test('is cut at the limit, and lists one folder only when that is asked for', async () => {
    const all = await browse({ patterns: ['*'] })
    const cut = await browse({ patterns: ['*'], limit: 1 })
    expect([cut.files.length, cut.truncated]).toEqual([1, all.files.length > 1])
    const folder = depots.path.split('/').slice(0, -1).join('/')
    const seen = await browse({ path: `/vmfs/volumes/${depots.name}/${folder}`, recursive: false })
    expect(seen.files.map((file) => file.name)).toContain(depots.path.split('/').at(-1))
    const [host] = all.hosts_mounting
    expect((await browse({ host_id: host?.host_id ?? '' })).files.length).toBeGreaterThan(0)
  })

  test('or folder that is not there is not found', async () => {
    expect((await failureOf(browse({ datastore: 'no-such' }))).type).toBe('NotFound')
    expect((await failureOf(browse({ path: 'no/such/folder' }))).type).toBe('NotFound')
  })
})

test('an ESXi set is tried by SSH: refused, then right, within the budget of the host', async () => {
  const host = site.running.lab.state.hosts[0]
  if (!host) throw new Error('the lab has no hosts')
  await setSshService(site.running.lab, host, true)
  const { db, keys } = bench.deps
  const host_id = await hostRow(host.name)
  const add = (name: string, password: string) =>
    insertCredentialSet(db, keys, { name, credential_type: 'esxi', username: host.ssh.username, password })
  const [wrong, right] = [await add('esx wrong', 'no'), await add('esx right', host.ssh.password)]
  const context = await bench.work(host_id, [])
  const attempt = (set_id: string) =>
    untilDone(() =>
      createHostCredentialActivities(bench.deps).tryHostCredential({
        context,
        host_id,
        candidate: { set_id, source: 'job' },
      }),
    )
  expect(await attempt(wrong.id)).toEqual({ outcome: 'refused' })
  expect(await attempt(right.id)).toEqual({ outcome: 'ok' })
})

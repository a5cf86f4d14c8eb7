import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DepotActivities } from '../../activities/contracts/depot.js'
import type { EsxiSelection } from '../../activities/contracts/esxi.js'
import { createDepotActivities } from '../../activities/depot.js'
import { preflightHost } from '../../activities/preflight.js'
import { readDepotFile } from '../../clients/esxi/depot-file.js'
import { newId } from '../../db/new-id.js'
import { listHostsOfClusters } from '../../db/stores/hosts.js'
import { insertIsoImage } from '../../db/stores/media.js'
import { setUpgradePath } from '../../db/stores/safety-checks.js'
import { writeOfflineBundle } from '../../lab/esxi/offline-bundle.js'
import type { SimImage } from '../../lab/model-vsphere.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type VsphereSite, vsphereSite } from '../lab/vcenter-site.js'

let site: VsphereSite
let bench: ActivityBench
let activities: DepotActivities
let hosts: { id: string; name: string; cluster_id: string | null }[]
let image: SimImage

beforeAll(async () => {
  ;[site, bench] = await Promise.all([vsphereSite(), startActivityBench()])
  activities = createDepotActivities(bench.deps)
  await bench.addVcenter(site.vcenter)
  const { rows } = await bench.database.pool.query<{ id: string }>("select id from clusters where name = 'Prod-A'")
  hosts = (await listHostsOfClusters(bench.deps.db, [rows[0]?.id ?? ''])).map(({ id, name, cluster_id }) => ({
    id,
    name,
    cluster_id,
  }))
  const newest = site.running.lab.state.depots.flatMap((depot) => depot.profiles).at(-1)
  if (!newest) throw new Error('the lab has no depot')
  image = newest
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await site?.stop()
})

/** A depot in our store, as iso_upload leaves it; `mark` makes its bytes different. */
async function store(mark: string): Promise<{ id: string; bytes: Buffer; file: string }> {
  const bytes = writeOfflineBundle([
    { ...image, name: `${image.name.replace(/-standard$/, '')}-standard`, vendor: mark },
  ])
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFile(join(bench.iso_directory, sha256), bytes)
  const { image: row } = await insertIsoImage(bench.deps.db, {
    name: `depot ${mark}`,
    kind: 'esxi_depot',
    size_bytes: bytes.length,
    sha256,
    source_type: 'upload',
    status: 'ready',
    storage_name: sha256,
  })
  return { id: row.id, bytes, file: `depot-${sha256}.zip` }
}

const host = (index: number) => {
  const found = hosts[index]
  if (!found) throw new Error(`the cluster has no host ${index}`)
  return found
}
const place = async (host_id: string, image_id: string, datastore: string | null = null) => {
  const context = await bench.work(host_id, [], { job_id: newId() })
  return untilDone(() => activities.placeDepot({ context, host_id, depot: { image_id, datastore } }))
}
const copies = (file: string) =>
  site.running.lab.state.datastores.flatMap((one) => one.files.filter((each) => each.path === file).map(() => one))

test('copies once to the roomiest datastore, which the hosts of the cluster share, and never again', async () => {
  const { id, bytes, file } = await store('one')
  const answers = await Promise.all([place(host(0).id, id), place(host(1).id, id)])
  const [datastore] = copies(file)
  expect(copies(file)).toHaveLength(1)
  expect(datastore?.files.find((one) => one.path === file)?.size_bytes).toBe(bytes.length)
  for (const answer of answers) expect(answer.depot_path).toBe(`/vmfs/volumes/${datastore?.name}/${file}`)
  const puts = () =>
    site.running.lab.ledger.read({ since: 0 }).filter((line) => line.method === 'PUT' && line.path.includes(file))
  expect(puts()).toHaveLength(1)
  expect(await place(host(0).id, id)).toEqual({ depot_path: answers[0]?.depot_path, copied: false })
  expect(puts()).toHaveLength(1)
})

test('a named datastore that the host does not mount, or a file that is no depot, is refused', async () => {
  const { id } = await store('two')
  expect((await failureOf(place(host(0).id, id, 'no-such-store'))).type).toBe('DepotNotFound')
  expect((await failureOf(place(host(0).id, newId()))).type).toBe('MediaNotFound')
})

test('a full datastore is refused before a byte is sent', async () => {
  const { id, file } = await store('three')
  const { datastores } = site.running.lab.state
  const before = datastores.map((one) => one.free_bytes)
  for (const one of datastores) one.free_bytes = 1024 ** 3
  expect((await failureOf(place(host(0).id, id))).type).toBe('NotEnoughSpace')
  datastores.forEach((one, index) => {
    one.free_bytes = before[index] ?? 0
  })
  expect(copies(file)).toHaveLength(0)
})

test('the preflight of a depot in the store reads its profiles from our file and copies nothing', async () => {
  const { id, file } = await store('four')
  const selection: EsxiSelection = {
    depot_path: '',
    stored_depot: { image_id: id, datastore: null },
    profile_name: null,
    target_build: null,
    flavor: 'standard',
    method: 'update',
    accept_removed_vibs: [],
    allow_hardware_warnings: false,
  }
  const { id: host_id } = host(0)
  const context = await bench.work(host_id, [], { job_id: newId() })
  const ask = () =>
    untilDone(() =>
      preflightHost(bench.deps, {
        context,
        host_id,
        selection,
        ssh_available: false,
        run_dry_run: false,
        store: false,
      }),
    )
  const answer = await ask()
  expect(answer.target).toMatchObject({ build: Number(image.build), version: image.version })
  expect(answer.checks.find((check) => check.name === 'path')?.outcome).toBe('ok')
  expect(copies(file)).toHaveLength(0)
  const { version } = answer.current
  await setUpgradePath(bench.deps.db, { from_version: version ?? '', to_version: image.version, allowed: false })
  expect((await ask()).blockers.map((each) => each.code)).toContain('UpgradePathUnsupported')
})

test('a depot without readable metadata is said to be none', async () => {
  const path = join(bench.iso_directory, 'broken.zip')
  await writeFile(path, (await store('five')).bytes.subarray(0, 200))
  await expect(readDepotFile(path)).rejects.toMatchObject({ code: 'DepotInvalid' })
})

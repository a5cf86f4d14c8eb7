import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient, JobView } from '../../scripts/demo/api-client.js'
import { LabClient, newestFirmware, newestImage } from '../../scripts/demo/lab-client.js'
import { clusterIdOf, onboardSite, takePackage } from '../../scripts/demo/onboard.js'
import { judgeRun } from '../../scripts/demo/verdict.js'
import { waitUntil } from '../../scripts/embedded/wait-until.js'
import { type OwnLab, startOwnLab } from '../helpers/own-lab.js'
import { startSystem, type TestSystem } from '../helpers/system.js'

/**
 * The promise under fire: whatever is killed at whatever moment, the rolling update ends right. The lab is a process of its
 * own and is never killed. CRASH_SEED repeats a run, CRASH_ROUNDS says how many.
 */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 3)
const FIRST_SEED = Number(process.env.CRASH_SEED ?? Date.now() % 100_000)
const CLUSTER = 'Prod-A'
const VICTIMS = ['worker', 'api', 'temporal', 'postgres', 'everything'] as const
const LIMIT_MS = 900_000

/** Reproducible choice: the same seed gives the same kills at the same moments. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

let lab: OwnLab
let system: TestSystem

beforeAll(async () => {
  lab = await startOwnLab()
  system = await startSystem({ env: { LAB: 'off', LAB_URL: lab.url } })
}, 300_000)
afterAll(async () => {
  await system?.end()
  await lab?.end()
}, 60_000)

async function killOne(name: (typeof VICTIMS)[number]): Promise<void> {
  if (name !== 'everything') {
    await system.kill(name)
    return
  }
  await system.killEverything()
  const { dataDir } = system.product
  system = await startSystem({ dataDir, env: { LAB: 'off', LAB_URL: lab.url } })
}

async function killUntilEnd(
  api: () => Promise<ApiClient>,
  id: string,
  random: () => number,
): Promise<{ job: JobView; kills: string[] }> {
  const kills: string[] = []
  for (;;) {
    await sleep(1_000 + random() * 6_000)
    const job = await (await api()).readPatiently<JobView>(`/jobs/${id}`)
    if (['completed', 'failed', 'cancelled'].includes(job.status)) return { job, kills }
    if (kills.length < 10) {
      const name = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'worker'
      await killOne(name)
      kills.push(name)
    }
  }
}

/** Signing in also has to outlast a restart of the API. */
async function patientSignIn(): Promise<ApiClient> {
  const api = await waitUntil(() => system.signIn(), 120_000, 500)
  if (!api) throw new Error('no sign-in for two minutes')
  return api
}

test.each(Array.from({ length: ROUNDS }, (_, round) => FIRST_SEED + round))(
  'seed %d: kills at random moments change nothing about the end',
  { timeout: LIMIT_MS },
  async (seed) => {
    const client = new LabClient(lab.url)
    await fetch(`${lab.url}/lab/reset`, { method: 'POST' })
    const site = await client.site()
    const api = await patientSignIn()
    if ((await api.list('/servers')).length === 0) await onboardSite(api, site, () => {})
    else await refresh(api)
    const tags =
      site.vcenters
        .flatMap(({ clusters }) => clusters)
        .find(({ name }) => name === CLUSTER)
        ?.hosts.map(({ service_tag }) => service_tag) ?? []
    const firmware = newestFirmware(site, tags, 'bios')
    const packageId = await takePackage(api, firmware)
    const image = newestImage(site)
    const before = await client.state()
    const details = {
      order: 'esxi_first',
      esxi: { depot_path: image.depot_path, profile_name: image.name },
      firmware: { firmware_source: 'local', package_ids: [packageId] },
      max_unavailable: 1,
    }
    const { id } = await api.createJob('rolling_update', { cluster_ids: [await clusterIdOf(api, CLUSTER)] }, details)
    const { job, kills } = await killUntilEnd(patientSignIn, id, randomFrom(seed))
    console.log(`seed ${seed}: killed ${kills.join(' ')}; ${job.status}`)
    const rows = await judgeRun(job, client, before, {
      cluster: CLUSTER,
      serviceTags: tags,
      build: String(image.build),
      firmware,
      maxUnavailable: 1,
    })
    expect(
      rows.filter(({ ok }) => !ok),
      `seed ${seed}, killed ${kills.join(' ')}`,
    ).toEqual([])
  },
)

/** The site went back to its first state: what is known of it is read anew. */
async function refresh(api: ApiClient): Promise<void> {
  const vcenters = await api.list<{ id: string }>('/vcenters')
  await api.runJob('vcenter_sync', {}, { vcenter_ids: vcenters.map(({ id }) => id) })
}

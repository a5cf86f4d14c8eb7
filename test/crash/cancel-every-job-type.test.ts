import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { jobWorkflowId } from '../../domain/ids.js'
import { ApiError, type JobView } from '../../scripts/demo/api-client.js'
import { catalog, type JobType } from '../../workflows/catalog.js'
import { CANCEL_WAVES } from '../helpers/cancel-waves.js'
import { whenSessionsEnded } from '../helpers/crash-site.js'
import { runWave } from '../helpers/job-waves.js'
import { FREE, type JobWorld, startJobWorld } from '../helpers/job-world.js'
import { until } from '../helpers/lab-process.js'

/*
 * Every job type that takes its time, cancelled in both ways while one of its requests is held: what was borrowed,
 * staged or mounted is given back, or the target in work is finished.
 */

const LIMIT_MS = 300_000

let world: JobWorld
let settings: unknown
let connection: Connection
let temporal: Client

beforeAll(async () => {
  world = await startJobWorld({ LAB_SITE: 'small:8' })
  connection = await Connection.connect({ address: world.system.product.endpoints.temporal })
  temporal = new Client({ connection })
  settings = (await world.system.lab.state()).clusters
}, 300_000)
afterAll(async () => {
  await connection?.close()
  await world?.system.end()
}, 60_000)

test('every type that is not instant is in a wave', () => {
  const there = CANCEL_WAVES.flat().map(({ job_type }) => job_type)
  const wanted = (Object.keys(catalog) as JobType[]).filter((job_type) => !catalog[job_type].instant)
  expect(wanted.filter((job_type) => !there.includes(job_type))).toEqual([])
})

/** Presses cancel for all while their requests are held; a job that has ended already says so. */
const cancelAll = (mode: 'abort' | 'graceful') => async (ids: string[], release: () => Promise<void>) => {
  const hearing = CANCEL_WAVES.flat().flatMap(({ job_type, hears }) => (hears ? [job_type as string] : []))
  for (const id of ids) {
    await world.api.send('POST', `/jobs/${id}/cancel`, { mode }).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.code === 'JobFinal')) throw error
    })
  }
  const jobs = await Promise.all(ids.map((id) => world.api.send<JobView>('GET', `/jobs/${id}`)))
  const told = mode === 'abort' ? jobs.filter(({ job_type }) => hearing.includes(job_type)) : []
  for (const job of told) await until(`the cancel to reach ${job.job_type}`, heardBy(job), 20_000)
  await release()
}

/** Asked again and again: has the activity in work been told of the cancel? It hears by the answer to its next heartbeat. */
function heardBy({ id, job_type }: JobView): () => Promise<boolean> {
  const CANCEL_REQUESTED = 3
  let asked_at: number | null = null
  return async () => {
    const { raw } = await temporal.workflow.getHandle(jobWorkflowId(job_type, id)).describe()
    const activity = raw.pendingActivities?.find(({ state }) => state === CANCEL_REQUESTED)
    if (!activity) return false
    asked_at ??= Date.now()
    const { seconds, nanos } = activity.lastHeartbeatTime ?? {}
    return Number(seconds) * 1000 + Number(nanos) / 1_000_000 > asked_at
  }
}

/** The leases that are held now. */
async function leases(): Promise<string[]> {
  const { dataDir, endpoints } = world.system.product
  const passwords = JSON.parse(await readFile(join(dataDir, 'postgres-passwords.json'), 'utf8')) as { dsm: string }
  const { hostname: host, port, pathname } = new URL(endpoints.database)
  const client = new pg.Client({
    host,
    port: Number(port),
    database: pathname.slice(1),
    user: 'dsm',
    password: passwords.dsm,
  })
  await client.connect()
  try {
    return (await client.query('select resource from device_leases')).rows.map(({ resource }) => resource)
  } finally {
    await client.end()
  }
}

describe.each(['abort', 'graceful'] as const)('cancel %s', (mode) => {
  test.each(CANCEL_WAVES.map((wave) => [wave.map(({ job_type }) => job_type).join(', '), wave] as const))(
    '%s',
    { timeout: LIMIT_MS },
    async (_, wave) => {
      const ends = await runWave(world, wave, { when: 'after', round: 0, strike: cancelAll(mode) })
      const got = ends.map(({ wave_job: { job_type }, job }) => ({ job_type, status: job.status }))
      for (const { job_type, status } of got) console.log(`${job_type}: cancel ${mode}, ${status}`)
      const wanted = wave.map((one) => ({ job_type: one.job_type, status: one[mode] ?? expect.stringMatching(/^c/) }))
      expect(got.sort(byType)).toEqual(wanted.sort(byType))
      for (const { job, wave_job } of ends) expect(job.attention ?? [], wave_job.job_type).toEqual([])
    },
  )

  afterEach(async () => {
    const { hosts, servers, clusters } = await world.system.lab.state()
    expect(clusters).toEqual(settings)
    expect(hosts.filter(({ ssh_enabled }) => ssh_enabled).map(({ name }) => name)).toEqual([])
    const out = hosts.filter(({ in_maintenance }) => in_maintenance).map(({ name }) => name)
    // Only a graceful cancel lets prepare_host reach its end; verify_host takes it back in the next wave.
    if (mode === 'abort') expect(out).toEqual([])
    const free = servers.find(({ name }) => name === FREE) as unknown as { jobs: { state: string }[] }
    expect(free.jobs.filter(({ state }) => !/Completed|Failed/.test(state))).toEqual([])
    const none = async () => (await leases()).length === 0
    await until('all leases to be given back', none, 10_000)
  })
})

const byType = (a: { job_type: string }, b: { job_type: string }) => a.job_type.localeCompare(b.job_type)

test('nothing is left behind', { timeout: 60_000 }, async () => {
  const { checks, figures } = await whenSessionsEnded(world.system)
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
  expect(figures).toMatchObject({ sessions_open: 0, settings_changed: [] })
  const { hosts } = await world.system.lab.state()
  expect(hosts.filter((host) => host.in_maintenance || host.ssh_enabled).map(({ name }) => name)).toEqual([])
})

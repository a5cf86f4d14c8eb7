import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiError, type JobView } from '../../scripts/demo/api-client.js'
import { catalog, type JobType } from '../../workflows/catalog.js'
import { whenSessionsEnded } from '../helpers/crash-site.js'
import { redfish, SYSTEM } from '../helpers/held-requests.js'
import { type Evidence, JOB_CASES, type JobCase, post, watch } from '../helpers/job-orders.js'
import { expectRight, killWorker, runWave, type WaveJob, type When } from '../helpers/job-waves.js'
import { FREE, type JobWorld, startJobWorld } from '../helpers/job-world.js'

/*
 * Every job type on the simulated site: as a dry run, to an end, and to a no. One system for all; the verdict is what
 * the devices recorded. The most dangerous requests are also killed at; all of them, and cancels, are in test/crash.
 */

const LIMIT_MS = 200_000
const CASES = Object.entries(JOB_CASES) as [JobType, JobCase][]
const LANES = [...new Set(CASES.map(([, { lane }]) => lane))]

let world: JobWorld

beforeAll(async () => {
  world = await startJobWorld()
}, 300_000)
afterAll(async () => {
  await world?.system.end()
}, 60_000)

const ended = async (posted: JobView | ApiError): Promise<JobView> => {
  if (posted instanceof ApiError) throw posted
  return world.api.waitForEnd(posted.id, LIMIT_MS)
}

test('the table has every type of the catalogue', () => {
  expect(Object.keys(JOB_CASES).sort()).toEqual(Object.keys(catalog).sort())
})

test('a dry run of each answers and changes nothing', { timeout: LIMIT_MS }, async () => {
  const since = await watch(world)
  const runs = CASES.map(async ([job_type, { order }]) => {
    const { status, error, result } = await ended(await post(world, job_type, await order(world), { dry_run: true }))
    return { job_type, status, error, planned: result?.plan !== undefined && result.plan !== null }
  })
  const wanted = CASES.map(([job_type]) => ({ job_type, status: 'completed', error: null, planned: true }))
  expect(await Promise.all(runs)).toEqual(wanted)
  expect(await since.changes()).toEqual([])
})

describe('to an end', () => {
  const runs = new Map<JobType, Promise<Evidence | Error>>()

  const run = async (job_type: JobType, { order }: JobCase): Promise<Evidence> => {
    const [since, before] = [await watch(world), await world.system.lab.state()]
    const job = await ended(await post(world, job_type, await order(world)))
    const rows = await since.effects()
    const effects = (device: string, path: RegExp) =>
      rows.filter((row) => row.device === device && path.test(row.path)).length
    return { job, before, after: await world.system.lab.state(), effects }
  }

  beforeAll(() => {
    for (const lane of LANES) {
      let free: Promise<unknown> = Promise.resolve()
      for (const [job_type, of] of CASES.filter(([, one]) => one.lane === lane)) {
        const result = free.then(() => run(job_type, of)).catch((error: Error) => error)
        runs.set(job_type, result)
        free = result
      }
    }
  })

  test.each(CASES)('%s', { timeout: LIMIT_MS }, async (job_type, { proof }) => {
    const evidence = await runs.get(job_type)
    if (evidence === undefined || evidence instanceof Error) throw evidence
    const { status, error, attention } = evidence.job
    expect({ status, error, attention: attention ?? [] }).toEqual({ status: 'completed', error: null, attention: [] })
    proof(world, evidence)
  })
})

describe('to a no', () => {
  const answers = new Map<JobType, Promise<string>>()
  let since: Awaited<ReturnType<typeof watch>>

  const refused = async (job_type: JobType, { refusal }: JobCase): Promise<string> => {
    const { order, under } = refusal
    if (under) await world.api.send('PATCH', under.path, under.patch)
    const posted = await post(world, job_type, await order(world)).catch((error: Error) => error)
    if (under) await world.api.send('PATCH', under.path, under.undo)
    if (posted instanceof Error) return posted instanceof ApiError ? String(posted.code) : posted.message
    const { error, result } = await ended(posted)
    return JSON.stringify([error, result])
  }

  beforeAll(async () => {
    since = await watch(world)
    for (const [job_type, of] of CASES) {
      answers.set(
        job_type,
        refused(job_type, of).catch((error: Error) => error.message),
      )
    }
  })

  test.each(CASES)('%s', { timeout: LIMIT_MS }, async (job_type, { refusal }) => {
    expect(await answers.get(job_type)).toContain(refusal.code)
  })

  test('nothing was changed on the way', async () => {
    await Promise.all(answers.values())
    const rows = await since.changes()
    // A look into a host borrows its SSH service.
    const count = (path: string) => rows.filter((row) => row.path === path).length
    expect(count('StartService')).toBe(count('StopService'))
    expect(rows.filter(({ path }) => !/^(Start|Stop)Service$/.test(path))).toEqual([])
  })
})

describe('with the worker killed at', () => {
  const READ = 'idrac-prod-a-04'
  const reset = redfish(FREE, 'POST', '*ComputerSystem.Reset')
  const stage = redfish(FREE, 'PATCH', `${SYSTEM}/Bios/Settings`)
  const insert = redfish(READ, 'POST', '*VirtualMedia.InsertMedia')
  const eject = redfish(READ, 'POST', '*VirtualMedia.EjectMedia')
  const apply = redfish(FREE, 'POST', '*.ImportSystemConfiguration')
  const once = [1, 1] as [number, number]
  const WAVES: [string, When, WaveJob[]][] = [
    [
      'a reset that was made, an image that was inserted',
      'after',
      [
        { job_type: 'power_action', at: reset, effects: once },
        { job_type: 'virtual_media_mount', at: insert, effects: once },
      ],
    ],
    [
      'BIOS values that were staged, an image that was ejected',
      'after',
      [
        { job_type: 'bios_config_write', at: stage, effects: once },
        { job_type: 'virtual_media_unmount', at: eject, effects: once },
      ],
    ],
    ['a profile that was taken', 'after', [{ job_type: 'scp_import', at: apply, effects: once }]],
    [
      'a reset for the BIOS that never arrived',
      'before',
      [{ job_type: 'bios_config_write', at: reset, effects: once }],
    ],
  ]

  test.each(WAVES)('%s', { timeout: LIMIT_MS }, async (_, when, jobs) => {
    const ends = await runWave(world, jobs, { when, round: 0, strike: killWorker(world) })
    for (const end of ends) expectRight(end)
  })
})

test('the site is as it should be afterwards', { timeout: 60_000 }, async () => {
  const { checks, figures } = await whenSessionsEnded(world.system)
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
  expect(figures).toMatchObject({ sessions_open: 0, settings_changed: [] })
  const { hosts } = await world.system.lab.state()
  expect(hosts.filter((host) => host.in_maintenance || host.ssh_enabled).map(({ name }) => name)).toEqual([])
})

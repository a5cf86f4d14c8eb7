import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalog } from '../../workflows/catalog.js'
import { whenSessionsEnded } from '../helpers/crash-site.js'
import { CRASH_WAVES } from '../helpers/crash-waves.js'
import { expectRight, killWorker, runWave, type When } from '../helpers/job-waves.js'
import { type JobWorld, startJobWorld } from '../helpers/job-world.js'

/*
 * Every job type through a crash: the jobs of a wave are stopped each at its own request, before or after that took
 * effect, the worker is killed, and its successor brings all of them to the right end.
 */

const LIMIT_MS = 400_000
const ROUNDS: readonly When[] = ['before', 'after']

let world: JobWorld

beforeAll(async () => {
  world = await startJobWorld({ LAB_SITE: 'small:8' })
}, 300_000)
afterAll(async () => {
  await world?.system.end()
}, 60_000)

test('every job type is in a wave, once', () => {
  const hit = CRASH_WAVES.flat().map(({ job_type }) => job_type)
  expect(hit.sort()).toEqual(Object.keys(catalog).sort())
})

describe.each(ROUNDS.map((when, round) => [when, round] as const))('killed %s the effect', (when, round) => {
  test.each(CRASH_WAVES.map((wave) => [wave.map(({ job_type }) => job_type).join(', '), wave] as const))(
    '%s',
    { timeout: LIMIT_MS },
    async (_, wave) => {
      const ends = await runWave(world, wave, { when, round, strike: killWorker(world) })
      for (const end of ends) {
        const { job_type, at } = end.wave_job
        console.log(
          `${job_type}: killed ${at ? `${when} ${at.path}` : `while ${end.struck}`}, ${end.job.status}, ${end.effects} effects`,
        )
      }
      for (const end of ends) expectRight(end)
    },
  )
})

test('nothing is left behind', { timeout: 60_000 }, async () => {
  const { checks, figures } = await whenSessionsEnded(world.system)
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
  expect(figures).toMatchObject({ sessions_open: 0, settings_changed: [] })
  const { hosts } = await world.system.lab.state()
  expect(hosts.filter((host) => host.in_maintenance || host.ssh_enabled).map(({ name }) => name)).toEqual([])
})

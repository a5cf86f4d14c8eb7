import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KillPoint, MOMENTS, randomFrom } from '../helpers/crash-points.js'
import {
  type CrashServer,
  crashThrough,
  expectOnceEach,
  SERVER_JOBS,
  startCrashServer,
} from '../helpers/crash-server.js'

/** The crash loop of jobs on one server: each mutating request times each moment. Repeat a run with CRASH_SEED=<seed>. */
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 100_000)
const random = randomFrom(seed)
const LIVES_ON_MS = [0, 2, 5, 10, 20, 40, 80, 160]

let site: CrashServer
const killed = new Set<string>()

beforeAll(async () => {
  console.log(`crash loop of single servers: CRASH_SEED=${seed}`)
  site = await startCrashServer()
}, 300_000)
afterAll(async () => {
  await site?.system.end()
}, 60_000)

describe.each(SERVER_JOBS.map((job) => [job.job_type, job] as const))('%s', (job_type, job) => {
  test.each(MOMENTS.map((moment, round) => [moment, round] as const))(
    'does each thing once with the worker killed %s',
    { timeout: 400_000 },
    async (moment, round) => {
      const points = job.steps.map(
        (step): KillPoint => ({
          step,
          moment,
          lives_on_ms: LIVES_ON_MS[Math.floor(random() * LIVES_ON_MS.length)] ?? 0,
        }),
      )
      const aftermath = await crashThrough(site, job, round, points, (text) => {
        killed.add(`${job_type} ${text}`)
        console.log(`${job_type}: ${text}`)
      })
      expectOnceEach(site, job, aftermath)
    },
  )
})

test('every request was killed at in every moment', () => {
  const steps = SERVER_JOBS.reduce((sum, job) => sum + job.steps.length, 0)
  expect(killed.size).toBe(steps * MOMENTS.length)
})

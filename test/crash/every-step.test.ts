import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KillPoint, MOMENTS, ROLLING_STEPS, randomFrom } from '../helpers/crash-points.js'
import { type CrashSite, rollThrough, startCrashSite } from '../helpers/crash-site.js'
import { expectCleanRoll } from '../helpers/crash-verdict.js'

/**
 * The crash loop: each mutating step of a rolling update times each moment. A job per host; over the three hosts every
 * step sees all three moments, in an order that the seed turns round. Repeat a run with CRASH_SEED=<seed>.
 */
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 100_000)
const random = randomFrom(seed)
const LIVES_ON_MS = [0, 2, 5, 10, 20, 40, 80, 160]

const turns = ROLLING_STEPS.map(() => Math.floor(random() * MOMENTS.length))
const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T

function pointsOf(round: number): KillPoint[] {
  return ROLLING_STEPS.map((step, index) => ({
    step,
    moment: pick(MOMENTS, (turns[index] ?? 0) + round),
    lives_on_ms: pick(LIVES_ON_MS, Math.floor(random() * LIVES_ON_MS.length)),
  }))
}

let site: CrashSite
const killed: string[] = []

beforeAll(async () => {
  console.log(`crash loop: CRASH_SEED=${seed}, ${ROLLING_STEPS.length} steps, ${MOMENTS.length} moments`)
  site = await startCrashSite()
}, 300_000)
afterAll(async () => {
  console.log(`crash loop: killed at ${killed.length} points, CRASH_SEED=${seed}`)
  await site?.system.end()
}, 60_000)

describe('rolling_update', () => {
  test.each([0, 1, 2])(
    'ends right on host %i with the worker killed at every step',
    { timeout: 900_000 },
    async (n) => {
      const host = site.hosts[n]
      if (!host) throw new Error(`the site has no host ${n}`)
      const aftermath = await rollThrough(site, host, pointsOf(n), (text) => {
        killed.push(text)
        console.log(`${host.name}: ${text}`)
      })
      expectCleanRoll(site, host, aftermath)
    },
  )

  test('every step was killed at in every moment', () => {
    expect(new Set(killed).size).toBe(ROLLING_STEPS.length * MOMENTS.length)
  })
})

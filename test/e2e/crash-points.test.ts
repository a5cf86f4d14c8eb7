import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KillPoint, type Moment, ROLLING_STEPS } from '../helpers/crash-points.js'
import { type CrashSite, rollThrough, startCrashSite } from '../helpers/crash-site.js'
import { expectCleanRoll } from '../helpers/crash-verdict.js'

/** One step of each protocol and one of each moment; the whole loop is `npm run test:crash`. */
const SELECTION: [name: string, moment: Moment][] = [
  ['start the ESXi update', 'after the effect'],
  ['upload the BIOS', 'before the effect'],
  ['reboot for the BIOS', 'after the answer'],
]

let site: CrashSite

beforeAll(async () => {
  site = await startCrashSite()
}, 300_000)
afterAll(async () => {
  await site?.system.end()
}, 60_000)

test('a rolling update ends right although the worker was killed at three points', { timeout: 400_000 }, async () => {
  const points = SELECTION.map(([name, moment]): KillPoint => {
    const step = ROLLING_STEPS.find((one) => one.name === name)
    if (!step) throw new Error(`no step "${name}"`)
    return { step, moment, lives_on_ms: 5 }
  })
  const host = site.hosts[0]
  if (!host) throw new Error('the site has no host')
  const killed: string[] = []
  const aftermath = await rollThrough(site, host, points, (text) => killed.push(text))
  expect(killed).toHaveLength(SELECTION.length)
  expectCleanRoll(site, host, aftermath)
})

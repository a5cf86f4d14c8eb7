import { DefaultLogger, Runtime } from '@temporalio/worker'
import { beforeAll, describe, expect, test } from 'vitest'
import { catalog } from '../../workflows/catalog.js'
import { broken, prefixesOf, readHistories } from './histories.js'
import { SCENARIOS } from './scenarios.js'

const stored = readHistories()

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') })
})

describe('stored histories', () => {
  test('there is one for each job type', () => {
    const names = new Set(stored.map(({ name }) => name))
    expect(SCENARIOS.filter(({ name }) => !names.has(name))).toEqual([])
    const covered = new Set<string>(SCENARIOS.map(({ job_type }) => job_type))
    expect(Object.keys(catalog).filter((job_type) => !covered.has(job_type))).toEqual([])
    expect(names.has('rolling_update.host-h1')).toBe(true)
  })

  test('replay on this build', { timeout: 240_000 }, async () => {
    expect(await broken(stored)).toEqual([])
  })

  test.each(stored.map((one) => [one.name, one] as const))(
    '%s replays from every point where a worker may have died',
    { timeout: 240_000 },
    async (_name, one) => {
      const prefixes = prefixesOf(one)
      expect(prefixes.length).toBeGreaterThan(1)
      expect(await broken(prefixes)).toEqual([])
    },
  )

  test('a history in which something happened in another order is noticed', async () => {
    const one = stored.find(({ name }) => name === 'prepare_host')
    const events = structuredClone(one?.history.events ?? [])
    const scheduled = events.filter((event) => event.activityTaskScheduledEventAttributes)
    const [first, second] = scheduled
    const types = [first, second].map((event) => event?.activityTaskScheduledEventAttributes?.activityType)
    if (first?.activityTaskScheduledEventAttributes && second?.activityTaskScheduledEventAttributes) {
      first.activityTaskScheduledEventAttributes.activityType = types[1] ?? null
      second.activityTaskScheduledEventAttributes.activityType = types[0] ?? null
    }
    expect(await broken([{ name: 'changed', history: { events } }])).toHaveLength(1)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { hostTarget, makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = () => {
  const world = makeWorld(4)
  world.asked_for.add('h1')
  return { world, targets: [hostTarget(world, 'h1')] }
}

describe('prepare_host', () => {
  test('leaves the host empty in maintenance, as was asked', async () => {
    const job = await bench.run('prepare_host', play())
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed', vms_moved: 1 }])
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(true)
    expect(job.world.handed_over).toContain('h1')
    expectTidy(job)
  })

  test('a host that is in maintenance already stays as it is', async () => {
    const given = play()
    const host = given.world.hosts.get('h1')
    if (host) host.in_maintenance = true
    const job = await bench.run('prepare_host', given)
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged' }])
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(true)
  })

  test('a second host of the cluster is refused while one is out', async () => {
    const given = play()
    const out = given.world.hosts.get('h2')
    if (out) out.in_maintenance = true
    const job = await bench.run('prepare_host', given)
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'ClusterUnsafe' } })
    expect(job.count('enterMaintenance')).toBe(0)
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(false)
  })

  test('a host that cannot be emptied is given back', async () => {
    const job = await bench.run('prepare_host', {
      ...play(),
      answers: {
        watchEvacuation: async () => ({ state: 'blocked', code: 'EvacuationTimeout', vms_left: 2, blockers: [] }),
      },
    })
    expect(job.end.error).toMatchObject({ code: 'EvacuationTimeout' })
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(false)
    expectTidy(job)
  })

  test('a dry run changes nothing', async () => {
    const job = await bench.run('prepare_host', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { wrong } = await failEachStep(bench, 'prepare_host', play, when)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends in a declared safe state', async (mode) => {
    const { wrong } = await cancelInEachStep(bench, 'prepare_host', play, mode)
    expect(wrong).toEqual([])
  })
})

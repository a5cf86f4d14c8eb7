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

  test('with on_blocked wait an unsafe cluster is waited for, by its reasons, and then the host is emptied', async () => {
    const given = play()
    const out = given.world.hosts.get('h2')
    if (out) out.in_maintenance = true
    const running = await bench.start('prepare_host', { ...given, details: { on_blocked: 'wait' } })
    await bench.env.sleep('15 minutes')
    const reasons = running.job.rows.tasks.get('task-h1')?.waiting_for
    expect(reasons).toMatchObject([{ code: 'ClusterUnsafe', data: { blockers: [{ code: 'UnavailableLimit' }] } }])
    expect(running.job.count('enterMaintenance')).toBe(0)
    if (out) out.in_maintenance = false
    const job = await running.end()
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed' }])
    expectTidy(job)
  })

  test('with on_blocked wait VMs that do not leave are named until they do; the entering goes on', async () => {
    let stuck = 3
    const blockers = [{ code: 'PinnedVm' as const, message: 'vm-7 is pinned.', remedy: 'Unpin it.' }]
    const watchEvacuation = async () => {
      stuck -= 1
      if (stuck < 0) return { state: 'empty' as const, vms_left: 0 as const }
      return {
        state: 'blocked' as const,
        code: 'EvacuationBlocked' as const,
        vms_left: 1,
        vm_names: ['vm-7'],
        blockers,
      }
    }
    const details = { on_blocked: 'wait' }
    const job = await bench.run('prepare_host', { ...play(), details, answers: { watchEvacuation } })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed' }])
    expect([job.count('watchEvacuation'), job.count('undoMaintenance')]).toEqual([4, 0])
  })

  test.each(['limit', 'graceful'] as const)(
    'with on_blocked wait the waiting ends by %s, and the host serves on',
    async (how) => {
      const stuck = { state: 'blocked' as const, code: 'EvacuationBlocked' as const, vms_left: 1, blockers: [] }
      const watchEvacuation = async () => stuck
      const details = { on_blocked: 'wait', maintenance_timeout_minutes: 30 }
      const running = await bench.start('prepare_host', { ...play(), details, answers: { watchEvacuation } })
      if (how === 'graceful') {
        await bench.env.sleep('5 minutes')
        await running.cancel('graceful')
      }
      const job = await running.end()
      const [status, tries] = how === 'limit' ? ['failed', 15] : ['cancelled', 3]
      expect(job.end.status).toBe(status)
      if (how === 'limit') expect(job.end.error).toMatchObject({ code: 'EvacuationBlocked' })
      expect(job.count('watchEvacuation')).toBeGreaterThanOrEqual(tries)
      expect(job.world.hosts.get('h1')?.in_maintenance).toBe(false)
      expectTidy(job)
    },
  )

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

  test.each(['graceful', 'abort', 'in Temporal'] as const)(
    'cancel %s in any step ends in a declared safe state',
    async (mode) => {
      const { wrong } = await cancelInEachStep(bench, 'prepare_host', play, mode)
      expect(wrong).toEqual([])
    },
  )
})

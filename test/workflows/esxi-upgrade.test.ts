import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import type { ActivityName, PlayedJob } from '../helpers/workflows/played-job.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { hostTarget, makeWorld, NEW_BUILD, OLD_BUILD } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}) => {
  const world = makeWorld(4)
  const esxi = { depot_path: '/vmfs/volumes/ds1/new.zip', profile_name: 'new-profile' }
  return { world, targets: [hostTarget(world, 'h1')], details: { ...esxi, ...details } }
}
const childOf = (job: PlayedJob, _step: ActivityName, id: string) =>
  job.count('readHost') > 0 ? `${id}/host/h1` : undefined

describe('esxi_upgrade', () => {
  test('upgrades, reboots once, proves the build and brings the host back', async () => {
    const job = await bench.run('esxi_upgrade', play())
    expect(job.end.status).toBe('completed')
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed', reboots: 1 }])
    expect(job.world.hosts.get('h1')).toMatchObject({ build: NEW_BUILD, boots: 2, in_maintenance: false, ssh: false })
    expectTidy(job)
  })

  test('a host that runs the build already is left alone', async () => {
    const given = play()
    for (const host of given.world.hosts.values()) host.build = NEW_BUILD
    const job = await bench.run('esxi_upgrade', given)
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged' }])
    expect(job.count('enterMaintenance')).toBe(0)
    expectTidy(job)
  })

  test('a preflight that is blocked ends it before anything changes', async () => {
    const job = await bench.run('esxi_upgrade', {
      ...play(),
      answers: {
        preflightHost: async () => ({
          verdict: 'blocked',
          checks: [],
          blockers: [{ code: 'NotEnoughSpace', message: 'No space.', remedy: 'Free some.' }],
          warnings: [],
          current: { version: '8.0.2', build: OLD_BUILD, profile: 'old' },
          target: { version: '8.0.3', build: NEW_BUILD, profile: 'new', acceptance: null },
          vibs: { install: [], remove: [], skip: [] },
          stepping_stones: [],
          estimate_minutes: 45,
          no_way_back: false,
        }),
      },
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'NotEnoughSpace' } })
    expect(job.count('enterMaintenance')).toBe(0)
    expectTidy(job)
  })

  test('a host that cannot be emptied is given back, and its VMs are named', async () => {
    const job = await bench.run('esxi_upgrade', {
      ...play(),
      answers: {
        watchEvacuation: async () => ({
          state: 'blocked',
          code: 'EvacuationBlocked',
          vms_left: 1,
          blockers: [{ code: 'PinnedVm', message: 'db-1 has a local disc.', remedy: 'Move it.' }],
        }),
      },
    })
    expect(job.end.error).toMatchObject({ code: 'EvacuationBlocked' })
    expect(job.end.error?.message).toContain('db-1')
    expect(job.count('undoMaintenance')).toBe(1)
    expect(job.count('startUpdate')).toBe(0)
    expectTidy(job)
  })

  test('a host found in maintenance stays there when it was asked for as found', async () => {
    const given = play({ leave_maintenance: 'as_found' })
    const host = given.world.hosts.get('h1')
    if (host) host.in_maintenance = true
    const job = await bench.run('esxi_upgrade', given)
    expect(job.end.status).toBe('completed')
    expect(job.world.hosts.get('h1')).toMatchObject({ build: NEW_BUILD, in_maintenance: true })
    expectTidy(job, new Map([['h1', { in_maintenance: true, ssh: false }]]))
  })

  test('the lease of a host that another job holds is waited for no longer than allowed', async () => {
    const given = play({ lease_wait_minutes: 5 })
    given.world.leases.set('host:h1', 'job/other/x')
    const job = await bench.run('esxi_upgrade', given)
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'LeaseHeld' } })
    expect(job.mutations).toEqual([])
    expect([...job.world.leases]).toEqual([['host:h1', 'job/other/x']])
  })

  test('a cancel that comes after one of two hosts has ended does not trouble the job', async () => {
    const world = makeWorld(8)
    for (const id of ['h5', 'h6', 'h7', 'h8']) {
      const host = world.hosts.get(id)
      if (host) host.cluster_id = 'c2'
    }
    const targets = [hostTarget(world, 'h1'), hostTarget(world, 'h5')]
    const current = world.hosts.get('h1')
    if (current) current.build = NEW_BUILD
    const running = await bench.start('esxi_upgrade', { ...play(), world, targets })
    const held = running.job.hold('startUpdate')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.result.targets.map((target) => target.outcome)).toEqual(['unchanged', 'changed'])
    expectTidy(job)
  })

  test('retry after a failure takes the host up again and brings it back', async () => {
    const error = new StepFailed('EsxiUpdateFailed', 'It broke.')
    const world = makeWorld(8)
    for (const id of ['h5', 'h6', 'h7', 'h8']) {
      const host = world.hosts.get(id)
      if (host) host.cluster_id = 'c2'
    }
    const targets = [hostTarget(world, 'h1'), hostTarget(world, 'h5')]
    const running = await bench.start('esxi_upgrade', {
      ...play(),
      world,
      targets,
      prepare: ({ faults }) => faults.push({ name: 'waitUpdate', nth: 1, when: 'before', error }),
    })
    // Only the host that did not fail comes so far: the job cannot end before it is let go.
    const last = running.job.hold('exitMaintenance')
    const attention = running.job.hold('openAttention')
    await attention.reached
    attention.release()
    await last.reached
    const failed = [...world.hosts.values()].find((host) => host.in_maintenance && host.build === OLD_BUILD)
    await running.retry(failed?.id ?? null)
    last.release()
    const job = await running.end()
    expect(job.end.status).toBe('completed')
    expect([...world.hosts.values()].filter((host) => host.in_maintenance)).toEqual([])
  })

  test('a dry run changes nothing and does not start SSH', async () => {
    const job = await bench.run('esxi_upgrade', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { wrong } = await failEachStep(bench, 'esxi_upgrade', play, when)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort'] as const)(
    'cancel %s in any step ends in a declared safe state',
    {
      timeout: 240_000,
    },
    async (mode) => {
      const { wrong } = await cancelInEachStep(bench, 'esxi_upgrade', play, mode, childOf)
      expect(wrong).toEqual([])
    },
  )
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { noFit } from '../helpers/workflows/doubles-server.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import type { ActivityName, Fault, PlayedJob } from '../helpers/workflows/played-job.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { hostTarget, makeWorld, NEW_BUILD } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const DEPOT = '/vmfs/volumes/ds1/depots/new.zip'
const BOTH = {
  order: 'esxi_first',
  esxi: { depot_path: DEPOT, profile_name: 'new-profile' },
  firmware: { firmware_source: 'local', package_ids: ['00000000-0000-4000-8000-000000000001'] },
}

/** Some hosts of a cluster of four: a smaller one has no reserve left once a host is out. */
const play = (hosts = 3, details: object = {}) => {
  const world = makeWorld(4)
  return {
    world,
    targets: [...world.hosts.keys()].slice(0, hosts).map((id) => hostTarget(world, id)),
    details: { ...BOTH, ...details },
  }
}

const outcomes = (job: PlayedJob) => job.end.result.targets.map((target) => target.outcome)
const broken = (message = 'It broke.') => new StepFailed('EsxiUpdateFailed', message)

describe('rolling_update', () => {
  test('updates all hosts one after the other and leaves everything as it was', async () => {
    const job = await bench.run('rolling_update', play())
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(outcomes(job)).toEqual(['changed', 'changed', 'changed'])
    const sorted = [...job.world.hosts.values()].map(({ build, boots }) => ({ build, boots }))
    expect(sorted.slice(0, 3)).toEqual(Array(3).fill({ build: NEW_BUILD, boots: 3 }))
    expect([...job.world.servers.values()].map((server) => server.installed.size)).toEqual([2, 2, 2, 0])
    const entered = job.steps.filter(({ name }) => name === 'enterMaintenance' || name === 'exitMaintenance')
    expect(entered.map(({ name }) => name)).toEqual(Array(3).fill(['enterMaintenance', 'exitMaintenance']).flat())
    expect(job.rows.attention).toEqual([])
    expectTidy(job)
  })

  test('hosts that are current are left alone', async () => {
    const given = play()
    for (const host of given.world.hosts.values()) host.build = NEW_BUILD
    for (const server of given.world.servers.values())
      for (const one of given.world.packages) server.installed.add(one.package_id)
    const job = await bench.run('rolling_update', given)
    expect(outcomes(job)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(job.mutations.filter((name) => name !== 'borrowSsh' && name !== 'returnSsh')).toEqual([
      'borrowClusterSetting',
      'returnClusterSettings',
    ])
    expectTidy(job)
  })

  test('refuses before anything is touched when a host has a blocker', async () => {
    const given = play()
    const job = await bench.run('rolling_update', {
      ...given,
      answers: {
        passChangeGate: async ({ server_id }) => ({
          blockers: server_id === 's2' ? [{ code: 'LockdownMode', message: 'Locked down.', remedy: 'Unlock it.' }] : [],
          warnings: [],
        }),
      },
    })
    expect(job.end.status).toBe('failed')
    expect(job.end.error).toMatchObject({ code: 'LockdownMode' })
    expect(job.mutations.filter((name) => name !== 'borrowSsh' && name !== 'returnSsh')).toEqual([])
    expectTidy(job)
  })

  test.each(['all_hosts', 'per_host'])(
    'packages that fit no host are refused before ESXi is touched (%s)',
    async (precheck) => {
      const given = play(2, { precheck })
      const job = await bench.run('rolling_update', { ...given, answers: { planFirmware: noFit(given.world) } })
      expect(job.end).toMatchObject({ status: 'failed', error: { code: 'PackageNotApplicable' } })
      expect(job.mutations.filter((name) => name !== 'borrowSsh' && name !== 'returnSsh')).toEqual([])
      expectTidy(job)
    },
  )

  test('waits while the cluster is not safe, says why, and gives up after the time allowed', async () => {
    const given = play(3, { precheck: 'per_host', blocked_timeout_minutes: 30 })
    const out = given.world.hosts.get('h3')
    if (out) out.in_maintenance = true
    const job = await bench.run('rolling_update', { ...given, targets: given.targets.slice(0, 2) })
    expect(job.end.status).toBe('failed')
    expect(job.count('enterMaintenance')).toBe(0)
    expect(job.count('decideRolling')).toBeGreaterThan(10)
    expectTidy(job, new Map([['h3', { in_maintenance: true, ssh: false }]]))
  })

  test('a dry run answers with the plan and changes nothing', async () => {
    const job = await bench.run('rolling_update', { ...play(), dry_run: true })
    expect(job.end.status).toBe('completed')
    expect(job.mutations).toEqual([])
    expect(job.end.result.plan).toMatchObject({ would_start: true, blockers: [] })
    expectTidy(job)
  })

  test('a failed host stops the roll: the others are not begun', async () => {
    const fault: Fault = { name: 'waitUpdate', nth: 1, when: 'before', error: broken() }
    const job = await bench.run('rolling_update', { ...play(), prepare: ({ faults }) => faults.push(fault) })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'EsxiUpdateFailed' } })
    expect(outcomes(job)).toEqual(['failed', 'not_started', 'not_started'])
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(true)
    expect(job.rows.attention.map((entry) => entry.target_id)).toContain('h1')
    expectTidy(job)
  })

  test('two clusters become one child job each', async () => {
    const given = play()
    given.world = makeWorld(6)
    for (const id of ['h4', 'h5', 'h6']) {
      const host = given.world.hosts.get(id)
      if (host) host.cluster_id = 'c2'
    }
    const targets = [...given.world.hosts.keys()].map((id) => hostTarget(given.world, id))
    const job = await bench.run('rolling_update', { ...given, targets })
    expect(job.end.status).toBe('completed')
    expect(job.end.result.targets.map((target) => target.target.kind)).toEqual(['cluster', 'cluster'])
    for (const host of given.world.hosts.values()) expect(host.build).toBe(NEW_BUILD)
  })
})

describe('controls of rolling_update', () => {
  test('pause takes effect between hosts, and resume goes on', async () => {
    const running = await bench.start('rolling_update', play(2))
    const first = running.job.hold('rebootHost')
    await first.reached
    await running.pause()
    first.release()
    await bench.env.sleep('2 hours')
    expect(running.job.rows.status).toBe('paused')
    expect(running.job.rows.waiting_for.map((reason) => reason.code)).toEqual(['PausedByOperator'])
    expect(running.job.count('enterMaintenance')).toBe(1)
    await running.resume()
    const job = await running.end()
    expect(outcomes(job)).toEqual(['changed', 'changed'])
    expectTidy(job)
  })

  test('cancel graceful finishes the host in work and starts no other', async () => {
    const running = await bench.start('rolling_update', play())
    const held = running.job.hold('startUpdate')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(outcomes(job)).toEqual(['changed', 'not_started', 'not_started'])
    expectTidy(job)
  })

  test('skip leaves a host out that has not begun', async () => {
    const running = await bench.start('rolling_update', play())
    const held = running.job.hold('startUpdate')
    await held.reached
    await running.skip('h2')
    held.release()
    const job = await running.end()
    expect(outcomes(job)).toEqual(['changed', 'skipped', 'changed'])
    expectTidy(job)
  })

  test('retry takes up a failed host that stands in maintenance and brings it back', async () => {
    const fault: Fault = { name: 'waitUpdate', nth: 1, when: 'before', error: broken() }
    const running = await bench.start('rolling_update', {
      ...play(2, { on_failure: 'pause' }),
      prepare: ({ faults }) => faults.push(fault),
    })
    const held = running.job.hold('openAttention')
    await held.reached
    held.release()
    await bench.env.sleep('1 hour')
    expect(running.job.rows.status).toBe('paused')
    await running.retry('h1')
    const job = await running.end()
    expect(job.end.status).toBe('completed')
    expect(outcomes(job)).toEqual(['changed', 'changed'])
    expect([...job.world.hosts.values()].map((host) => host.in_maintenance)).toEqual([false, false, false, false])
  })

  test('nobody answers a pause for attention: the job ends by its own time limit', async () => {
    const fault: Fault = { name: 'waitUpdate', nth: 1, when: 'before', error: broken() }
    const job = await bench.run('rolling_update', {
      ...play(2, { on_failure: 'pause', attention_timeout_hours: 5 }),
      prepare: ({ faults }) => faults.push(fault),
    })
    expect(job.end.status).toBe('failed')
    expect(job.end.result.targets.map((target) => target.code)).toContain('AttentionTimeout')
    expectTidy(job)
  })
})

/** The child hears of an abort while its host is in work; a graceful cancel lets it finish. */
const childOf = (job: PlayedJob, step: ActivityName, id: string) =>
  job.count('snapshotHost') > 0 && step !== 'returnClusterSettings' ? `${id}/host/h1` : undefined

describe('whatever happens in a rolling_update', () => {
  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { steps, wrong } = await failEachStep(bench, 'rolling_update', () => play(1), when)
      expect(steps).toBeGreaterThan(30)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort'] as const)(
    'cancel %s in any step ends in a declared safe state',
    {
      timeout: 240_000,
    },
    async (mode) => {
      const child = mode === 'abort' ? childOf : undefined
      const { wrong } = await cancelInEachStep(bench, 'rolling_update', () => play(2), mode, child)
      expect(wrong).toEqual([])
    },
  )
})

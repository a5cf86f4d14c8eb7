import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { hostTarget, makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}) => {
  const world = makeWorld(2)
  const depot = { depot_path: '/vmfs/volumes/ds1/new.zip', profile_name: 'new-profile' }
  return { world, targets: [hostTarget(world, 'h1')], details: { ...depot, ...details } }
}

describe('esxi_preflight', () => {
  test('borrows SSH under the lease of the host, asks, and gives it back', async () => {
    const job = await bench.run('esxi_preflight', play())
    expect(job.end.status).toBe('completed')
    // The row names the host; what it would get stands beside its name.
    expect(job.end.result.targets).toMatchObject([
      {
        outcome: 'answered',
        verdict: 'ready',
        target: { kind: 'host', id: 'h1', name: 'esx-h1', version: '8.0.3', profile: 'new-profile' },
      },
    ])
    expect(job.stepNames.filter((name) => name !== 'resolveDepot')).toEqual([
      'readHost',
      'acquireLeases',
      'borrowSsh',
      'preflightHost',
      'returnSsh',
      'releaseLeases',
      'finishJob',
    ])
    expectTidy(job)
  })

  test('SSH that runs already is used and left on', async () => {
    const given = play()
    const host = given.world.hosts.get('h1')
    if (host) host.ssh = true
    const job = await bench.run('esxi_preflight', given)
    expect(job.mutations).toEqual([])
    expect(job.calls.find(({ name }) => name === 'preflightHost')?.input).toMatchObject({ ssh_available: true })
  })

  test('start_ssh false asks only what can be asked without', async () => {
    const job = await bench.run('esxi_preflight', play({ start_ssh: false }))
    expect(job.mutations).toEqual([])
    expect(job.calls.find(({ name }) => name === 'preflightHost')?.input).toMatchObject({
      ssh_available: false,
      run_dry_run: false,
    })
  })

  test('a host that refuses SSH fails alone, with its code', async () => {
    const error = new StepFailed('SshUnavailable', 'Lockdown mode.')
    const job = await bench.run('esxi_preflight', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'borrowSsh', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'SshUnavailable' } })
    expectTidy(job)
  })

  test('a dry run starts nothing', async () => {
    const job = await bench.run('esxi_preflight', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    async (when) => {
      const { wrong } = await failEachStep(bench, 'esxi_preflight', play, when)
      expect(wrong).toEqual([])
    },
  )

  test('cancel in any step ends it with SSH off', async () => {
    const { wrong } = await cancelInEachStep(bench, 'esxi_preflight', play, 'graceful')
    expect(wrong).toEqual([])
  })
})

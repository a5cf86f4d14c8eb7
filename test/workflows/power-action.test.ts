import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

/** Servers of a cluster of four; `bare` ones carry no host. */
const play = (details: object, { bare = false, servers = 1 } = {}) => {
  const world = makeWorld(4)
  if (bare) for (const server of world.servers.values()) server.host_id = null
  const targets = [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id))
  return { world, targets, details }
}

describe('power_action', () => {
  test('sends the action once and waits for the state', async () => {
    const job = await bench.run('power_action', play({ action: 'off' }, { bare: true }))
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed', before: 'On', after: 'Off' }])
    expect(job.count('sendPower')).toBe(1)
    expectTidy(job)
  })

  test('a server that is in the state already gets nothing', async () => {
    const job = await bench.run('power_action', play({ action: 'on' }))
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged', action_sent: false }])
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('a server whose host runs VMs is refused', async () => {
    const job = await bench.run('power_action', play({ action: 'reset' }))
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'HostNotInMaintenance' } })
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('evacuate_host empties the host first and brings it back', async () => {
    const job = await bench.run('power_action', play({ action: 'reset', evacuate_host: true }))
    expect(job.end.status).toBe('completed')
    const names = job.stepNames
    expect(names.indexOf('enterMaintenance')).toBeLessThan(names.indexOf('sendPower'))
    expect(names.indexOf('sendPower')).toBeLessThan(names.indexOf('exitMaintenance'))
    expectTidy(job)
  })

  test('a server that ignores a graceful shutdown is forced only when the job said after how long', async () => {
    const ignored = new StepFailed('StepTimeout', 'still On')
    const gently = play({ action: 'graceful_shutdown' }, { bare: true })
    const fault = { name: 'waitPower', nth: 1, when: 'before', error: ignored } as const
    const job = await bench.run('power_action', { ...gently, prepare: ({ faults }) => faults.push(fault) })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'StepTimeout' } })
    expect(job.count('sendPower')).toBe(1)
    const firmly = play({ action: 'graceful_shutdown', force_after_minutes: 5 }, { bare: true })
    const forced = await bench.run('power_action', { ...firmly, prepare: ({ faults }) => faults.push(fault) })
    expect(forced.end.status).toBe('completed')
    expect(forced.calls.filter(({ name }) => name === 'sendPower').map(({ input }) => input.action)).toEqual([
      'graceful_shutdown',
      'off',
    ])
  })

  test('an outcome that nobody knows is told as such', async () => {
    const error = new StepFailed('OutcomeUnknown', 'It was sent and cannot be proved.')
    const job = await bench.run('power_action', {
      ...play({ action: 'nmi' }, { bare: true }),
      prepare: ({ faults }) => faults.push({ name: 'sendPower', nth: 1, when: 'after', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'OutcomeUnknown' } })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unknown' }])
    expectTidy(job)
  })

  test('two servers of one cluster are never worked on together', async () => {
    const given = play({ action: 'reset', evacuate_host: true }, { servers: 3 })
    const job = await bench.run('power_action', given)
    expect(job.end.status).toBe('completed')
    const turns = job.steps.filter(({ name }) => name === 'enterMaintenance' || name === 'exitMaintenance')
    expect(turns.map(({ name }) => name)).toEqual(Array(3).fill(['enterMaintenance', 'exitMaintenance']).flat())
    expectTidy(job)
  })

  test('a dry run sends nothing and shows what stands in the way', async () => {
    const job = await bench.run('power_action', { ...play({ action: 'reset' }), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result.plan).toMatchObject({ would_start: false, blockers: [{ code: 'HostNotInMaintenance' }] })
  })

  const guarded = () => play({ action: 'reset', evacuate_host: true })
  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { steps, wrong } = await failEachStep(bench, 'power_action', guarded, when)
      expect(steps).toBeGreaterThan(10)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends in a declared safe state', async (mode) => {
    const { wrong } = await cancelInEachStep(bench, 'power_action', guarded, mode)
    expect(wrong).toEqual([])
  })
})

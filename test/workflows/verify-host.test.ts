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

/** A host that a person or another job left in maintenance. */
const play = (in_maintenance = true) => {
  const world = makeWorld(4)
  const host = world.hosts.get('h1')
  if (host) host.in_maintenance = in_maintenance
  return { world, targets: [hostTarget(world, 'h1')] }
}
const BEFORE = new Map([['h1', { in_maintenance: true, ssh: false }]])

describe('verify_host', () => {
  test('checks the host and brings it back', async () => {
    const job = await bench.run('verify_host', play())
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed', ha_state: 'connectedToMaster' }])
    expect(job.stepNames.indexOf('verifyHost')).toBeLessThan(job.stepNames.indexOf('exitMaintenance'))
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(false)
    expectTidy(job)
  })

  test('a host that serves is only checked', async () => {
    const job = await bench.run('verify_host', play(false))
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged' }])
    expect(job.count('exitMaintenance')).toBe(0)
  })

  test('a host that is not good stays in maintenance and is named', async () => {
    const error = new StepFailed('VerifyFailed', 'vmnic1 is down.')
    const job = await bench.run('verify_host', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'verifyHost', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VerifyFailed' } })
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(true)
    expect(job.rows.attention).toMatchObject([{ target_id: 'h1', code: 'VerifyFailed' }])
    expectTidy(job, BEFORE)
  })

  test('exit_maintenance false only checks', async () => {
    const job = await bench.run('verify_host', { ...play(), details: { exit_maintenance: false } })
    expect(job.end.status).toBe('completed')
    expect(job.mutations).toEqual([])
  })

  test('a dry run changes nothing', async () => {
    const job = await bench.run('verify_host', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result.targets).toMatchObject([{ outcome: 'answered', would_leave_maintenance: true }])
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    async (when) => {
      const { wrong } = await failEachStep(bench, 'verify_host', play, when)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends in a declared safe state', async (mode) => {
    const { wrong } = await cancelInEachStep(bench, 'verify_host', play, mode)
    expect(wrong).toEqual([])
  })
})

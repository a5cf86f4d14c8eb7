import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}) => ({
  world: makeWorld(1),
  targets: [{ kind: 'file' as const, id: 'openmanage_sync', name: 'OpenManage' }],
  details,
})

describe('openmanage_sync', () => {
  test('reads once under the lease of OpenManage and tells what it did', async () => {
    const job = await bench.run('openmanage_sync', play({ read_compliance: true }))
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      { outcome: 'changed', devices: 3, created: 1, address_conflicts: [] },
    ])
    expect(job.calls.find(({ name }) => name === 'acquireLeases')?.input.resources).toEqual(['openmanage'])
    expect(job.calls.find(({ name }) => name === 'syncOpenmanage')?.input).toMatchObject({
      create_missing: true,
      include_unmanaged: false,
      read_compliance: true,
      dry_run: false,
    })
    expectTidy(job)
  })

  test('a refused password fails the job with its code, and is tried once', async () => {
    const error = new StepFailed('AuthFailed', 'OpenManage refused the password.')
    const job = await bench.run('openmanage_sync', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'syncOpenmanage', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'AuthFailed' } })
    expect(job.count('syncOpenmanage')).toBe(1)
    expectTidy(job)
  })

  test('a dry run takes no lease and compares only', async () => {
    const job = await bench.run('openmanage_sync', { ...play(), dry_run: true })
    expect(job.count('acquireLeases')).toBe(0)
    expect(job.calls.find(({ name }) => name === 'syncOpenmanage')?.input).toMatchObject({ dry_run: true })
    expect(job.end.result.plan).toMatchObject({ would_start: true })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'answered' }])
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect leaves nothing behind', async (when) => {
    expect((await failEachStep(bench, 'openmanage_sync', play, when)).wrong).toEqual([])
  })

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends tidily', async (mode) => {
    expect((await cancelInEachStep(bench, 'openmanage_sync', play, mode)).wrong).toEqual([])
  })
})

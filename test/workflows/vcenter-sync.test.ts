import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import type { Target } from '../../workflows/lib/job-input.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const IDS = ['00000000-0000-4000-8000-000000000011', '00000000-0000-4000-8000-000000000012']
const play = () => ({
  world: makeWorld(2),
  targets: IDS.map((id): Target => ({ kind: 'vcenter', id, name: `vcenter ${id.slice(-2)}` })),
  details: { vcenter_ids: IDS },
})

describe('vcenter_sync', () => {
  test('reads each vCenter under its lease', async () => {
    const job = await bench.run('vcenter_sync', play())
    expect(job.end.status).toBe('completed')
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed' }, { outcome: 'changed' }])
    expect(job.calls.find(({ name }) => name === 'acquireLeases')?.input).toMatchObject({
      resources: IDS.map((id) => `vcenter:${id}`),
    })
    expectTidy(job)
  })

  test('a vCenter that is as it was known is unchanged', async () => {
    const syncVcenter = async () => ({ changed: false, clusters: 1 })
    const job = await bench.run('vcenter_sync', { ...play(), answers: { syncVcenter } })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged', clusters: 1 }, { outcome: 'unchanged' }])
  })

  test('one vCenter that refuses does not stop the other', async () => {
    const error = new StepFailed('SyncWouldRemoveTooMany', 'It answered too little.')
    const job = await bench.run('vcenter_sync', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'syncVcenter', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'SyncWouldRemoveTooMany' } })
    expect(job.count('syncVcenter')).toBe(2)
    expectTidy(job)
  })

  test('two syncs of one vCenter: the second waits, and runs when the first has ended', async () => {
    const first = await bench.start('vcenter_sync', play())
    const held = first.job.hold('syncVcenter')
    await held.reached
    const second = await bench.start('vcenter_sync', { ...play(), world: first.job.world })
    const asked = second.job.hold('acquireLeases')
    await asked.reached
    asked.release()
    held.release()
    await first.end()
    const job = await second.end()
    expect(job.end.status).toBe('completed')
    expectTidy(job)
  })

  test('a dry run saves nothing and takes no lease', async () => {
    const job = await bench.run('vcenter_sync', { ...play(), dry_run: true })
    expect(job.count('acquireLeases')).toBe(0)
    expect(job.calls.filter(({ name }) => name === 'syncVcenter').every(({ input }) => input.dry_run)).toBe(true)
    expect(job.end.result.targets).toMatchObject([{ outcome: 'answered' }, { outcome: 'answered' }])
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    const { wrong } = await failEachStep(bench, 'vcenter_sync', play, when)
    expect(wrong).toEqual([])
  })

  test('cancel in any step ends it', async () => {
    const { wrong } = await cancelInEachStep(bench, 'vcenter_sync', play, 'graceful')
    expect(wrong).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import type { Target } from '../../workflows/lib/job-input.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const C1: Target = { kind: 'cluster', id: 'c1', name: 'Prod-A' }
const play = (host_ids: string[] = []) => ({
  world: makeWorld(4),
  targets: [{ ...C1, host_ids }],
})

describe('cluster_safety_check', () => {
  test('says that some host may leave, and which', async () => {
    const job = await bench.run('cluster_safety_check', play())
    expect(job.end).toMatchObject({ status: 'completed', result: { safe: true } })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'answered', safe: true, cluster: 'Prod-A' }])
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('a no is an answer, not a failure', async () => {
    const job = await bench.run('cluster_safety_check', play(['h1', 'h2']))
    expect(job.end).toMatchObject({ status: 'completed', error: null, result: { safe: false } })
    expect(job.end.result.targets[0]?.blockers).toContainEqual(expect.objectContaining({ code: 'UnavailableLimit' }))
  })

  test('a cluster that cannot be read fails and is never called safe', async () => {
    const error = new StepFailed('VcenterUnreachable', 'vCenter is away.')
    const job = await bench.run('cluster_safety_check', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'checkClusterSafety', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VcenterUnreachable' }, result: { safe: false } })
    expectTidy(job)
  })

  test('only the fields of the rule reach the rule', async () => {
    const job = await bench.run('cluster_safety_check', { ...play(), details: { require_drs: false } })
    expect(job.calls.find(({ name }) => name === 'checkClusterSafety')?.input).toMatchObject({
      policy: { require_drs: false, evacuation: 'migrate', max_unavailable: 1 },
    })
  })

  test('a dry run stores no check', async () => {
    const job = await bench.run('cluster_safety_check', { ...play(), dry_run: true })
    expect(job.calls.find(({ name }) => name === 'checkClusterSafety')?.input).toMatchObject({ store: false })
  })

  test('a step that fails ends it with a reason', async () => {
    const { wrong } = await failEachStep(bench, 'cluster_safety_check', play, 'before')
    expect(wrong).toEqual([])
  })
})

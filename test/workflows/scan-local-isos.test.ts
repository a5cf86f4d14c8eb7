import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, type Play, startBench } from '../helpers/workflows/bench.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}): Play => ({
  world: makeWorld(0),
  targets: [{ kind: 'file', id: 'scan_local_isos', name: 'media store' }],
  details: { recursive: true, checksums: 'new', mark_missing: true, refresh_urls: true, ...details },
})

describe('scan_local_isos', () => {
  test('looks through the store under its lease and tells what it found', async () => {
    const job = await bench.run('scan_local_isos', play({ subdirectory: 'esxi', checksums: 'all' }))
    expect(job.end).toMatchObject({
      status: 'completed',
      result: { found: 2, new: 1, skipped: [{ reason: 'a link' }] },
    })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed' }])
    expect(job.calls.find(({ name }) => name === 'scanStore')?.input).toMatchObject({
      subdirectory: 'esxi',
      checksums: 'all',
      dry_run: false,
    })
    expectTidy(job)
  })

  test('a failure ends it with its code', async () => {
    const error = new StepFailed('MediaNotFound', 'No.')
    const job = await bench.run('scan_local_isos', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'scanStore', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'MediaNotFound' } })
    expectTidy(job)
  })

  test('a dry run takes no lease', async () => {
    const job = await bench.run('scan_local_isos', { ...play(), dry_run: true })
    expect(job.count('acquireLeases')).toBe(0)
    expect(job.calls.find(({ name }) => name === 'scanStore')?.input).toMatchObject({ dry_run: true })
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })

  test('a cancel before it begins leaves everything as it is', async () => {
    const running = await bench.start('scan_local_isos', play())
    const held = running.job.hold('acquireLeases')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.count('scanStore')).toBe(0)
    expectTidy(job)
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    const { wrong } = await failEachStep(bench, 'scan_local_isos', () => play(), when)
    expect(wrong).toEqual([])
  })
})

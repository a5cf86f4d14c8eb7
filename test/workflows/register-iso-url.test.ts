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
  targets: [{ kind: 'file', id: 'register_iso_url', name: 'media store' }],
  details: { url: 'http://files.example.com/x.iso', kind: 'iso', download: false, ...details },
})

describe('register_iso_url', () => {
  test('registers and names the row; the checksum is compared in small letters', async () => {
    const job = await bench.run('register_iso_url', play({ download: true, expected_sha256: 'A'.repeat(64) }))
    expect(job.end).toMatchObject({ status: 'completed', result: { iso_image_id: 'record-2', accepts_ranges: true } })
    expect(job.calls.find(({ name }) => name === 'registerUrl')?.input).toMatchObject({
      download: true,
      expected_sha256: 'a'.repeat(64),
    })
    expectTidy(job)
  })

  test('a failure ends it with its code', async () => {
    const error = new StepFailed('UrlRefused', 'No.')
    const job = await bench.run('register_iso_url', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'registerUrl', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'UrlRefused' } })
    expectTidy(job)
  })

  test('a dry run takes no lease', async () => {
    const job = await bench.run('register_iso_url', { ...play(), dry_run: true })
    expect(job.count('acquireLeases')).toBe(0)
    expect(job.calls.find(({ name }) => name === 'registerUrl')?.input).toMatchObject({ dry_run: true })
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })

  test('a cancel before it begins leaves everything as it is', async () => {
    const running = await bench.start('register_iso_url', play())
    const held = running.job.hold('acquireLeases')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.count('registerUrl')).toBe(0)
    expectTidy(job)
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    const { wrong } = await failEachStep(bench, 'register_iso_url', () => play(), when)
    expect(wrong).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const UPLOAD = '00000000-0000-4000-8000-000000000002'
const play = () => ({
  world: makeWorld(0),
  targets: [{ kind: 'file' as const, id: UPLOAD, name: 'BIOS.EXE' }],
  details: { upload_id: UPLOAD, expected_sha256: 'A'.repeat(64) },
})

describe('iso_upload', () => {
  test('takes the file and names its record; the checksum is compared in small letters', async () => {
    const job = await bench.run('iso_upload', play())
    expect(job.end).toMatchObject({ status: 'completed', result: { record_id: 'record-1' } })
    expect(job.calls.find(({ name }) => name === 'takeUpload')?.input).toMatchObject({
      upload_id: UPLOAD,
      expected_sha256: 'a'.repeat(64),
      dry_run: false,
    })
    expectTidy(job)
  })

  test('a wrong checksum fails it with its code', async () => {
    const error = new StepFailed('HashMismatch', 'The checksum is wrong.')
    const job = await bench.run('iso_upload', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'takeUpload', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'HashMismatch' } })
    expectTidy(job)
  })

  test('a cancel before the file is taken drops the upload', async () => {
    const running = await bench.start('iso_upload', play())
    const held = running.job.hold('acquireLeases')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.count('takeUpload')).toBe(0)
    expectTidy(job)
  })

  test('a dry run takes no lease and moves nothing', async () => {
    const job = await bench.run('iso_upload', { ...play(), dry_run: true })
    expect(job.count('acquireLeases')).toBe(0)
    expect(job.calls.find(({ name }) => name === 'takeUpload')?.input).toMatchObject({ dry_run: true })
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    const { wrong } = await failEachStep(bench, 'iso_upload', play, when)
    expect(wrong).toEqual([])
  })
})

import { CancelledFailure, Context } from '@temporalio/activity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const VCENTER = '00000000-0000-4000-8000-000000000011'
const play = (host_id?: string) => ({
  world: makeWorld(1),
  targets: [{ kind: 'vcenter' as const, id: VCENTER, name: 'ds1 (vc)', ...(host_id ? { host_id } : {}) }],
  details: { vcenter_id: VCENTER, datastore: 'ds1' },
})

describe('browse_datastore', () => {
  test('answers the files, who mounts it and what is free', async () => {
    const job = await bench.run('browse_datastore', play())
    expect(job.end).toMatchObject({
      status: 'completed',
      result: { files: [{ host_path: '/vmfs/volumes/ds1/a.zip' }], truncated: false, free_bytes: 50 },
    })
    expect(job.end.result.hosts_mounting).toEqual([{ host_id: 'h1', name: 'esx-1' }])
    expect(job.calls.find((call) => call.name === 'browseDatastore')?.input).toMatchObject({
      host_id: null,
      patterns: ['*.zip', '*.iso'],
      limit: 500,
    })
    expectTidy(job)
  })

  test('looks through the host that is named', async () => {
    const job = await bench.run('browse_datastore', play('h1'))
    expect(job.calls.find((call) => call.name === 'browseDatastore')?.input).toMatchObject({ host_id: 'h1' })
  })

  test('a datastore that is not there fails with that reason', async () => {
    const error = new StepFailed('NotFound', 'This vCenter has no datastore ds1.')
    const job = await bench.run('browse_datastore', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'browseDatastore', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'NotFound' } })
    expectTidy(job)
  })

  test('a cancel ends the search that runs', async () => {
    let ended = false
    let begun = () => {}
    const running = new Promise<void>((resolve) => {
      begun = resolve
    })
    const job = await bench.start('browse_datastore', {
      ...play(),
      answers: {
        browseDatastore: async () => {
          begun()
          await Context.current().cancelled.catch((thrown: unknown) => {
            ended = thrown instanceof CancelledFailure
            throw thrown
          })
          throw new Error('it was not cancelled')
        },
      },
    })
    await running
    await job.cancel('graceful')
    expect((await job.end()).end.status).toBe('cancelled')
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(true)
  })

  test('a dry run is the same reading', async () => {
    const job = await bench.run('browse_datastore', { ...play(), dry_run: true })
    expect(job.end.result).toMatchObject({ plan: { would_start: true }, files: [{}] })
  })
})

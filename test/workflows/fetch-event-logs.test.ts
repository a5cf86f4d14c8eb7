import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LogPiece } from '../../activities/contracts/records.js'
import { NotYet, StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (servers = 1, details: object = {}) => {
  const world = makeWorld(3)
  const targets = [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id))
  return { world, targets, details }
}
const BOTH = { logs: ['sel', 'lifecycle'] }
const MISSING: LogPiece = {
  next: null,
  fetched: 0,
  new: 0,
  worst_severity: null,
  newest: null,
  done: true,
  truncated: false,
  missing: true,
}

describe('fetch_event_logs', () => {
  test('reads each log piece by piece and sums up', async () => {
    const job = await bench.run('fetch_event_logs', play(1, BOTH))
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      {
        outcome: 'answered',
        fetched: 800,
        new: 40,
        worst_severity: 'Critical',
        truncated: false,
        logs: { sel: { supported: true, fetched: 400 }, lifecycle: { worst_severity: 'OK' } },
      },
    ])
    const calls = job.calls.filter((call) => call.name === 'fetchLogPiece').map((call) => call.input)
    expect(calls.map((input) => [input.log, input.reading === null])).toEqual([
      ['sel', true],
      ['sel', false],
      ['lifecycle', true],
      ['lifecycle', false],
    ])
    expect(calls[1]).toMatchObject({ reading: { next: 'page-2', fetched: 200, new: 10 }, max_entries: 2000 })
    expectTidy(job)
  })

  test('a log that the firmware does not have is said; none at all fails', async () => {
    const half = await bench.run('fetch_event_logs', {
      ...play(1, BOTH),
      answers: {
        fetchLogPiece: async ({ log }) => (log === 'sel' ? MISSING : { ...MISSING, missing: false, fetched: 3 }),
      },
    })
    expect(half.end).toMatchObject({ status: 'completed' })
    expect(half.end.result.targets[0]).toMatchObject({ fetched: 3, logs: { sel: { supported: false } } })
    const none = await bench.run('fetch_event_logs', { ...play(), answers: { fetchLogPiece: async () => MISSING } })
    expect(none.end).toMatchObject({ status: 'failed', error: { code: 'Unsupported' } })
  })

  test('a server that refuses fails alone', async () => {
    const error = new StepFailed('AuthFailed', 'The iDRAC refused the password.')
    const job = await bench.run('fetch_event_logs', {
      ...play(3),
      prepare: ({ faults }) => faults.push({ name: 'fetchLogPiece', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'AuthFailed' } })
    expect(job.end.result.targets.map((target) => target.outcome).sort()).toEqual(['answered', 'answered', 'failed'])
    expectTidy(job)
  })

  test('a device that is busy is asked again, from the same piece', async () => {
    const error = new NotYet('DeviceBusy', 'The iDRAC is at work.', 60_000)
    const job = await bench.run('fetch_event_logs', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'fetchLogPiece', nth: 2, when: 'after', error }),
    })
    expect(job.end.status).toBe('completed')
    expect(job.end.result.targets[0]).toMatchObject({ fetched: 400 })
    expect(job.count('fetchLogPiece')).toBe(3)
  })

  test('every step that fails for good fails the job and leaves nothing behind', async () => {
    expect(await failEachStep(bench, 'fetch_event_logs', () => play(1, BOTH), 'before')).toEqual({
      steps: 4,
      wrong: [],
    })
  })

  test('cancel ends after the piece in work, and starts no further server', async () => {
    const running = await bench.start('fetch_event_logs', play(2, { ...BOTH, concurrency: 1 }))
    const held = running.job.hold('fetchLogPiece')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.count('fetchLogPiece')).toBe(1)
    expectTidy(job)
  })

  test('a dry run stores nothing and has a plan', async () => {
    const job = await bench.run('fetch_event_logs', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.calls.find((call) => call.name === 'fetchLogPiece')?.input).toMatchObject({ store: false })
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })
})

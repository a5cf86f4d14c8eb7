import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NotYet, StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (hosts = 3) => {
  const world = makeWorld(hosts)
  return { world, targets: [...world.servers.keys()].map((id) => serverTarget(world, id)) }
}

describe('health_check', () => {
  test('reads every server and counts health', async () => {
    const job = await bench.run('health_check', play())
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result).toMatchObject({ health: { OK: 3 }, worst: [] })
    expect(job.stepNames.sort()).toEqual(['checkHealth', 'checkHealth', 'checkHealth', 'finishJob'])
    expectTidy(job)
  })

  test('a server that cannot be read fails alone and fails the job with its code', async () => {
    const error = new StepFailed('AuthFailed', 'The iDRAC refused the password.')
    const job = await bench.run('health_check', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'checkHealth', nth: 2, when: 'before', error }),
    })
    expect(job.end.status).toBe('failed')
    expect(job.end.error).toMatchObject({ code: 'AuthFailed' })
    expect(job.end.result.targets.map((target) => target.outcome).sort()).toEqual(['answered', 'answered', 'failed'])
    expectTidy(job)
  })

  test('a device that is busy is asked again', async () => {
    const error = new NotYet('DeviceBusy', 'The iDRAC is at work.', 60_000)
    const job = await bench.run('health_check', {
      ...play(1),
      prepare: ({ faults }) => faults.push({ name: 'checkHealth', nth: 1, when: 'before', error }),
    })
    expect(job.end.status).toBe('completed')
    expect(job.count('checkHealth')).toBe(2)
  })

  test('status rows that cannot be written at once are written later', async () => {
    const error = new StepFailed('ServiceUnavailable', 'The database is away.')
    const job = await bench.run('health_check', {
      ...play(1),
      prepare: ({ faults }) => {
        for (const nth of [1, 4]) faults.push({ name: 'writeStatus', nth, when: 'before', error })
      },
    })
    expect(job.end.status).toBe('completed')
    expectTidy(job)
  })

  test('a job that was cancelled before it was claimed does nothing', async () => {
    const job = await bench.run('health_check', {
      ...play(),
      prepare: ({ rows }) => {
        rows.status = 'cancelled'
      },
    })
    expect(job.stepNames).toEqual([])
  })

  test('cancel starts no further server', async () => {
    const running = await bench.start('health_check', { ...play(), details: { concurrency: 1 } })
    const held = running.job.hold('checkHealth')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.count('checkHealth')).toBe(1)
    expect(job.end.result.targets.map((target) => target.outcome)).toEqual(['answered', 'not_started', 'not_started'])
    expectTidy(job)
  })

  test('retry takes up what failed', async () => {
    const error = new StepFailed('AuthFailed', 'The iDRAC refused the password.')
    const running = await bench.start('health_check', {
      ...play(2),
      details: { concurrency: 1 },
      prepare: ({ faults }) => faults.push({ name: 'checkHealth', nth: 1, when: 'before', error }),
    })
    const first = running.job.hold('checkHealth')
    await first.reached
    const second = running.job.hold('checkHealth')
    first.release()
    await second.reached
    await running.retry(null)
    second.release()
    const job = await running.end()
    expect(job.end.status).toBe('completed')
    expect(job.count('checkHealth')).toBe(3)
    expect(job.calls.filter((call) => call.name === 'checkHealth').at(-1)?.input.context).toMatchObject({ round: 2 })
  })

  test('in the background, a server that a job holds is left out, and that is no failure', async () => {
    const error = new StepFailed('LeaseHeld', 'TAG1 is left alone: job 7 works on it.')
    const prepare: Parameters<Bench['run']>[1]['prepare'] = ({ faults }) =>
      faults.push({ name: 'checkHealth', nth: 2, when: 'before', error })
    const job = await bench.run('health_check', { ...play(), background: true, prepare })
    expect(job.end.status).toBe('completed')
    const left_out = job.end.result.targets.filter((target) => target.outcome === 'skipped')
    expect(left_out).toMatchObject([{ code: 'LeaseHeld', message: error.message }])
    expect(job.count('checkHealth')).toBe(3)
    expect(job.calls.find(({ name }) => name === 'checkHealth')?.input.context).toMatchObject({ background: true })
    expectTidy(job)
    const asked = await bench.run('health_check', { ...play(), prepare })
    expect(asked.end).toMatchObject({ status: 'failed', error: { code: 'LeaseHeld' } })
  })

  test('a dry run reads, stores nothing and has a plan', async () => {
    const job = await bench.run('health_check', { ...play(1), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.calls.find((call) => call.name === 'checkHealth')?.input).toMatchObject({ store: false })
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NotYet, Refused } from '../../activities/failures.js'
import { blocker } from '../../domain/verdict.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { TICKET_REF } from '../helpers/workflows/doubles-records.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}) => {
  const world = makeWorld(1)
  const targets = [...world.servers.keys()].slice(0, 1).map((id) => serverTarget(world, id))
  return { world, targets, details }
}

describe('console_launch', () => {
  test('answers the reference of a ticket, and nothing of the ticket', async () => {
    const job = await bench.run('console_launch', play())
    expect(job.end).toMatchObject({
      status: 'completed',
      result: {
        ticket_ref: TICKET_REF,
        type: 'kvm',
        expires_at: expect.any(String),
        targets: [{ outcome: 'answered' }],
      },
    })
    expect(job.stepNames).toEqual(['checkConsole', 'openConsole', 'finishJob'])
    expectTidy(job)
  })

  test('says why it opens the page instead', async () => {
    const why = 'This firmware hands out no console tickets.'
    const job = await bench.run('console_launch', {
      ...play(),
      answers: { checkConsole: async () => ({ type: 'web', why }) },
    })
    expect(job.end.result).toMatchObject({ type: 'web', targets: [{ why, type: 'web' }] })
    expect(job.calls.find((call) => call.name === 'openConsole')?.input).toMatchObject({ type: 'web' })
  })

  test('a console that cannot be opened is refused with its reason, and no ticket is asked for', async () => {
    const error = new Refused([blocker('LicenseMissing', 'The console needs an Enterprise licence.')])
    const job = await bench.run('console_launch', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'checkConsole', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'LicenseMissing' } })
    expect(job.end.result).not.toHaveProperty('ticket_ref')
    expect(job.count('openConsole')).toBe(0)
  })

  test('a ticket that got lost is asked for again', async () => {
    const error = new NotYet('DeviceBusy', 'The answer was lost.', 1_000)
    const job = await bench.run('console_launch', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'openConsole', nth: 1, when: 'after', error }),
    })
    expect(job.end.status).toBe('completed')
    expect(job.count('openConsole')).toBe(2)
  })

  test('each step that fails, fails the job without a reference', async () => {
    expect(await failEachStep(bench, 'console_launch', () => play(), 'before')).toEqual({ steps: 2, wrong: [] })
  })

  test('a cancel at whatever step ends it cancelled, so that the end takes the ticket away', async () => {
    expect(await cancelInEachStep(bench, 'console_launch', () => play(), 'graceful')).toEqual({ steps: 2, wrong: [] })
    const running = await bench.start('console_launch', play())
    const held = running.job.hold('openConsole')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end).toMatchObject({ status: 'cancelled' })
    expect(JSON.stringify(job.end.result)).not.toContain(TICKET_REF)
  })

  test('a dry run asks only whether it could be', async () => {
    const job = await bench.run('console_launch', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result).toMatchObject({ plan: { would_start: true, type: 'kvm' } })
  })
})

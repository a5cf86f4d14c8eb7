import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { candidate } from '../helpers/workflows/doubles-credentials.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { hostTarget, makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}, servers = 1) => {
  const world = makeWorld(3)
  const targets = [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id))
  return { world, targets, details }
}
const noBudget = (ms: number) => ({
  outcome: 'not_tried_budget' as const,
  retry_ms: ms,
})

describe('test_credentials', () => {
  test('stops at the first set that works, and writes it', async () => {
    const job = await bench.run('test_credentials', play())
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      {
        outcome: 'answered',
        working_set_id: 'set-2',
        source: 'range',
        assigned: true,
        tried: [
          { set_id: 'set-1', outcome: 'refused' },
          { set_id: 'set-2', outcome: 'ok' },
        ],
      },
    ])
    expect(job.calls.find((call) => call.name === 'saveCredentialTest')?.input).toMatchObject({
      assign_set_id: 'set-2',
    })
    expectTidy(job)
  })

  test('tries all of them when that is asked for, and writes nothing when that is not', async () => {
    const job = await bench.run('test_credentials', play({ mode: 'all', assign: false }))
    expect(job.count('tryServerCredential')).toBe(3)
    expect(job.end.result.targets[0]).toMatchObject({ working_set_id: 'set-2', assigned: false })
  })

  test('that no set works is an answer', async () => {
    const job = await bench.run('test_credentials', {
      ...play(),
      answers: { tryServerCredential: async () => ({ outcome: 'refused' }) },
    })
    expect(job.end).toMatchObject({ status: 'completed' })
    expect(job.end.result.targets[0]).toMatchObject({ outcome: 'answered', working_set_id: null, assigned: false })
  })

  test('the same secret under two names is sent once', async () => {
    const job = await bench.run('test_credentials', {
      ...play({ mode: 'all' }),
      answers: {
        planCredentials: async () => ({
          candidates: [candidate('set-1'), candidate('twin', { same_as: 0 })],
          skipped: [],
          explicit_set_id: null,
          chosen: null,
        }),
      },
    })
    expect(job.count('tryServerCredential')).toBe(1)
    expect(job.end.result.targets[0]).toMatchObject({
      tried: [{ outcome: 'refused' }, { set_id: 'twin', outcome: 'refused' }],
    })
  })

  test('waits for the budget, saying until when, and then goes on with the same set', async () => {
    let asked = 0
    const job = await bench.run('test_credentials', {
      ...play(),
      answers: {
        tryServerCredential: async () => {
          asked += 1
          return asked === 1 ? noBudget(60_000) : { outcome: 'ok' }
        },
      },
    })
    expect(job.end.result.targets[0]).toMatchObject({ tried: [{ set_id: 'set-1', outcome: 'ok' }] })
    expect(asked).toBe(2)
    expectTidy(job)
  })

  test('what the budget never allows is said to be not tried', async () => {
    const job = await bench.run('test_credentials', {
      ...play(),
      answers: { tryServerCredential: async () => noBudget(5 * 3_600_000) },
    })
    expect(job.end).toMatchObject({ status: 'completed' })
    const untried = { outcome: 'not_tried_budget' }
    expect(job.end.result.targets[0]).toMatchObject({ tried: [untried, untried, untried] })
  })

  test('hosts are tried by SSH', async () => {
    const world = makeWorld(2)
    const targets = [hostTarget(world, 'h1')]
    const job = await bench.run('test_credentials', { world, targets })
    expect([job.count('tryHostCredential'), job.count('tryServerCredential')]).toEqual([2, 0])
    expect(job.end.result.targets[0]).toMatchObject({ working_set_id: 'set-2' })
  })

  test('a device with another identity fails alone, and nothing more is sent to it', async () => {
    const error = new StepFailed('TlsIdentityChanged', 'It shows another certificate.')
    const job = await bench.run('test_credentials', {
      ...play({ concurrency: 1 }, 2),
      prepare: ({ faults }) => faults.push({ name: 'tryServerCredential', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'TlsIdentityChanged' } })
    expect(job.end.result.targets.map((target) => target.outcome)).toEqual(['failed', 'answered'])
    expect(job.count('tryServerCredential')).toBe(3)
    expectTidy(job)
  })

  test('every step that fails for good leaves nothing behind', async () => {
    expect(await failEachStep(bench, 'test_credentials', () => play(), 'before')).toEqual({ steps: 4, wrong: [] })
  })

  test('cancel ends after the attempt in flight', async () => {
    const running = await bench.start('test_credentials', play({ concurrency: 1 }, 2))
    const held = running.job.hold('tryServerCredential')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.count('tryServerCredential')).toBe(1)
    expectTidy(job)
  })

  test('a dry run says what would be tried and how long it may last, and sends nothing', async () => {
    const job = await bench.run('test_credentials', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result).toMatchObject({
      plan: { would_start: true },
      targets: [
        { lasts_seconds: 60, would_try: [{ set_id: 'set-1', source: 'range', why: expect.any(String) }, {}, {}] },
      ],
    })
  })
})

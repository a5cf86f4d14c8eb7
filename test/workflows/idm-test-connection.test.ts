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

const play = (details: object = {}) => ({
  world: makeWorld(0),
  targets: [{ kind: 'user_source' as const, id: 'idm_test_connection', name: 'Test the directory settings' }],
  details,
})

describe('idm_test_connection', () => {
  test('answers what was looked at', async () => {
    const job = await bench.run('idm_test_connection', play({ settings: { port: 636 }, username: 'olivia.park' }))
    expect(job.end).toMatchObject({
      status: 'completed',
      result: { ok: true, checks: [{ name: 'tcp', outcome: 'ok' }] },
    })
    const asked = job.calls.find(({ name }) => name === 'testDirectory')?.input
    expect(asked).toMatchObject({ settings: { port: 636 }, secret_ref: null, username: 'olivia.park' })
    expectTidy(job)
  })

  test('a failed check is an answer', async () => {
    const job = await bench.run('idm_test_connection', play({ username: 'nobody' }))
    expect(job.end).toMatchObject({ status: 'completed', error: null, result: { ok: false } })
  })

  test('a password that is gone fails it', async () => {
    const error = new StepFailed('SecretExpired', 'The password has expired.')
    const job = await bench.run('idm_test_connection', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'testDirectory', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'SecretExpired' } })
  })

  test('a dry run is the same', async () => {
    const job = await bench.run('idm_test_connection', { ...play(), dry_run: true })
    expect(job.end.result).toMatchObject({ ok: true, plan: { would_start: true } })
  })

  test('a cancel before it looks nowhere', async () => {
    const running = await bench.start('idm_test_connection', play())
    const held = running.job.hold('claimJob')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect([job.end.status, job.count('testDirectory')]).toEqual(['cancelled', 0])
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    expect((await failEachStep(bench, 'idm_test_connection', play, when)).wrong).toEqual([])
  })
})

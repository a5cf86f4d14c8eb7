import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
  targets: [{ kind: 'user_source' as const, id: 'idm_sync_users', name: 'Take people over from the directory' }],
  details,
})

describe('idm_sync_users', () => {
  test('takes people over under the lease of the directory', async () => {
    const job = await bench.run('idm_sync_users', play({ page_size: 50 }))
    expect(job.end).toMatchObject({
      status: 'completed',
      result: { seen: 58, created: 2, updated: 1, unmapped: 55, targets: [{ outcome: 'changed' }] },
    })
    expect(job.calls.find(({ name }) => name === 'acquireLeases')?.input).toMatchObject({ resources: ['directory'] })
    expect(job.calls.find(({ name }) => name === 'syncDirectoryPeople')?.input).toMatchObject({
      page_size: 50,
      deactivate_missing: true,
      allow_mass_deactivation: false,
      dry_run: false,
    })
    expectTidy(job)
  })

  test('an answer that is too small fails it, with the counts in the result', async () => {
    const job = await bench.run('idm_sync_users', play({ filter: '(uid=few)' }))
    expect(job.end).toMatchObject({
      status: 'failed',
      error: { code: 'SyncWouldRemoveTooMany' },
      result: { seen: 58, deactivated: 0 },
    })
    expectTidy(job)
  })

  test('a dry run takes no lease and says what would stop it', async () => {
    const job = await bench.run('idm_sync_users', { ...play({ filter: '(uid=few)' }), dry_run: true })
    expect(job.count('acquireLeases')).toBe(0)
    expect(job.end).toMatchObject({
      status: 'completed',
      result: { plan: { would_start: false, blockers: [{ code: 'SyncWouldRemoveTooMany' }] } },
    })
  })

  test('a cancel while it waits for the lease reads nobody', async () => {
    const running = await bench.start('idm_sync_users', play())
    const held = running.job.hold('acquireLeases')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect([job.end.status, job.count('syncDirectoryPeople')]).toEqual(['cancelled', 0])
    expectTidy(job)
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    expect((await failEachStep(bench, 'idm_sync_users', play, when)).wrong).toEqual([])
  })
})

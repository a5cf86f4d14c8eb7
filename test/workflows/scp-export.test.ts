import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { blocker } from '../../domain/verdict.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}, servers = 1) => {
  const world = makeWorld(3)
  return { world, targets: [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id)), details }
}

describe('scp_export', () => {
  test('keeps one profile of each server and names it in the result', async () => {
    const job = await bench.run('scp_export', play({ components: ['BIOS', 'NIC'] }, 3))
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets.map((target) => target.scp_backup_id).sort()).toEqual([
      'export-s1',
      'export-s2',
      'export-s3',
    ])
    expect(job.end.result.targets[0]).toMatchObject({ components: ['BIOS', 'NIC'], size_bytes: 140_000 })
    expectTidy(job)
  })

  test('a server that refuses fails alone, with its code', async () => {
    const error = new StepFailed('LicenseMissing', 'The licence is missing.')
    const job = await bench.run('scp_export', {
      ...play({ concurrency: 1 }, 2),
      prepare: ({ faults }) => faults.push({ name: 'exportProfile', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'LicenseMissing' } })
    expect(job.end.result.targets.map((target) => target.outcome)).toEqual(['failed', 'answered'])
    expectTidy(job)
  })

  test('a dry run exports nothing, takes no lease, and tells what stands against it and how old the last one is', async () => {
    const last_backup = { scp_backup_id: 'b', created_at: '2026-01-01T00:00:00.000Z', age_hours: 30 }
    const blockers = [blocker('LockdownMode', 'System Lockdown Mode is on.')]
    const job = await bench.run('scp_export', {
      ...play(),
      dry_run: true,
      answers: { judgeProfileExport: async () => ({ blockers, warnings: [], last_backup }) },
    })
    expect(job.mutations).toEqual([])
    expect(job.count('acquireLeases')).toBe(0)
    expect(job.end.status).toBe('completed')
    expect(job.end.result.plan).toMatchObject({ would_start: false, blockers: [{ code: 'LockdownMode' }] })
    expect(job.end.result.targets).toMatchObject([{ last_backup }])
  })

  test('abort stops asking and frees the lease', async () => {
    const running = await bench.start('scp_export', play({ concurrency: 1 }, 2))
    const held = running.job.hold('exportProfile')
    await held.reached
    await running.cancel('abort')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.count('exportProfile')).toBe(1)
    expectTidy(job)
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect leaves nothing behind', async (when) => {
    expect((await failEachStep(bench, 'scp_export', () => play({}, 2), when)).wrong).toEqual([])
  })

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends tidily', async (mode) => {
    expect((await cancelInEachStep(bench, 'scp_export', play, mode)).wrong).toEqual([])
  })
})

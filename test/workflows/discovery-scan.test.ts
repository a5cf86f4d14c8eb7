import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import type { Target } from '../../workflows/lib/job-input.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (ranges = ['127.0.0.0/24']) => {
  const targets = ranges.map((name): Target => ({ kind: 'range', id: name, name }))
  return { world: makeWorld(0), targets, details: { ip_ranges: ranges } }
}

describe('discovery_scan', () => {
  test('sweeps each range to its end, looks at every open port and counts', async () => {
    const ranges = play(['127.0.0.0/24', '127.0.1.0/24'])
    const job = await bench.run('discovery_scan', { ...ranges, details: { ...ranges.details, link_hosts: true } })
    expect(job.end.status).toBe('completed')
    expect(job.end.result).toMatchObject({
      addresses_total: 512,
      probed: 512,
      open: 4,
      idracs: 4,
      created: 4,
      linked: 1,
    })
    expect(job.count('sweepBatch')).toBe(4)
    expect(job.calls.find(({ name }) => name === 'noteSilentServers')?.input).toMatchObject({
      seen_server_ids: ['server-127.0.0.10', 'server-127.0.0.20', 'server-127.0.0.10', 'server-127.0.0.20'],
    })
    expectTidy(job)
  })

  test('what one range found stays when the other fails', async () => {
    const error = new StepFailed('ProtocolError', 'broken')
    const job = await bench.run('discovery_scan', {
      ...play(['127.0.0.0/24', '127.0.1.0/24']),
      prepare: ({ faults }) => faults.push({ name: 'sweepBatch', nth: 3, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'ProtocolError' } })
    expect(job.end.result).toMatchObject({ idracs: 2 })
    expect(job.end.result.targets.map((target) => target.outcome)).toEqual(['answered', 'failed'])
    expectTidy(job)
  })

  test('pause holds between batches, and resume goes on where it stood', async () => {
    const running = await bench.start('discovery_scan', play())
    const held = running.job.hold('sweepBatch')
    await held.reached
    await running.pause()
    held.release()
    await bench.env.sleep('1 hour')
    expect(running.job.rows.status).toBe('paused')
    expect(running.job.count('sweepBatch')).toBe(1)
    expect(running.job.count('identifyDevices')).toBe(1)
    await running.resume()
    const job = await running.end()
    expect(job.end.status).toBe('completed')
    expect(job.calls.filter(({ name }) => name === 'sweepBatch').map(({ input }) => input.cursor)).toEqual([
      null,
      'half',
    ])
  })

  test('a device that cannot be asked with the others is asked again alone, and holds up nothing', async () => {
    const running = await bench.start('discovery_scan', {
      ...play(),
      answers: { identifyDevices: async ({ endpoints }) => ({ counts: {}, server_ids: [], later: endpoints }) },
    })
    const job = await running.end()
    expect(job.end.result).toMatchObject({ idracs: 2, created: 2 })
    expect(job.count('identifyDevice')).toBe(2)
  })

  test('a device that nothing opens is a finding, not a failed range', async () => {
    const error = new StepFailed('DeviceUnreachable', 'The connection broke.')
    const job = await bench.run('discovery_scan', {
      ...play(),
      answers: { identifyDevices: async ({ endpoints }) => ({ counts: {}, server_ids: [], later: endpoints }) },
      prepare: ({ faults }) => faults.push({ name: 'identifyDevice', nth: 1, when: 'before', error }),
    })
    expect(job.end.status).toBe('completed')
    expect(job.end.result).toMatchObject({ idracs: 1, findings_total: 1 })
    expect(job.calls.find(({ name }) => name === 'noteUnreadDevice')?.input).toMatchObject({
      address: '127.0.0.10',
      why: 'DeviceUnreachable: The connection broke.',
    })
  })

  test('cancel keeps what was found and names no server as silent', async () => {
    const running = await bench.start('discovery_scan', play(['127.0.0.0/24', '127.0.1.0/24']))
    const held = running.job.hold('identifyDevices')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.count('noteSilentServers')).toBe(0)
    expectTidy(job)
  })

  test('a dry run saves nothing', async () => {
    const job = await bench.run('discovery_scan', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.calls.filter(({ name }) => name === 'identifyDevices').every(({ input }) => input.dry_run)).toBe(true)
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    const { wrong } = await failEachStep(bench, 'discovery_scan', play, when)
    expect(wrong).toEqual([])
  })

  test('cancel in any step ends it', async () => {
    const { wrong } = await cancelInEachStep(bench, 'discovery_scan', play, 'graceful')
    expect(wrong).toEqual([])
  })
})

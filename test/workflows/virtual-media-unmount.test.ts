import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, type Play, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}, servers = 2): Play => {
  const world = makeWorld(servers)
  world.mounted.add('s1')
  return { world, targets: [...world.servers.keys()].map((id) => serverTarget(world, id)), details }
}

describe('virtual_media_unmount', () => {
  test('ejects what is inserted; an empty server is unchanged', async () => {
    const job = await bench.run('virtual_media_unmount', play())
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      { outcome: 'changed', ejected: [{ slot: '1', image: 'tools' }] },
      { outcome: 'unchanged', ejected: [] },
    ])
    expect([...job.world.mounted]).toEqual([])
    expectTidy(job)
  })

  test('passes on which slots, which image, and whether the boot is taken back', async () => {
    const only_iso_image_id = '00000000-0000-4000-8000-000000000009'
    const job = await bench.run(
      'virtual_media_unmount',
      play({ slot: 'cd', only_iso_image_id, clear_boot_once: false }),
    )
    expect(job.calls.find(({ name }) => name === 'ejectMedia')?.input).toMatchObject({
      slot: 'cd',
      only_iso_image_id,
      clear_boot_once: false,
      dry_run: false,
    })
  })

  test('one server that does not answer fails alone', async () => {
    const error = new StepFailed('DeviceUnreachable', 'no connection')
    const job = await bench.run('virtual_media_unmount', {
      ...play({ concurrency: 1 }),
      prepare: ({ faults }) => faults.push({ name: 'ejectMedia', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'DeviceUnreachable' } })
    expect(job.end.result.targets.map(({ outcome }) => outcome)).toEqual(['failed', 'unchanged'])
    expectTidy(job)
  })

  test('a dry run says what is inserted and leaves it', async () => {
    const job = await bench.run('virtual_media_unmount', { ...play(), dry_run: true })
    expect(job.end.result.plan).toMatchObject({ would_start: true, targets: [{ would_eject: [{ slot: '1' }] }, {}] })
    expect([...job.world.mounted]).toEqual(['s1'])
    expect(job.count('acquireLeases')).toBe(0)
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    const { wrong } = await failEachStep(bench, 'virtual_media_unmount', () => play(), when)
    expect(wrong).toEqual([])
  })

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends in a declared safe state', async (mode) => {
    const { wrong } = await cancelInEachStep(bench, 'virtual_media_unmount', () => play({}, 1), mode)
    expect(wrong).toEqual([])
  })
})

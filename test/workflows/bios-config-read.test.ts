import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}) => {
  const world = makeWorld(2)
  return { world, targets: [...world.servers.keys()].map((id) => serverTarget(world, id)), details }
}

describe('bios_config_read', () => {
  test('keeps a reading of every server', async () => {
    const job = await bench.run('bios_config_read', play())
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      { outcome: 'answered', configuration_id: 'bios-of-r750-s1', attribute_count: 2 },
      { outcome: 'answered', configuration_id: 'bios-of-r750-s2' },
    ])
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('passes on which attributes to show and what to compare with', async () => {
    const compare_with = '019a0000-0000-7000-8000-000000000001'
    const job = await bench.run('bios_config_read', play({ attributes: ['NumLock'], compare_with }))
    const [call] = job.calls.filter(({ name }) => name === 'readBiosConfiguration')
    expect(call?.input).toMatchObject({ attributes: ['NumLock'], compare_with, store: true })
  })

  test('a server whose inventory was never collected fails alone', async () => {
    const error = new StepFailed('Unsupported', 'SYS435: switch CSIOR on.')
    const job = await bench.run('bios_config_read', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'readBiosConfiguration', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'Unsupported' } })
    expect(job.end.result.targets.map(({ outcome }) => outcome).sort()).toEqual(['answered', 'failed'])
    expectTidy(job)
  })

  test('a dry run stores nothing', async () => {
    const job = await bench.run('bios_config_read', { ...play(), dry_run: true })
    expect(job.calls.filter(({ name, input }) => name === 'readBiosConfiguration' && input.store)).toEqual([])
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })

  test('cancel in any step ends it', async () => {
    const { wrong } = await cancelInEachStep(bench, 'bios_config_read', () => play(), 'graceful')
    expect(wrong).toEqual([])
  })
})

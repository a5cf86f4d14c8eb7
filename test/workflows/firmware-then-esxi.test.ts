import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { hostTarget, makeWorld, NEW_BUILD } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const DETAILS = {
  esxi: { depot_path: '/vmfs/volumes/ds1/new.zip', profile_name: 'new-profile' },
  firmware: { firmware_source: 'local', package_ids: ['00000000-0000-4000-8000-000000000001'] },
}
const play = () => {
  const world = makeWorld(4)
  return { world, targets: [hostTarget(world, 'h1')], details: DETAILS }
}

describe('firmware_then_esxi', () => {
  test('updates firmware, then ESXi, in one maintenance', async () => {
    const job = await bench.run('firmware_then_esxi', play())
    expect(job.end.status).toBe('completed')
    const names = job.stepNames
    expect(names.lastIndexOf('verifyFirmware')).toBeLessThan(names.indexOf('startUpdate'))
    expect(job.count('enterMaintenance')).toBe(1)
    expect(job.world.hosts.get('h1')).toMatchObject({ build: NEW_BUILD, in_maintenance: false, ssh: false })
    expectTidy(job)
  })

  test('asks the host again after the firmware, with SSH started anew: a new blocker gives it back without ESXi', async () => {
    const error = new StepFailed('VibConflict', 'A driver does not fit the new firmware.')
    const job = await bench.run('firmware_then_esxi', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'preflightHost', nth: 2, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VibConflict' } })
    expect(job.end.error?.message).toContain('Not started: esxi.')
    expect([job.count('rebootHost'), job.count('startUpdate')]).toEqual([1, 0])
    expect(job.world.hosts.get('h1')).toMatchObject({ in_maintenance: false, ssh: false })
    expect(job.rows.attention).toEqual([])
    expectTidy(job)
  })

  test('an upload that fails takes back what is staged and gives the host back', async () => {
    const error = new StepFailed('DeviceUnreachable', 'The iDRAC is away.')
    const given = play()
    const [bios] = given.world.packages
    if (!bios) throw new Error('no package')
    given.world.packages.splice(1, 0, { ...bios, package_id: 'package-raid', component: 'raid', name: 'RAID' })
    const both: Parameters<Bench['run']>[1] = {
      ...given,
      prepare: ({ faults }) => faults.push({ name: 'submitFirmware', nth: 1, when: 'before', error }),
    }
    const job = await bench.run('firmware_then_esxi', both)
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'DeviceUnreachable' } })
    expect(job.count('rebootHost')).toBe(0)
    expect(job.count('startUpdate')).toBe(0)
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(false)
    expect(job.rows.attention).toEqual([])
    expectTidy(job)
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { wrong } = await failEachStep(bench, 'firmware_then_esxi', play, when)
      expect(wrong).toEqual([])
    },
  )
})

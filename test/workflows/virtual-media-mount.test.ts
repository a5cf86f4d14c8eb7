import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NotYet, StepFailed } from '../../activities/failures.js'
import { type Bench, type Play, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep, stepsOf } from '../helpers/workflows/each-step.js'
import type { PlayedJob } from '../helpers/workflows/played-job.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const IMAGE = '00000000-0000-4000-8000-000000000001'
const play = (details: object = {}, servers = 1): Play => {
  const world = makeWorld(4)
  const targets = [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id))
  return { world, targets, details: { iso_image_id: IMAGE, ...details } }
}

/** A target that did not reach what was asked holds no image, or somebody was told. */
function expectNothingLeft(job: PlayedJob): void {
  expectTidy(job)
  const told = job.rows.attention.map(({ target_id }) => target_id)
  for (const { target, outcome } of job.end.result.targets)
    if (outcome !== 'changed' && outcome !== 'unchanged' && job.world.mounted.has(target.id ?? ''))
      expect(told, `${target.name} holds an image`).toContain(target.id)
}

describe('virtual_media_mount', () => {
  test('looks, inserts, and frees the server', async () => {
    const job = await bench.run('virtual_media_mount', play({}, 2))
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      { outcome: 'changed', slot: '1', inserted: true, url_host: '127.0.0.1:8888' },
      { outcome: 'changed' },
    ])
    expect([...job.world.mounted].sort()).toEqual(['s1', 's2'])
    expectNothingLeft(job)
  })

  test('an image that is there already is unchanged, and stays when the boot cannot be set', async () => {
    const given = play({ boot_once: true })
    given.world.mounted.add('s1')
    const job = await bench.run('virtual_media_mount', given)
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged' }])
    expect([...job.world.boot_once]).toEqual(['s1'])
    const error = new StepFailed('LockdownMode', 'locked')
    const again = play({ boot_once: true })
    again.world.mounted.add('s1')
    const failed = await bench.run('virtual_media_mount', {
      ...again,
      prepare: ({ faults }) => faults.push({ name: 'bootFromMedia', nth: 1, when: 'before', error }),
    })
    expect(failed.end).toMatchObject({ status: 'failed', error: { code: 'LockdownMode' } })
    expect(failed.world.mounted.has('s1')).toBe(true)
    expect(failed.count('ejectMedia')).toBe(0)
  })

  test('an occupied slot refuses with its blockers, and nothing is sent', async () => {
    const blockers = [{ code: 'SlotOccupied' as const, message: 'Slot 1 holds another image.', remedy: 'Eject it.' }]
    const refused = { decision: 'refused' as const, slot: null, blockers, slots: [], url_host: null }
    const job = await bench.run('virtual_media_mount', { ...play(), answers: { judgeMount: async () => refused } })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'SlotOccupied' } })
    expect(job.mutations).toEqual([])
    const dry = await bench.run('virtual_media_mount', {
      ...play(),
      dry_run: true,
      answers: { judgeMount: async () => refused },
    })
    expect(dry.end).toMatchObject({ status: 'completed', result: { plan: { would_start: false, blockers } } })
  })

  test('a dry run takes no lease and sends nothing', async () => {
    const job = await bench.run('virtual_media_mount', { ...play({ boot_once: true }), dry_run: true })
    expect(job.end.result.plan).toMatchObject({ would_start: true, targets: [{ would_mount: true, slot: '1' }] })
    expect(job.mutations).toEqual([])
    expect(job.count('acquireLeases')).toBe(0)
  })

  test('an iDRAC that cannot read the image is told as such, and the slot is left empty', async () => {
    const error = new StepFailed('UrlUnreachable', 'The iDRAC cannot read from 10.0.0.9 port 8888.')
    const job = await bench.run('virtual_media_mount', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'mountMedia', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'UrlUnreachable' } })
    expect(job.count('ejectMedia')).toBe(1)
    expectNothingLeft(job)
  })

  test('is ejected again by itself; the server and its turn are free meanwhile', async () => {
    const job = await bench.run('virtual_media_mount', play({ eject_after_minutes: 90, concurrency: 1 }, 3))
    expect(job.end.status).toBe('completed')
    expect(job.end.result.targets).toMatchObject(Array(3).fill({ outcome: 'changed', ejected: true }))
    const names = job.stepNames
    // With one turn at a time all three were mounted, and their leases free, before the first was ejected.
    expect(names.lastIndexOf('mountMedia')).toBeLessThan(names.indexOf('ejectMedia'))
    expect(names.slice(0, names.indexOf('ejectMedia')).filter((name) => name === 'releaseLeases')).toHaveLength(3)
    expect([...job.world.mounted]).toEqual([])
    expectNothingLeft(job)
  })

  test.each(['graceful', 'abort'] as const)('cancel %s while it is mounted for a time ejects at once', async (mode) => {
    const running = await bench.start('virtual_media_mount', play({ eject_after_minutes: 1440 }))
    const held = running.job.hold('mountMedia')
    await held.reached
    await running.cancel(mode)
    held.release()
    const job = await running.end()
    expect([...job.world.mounted]).toEqual([])
    expectNothingLeft(job)
  })

  test('the eject waits for its lease, also after a cancel', async () => {
    const given = play({ eject_after_minutes: 60 })
    let asked = 0
    const job = await bench.run('virtual_media_mount', {
      ...given,
      answers: {
        acquireLeases: async () => {
          asked += 1
          if (asked === 2) throw new NotYet('LeaseHeld', 'server:s1 is held.', 1000)
          return { tokens: { 'server:s1': asked } }
        },
      },
    })
    expect(asked).toBe(3)
    expect([...job.world.mounted]).toEqual([])
    expect(job.calls.find(({ name }) => name === 'ejectMedia')?.input.context).toMatchObject({
      tokens: { 'server:s1': 3 },
    })
  })

  test('an image that cannot be ejected again fails the job', async () => {
    const error = new StepFailed('VerifyFailed', 'Slot 1 still holds an image.')
    const job = await bench.run('virtual_media_mount', {
      ...play({ eject_after_minutes: 5 }),
      prepare: ({ faults }) => faults.push({ name: 'ejectMedia', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VerifyFailed' } })
  })

  test('what could not be taken back is named', async () => {
    const error = new StepFailed('VerifyFailed', 'No.')
    const job = await bench.run('virtual_media_mount', {
      ...play({ boot_once: true }),
      prepare: ({ faults }) => {
        faults.push({ name: 'bootFromMedia', nth: 1, when: 'before', error })
        faults.push({ name: 'ejectMedia', nth: 1, when: 'before', error })
      },
    })
    expect(job.rows.attention).toMatchObject([{ target_id: 's1', state_left: 'virtual media left inserted' }])
    expectNothingLeft(job)
  })

  const whole = () => play({ boot_once: true, eject_after_minutes: 10 })
  const stays = () => play({ boot_once: true })
  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing inserted',
    async (when) => {
      const { steps, wrong } = await failEachStep(bench, 'virtual_media_mount', whole, when)
      expect(steps).toBeGreaterThan(4)
      expect(wrong).toEqual([])
      for (const { name, nth } of await stepsOf(bench, 'virtual_media_mount', stays)) {
        const error = new StepFailed('ProtocolError', `${name} broke.`)
        const job = await bench.run('virtual_media_mount', {
          ...stays(),
          prepare: ({ faults }) => faults.push({ name, nth, when, error }),
        })
        if (name !== 'releaseLeases') expectNothingLeft(job)
      }
    },
  )

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends in a declared safe state', async (mode) => {
    const { wrong } = await cancelInEachStep(bench, 'virtual_media_mount', stays, mode)
    expect(wrong).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed, toApplicationFailure } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const PACKAGE = '00000000-0000-4000-8000-000000000001'
/** One BIOS package for servers of a cluster of four. */
const play = (details: object = {}, servers = 1) => {
  const world = makeWorld(4)
  world.packages = world.packages.slice(0, 1)
  const targets = [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id))
  return { world, targets, details: { package_id: PACKAGE, evacuate_host: true, ...details } }
}

describe('firmware_update', () => {
  test('empties the host, uploads, reboots once through vCenter, proves the version and brings the host back', async () => {
    const job = await bench.run('firmware_update', play())
    expect(job.end.status).toBe('completed')
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed', reboots: 1 }])
    expect(job.count('submitFirmware')).toBe(1)
    expect(job.count('rebootHost')).toBe(1)
    expect(job.count('sendPower')).toBe(0)
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(false)
    expectTidy(job)
  })

  test('a server without a host is restarted through its iDRAC', async () => {
    const given = play()
    for (const server of given.world.servers.values()) server.host_id = null
    given.targets = [serverTarget(given.world, 's1')]
    const job = await bench.run('firmware_update', given)
    expect(job.end.status).toBe('completed')
    expect(job.calls.find(({ name }) => name === 'sendPower')?.input).toMatchObject({ action: 'graceful_restart' })
    expect(job.count('rebootHost')).toBe(0)
  })

  test('a package from an address is taken once for all servers; a dry run only looks at it', async () => {
    const url = {
      firmware_source: 'url',
      package_id: undefined,
      url: 'http://10.0.0.5/BIOS.EXE',
      sha256: 'A'.repeat(64),
    }
    const job = await bench.run('firmware_update', play(url, 2))
    expect(job.end.status).toBe('completed')
    const [fetched, ...more] = job.calls.filter(({ name }) => name === 'fetchUrlPackage')
    expect(more).toEqual([])
    expect(fetched?.input).toEqual({ url: url.url, sha256: 'a'.repeat(64), keep: true })
    const planned = job.calls.find(({ name }) => name === 'planFirmware')?.input.selection
    expect(planned).toMatchObject({ package_ids: ['package-bios'] })
    const dry = await bench.run('firmware_update', { ...play(url), dry_run: true })
    expect(dry.calls.find(({ name }) => name === 'fetchUrlPackage')?.input).toMatchObject({ keep: false })
    expect(dry.calls.find(({ name }) => name === 'planFirmware')?.input.selection).toMatchObject({
      package_ids: ['url'],
      offered: [{ id: 'url' }],
    })
    expect(dry.mutations).toEqual([])
  })

  test('an address that is refused ends the job before any server is asked', async () => {
    const refuse = async () => {
      throw toApplicationFailure(new StepFailed('UrlRefused', 'It is not on the list.'))
    }
    const details = { firmware_source: 'url', package_id: undefined, url: 'http://10.0.0.5/BIOS.EXE' }
    const job = await bench.run('firmware_update', { ...play(details), answers: { fetchUrlPackage: refuse } })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'UrlRefused' } })
    expect(job.count('planFirmware')).toBe(0)
  })

  test('a component of a catalogue is asked for by its word', async () => {
    const job = await bench.run(
      'firmware_update',
      play({ firmware_source: 'dell_catalog', package_id: undefined, component: 'bios' }),
    )
    const selection = job.calls.find(({ name }) => name === 'planFirmware')?.input.selection
    expect(selection).toMatchObject({ firmware_source: 'dell_catalog', component: 'bios', min_criticality: 'optional' })
    expect(selection).not.toHaveProperty('package_ids')
  })

  test('a host that serves is refused without evacuate_host', async () => {
    const job = await bench.run('firmware_update', play({ evacuate_host: false }))
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'HostNotInMaintenance' } })
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('apply next_reboot ends staged, without a reboot and without emptying the host', async () => {
    const job = await bench.run('firmware_update', play({ apply: 'next_reboot', evacuate_host: false }))
    expect(job.end.result.targets).toMatchObject([{ outcome: 'staged' }])
    expect(job.count('rebootHost') + job.count('enterMaintenance')).toBe(0)
    expectTidy(job)
  })

  test('a version that did not change is a failure, and the host stays in maintenance, named', async () => {
    const job = await bench.run('firmware_update', {
      ...play(),
      answers: {
        verifyFirmware: async ({ components }) => ({
          components: components.map(({ package_id, component, fqdds, from, to }) => ({
            package_id,
            component,
            fqdds,
            from,
            to,
            installed_after: from[0] ?? null,
            outcome: 'failed' as const,
            code: 'VersionUnchanged',
            message: 'The old version is there.',
          })),
        }),
      },
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VersionUnchanged' } })
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(true)
    expect(job.rows.attention).toMatchObject([{ target_id: 'h1' }])
    expectTidy(job)
  })

  test('abort before the reboot takes exactly our own job out of the queue and gives the host back', async () => {
    const running = await bench.start('firmware_update', play())
    const held = running.job.hold('waitDeviceJob')
    await held.reached
    await running.cancel('abort')
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.calls.filter(({ name }) => name === 'deleteDeviceJob').map(({ input }) => input.device_job_id)).toEqual([
      'JID_1',
    ])
    expect(job.count('rebootHost')).toBe(0)
    expect(job.world.hosts.get('h1')?.in_maintenance).toBe(false)
    expectTidy(job)
  })

  test('pause takes effect between servers', async () => {
    const running = await bench.start('firmware_update', play({ concurrency: 1 }, 2))
    const held = running.job.hold('rebootHost')
    await held.reached
    await running.pause()
    held.release()
    await bench.env.sleep('1 hour')
    expect(running.job.rows.status).toBe('paused')
    expect(running.job.count('submitFirmware')).toBe(1)
    await running.resume()
    const job = await running.end()
    expect(job.end.result.targets.map((target) => target.outcome)).toEqual(['changed', 'changed'])
    expectTidy(job)
  })

  test('skip leaves a server out', async () => {
    const running = await bench.start('firmware_update', play({ concurrency: 1 }, 2))
    const held = running.job.hold('submitFirmware')
    await held.reached
    await running.skip('s2')
    held.release()
    const job = await running.end()
    expect(job.end.result.targets.map((target) => target.outcome)).toEqual(['changed', 'skipped'])
  })

  test('retry is a new round with operations of its own', async () => {
    const error = new StepFailed('DeviceUnreachable', 'The iDRAC is away.')
    const running = await bench.start('firmware_update', {
      ...play({ concurrency: 1 }, 2),
      prepare: ({ faults }) => faults.push({ name: 'submitFirmware', nth: 1, when: 'before', error }),
    })
    const first = running.job.hold('submitFirmware')
    await first.reached
    const second = running.job.hold('submitFirmware')
    first.release()
    await second.reached
    await running.retry('s1')
    second.release()
    const job = await running.end()
    expect(job.end.status).toBe('completed')
    const rounds = job.calls.filter(({ name }) => name === 'submitFirmware').map(({ input }) => input.context)
    expect(rounds).toMatchObject([
      { target_id: 's1', round: 1 },
      { target_id: 's2', round: 1 },
      { target_id: 's1', round: 2 },
    ])
    expectTidy(job)
  })

  test('a dry run changes nothing', async () => {
    const job = await bench.run('firmware_update', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { steps, wrong } = await failEachStep(bench, 'firmware_update', play, when)
      expect(steps).toBeGreaterThan(15)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort'] as const)(
    'cancel %s in any step ends in a declared safe state',
    {
      timeout: 240_000,
    },
    async (mode) => {
      const { wrong } = await cancelInEachStep(bench, 'firmware_update', play, mode)
      expect(wrong).toEqual([])
    },
  )
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed, toApplicationFailure } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}) => {
  const world = makeWorld(4)
  return { world, targets: [serverTarget(world, 's1')], details: { evacuate_host: true, ...details } }
}

describe('full_server_update', () => {
  test('saves the profile, updates phase by phase with one reboot, the iDRAC last', async () => {
    const job = await bench.run('full_server_update', play())
    expect(job.end.status).toBe('completed')
    const names = job.stepNames
    expect(names.indexOf('backupProfile')).toBeGreaterThanOrEqual(0)
    expect(names.indexOf('backupProfile')).toBeLessThan(names.indexOf('submitFirmware'))
    const sent = job.calls.filter(({ name }) => name === 'submitFirmware')
    expect(sent.map(({ input }) => [(input.component as { component: string }).component, input.apply_time])).toEqual([
      ['bios', 'OnReset'],
      ['idrac', 'Immediate'],
    ])
    expect(job.count('rebootHost')).toBe(1)
    expect(job.world.servers.get('s1')?.installed.size).toBe(2)
    expect(job.end.result.targets).toMatchObject([{ compliant_after: true, not_in_catalog: [] }])
    expectTidy(job)
  })

  test('a server that is current is left alone', async () => {
    const given = play()
    for (const one of given.world.packages) given.world.servers.get('s1')?.installed.add(one.package_id)
    const job = await bench.run('full_server_update', given)
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged' }])
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('compares again after a pass and installs what a first update made possible', async () => {
    const given = play({ max_passes: 2 })
    const [bios] = given.world.packages
    if (!bios) throw new Error('no package')
    const late = { ...bios, package_id: 'package-late', component: 'nic' as const, name: 'NIC' }
    const job = await bench.run('full_server_update', {
      ...given,
      answers: {
        waitServerBack: async () => {
          if (!given.world.packages.includes(late)) given.world.packages.push(late)
        },
      },
    })
    expect(job.end.status).toBe('completed')
    expect(job.world.servers.get('s1')?.installed).toContain('package-late')
    expectTidy(job)
  })

  /** As with a catalogue whose files are not in the store yet. */
  const fromCatalog = (details: object = {}) => {
    const given = play({ firmware_source: 'dell_catalog', missing_files: 'fail', ...details })
    given.world.packages = given.world.packages.map((one) => ({ ...one, catalog_entry_id: `entry-${one.component}` }))
    return given
  }
  const absent = (code: 'UrlUnreachable' | 'HashMismatch') => ({
    fetchPackage: async ({ catalog_entry_id }: { catalog_entry_id: string }) => {
      if (catalog_entry_id === 'entry-bios') throw toApplicationFailure(new StepFailed(code, 'It is not right.'))
      return { package_id: 'package-idrac' }
    },
  })

  test('fetches what a catalogue names before anything is done to the server, and sends what is then stored', async () => {
    const job = await bench.run('full_server_update', fromCatalog())
    expect(job.end.status).toBe('completed')
    const names = job.stepNames
    expect(names.lastIndexOf('fetchPackage')).toBeLessThan(names.indexOf('backupProfile'))
    expect(names.indexOf('fetchPackage')).toBeLessThan(names.indexOf('enterMaintenance'))
    const sent = job.calls.filter(({ name }) => name === 'submitFirmware').map(({ input }) => input.component)
    expect(sent).toMatchObject([{ package_id: 'package-bios' }, { package_id: 'package-idrac' }])
    expect(JSON.stringify(sent)).not.toContain('catalog_entry_id')
    expectTidy(job)
  })

  test('a wrong checksum sends nothing, whatever missing files may be skipped', async () => {
    const given = { ...fromCatalog({ missing_files: 'skip' }), answers: absent('HashMismatch') }
    const job = await bench.run('full_server_update', given)
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'HashMismatch' } })
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('a file that is not to be had fails the server, or only itself is left out', async () => {
    const failed = await bench.run('full_server_update', { ...fromCatalog(), answers: absent('UrlUnreachable') })
    expect(failed.end).toMatchObject({ status: 'failed', error: { code: 'PackageNotFound' } })
    expect(failed.mutations).toEqual([])
    const given = { ...fromCatalog({ missing_files: 'skip', max_passes: 1 }), answers: absent('UrlUnreachable') }
    const skipped = await bench.run('full_server_update', given)
    expect(skipped.end.status).toBe('completed')
    expect(skipped.count('submitFirmware')).toBe(1)
    expectTidy(skipped)
  })

  test('a stepping stone that did not take ends the server: what comes next was planned on top of it', async () => {
    const given = play({ max_passes: 1 })
    const job = await bench.run('full_server_update', {
      ...given,
      answers: {
        planFirmware: async () => {
          const [first, second] = given.world.packages.map((update) => ({
            kind: 'prerequisite' as const,
            updates: [update],
            apply_time: 'OnReset' as const,
            reboot: true,
            idrac_restart: false,
            reason: 'It is needed first.',
          }))
          if (!first || !second) throw new Error('no packages')
          const counts = { reboots: 2, bytes: 2, needs_maintenance: true, estimate_minutes: 9 }
          const none = { left_out: [], not_in_catalog: [], not_applicable: [], blockers: [], warnings: [] }
          return { server_id: 's1', phases: [first, { ...second, kind: 'host_reboot' }], ...counts, ...none }
        },
        verifyFirmware: async ({ components }) => ({
          components: components.map((one) => ({
            package_id: one.package_id,
            component: one.component,
            fqdds: one.fqdds,
            from: one.from,
            to: one.to,
            installed_after: one.from[0] ?? null,
            outcome: 'failed',
            code: 'VersionUnchanged',
          })),
        }),
      },
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VersionUnchanged' } })
    expect(job.count('submitFirmware')).toBe(1)
  })

  test('a dry run changes nothing', async () => {
    const job = await bench.run('full_server_update', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { wrong } = await failEachStep(bench, 'full_server_update', play, when)
      expect(wrong).toEqual([])
    },
  )
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { noFit } from '../helpers/workflows/doubles-server.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import type { ActivityName, PlayedJob } from '../helpers/workflows/played-job.js'
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
/** Where in a list of steps each of some names comes first. */
const placesOf = (job: PlayedJob, names: ActivityName[]) => names.map((name) => job.stepNames.indexOf(name))
const childOf = (job: PlayedJob, _step: ActivityName, id: string) =>
  job.count('readHost') > 0 ? `${id}/host/h1` : undefined

describe('esxi_then_firmware', () => {
  test('upgrades ESXi, then firmware, in one maintenance, and backs the profile up before', async () => {
    const job = await bench.run('esxi_then_firmware', play())
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    const order = placesOf(job, [
      'backupProfile',
      'enterMaintenance',
      'startUpdate',
      'submitFirmware',
      'exitMaintenance',
    ])
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(Math.min(...order)).toBeGreaterThanOrEqual(0)
    expect(job.count('enterMaintenance')).toBe(1)
    expect(job.world.hosts.get('h1')).toMatchObject({ build: NEW_BUILD, in_maintenance: false, ssh: false })
    expect(job.world.servers.get('s1')?.installed.size).toBe(2)
    expectTidy(job)
  })

  test('a host that failed in its second part stays in maintenance, named, with what was done', async () => {
    const error = new StepFailed('DeviceJobFailed', 'PR21')
    const job = await bench.run('esxi_then_firmware', {
      ...play(),
      prepare: ({ faults }) => faults.push({ name: 'waitDeviceJob', nth: 2, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'DeviceJobFailed' } })
    expect(job.world.hosts.get('h1')).toMatchObject({ build: NEW_BUILD, in_maintenance: true, ssh: false })
    expect(job.rows.attention).toMatchObject([{ target_id: 'h1', state_left: 'in maintenance, ESXi upgraded' }])
    expectTidy(job)
  })

  test('abort between the parts proves the host and gives it back', async () => {
    const running = await bench.start('esxi_then_firmware', play())
    const held = running.job.hold('verifyBuild')
    await held.reached
    await running.cancel('abort', `${running.handle.workflowId}/host/h1`)
    held.release()
    const job = await running.end()
    expect(job.count('submitFirmware')).toBe(0)
    expect(job.world.hosts.get('h1')).toMatchObject({ build: NEW_BUILD, in_maintenance: false })
    expectTidy(job)
  })

  test.each([true, false])(
    'packages that fit no host are refused before ESXi is touched (dry run: %s)',
    async (dry_run) => {
      const given = play()
      const job = await bench.run('esxi_then_firmware', {
        ...given,
        dry_run,
        answers: { planFirmware: noFit(given.world) },
      })
      expect(job.mutations).toEqual([])
      if (dry_run) {
        const blockers = [{ code: 'PackageNotApplicable' }]
        expect(job.end.result.plan).toMatchObject({ would_start: false, blockers })
      } else expect(job.end).toMatchObject({ status: 'failed', error: { code: 'PackageNotApplicable' } })
      expectTidy(job)
    },
  )

  test('a cancel of Temporal itself does not break into an update: it is finished and the host given back', async () => {
    const running = await bench.start('esxi_then_firmware', play())
    const held = running.job.hold('startUpdate')
    await held.reached
    await running.cancelInTemporal(`${running.handle.workflowId}/host/h1`)
    held.release()
    const job = await running.end()
    expect(job.end.status).toBe('cancelled')
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed', parts_not_started: ['firmware'] }])
    expect(job.world.hosts.get('h1')).toMatchObject({ build: NEW_BUILD, in_maintenance: false, ssh: false })
    expectTidy(job)
  })

  test('a cancel of Temporal itself at the child of one host is an abort of that host', async () => {
    const running = await bench.start('esxi_then_firmware', play())
    const held = running.job.hold('startUpdate')
    await held.reached
    await bench.env.client.workflow.getHandle(`${running.handle.workflowId}/host/h1`).cancel()
    held.release()
    const job = await running.end()
    expect(job.world.hosts.get('h1')).toMatchObject({ build: NEW_BUILD, in_maintenance: false, ssh: false })
    expect(job.count('submitFirmware')).toBe(0)
    expectTidy(job)
  })

  test('packages that fit one of two hosts are left out on the other, which says so', async () => {
    const world = makeWorld(6)
    for (const id of ['h2', 'h3', 'h4']) Object.assign(world.hosts.get(id) ?? {}, { cluster_id: 'c2' })
    const targets = [hostTarget(world, 'h1'), hostTarget(world, 'h2')]
    const job = await bench.run('esxi_then_firmware', {
      world,
      targets,
      details: { ...DETAILS, max_unavailable: 2 },
      answers: { planFirmware: noFit(world, 's2') },
    })
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    const [first, second] = job.end.result.targets
    expect(first).toMatchObject({ outcome: 'changed', warnings: [] })
    expect(second).toMatchObject({ outcome: 'changed', firmware: [], warnings: ['bios.exe is skipped: other model'] })
  })

  test('a dry run changes nothing', async () => {
    const job = await bench.run('esxi_then_firmware', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result.plan).toMatchObject({ would_start: true })
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { steps, wrong } = await failEachStep(bench, 'esxi_then_firmware', play, when)
      expect(steps).toBeGreaterThan(25)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort', 'in Temporal'] as const)(
    'cancel %s in any step ends in a declared safe state',
    {
      timeout: 240_000,
    },
    async (mode) => {
      const { wrong } = await cancelInEachStep(bench, 'esxi_then_firmware', play, mode, childOf)
      expect(wrong).toEqual([])
    },
  )
})

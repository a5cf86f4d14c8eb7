import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object, servers = 1) => {
  const world = makeWorld(2)
  const targets = [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id))
  return { world, targets, details }
}
const once = () => play({ target: 'Pxe', enabled: 'once' })

describe('boot_configuration', () => {
  test('sets the boot device under the lease of the server and reads it back', async () => {
    const job = await bench.run('boot_configuration', once())
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      {
        outcome: 'changed',
        before: { override_target: 'None' },
        after: { override_target: 'Pxe' },
        needs_reboot: false,
      },
    ])
    expect(job.stepNames).toEqual(['acquireLeases', 'judgeBoot', 'setBoot', 'verifyBoot', 'releaseLeases', 'finishJob'])
    expectTidy(job)
  })

  test('a server that is set already gets nothing', async () => {
    const job = await bench.run('boot_configuration', play({ target: 'None', enabled: 'disabled' }))
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged' }])
    expect(job.mutations).toEqual([])
  })

  test('an order that the device keeps for the next boot is staged, and nothing is rebooted', async () => {
    const job = await bench.run('boot_configuration', play({ boot_order: ['Boot0001', 'Boot0000'] }))
    expect(job.end).toMatchObject({ status: 'completed' })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'staged', job_id: 'JID_boot', needs_reboot: true }])
    expect(job.mutations).toEqual(['setBoot'])
    expectTidy(job)
  })

  test('a target that the device does not offer is refused with what it offers', async () => {
    const blockers = [{ code: 'Unsupported' as const, message: 'It offers Pxe.', remedy: 'Take another.' }]
    const given = play({ target: 'SDCard' })
    const before = given.world.servers.get('s1')?.boot
    if (!before) throw new Error('no server')
    const answers = { judgeBoot: async () => ({ decision: 'refused' as const, before, blockers }) }
    const job = await bench.run('boot_configuration', { ...given, answers })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'Unsupported' } })
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('what does not read back as wanted fails the server alone', async () => {
    const error = new StepFailed('VerifyFailed', 'It is not as wanted.')
    const job = await bench.run('boot_configuration', {
      ...play({ target: 'Cd' }, 2),
      prepare: ({ faults }) => faults.push({ name: 'verifyBoot', nth: 1, when: 'after', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VerifyFailed' } })
    expect(job.end.result.targets.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'failed'])
    expectTidy(job)
  })

  test('a dry run sends nothing', async () => {
    const job = await bench.run('boot_configuration', { ...once(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result.plan).toMatchObject({ would_start: true, targets: [{ would_send: true }] })
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect leaves nothing', async (when) => {
    const { wrong } = await failEachStep(bench, 'boot_configuration', once, when)
    expect(wrong).toEqual([])
  })

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends in a declared state', async (mode) => {
    const { wrong } = await cancelInEachStep(bench, 'boot_configuration', once, mode)
    expect(wrong).toEqual([])
  })
})

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

const attributes = { LogicalProc: 'Disabled' }
const CHANGE = { name: 'LogicalProc', from: 'Enabled', to: 'Disabled' }

/** Servers of a cluster of four; `bare` ones carry no host. */
const play = (details: object = {}, { bare = false, servers = 1 } = {}): Play => {
  const world = makeWorld(4)
  if (bare) for (const server of world.servers.values()) server.host_id = null
  const targets = [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id))
  return { world, targets, details: { attributes, ...details } }
}
const bare = (details: object = {}) => play(details, { bare: true })

describe('bios_config_write', () => {
  test('stages once, reboots once, follows the job and compares', async () => {
    const job = await bench.run('bios_config_write', bare())
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      { outcome: 'changed', changed: [CHANGE], not_applied: [], job_id: 'JID_bios', rebooted: true },
    ])
    expect(job.mutations).toEqual(['stageBios', 'sendPower'])
    expect(job.world.servers.get('s1')?.bios.LogicalProc).toBe('Disabled')
    expectTidy(job)
  })

  test('a server that has the values already is neither asked nor touched', async () => {
    const job = await bench.run('bios_config_write', play({ attributes: { LogicalProc: 'Enabled' } }))
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged', changed: [], rebooted: false }])
    expect(job.stepNames).toEqual(['acquireLeases', 'planBios', 'releaseLeases', 'finishJob'])
  })

  test('next_reboot leaves the values staged, asks nobody about the host, and reboots nothing', async () => {
    const job = await bench.run('bios_config_write', play({ apply: 'next_reboot' }))
    expect(job.end.result.targets).toMatchObject([{ outcome: 'staged', job_id: 'JID_bios', rebooted: false }])
    expect(job.mutations).toEqual(['stageBios'])
    expect(job.count('judgeHostGuard')).toBe(0)
    expectTidy(job)
  })

  test('a host with running VMs is refused before anything is staged', async () => {
    const job = await bench.run('bios_config_write', play())
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'HostNotInMaintenance' } })
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('evacuate_host empties the host first, reboots it through vCenter, and brings it back', async () => {
    const job = await bench.run('bios_config_write', play({ evacuate_host: true }))
    expect(job.end.status).toBe('completed')
    expect(job.mutations).toEqual(['enterMaintenance', 'stageBios', 'rebootHost', 'exitMaintenance'])
    expectTidy(job)
  })

  test('a host in maintenance is rebooted under its own lease and left there', async () => {
    const given = play()
    const host = given.world.hosts.get('h1')
    if (host) host.in_maintenance = true
    const job = await bench.run('bios_config_write', given)
    expect(job.end.status).toBe('completed')
    expect(job.mutations).toEqual(['stageBios', 'rebootHost'])
    expect(job.calls.filter(({ name }) => name === 'acquireLeases').map(({ input }) => input.resources)).toEqual([
      ['server:s1'],
      ['host:h1'],
    ])
  })

  test('values that cannot be set are refused with all of them named, and nothing is sent', async () => {
    const blockers = [
      { code: 'AttributeInvalid' as const, message: 'NoSuch: this machine has no such attribute.', remedy: '' },
    ]
    const planBios = async () => ({ changes: [CHANGE], blockers, device_job_id: null, discards: null })
    const job = await bench.run('bios_config_write', { ...bare(), answers: { planBios } })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'AttributeInvalid' } })
    expect(job.mutations).toEqual([])
  })

  test('a job that holds the same values is taken over, and the gate is told of it', async () => {
    const planBios = async () => ({ changes: [CHANGE], blockers: [], device_job_id: 'JID_7', discards: null })
    const verifyBios = async () => ({ not_applied: [], configuration_id: 'after' })
    const job = await bench.run('bios_config_write', { ...bare(), answers: { planBios, verifyBios } })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'changed', job_id: 'JID_7' }])
    expect(job.mutations).toEqual(['sendPower'])
    const [gate] = job.calls.filter(({ name }) => name === 'passChangeGate')
    expect(gate?.input).toMatchObject({ own_device_jobs: ['JID_7'], pending_judged: true })
  })

  test('what waits is thrown away first when an admin said so', async () => {
    const discards = { device_job_ids: ['JID_7'], attributes: ['NumLock'] }
    const planBios = async () => ({ changes: [CHANGE], blockers: [], device_job_id: null, discards })
    const job = await bench.run('bios_config_write', { ...bare({ override_pending: true }), answers: { planBios } })
    expect(job.end.status).toBe('completed')
    expect(job.mutations).toEqual(['discardPendingBios', 'stageBios', 'sendPower'])
  })

  test('a job that is stuck in the queue is a failed one; the host stays out with a word', async () => {
    const stuck = { state: 'failed', raw_state: 'Scheduled', message_id: 'PR30', message: 'Unable to begin.' } as const
    const staged = { state: 'staged', raw_state: 'Scheduled', message_id: 'JCP001', message: '' } as const
    const waitDeviceJob = async ({ until }: { until: string }) => (until === 'staged' ? staged : stuck)
    const job = await bench.run('bios_config_write', { ...play({ evacuate_host: true }), answers: { waitDeviceJob } })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'DeviceJobFailed' } })
    expect(job.end.error?.message).toContain('override_pending')
    expect(job.count('unstageBios')).toBe(0)
    expectTidy(job)
  })

  test('a job that fails before the reboot is taken back, and nothing is rebooted', async () => {
    const failed = { state: 'failed', raw_state: 'Failed', message_id: 'PR21', message: 'Job failed.' } as const
    const job = await bench.run('bios_config_write', { ...bare(), answers: { waitDeviceJob: async () => failed } })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'DeviceJobFailed' } })
    expect(job.mutations).toEqual(['stageBios', 'unstageBios'])
    expectTidy(job)
  })

  test('a value that is not there after the reboot fails with its name', async () => {
    const verifyBios = async () => ({ not_applied: [CHANGE], configuration_id: 'after' })
    const job = await bench.run('bios_config_write', { ...bare(), answers: { verifyBios } })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VerifyFailed' } })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'failed', data: { not_applied: [CHANGE] } }])
  })

  test('a reboot that is refused takes the values back', async () => {
    const error = new StepFailed('HostNotEvacuated', 'A VM runs on it.')
    const job = await bench.run('bios_config_write', {
      ...play({ evacuate_host: true }),
      prepare: ({ faults }) => faults.push({ name: 'rebootHost', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'HostNotEvacuated' } })
    expect(job.mutations).toEqual(['enterMaintenance', 'stageBios', 'rebootHost', 'unstageBios', 'undoMaintenance'])
    expectTidy(job)
  })

  test('abort before the reboot deletes exactly our job; after it the work is finished', async () => {
    const before = await bench.start('bios_config_write', bare())
    const staging = before.job.hold('waitDeviceJob')
    await staging.reached
    await before.cancel('abort')
    staging.release()
    const stopped = await before.end()
    expect(stopped.end.status).toBe('cancelled')
    expect(stopped.mutations).toEqual(['stageBios', 'unstageBios'])
    expectTidy(stopped)
    const after = await bench.start('bios_config_write', bare())
    const rebooting = after.job.hold('waitPower')
    await rebooting.reached
    await after.cancel('abort')
    rebooting.release()
    const done = await after.end()
    expect(done.end.status).toBe('completed')
    expect(done.mutations).toEqual(['stageBios', 'sendPower'])
  })

  test('two servers of one cluster are never worked on together', async () => {
    const job = await bench.run('bios_config_write', play({ evacuate_host: true }, { servers: 2 }))
    const turns = job.steps.filter(({ name }) => name === 'enterMaintenance' || name === 'exitMaintenance')
    expect(turns.map(({ name }) => name)).toEqual(Array(2).fill(['enterMaintenance', 'exitMaintenance']).flat())
  })

  test('a dry run shows the difference, the reboots and the guard, and changes nothing', async () => {
    const job = await bench.run('bios_config_write', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.end.result.plan).toMatchObject({
      would_start: false,
      blockers: [{ code: 'HostNotInMaintenance' }],
      targets: [{ changes: [CHANGE], reboots: 1 }],
    })
  })

  const guarded = () => play({ evacuate_host: true })
  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    { timeout: 240_000 },
    async (when) => {
      const { steps, wrong } = await failEachStep(bench, 'bios_config_write', guarded, when)
      expect(steps).toBeGreaterThan(12)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends in a declared safe state', async (mode) => {
    const { wrong } = await cancelInEachStep(bench, 'bios_config_write', guarded, mode)
    expect(wrong).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import { blocker } from '../../domain/verdict.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { cancelInEachStep, failEachStep } from '../helpers/workflows/each-step.js'
import type { AllActivities } from '../helpers/workflows/played-job.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const BACKUP = '019a0000-0000-7000-8000-000000000001'
const ATTRIBUTE = { component: 'BIOS.Setup.1-1', attribute: 'LogicalProc' }
const END = { outcome: 'changed', code: null, message: null, applied: [ATTRIBUTE], not_applied: [] } as const

const play = (details: object = {}, { bare = false, answers = {} as Partial<AllActivities> } = {}) => {
  const world = makeWorld(4)
  if (bare) for (const server of world.servers.values()) server.host_id = null
  const targets = [...world.servers.keys()].slice(0, 1).map((id) => serverTarget(world, id))
  return { world, targets, details: { scp_backup_id: BACKUP, ...details }, answers }
}
const ended = (end: object): Partial<AllActivities> => ({
  followProfileImport: async () => ({ ...END, applied: [ATTRIBUTE], not_applied: [], password_changed: false, ...end }),
})

describe('scp_import', () => {
  test('backs up, previews, applies once, follows and reads back', async () => {
    const job = await bench.run('scp_import', play({}, { bare: true }))
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    expect(job.end.result.targets).toMatchObject([
      { outcome: 'changed', applied: 1, not_applied: [], rebooted: true, backup_id: 'backup-s1' },
    ])
    const order = [
      'backupProfile',
      'previewProfileImport',
      'startProfileImport',
      'followProfileImport',
      'verifyProfileImport',
    ]
    expect(job.stepNames.filter((name) => order.includes(name))).toEqual(order)
    expectTidy(job)
  })

  test('nothing to change is unchanged; a part that waits for a restart is staged', async () => {
    for (const outcome of ['unchanged', 'staged'] as const) {
      const job = await bench.run('scp_import', play({}, { bare: true, answers: ended({ outcome, applied: [] }) }))
      expect(job.end).toMatchObject({ status: 'completed', result: { targets: [{ outcome }] } })
    }
  })

  test('attributes that failed make the target fail and are named', async () => {
    const not_applied = [{ ...ATTRIBUTE, message: 'read-only', error_code: 'SYS410' }]
    const partial = ended({ outcome: 'partial', code: 'ScpPartial', message: '1 attribute failed', not_applied })
    const job = await bench.run('scp_import', play({}, { bare: true, answers: partial }))
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'ScpPartial' } })
    expect(job.end.result.targets).toMatchObject([{ outcome: 'failed', data: { not_applied } }])
    expectTidy(job)
  })

  test('what the device calls applied and shows otherwise is VerifyFailed', async () => {
    const differing = [{ ...ATTRIBUTE, message: 'It reads Enabled afterwards.', error_code: null }]
    const answers = { verifyProfileImport: async () => ({ differing, rebooted: true }) }
    const job = await bench.run('scp_import', play({}, { bare: true, answers }))
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'VerifyFailed' } })
  })

  test('a preview with errors refuses before anything is sent', async () => {
    const blockers = [blocker('ScpPartial', 'One attribute would fail.')]
    const answers = { previewProfileImport: async () => ({ supported: true, blockers, would_change: [] }) }
    const job = await bench.run('scp_import', play({}, { bare: true, answers }))
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'ScpPartial' } })
    expect(job.count('startProfileImport')).toBe(0)
    expectTidy(job)
  })

  test('without preview and backup neither is asked for', async () => {
    const job = await bench.run('scp_import', play({ preview_first: false, backup_first: false }, { bare: true }))
    expect(job.end.status).toBe('completed')
    expect([job.count('backupProfile'), job.count('previewProfileImport')]).toEqual([0, 0])
  })

  test('a server whose host runs VMs is refused; NoReboot asks nobody', async () => {
    const refused = await bench.run('scp_import', play())
    expect(refused.end).toMatchObject({ status: 'failed', error: { code: 'HostNotInMaintenance' } })
    expect(refused.mutations).toEqual([])
    const job = await bench.run('scp_import', play({ shutdown_type: 'NoReboot' }))
    expect(job.end.status).toBe('completed')
    expect(job.count('judgeHostGuard')).toBe(0)
  })

  test('evacuate_host empties the host after the preview and brings it back after the proof', async () => {
    const job = await bench.run('scp_import', play({ evacuate_host: true }))
    expect(job.end).toMatchObject({ status: 'completed', error: null })
    const at = (name: string) => job.stepNames.indexOf(name as never)
    expect(at('previewProfileImport')).toBeLessThan(at('enterMaintenance'))
    expect(at('enterMaintenance')).toBeLessThan(at('startProfileImport'))
    expect(at('waitHostBack')).toBeLessThan(at('exitMaintenance'))
    expectTidy(job)
  })

  test('a device that stays busy gives the host back', async () => {
    const error = new StepFailed('DeviceBusy', 'Busy for 30 min.')
    const job = await bench.run('scp_import', {
      ...play({ evacuate_host: true }),
      prepare: ({ faults }) => faults.push({ name: 'startProfileImport', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'DeviceBusy' } })
    expect(job.count('undoMaintenance') + job.count('exitMaintenance')).toBeGreaterThan(0)
    expectTidy(job)
  })

  test('an iDRAC that is lost after the import is named for a person', async () => {
    const error = new StepFailed('DeviceUnreachable', 'It took longer; the profile sets the address 10.0.0.7.')
    const job = await bench.run('scp_import', {
      ...play({}, { bare: true }),
      prepare: ({ faults }) => faults.push({ name: 'followProfileImport', nth: 1, when: 'before', error }),
    })
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'DeviceUnreachable' } })
    const call = job.calls.find(({ name }) => name === 'openAttention')
    expect(call?.input.entries).toMatchObject([{ target_id: 's1', message: expect.stringContaining('10.0.0.7') }])
  })

  test('a changed password is named too, and the job goes on', async () => {
    const job = await bench.run('scp_import', play({}, { bare: true, answers: ended({ password_changed: true }) }))
    expect(job.end.status).toBe('completed')
    expect(job.count('openAttention')).toBe(1)
  })

  test('a dry run judges and previews, lists what would change, and sends nothing', async () => {
    const job = await bench.run('scp_import', { ...play({}, { bare: true }), dry_run: true })
    expect(job.mutations).toEqual([])
    expect(job.count('acquireLeases')).toBe(0)
    expect(job.end.result.plan).toMatchObject({
      would_start: true,
      targets: [{ would_change: [ATTRIBUTE], preview: true }],
    })
    const blocked = await bench.run('scp_import', { ...play(), dry_run: true })
    expect(blocked.end).toMatchObject({ status: 'completed', result: { plan: { would_start: false } } })
  })

  const guarded = () => play({ evacuate_host: true })
  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    { timeout: 240_000 },
    async (when) => {
      const { steps, wrong } = await failEachStep(bench, 'scp_import', guarded, when)
      expect(steps).toBeGreaterThan(12)
      expect(wrong).toEqual([])
    },
  )

  test.each(['graceful', 'abort'] as const)('cancel %s in any step ends in a declared safe state', async (mode) => {
    expect((await cancelInEachStep(bench, 'scp_import', guarded, mode)).wrong).toEqual([])
  })
})

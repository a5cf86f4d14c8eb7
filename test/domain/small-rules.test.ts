import { describe, expect, it } from 'vitest'
import { borrowedAttention, hostAttention, isSafeToGiveBack } from '../../domain/attention.js'
import { classifyRoot, decideAddress } from '../../domain/discovery-finding.js'
import { hostMinutes, minutesOf } from '../../domain/estimates.js'
import { FAILURES, isFailureCode } from '../../domain/failures.js'
import { hostWorkflowId, jobOfWorkflowId, jobWorkflowId, operationId } from '../../domain/ids.js'
import { judgeWindow, whyWindowInvalid } from '../../domain/maintenance-window.js'
import { queuesOf, taskQueue } from '../../domain/task-queues.js'
import {
  deviceSeconds,
  isLoopback,
  scaledLimit,
  scaledLoginWindow,
  scaledPause,
  scaledSessionIdle,
  scaleFor,
} from '../../domain/time-scale.js'
import { blocker, verdictOf } from '../../domain/verdict.js'

describe('time scale', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.20.1.3', true],
    ['::1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['127.0.0', false],
    ['127.0.0.999', false],
    ['127.example.com', false],
    ['localhost', false],
    ['::ffff:10.0.0.1', false],
  ])('%s is loopback: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected)
    expect(scaleFor(address, 100)).toBe(expected ? 100 : 1)
  })

  it('keeps its lower bounds, and never makes anything longer', () => {
    expect([scaledPause(10_000, 100), scaledPause(1_000, 300), scaledPause(20, 300), scaledPause(10_000, 1)]).toEqual([
      100, 50, 20, 10_000,
    ])
    expect([
      scaledLimit(3_600_000, 100),
      scaledLimit(600_000, 300),
      scaledLimit(10_000, 300),
      scaledLimit(600_000, 1),
    ]).toEqual([36_000, 30_000, 10_000, 600_000])
    expect([scaledLoginWindow(60_000, 300), scaledSessionIdle(20_000, 300), scaledSessionIdle(20_000, 4)]).toEqual([
      200, 2_000, 5_000,
    ])
    expect([scaleFor('127.0.0.1', 0), scaleFor('127.0.0.1', Number.NaN), deviceSeconds(500, 100)]).toEqual([1, 1, 50])
  })
})

it('names queues by kind and site', () => {
  expect([taskQueue('wf'), taskQueue('core'), taskQueue('redfish', 'main')]).toEqual(['wf', 'core', 'redfish.main'])
  expect(queuesOf(['wf', 'ssh', 'transfer'], 'east')).toEqual(['wf', 'ssh.east', 'transfer.east'])
})

it('names workflows and operations, and finds the job again', () => {
  expect(jobWorkflowId('power_action', 'j')).toBe('job/power_action/j')
  expect([hostWorkflowId('rolling_update', 'j', 'h'), hostWorkflowId('rolling_update', 'j', 'h', 2)]).toEqual([
    'job/rolling_update/j/host/h',
    'job/rolling_update/j/host/h/2',
  ])
  expect(jobOfWorkflowId('job/rolling_update/j/host/h/2')).toEqual({ job_type: 'rolling_update', job_id: 'j' })
  expect(jobOfWorkflowId('reconcile_jobs')).toBeNull()
  expect(operationId('j', 't', 'upload:bios', 2)).toBe('j/t/upload:bios/2')
})

it('has a hint for every failure code, and takes it as remedy', () => {
  for (const [code, kind] of Object.entries(FAILURES)) {
    expect(kind.hint.length).toBeGreaterThan(8)
    expect(isFailureCode(code)).toBe(true)
  }
  expect(isFailureCode('toString')).toBe(false)
  expect(blocker('LockdownMode', 'x').remedy).toBe(FAILURES.LockdownMode.hint)
  expect([verdictOf([]).ok, verdictOf([blocker('LockdownMode', 'x')]).ok]).toEqual([true, false])
})

describe('maintenance windows', () => {
  const at = (time: string) => Date.parse(`2026-11-23T${time}:00Z`)
  const night = { starts_at: '2026-11-23T22:00:00Z', ends_at: '2026-11-23T23:00:00Z' }
  const tomorrow = { starts_at: '2026-11-24T22:00:00Z', ends_at: '2026-11-25T00:00:00Z' }
  const judge = (time: string, minutes: number, occurrences = [night]) => {
    const answer = judgeWindow(occurrences, minutes, at(time))
    return answer.type === 'open' ? `open ${answer.minutes_left}` : `${answer.type} ${answer.reason.code}`
  }
  it.each<[string, number, string]>([
    ['22:00', 60, 'open 60'],
    ['22:30', 30, 'open 30'],
    ['22:31', 30, 'over DoesNotFitWindow'],
    ['21:59', 60, 'closed WindowNotOpen'],
    ['21:00', 61, 'over DoesNotFitWindow'],
    ['23:00', 0, 'over WindowClosed'],
  ])('at %s with %i min: %s', (time, minutes, expected) => {
    expect(judge(time, minutes)).toBe(expected)
  })

  it('waits for the next occurrence into which the work fits', () => {
    expect(judge('22:31', 90, [tomorrow, night])).toBe('closed WindowNotOpen')
    expect(judge('22:31', 121, [tomorrow, night])).toBe('over DoesNotFitWindow')
  })

  it('checks a window before it is saved', () => {
    expect(whyWindowInvalid(night.starts_at, night.ends_at)).toEqual([])
    expect(whyWindowInvalid(night.ends_at, night.starts_at)).toHaveLength(1)
    expect(whyWindowInvalid(night.starts_at, '2026-12-23T22:00:00Z')).toHaveLength(1)
    expect(whyWindowInvalid('soon', night.ends_at)).toHaveLength(1)
  })
})

describe('discovery', () => {
  it('sorts what answers', () => {
    const idrac = classifyRoot({ type: 'redfish', is_idrac: true, service_tag: 'A', maker: 'Dell' })
    expect(idrac).toEqual({ type: 'idrac', service_tag: 'A' })
    expect(classifyRoot({ type: 'redfish', is_idrac: null, service_tag: null, maker: null }).type).toBe('maybe_idrac')
    expect(classifyRoot({ type: 'redfish', is_idrac: false, service_tag: null, maker: 'HPE' })).toMatchObject({
      kind: 'other_redfish',
    })
    expect(classifyRoot({ type: 'http', status: 404, server_hint: true })).toMatchObject({ kind: 'redfish_disabled' })
    expect(classifyRoot({ type: 'http', status: 404, server_hint: false }).type).toBe('nothing')
    expect(classifyRoot({ type: 'no_answer' }).type).toBe('nothing')
  })

  it('does not take an address for an identity', () => {
    const known = [
      { id: 'a', service_tag: 'AAA1111', ip_address: '10.0.0.1' },
      { id: 'b', service_tag: 'BBB2222', ip_address: '10.0.0.2' },
    ]
    const decide = (address: string, service_tag: string, old = false) =>
      decideAddress({ address, service_tag }, known, old).type
    expect(decide('10.0.0.9', 'NEW9999')).toBe('new')
    expect(decide('10.0.0.1', 'aaa1111')).toBe('same')
    expect(decide('10.0.0.9', 'AAA1111')).toBe('moved')
    expect(decide('10.0.0.9', 'AAA1111', true)).toBe('duplicate')
    expect(decide('10.0.0.2', 'NEW9999')).toBe('conflict')
    expect(decide('10.0.0.2', 'AAA1111')).toBe('conflict')
  })
})

it('estimates a host with all its steps, by history where there is one', () => {
  expect(hostMinutes({ firmware_minutes: 45, esxi_rounds: 1, backup: true, maintenance: true })).toBe(
    2 + 3 + 5 + 20 + 5 + 10 + 45 + 35,
  )
  expect(hostMinutes({ firmware_minutes: 25, esxi_rounds: 0, backup: false, maintenance: false })).toBe(30)
  expect(minutesOf('reboot', { reboot: 7 })).toBe(7)
})

it('words what was left behind, with what to do next', () => {
  const failure = { code: 'HostDidNotReturn' as const, message: 'Not back after 45 min.' }
  expect(hostAttention({ id: 'h', name: 'esx-1' }, 'rebooting', failure)).toMatchObject({
    target_label: 'esx-1',
    state_left: 'in maintenance mode, rebooting, not back',
    code: 'HostDidNotReturn',
  })
  expect(borrowedAttention({ kind: 'cluster', id: 'c', name: 'Prod-A' }, 'dpm', failure).next_action).toContain('DPM')
  expect([isSafeToGiveBack('ssh_service'), isSafeToGiveBack('maintenance'), isSafeToGiveBack('vm_power')]).toEqual([
    true,
    false,
    false,
  ])
})

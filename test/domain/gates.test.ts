import { describe, expect, it } from 'vitest'
import { type ChangeGateFacts, checkChangeGate } from '../../domain/change-gate.js'
import { checkHostGuard, checkStillEmpty, type GuardedHost } from '../../domain/host-guard.js'
import { decidePower, meansAlready, type PowerAction, type ServerPower } from '../../domain/power.js'
import { NOW } from './cluster-fixture.js'

describe('change gate of an iDRAC', () => {
  const ready = { supported: true, ready: true, disabled: false, blocking: [] }
  const facts = (changes: Partial<ChangeGateFacts> = {}): ChangeGateFacts => ({
    service_tag: 'ABC1234',
    expected_service_tag: 'ABC1234',
    readiness: ready,
    jobs: [],
    our_job_ids: ['JID_1'],
    lockdown: false,
    foreign_pending: [],
    ...changes,
  })
  const job = (id: string, raw_state: string, message_id: string | null = null) => ({
    id,
    name: 'Configure',
    raw_state,
    message_id,
  })

  const short = (changes: Partial<ChangeGateFacts>, check_pending = true): string => {
    const answer = checkChangeGate(facts(changes), { check_pending })
    if (answer.type === 'ok') return 'ok'
    if (answer.type === 'wait') return `wait ${answer.reason.code} ${answer.limit_minutes}`
    return `refuse ${answer.blockers.map((entry) => entry.code).join(' ')}`
  }

  it.each<[string, Partial<ChangeGateFacts>]>([
    ['ok', {}],
    ['ok', { service_tag: 'abc1234' }],
    ['refuse IdentityMismatch', { service_tag: 'XYZ9999' }],
    ['refuse LockdownMode', { lockdown: true }],
    ['refuse LifecycleControllerNotReady', { readiness: { ...ready, ready: false, disabled: true } }],
    ['refuse PendingConfiguration', { foreign_pending: ['BootMode'] }],
    ['refuse IdentityMismatch LockdownMode', { service_tag: 'X', lockdown: true }],
    ['wait LifecycleControllerNotReady 20', { readiness: { ...ready, ready: false, blocking: ['LCStatus=InUse'] } }],
    ['ok', { readiness: { supported: false, ready: false, disabled: false, blocking: [] } }],
    ['wait LifecycleControllerNotReady 20', { readiness: null }],
    ['wait LifecycleControllerNotReady 20', { jobs: null }],
    ['wait LifecycleControllerNotReady 20', { lockdown: null }],
    ['wait LifecycleControllerNotReady 20', { foreign_pending: null }],
    ['wait LifecycleControllerNotReady 20', { service_tag: null }],
    ['wait ForeignJob 30', { jobs: [job('JID_9', 'Running')] }],
    ['wait ForeignJob 30', { jobs: [job('JID_9', 'Scheduled')] }],
    ['wait ForeignJob 30', { jobs: [job('JID_9', 'SomethingNew')] }],
    ['ok', { jobs: [job('JID_1', 'Scheduled')] }],
    ['ok', { jobs: [job('JID_9', 'Completed'), job('JID_8', 'Failed'), job('JID_7', 'Scheduled', 'PR30')] }],
  ])('%s for %j', (expected, changes) => {
    expect(short(changes)).toBe(expected)
  })

  it('leaves pending values out for a profile export', () => {
    expect([short({ foreign_pending: ['BootMode'] }, false), short({ foreign_pending: null }, false)]).toEqual([
      'ok',
      'ok',
    ])
  })

  it('shows the foreign job with its age', () => {
    const answer = checkChangeGate(facts({ jobs: [{ ...job('JID_9', 'Running'), age_minutes: 12.4 }] }))
    expect(answer.type === 'wait' && answer.reason.message).toContain('JID_9 (Configure, Running, 12 min old)')
  })
})

describe('host guard', () => {
  const host = (changes: Partial<GuardedHost> = {}): GuardedHost => ({
    id: 'h',
    name: 'esx-1',
    has_vcenter: true,
    state_at: '2026-11-23T13:59:30Z',
    in_maintenance_mode: true,
    powered_on_vms: [],
    ...changes,
  })
  const busy = { in_maintenance_mode: false, powered_on_vms: [{ id: 'v', name: 'db' }] }
  const no = { evacuate_host: false, allow_running_vms: false }
  const short = (changes: Partial<GuardedHost> | null, options = no): string => {
    const answer = checkHostGuard(changes === null ? null : host(changes), options, NOW)
    return answer.type === 'refuse' ? `refuse ${answer.blockers[0]?.code}` : answer.type
  }

  it.each<[string, Partial<GuardedHost> | null, typeof no]>([
    ['no_guard', null, no],
    ['allowed', {}, no],
    ['refuse HostNotInMaintenance', busy, no],
    ['refuse HostNotInMaintenance', { in_maintenance_mode: false }, no],
    ['refuse HostNotInMaintenance', { powered_on_vms: [{ id: 'v', name: 'db' }] }, no],
    ['evacuate', busy, { ...no, evacuate_host: true }],
    ['allowed', {}, { ...no, evacuate_host: true }],
    ['allowed_with_vms', busy, { ...no, allow_running_vms: true }],
    ['evacuate', busy, { evacuate_host: true, allow_running_vms: true }],
    ['refuse VcenterUnreachable', { state_at: null }, { evacuate_host: true, allow_running_vms: true }],
    ['refuse HostStateUnknown', { state_at: null, has_vcenter: false }, no],
    ['refuse HostStateUnknown', { state_at: '2026-11-23T13:58:59Z' }, { ...no, allow_running_vms: true }],
    ['refuse HostStateUnknown', { in_maintenance_mode: null }, { ...no, evacuate_host: true }],
    ['refuse HostStateUnknown', { powered_on_vms: null }, { ...no, allow_running_vms: true }],
  ])('%s for %j with %j', (expected, changes, options) => {
    expect(short(changes, options)).toBe(expected)
  })

  it('looks once more directly before the reboot', () => {
    const last = (changes: Partial<GuardedHost>, allow_running_vms = false) =>
      checkStillEmpty(host(changes), { allow_running_vms }, NOW)?.code ?? null
    expect(last({})).toBeNull()
    expect(last(busy)).toBe('HostNotEvacuated')
    expect(last({ in_maintenance_mode: false })).toBe('HostNotInMaintenance')
    expect(last({ powered_on_vms: null })).toBe('HostStateUnknown')
    expect(last({ powered_on_vms: null }, true)).toBe('HostStateUnknown')
    expect(last(busy, true)).toBeNull()
    expect(checkStillEmpty(null, { allow_running_vms: false }, NOW)).toBeNull()
  })
})

describe('power', () => {
  const ALL = ['On', 'ForceOff', 'ForceRestart', 'GracefulRestart', 'GracefulShutdown', 'Nmi', 'PowerCycle']
  const short = (action: PowerAction, state: ServerPower, offered = ALL) => {
    const answer = decidePower(action, state, offered)
    if (answer.type === 'send')
      return answer.followed_by ? `${answer.reset_type} then ${answer.followed_by}` : answer.reset_type
    return answer.type === 'already' ? 'already' : answer.reason.code
  }
  it.each<[PowerAction, ServerPower, string]>([
    ['on', 'Off', 'On'],
    ['on', 'On', 'already'],
    ['on', 'PoweringOn', 'already'],
    ['on', 'Unknown', 'On'],
    ['off', 'On', 'ForceOff'],
    ['off', 'Off', 'already'],
    ['off', 'PoweringOff', 'already'],
    ['graceful_shutdown', 'Off', 'already'],
    ['graceful_shutdown', 'On', 'GracefulShutdown'],
    ['graceful_shutdown', 'Unknown', 'PowerActionNotAllowed'],
    ['reset', 'On', 'ForceRestart'],
    ['reset', 'Off', 'PowerActionNotAllowed'],
    ['nmi', 'Off', 'PowerActionNotAllowed'],
    ['reset', 'Unknown', 'PowerActionNotAllowed'],
    ['power_cycle', 'On', 'PowerCycle'],
    ['graceful_restart', 'On', 'GracefulRestart'],
  ])('%s on a server that is %s: %s', (action, state, expected) => {
    expect(short(action, state)).toBe(expected)
  })

  it('goes down and up where a graceful restart is not offered, and refuses what is not offered at all', () => {
    expect(short('graceful_restart', 'On', ['On', 'GracefulShutdown'])).toBe('GracefulShutdown then On')
    expect(short('power_cycle', 'On', ['On', 'ForceOff'])).toBe('Unsupported')
  })

  it('takes the refusal "already" as success only for the same goal', () => {
    expect([
      meansAlready('on', 'IDRAC.2.7.PSU501'),
      meansAlready('off', 'PSU502'),
      meansAlready('off', 'PSU501'),
    ]).toEqual([true, true, false])
  })
})

import { describe, expect, it } from 'vitest'
import type { ClusterFacts } from '../../domain/cluster-facts.js'
import { maxUnavailableCap, nextRollingStep } from '../../domain/rolling-plan.js'
import { previewRolling } from '../../domain/rolling-preview.js'
import type { RollingFacts, RollingPolicy, RollingProgress } from '../../domain/rolling-types.js'
import { blocker } from '../../domain/verdict.js'
import { cluster, host, inMaintenance, NOW, policy, vm } from './cluster-fixture.js'
import { inShort, progressOf, rollingFacts, rollingPolicy } from './rolling-fixture.js'

const next = (facts: RollingFacts, progress: RollingProgress = progressOf({}), changes: Partial<RollingPolicy> = {}) =>
  nextRollingStep(facts, progress, rollingPolicy(changes), NOW)

const short = (facts: RollingFacts, progress?: RollingProgress, changes?: Partial<RollingPolicy>) =>
  inShort(next(facts, progress, changes))

const vms = (n: number, id: string) => Array.from({ length: n }, (_, i) => vm(`vm-${id}-${i}`))
const four = (changes: Partial<ClusterFacts> = {}) =>
  cluster(
    [
      host('1', { vms: vms(3, '1') }),
      host('2', { vms: vms(1, '2') }),
      host('3', { vms: vms(2, '3') }),
      host('4', { vms: vms(2, '4') }),
    ],
    changes,
  )

describe('order of hosts', () => {
  it('takes the host with the fewest VMs', () => {
    expect(short(rollingFacts(four()))).toBe('step 2:update')
  })

  it('breaks a tie by name', () => {
    expect(short(rollingFacts(four()), progressOf({ '2': 'succeeded' }))).toBe('step 3:update')
  })

  it('takes an explicit order first, then the automatic one', () => {
    const changes = { host_order: ['1', '4'] }
    expect(short(rollingFacts(four()), progressOf({}), changes)).toBe('step 1:update')
    expect(short(rollingFacts(four()), progressOf({ '1': 'succeeded' }), changes)).toBe('step 4:update')
    expect(short(rollingFacts(four()), progressOf({ '1': 'succeeded', '4': 'succeeded' }), changes)).toBe(
      'step 2:update',
    )
  })

  it('takes the host of the vCenter appliance last', () => {
    const facts = rollingFacts(four(), { '2': { carries_vcenter: true } })
    expect(previewRolling(facts, rollingPolicy(), NOW).hosts.map((entry) => entry.host_id)).toEqual([
      '3',
      '4',
      '1',
      '2',
    ])
  })

  it('takes a host that is in maintenance already first', () => {
    const facts = rollingFacts(cluster([host('1', { vms: [] }), host('2'), inMaintenance('3')]), {
      '3': { found_in_maintenance: true },
    })
    expect(short(facts)).toBe('step 3:update_keep')
  })
})

describe('one host at a time', () => {
  it('waits while a host is in work', () => {
    const facts = rollingFacts(cluster([inMaintenance('1'), host('2'), host('3'), host('4')]))
    expect(short(facts, progressOf({ '1': 'running' }))).toBe('wait for 1')
  })

  it('is blocked while a host that is not part of the job is out, and names it', () => {
    const all = cluster([host('1', { connection_state: 'notResponding' }), host('2'), host('3'), host('4')])
    const facts = { cluster: all, hosts: rollingFacts(all).hosts.filter((entry) => entry.id !== '1') }
    const decision = next(facts)
    expect(inShort(decision)).toBe('blocked UnavailableLimit')
    expect(decision.type === 'blocked' && decision.blockers[0]?.message).toContain(
      'esx-1 (connection state notResponding',
    )
  })

  it('is done when all hosts are at an end', () => {
    const progress = progressOf({ '1': 'succeeded', '2': 'unchanged', '3': 'skipped', '4': 'succeeded' })
    expect(short(rollingFacts(four()), progress)).toBe('done')
  })

  it('settles hosts that are current without touching them', () => {
    const decision = next(rollingFacts(four(), { '1': { work: 'none' }, '2': { work: 'none' } }))
    expect(decision.settled.map((entry) => [entry.host_id, entry.state])).toEqual([
      ['1', 'unchanged'],
      ['2', 'unchanged'],
    ])
    expect(inShort(decision)).toBe('step 3:update')
  })

  it('updates hosts whose components need no reboot while they serve, also beside a host that is out', () => {
    const all = cluster([host('1', { connection_state: 'notResponding' }), host('2'), host('3'), host('4')])
    const facts = { cluster: all, hosts: [{ ...rollingFacts(all).hosts[1], needs_maintenance: false }] } as RollingFacts
    expect(short(facts)).toBe('step 2:update_in_service')
  })
})

it('updates serving hosts no more at once than max_unavailable', () => {
  const serving = { needs_maintenance: false }
  const facts = rollingFacts(four(), { '1': serving, '2': serving, '3': serving, '4': serving })
  expect(short(facts)).toBe('step 2:update_in_service')
  expect(short(facts, progressOf({ '2': 'running' }))).toBe('wait for 2')
})

describe('more than one host at a time', () => {
  const six = (changes: Partial<ClusterFacts> = {}) =>
    cluster(
      ['1', '2', '3', '4', '5', '6'].map((id) => host(id)),
      { evacuation_checks: 'unsupported', ...changes },
    )

  it('takes as many as max_unavailable and the capacity allow', () => {
    expect(short(rollingFacts(six()), undefined, { safety: policy({ max_unavailable: 2 }) })).toBe(
      'step 1:update 2:update',
    )
    const loaded = six({ memory_used_mb: 1_800_000 })
    expect(short(rollingFacts(loaded), undefined, { safety: policy({ max_unavailable: 2 }) })).toBe('step 1:update')
  })

  it('never takes more than half of the cluster, and one of a vSAN cluster', () => {
    expect([1, 2, 3, 4, 5, 9].map((n) => maxUnavailableCap(n, false))).toEqual([1, 1, 1, 2, 2, 4])
    expect([maxUnavailableCap(8, true), maxUnavailableCap(8, null)]).toEqual([1, 1])
    const decision = next(rollingFacts(six({ ha_enabled: false })), undefined, {
      safety: policy({ max_unavailable: 6 }),
    })
    expect(decision.type === 'step' && decision.hosts.length).toBe(3)
  })

  it('asks for the second only when the first is in maintenance, if vCenter judges single hosts', () => {
    const checks = ['1', '2'].map((id) => ({ host_ids: [id], evacuable_host_ids: [id], faults: [] }))
    const changes = { safety: policy({ max_unavailable: 2 }) }
    const before = rollingFacts(six({ evacuation_checks: checks }))
    expect(short(before, undefined, changes)).toBe('step 1:update')
    expect(short(before, progressOf({ '1': 'running' }), changes)).toBe('wait for 1')
    const hosts = [inMaintenance('1'), ...['2', '3', '4', '5', '6'].map((id) => host(id))]
    expect(
      short(rollingFacts(six({ evacuation_checks: checks, hosts })), progressOf({ '1': 'running' }), changes),
    ).toBe('step 2:update')
  })
})

describe('hosts found in maintenance', () => {
  const found = (work: 'update' | 'none' = 'update') =>
    rollingFacts(cluster([inMaintenance('1'), host('2'), host('3'), host('4')]), {
      '1': { found_in_maintenance: true, work },
    })

  it.each([
    ['keep', 'update', 'step 1:update_keep'],
    ['return', 'update', 'step 1:update_return'],
    ['return', 'none', 'step 1:return'],
    ['skip', 'update', 'blocked UnavailableLimit'],
    ['keep', 'none', 'blocked UnavailableLimit'],
  ] as const)('%s with work %s: %s', (hosts_found_in_maintenance, work, expected) => {
    expect(short(found(work), progressOf({}), { hosts_found_in_maintenance })).toBe(expected)
  })

  it('says before the start that a kept host blocks the others, and that a returned one does not', () => {
    const kept = previewRolling(found(), rollingPolicy(), NOW)
    expect(kept.would_start).toBe(false)
    expect(new Set(kept.blockers.map((entry) => entry.code))).toEqual(new Set(['UnavailableLimit']))
    expect(previewRolling(found(), rollingPolicy({ hosts_found_in_maintenance: 'return' }), NOW).would_start).toBe(true)
  })
})

describe('when a host fails', () => {
  const failedOne = () => rollingFacts(cluster([inMaintenance('1'), host('2'), host('3'), host('4')]))

  it('stop: no other host begins', () => {
    expect(short(failedOne(), progressOf({ '1': 'failed' }))).toBe('failed FailedHostOut, not started 2 3 4')
  })

  it('stop: the host in work ends first', () => {
    expect(short(failedOne(), progressOf({ '1': 'failed', '2': 'running' }))).toBe('wait for 2')
  })

  it('continue: goes on inside the tolerance, stops above it', () => {
    const changes = { on_failure: 'continue' as const, failed_hosts_tolerance: 1 }
    expect(short(failedOne(), progressOf({ '1': 'failed' }), changes)).toBe('step 2:update')
    expect(short(failedOne(), progressOf({ '1': 'failed', '2': 'failed' }), changes)).toBe(
      'failed FailedHostOut, not started 3 4',
    )
    expect(short(failedOne(), progressOf({ '1': 'failed' }), { on_failure: 'continue' })).toBe(
      'failed FailedHostOut, not started 2 3 4',
    )
  })

  it('continue: a tolerated host still counts in capacity', () => {
    const facts = failedOne()
    const loaded = { ...facts, cluster: { ...facts.cluster, memory_used_mb: 700_000 } }
    const changes = { on_failure: 'continue' as const, failed_hosts_tolerance: 1 }
    expect(short(loaded, progressOf({ '1': 'failed' }), changes)).toBe('blocked MemoryCapacity')
  })

  it('pause: a person decides; resume goes on without the host, which still counts as out', () => {
    const changes = { on_failure: 'pause' as const }
    expect(short(failedOne(), progressOf({ '1': 'failed' }), changes)).toBe('pause AttentionNeeded')
    const resumed = progressOf({ '1': 'failed' }, { accepted_failures: ['1'] })
    expect(short(failedOne(), resumed, changes)).toBe('blocked UnavailableLimit')
  })

  it('retry: the failed host comes next', () => {
    const changes = { on_failure: 'pause' as const }
    expect(short(failedOne(), progressOf({ '1': 'failed' }, { retry_queue: ['1'] }), changes)).toBe('step 1:update')
  })
})

describe('hosts that cannot be emptied', () => {
  const stuck = () => {
    const all = cluster([
      host('1', { vms: [vm('db', { pins: [{ cause: 'passthrough', detail: 'gpu' }] })] }),
      host('2'),
      host('3'),
    ])
    return rollingFacts(all)
  }

  it('wait: others go on, then it is blocked with the cause', () => {
    expect(short(stuck(), progressOf({}), { host_order: ['1'] })).toBe('step 2:update')
    expect(short(stuck(), progressOf({ '2': 'succeeded', '3': 'succeeded' }))).toBe('blocked PinnedVm')
  })

  it('skip: settles it as skipped', () => {
    const decision = next(stuck(), progressOf({ '2': 'succeeded', '3': 'succeeded' }), { on_blocked: 'skip' })
    expect(decision.settled.map((entry) => [entry.host_id, entry.state])).toEqual([['1', 'skipped']])
    expect(inShort(decision)).toBe('done')
  })

  it('fail: settles it as failed and starts nothing in the same answer', () => {
    const decision = next(stuck(), progressOf({}), { on_blocked: 'fail', host_order: ['1'] })
    expect(decision.settled.map((entry) => [entry.host_id, entry.state])).toEqual([['1', 'failed']])
    expect(decision.type).not.toBe('step')
  })

  it('names blockers of the host itself', () => {
    const facts = rollingFacts(four(), { '2': { blockers: [blocker('LockdownMode', 'System Lockdown Mode is on.')] } })
    const rest = progressOf({ '1': 'succeeded', '3': 'succeeded', '4': 'succeeded' })
    expect(short(facts, rest)).toBe('blocked LockdownMode')
    expect(previewRolling(facts, rollingPolicy(), NOW).blockers).toMatchObject([
      { code: 'LockdownMode', target: 'esx-2' },
    ])
  })
})

describe('canaries', () => {
  const changes = { canary_hosts: 1, pause_after_canary: true }

  it('takes the canary first and alone', () => {
    const decision = next(rollingFacts(four()), progressOf({}), changes)
    expect(decision.type === 'step' && decision.hosts).toMatchObject([{ host_id: '2', canary: true }])
  })

  it('starts nothing beside a canary in work', () => {
    const wide = { canary_hosts: 1, safety: policy({ max_unavailable: 2 }) }
    const facts = rollingFacts({ ...four(), evacuation_checks: 'unsupported' })
    expect(short(facts, progressOf({ '2': 'running' }), wide)).toBe('wait for 2')
  })

  it('pauses after the canaries until released', () => {
    expect(short(rollingFacts(four()), progressOf({ '2': 'succeeded' }), changes)).toBe('pause PausedByOperator')
    expect(short(rollingFacts(four()), progressOf({ '2': 'succeeded' }, { canaries_released: true }), changes)).toBe(
      'step 3:update',
    )
  })
})

it('takes no host when vCenter does not answer', () => {
  expect(short(rollingFacts(four({ facts_at: null })))).toBe('blocked VcenterUnreachable')
})

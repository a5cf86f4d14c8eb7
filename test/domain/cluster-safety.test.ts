import { describe, expect, it } from 'vitest'
import type { ClusterFacts, ClusterHostFacts, ClusterRule, VmPin } from '../../domain/cluster-facts.js'
import { checkClusterCandidates, checkClusterSafety } from '../../domain/cluster-safety.js'
import { FAILURES } from '../../domain/failures.js'
import type { SafetyPolicy } from '../../domain/safety-types.js'
import { whyNotServing } from '../../domain/serving.js'
import { cluster, five, host, inMaintenance, NOW, policy, vm } from './cluster-fixture.js'

const check = (facts: ClusterFacts, ids: string[], changes: Partial<SafetyPolicy> = {}) =>
  checkClusterSafety(facts, ids, policy(changes), NOW)

const codes = (facts: ClusterFacts, ids: string[], changes: Partial<SafetyPolicy> = {}) =>
  [...new Set(check(facts, ids, changes).blockers.map((entry) => entry.code))].sort()

const fourAndOne = () => cluster([inMaintenance('1'), host('2'), host('3'), host('4'), host('5')])

describe('the example that was judged before the removal', () => {
  it('refuses a second host of five while one is in maintenance, and names that one', () => {
    const verdict = check(fourAndOne(), ['2'])
    expect(verdict.safe).toBe(false)
    expect(verdict.blockers.map((entry) => entry.code)).toEqual(['UnavailableLimit'])
    expect(verdict.blockers[0]?.message).toContain('esx-1 (in maintenance mode')
    expect(verdict).toMatchObject({ total_hosts: 5, healthy_hosts: 4, healthy_after: 3, min_required: 4 })
  })

  it('allows the host that is in maintenance itself', () => {
    const verdict = check(fourAndOne(), ['1'])
    expect(verdict.blockers).toEqual([])
    expect(verdict.out_after.map((entry) => entry.id)).toEqual(['1'])
  })
})

it('allows one host of five that all serve', () => {
  const verdict = check(five(), ['3'])
  expect(verdict).toMatchObject({
    safe: true,
    blockers: [],
    healthy_hosts: 5,
    healthy_after: 4,
    drs_mode: 'fullyAutomated',
  })
})

const pinned = (cause: VmPin['cause']) =>
  cluster([host('1', { vms: [vm('db', { pins: [{ cause, detail: 'd' }] })] }), host('2'), host('3')])

const rule = (entry: ClusterRule) => five({ rules: [entry] })

describe('each of the twelve checks refuses with its own code', () => {
  const vsan = {
    vsan_enabled: true,
    vsan_health: 'green',
    vsan_resync_bytes: 0,
    vsan_what_ifs: [{ host_ids: ['1'], fits: true }],
  }
  const rows: [string, ClusterFacts, string[], Partial<SafetyPolicy>][] = [
    ['UnavailableLimit', five({ evacuation_checks: 'unsupported' }), ['1', '2'], {}],
    ['CpuCapacity', five({ cpu_demand_mhz: 290_000 }), ['1'], {}],
    ['CpuCapacity', five({ cpu_reservation_mhz: 290_000 }), ['1'], {}],
    ['MemoryCapacity', five({ memory_used_mb: 1_500_000 }), ['1'], {}],
    ['HaFailover', cluster([host('1'), host('2')]), ['1'], {}],
    ['HaFailover', five({ ha_policy: { kind: 'failover_hosts', host_ids: ['1'] } }), ['1'], {}],
    ['HaFailover', five({ ha_policy: null }), ['1'], {}],
    ['DrsNotAutomatic', five({ drs_enabled: false }), ['1'], {}],
    ['DrsNotAutomatic', five({ drs_mode: 'partiallyAutomated' }), ['1'], {}],
    ['DrsNotAutomatic', five({ drs_service_vms_healthy: false }), ['1'], {}],
    [
      'DrsNotAutomatic',
      cluster([host('1', { vms: [vm('a', { drs_behavior: 'manual' })] }), host('2'), host('3')]),
      ['1'],
      {},
    ],
    ['EvacuationBlocked', five({ evacuation_checks: null }), ['1'], {}],
    [
      'EvacuationBlocked',
      five({ evacuation_checks: [{ host_ids: ['1'], evacuable_host_ids: [], faults: [] }] }),
      ['1'],
      {},
    ],
    ['EvacuationBlocked', five(), ['1'], { evacuation: 'none' }],
    [
      'AffinityRule',
      rule({ kind: 'vm_host', name: 'must', vm_ids: ['vm-1'], host_ids: ['1'], affine: true, mandatory: true }),
      ['1'],
      {},
    ],
    [
      'AffinityRule',
      rule({ kind: 'anti_affinity', name: 'apart', vm_ids: ['vm-1', 'a', 'b', 'c'], mandatory: true }),
      ['1'],
      {},
    ],
    ['PinnedVm', pinned('passthrough'), ['1'], {}],
    ['PinnedVm', pinned('local_storage'), ['1'], {}],
    ['PinnedVm', cluster([host('1', { vms: [vm('a', { pins: null })] }), host('2'), host('3')]), ['1'], {}],
    ['VsanUnhealthy', five({ ...vsan, vsan_health: 'yellow' }), ['1'], {}],
    ['VsanUnhealthy', five({ ...vsan, vsan_what_ifs: [] }), ['1'], {}],
    ['VsanUnhealthy', five({ vsan_enabled: null }), ['1'], {}],
    ['VsanResync', five({ ...vsan, vsan_resync_bytes: 1 }), ['1'], {}],
    ['LeaseHeld', five({ lease_held_by_job_id: 'other' }), ['1'], {}],
    ['VcenterUnreachable', five({ facts_at: '2026-11-23T13:58:59Z' }), ['1'], {}],
    ['VcenterUnreachable', five({ facts_at: null }), ['1'], {}],
    ['HostStateUnknown', five(), ['9'], {}],
  ]
  it.each(rows)('%s (row %#)', (code, facts, ids, changes) => {
    expect(codes(facts, ids, changes)).toEqual([code])
    for (const entry of check(facts, ids, changes).blockers) {
      expect(entry.message.length).toBeGreaterThan(10)
      expect(entry.remedy.length).toBeGreaterThan(5)
      expect(FAILURES).toHaveProperty(entry.code)
    }
  })

  it('names the last host', () => {
    expect(codes(cluster([host('1')], { ha_enabled: false }), ['1'])).toContain('LastHost')
  })

  it('names another host that is entering maintenance, and adopts the one that is asked about', () => {
    const facts = cluster([host('1', { entering_maintenance: true }), ...['2', '3', '4', '5'].map((id) => host(id))])
    expect(codes(facts, ['2'], { max_unavailable: 2 })).toEqual(['OtherHostEntering'])
    expect(codes(facts, ['1'])).toEqual([])
  })
})

describe('what does not stand in the way', () => {
  it('needs no DRS for an empty host', () => {
    const facts = cluster([host('1', { vms: [] }), host('2'), host('3')], { drs_enabled: false })
    expect(check(facts, ['1']).safe).toBe(true)
  })

  it('needs no DRS where the job migrates, and warns that there is no what-if', () => {
    const verdict = check(five({ drs_enabled: false }), ['1'], { evacuation: 'migrate' })
    expect(verdict.safe).toBe(true)
    expect(verdict.warnings.map((entry) => entry.code)).toEqual(['EvacuationBlocked'])
  })

  it('ignores service VMs, suspended VMs and VMs that the job shuts down', () => {
    const vms = [
      vm('vCLS-1', { is_service_vm: true, pins: null }),
      vm('s', { power_state: 'suspended', pins: null }),
      vm('off', { pins: [{ cause: 'vgpu', detail: 'g' }] }),
    ]
    const facts = cluster([host('1', { vms }), host('2'), host('3')])
    expect(check(facts, ['1'], { powered_off_vm_ids: ['off'] }).safe).toBe(true)
    expect(check(facts, ['1']).safe).toBe(false)
  })

  it('lets a two-host cluster go with ignore_ha_admission or admission control off', () => {
    const two = [host('1'), host('2')]
    expect(check(cluster(two), ['1'], { ignore_ha_admission: true }).safe).toBe(true)
    expect(check(cluster(two, { ha_admission_enabled: false }), ['1']).safe).toBe(true)
  })

  it('leaves tolerated failed hosts out of the count, but not out of capacity', () => {
    expect(check(fourAndOne(), ['2'], { tolerated_host_ids: ['1'] }).safe).toBe(true)
    const full = { ...fourAndOne(), memory_used_mb: 1_000_000 }
    expect(codes(full, ['2'], { tolerated_host_ids: ['1'] })).toEqual(['MemoryCapacity'])
  })

  it('judges as if hosts that the job returns first were back', () => {
    expect(check(fourAndOne(), ['2'], { returning_host_ids: ['1'] }).safe).toBe(true)
  })
})

describe('a serving host', () => {
  const bad: Partial<ClusterHostFacts>[] = [
    { connection_state: 'notResponding' },
    { connection_state: 'disconnected' },
    { power_state: 'standBy' },
    { in_maintenance_mode: true },
    { entering_maintenance: true },
    { in_quarantine: true },
    { overall_status: 'red' },
    { overall_status: 'gray' },
    { ha_state: 'initializationError' },
    { connection_state: null },
    { power_state: null },
    { in_maintenance_mode: null },
    { entering_maintenance: null },
    { in_quarantine: null },
    { overall_status: null },
    { ha_state: null },
  ]
  it.each(bad)('is not one with %j, and one reason says so', (changes) => {
    expect(whyNotServing(host('1', changes), true)).toHaveLength(1)
  })

  it('needs its HA agent only where HA is known to be off', () => {
    const agent = (ha_enabled: boolean | null) => whyNotServing(host('1', { ha_state: null }), ha_enabled).length
    expect([agent(true), agent(null), agent(false)]).toEqual([1, 1, 0])
  })

  it('may be yellow', () => {
    expect(whyNotServing(host('1', { overall_status: 'yellow', ha_state: 'master' }), true)).toEqual([])
  })
})

it('keeps more hosts than the failover level, even with nothing running', () => {
  const idle = { cpu_demand_mhz: 0, cpu_reservation_mhz: 0, memory_used_mb: 0, memory_reservation_mb: 0 }
  expect(codes(cluster([host('1'), host('2')], idle), ['1'])).toEqual(['HaFailover'])
  const percentage = { kind: 'percentage' as const, cpu_percent: 0, memory_percent: 0 }
  expect(codes(cluster([host('1'), host('2')], { ...idle, ha_policy: percentage }), ['1'])).toEqual(['HaFailover'])
})

describe('figures', () => {
  it('takes the largest hosts as reserve of a failover level', () => {
    const facts = cluster([host('1'), host('2', { cpu_mhz: 300_000 }), host('3')], { cpu_demand_mhz: 90_000 })
    expect(check(facts, ['1'])).toMatchObject({ safe: true, cpu: { needed_mhz: 90_000, available_after_mhz: 100_000 } })
    expect(codes({ ...facts, cpu_demand_mhz: 90_001 }, ['1'])).toEqual(['CpuCapacity'])
  })

  it('takes percentages of what stays', () => {
    const ha_policy = { kind: 'percentage' as const, cpu_percent: 50, memory_percent: 25 }
    const verdict = check(five({ ha_policy }), ['1'])
    expect(verdict.cpu.available_after_mhz).toBe(200_000)
    expect(verdict.memory.available_after_mb).toBe(1_536_000)
  })

  it('does not count dedicated failover hosts as capacity', () => {
    const verdict = check(five({ ha_policy: { kind: 'failover_hosts', host_ids: ['5'] } }), ['1'])
    expect(verdict.cpu.available_after_mhz).toBe(300_000)
  })
})

describe('a whole cluster', () => {
  it('is safe if one serving host may leave; fewest VMs first', () => {
    const facts = cluster([
      host('1', { vms: [vm('a'), vm('b')] }),
      host('2', { vms: [vm('c')] }),
      host('3', { vms: [] }),
    ])
    const verdict = checkClusterCandidates(facts, policy(), NOW)
    expect(verdict.safe).toBe(true)
    expect(verdict.candidates.map((entry) => entry.host_id)).toEqual(['3', '2', '1'])
  })

  it('is unsafe while one host is out, although that host alone would be allowed', () => {
    const verdict = checkClusterCandidates(fourAndOne(), policy(), NOW)
    expect(verdict.safe).toBe(false)
    expect(verdict.blockers.map((entry) => entry.code)).toEqual(['UnavailableLimit'])
    expect(verdict.candidates.map((entry) => entry.host_id)).not.toContain('1')
  })

  it('is unsafe without any serving host, and without readable hosts', () => {
    expect(checkClusterCandidates(cluster([inMaintenance('1')]), policy(), NOW).safe).toBe(false)
    expect(checkClusterCandidates({ ...five(), hosts: null }, policy({ max_unavailable: 9 }), NOW).safe).toBe(false)
  })
})

it('says of power management who keeps it from switching hosts off: the job that suspends it, else a person', () => {
  const facts = { ...five(), dpm_enabled: true }
  const said = (changes: Partial<SafetyPolicy>) => check(facts, ['1'], changes).warnings
  expect(said({ suspends_dpm: true })).toMatchObject([
    { message: expect.stringContaining('the job suspends it'), remedy: 'Nothing has to be done.' },
  ])
  expect(said({})).toMatchObject([{ remedy: expect.stringContaining('Turn it off in vCenter') }])
})

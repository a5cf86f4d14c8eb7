import { describe, expect, test } from 'vitest'
import type { ClusterFacts } from '../../clients/vsphere/cluster-facts.js'
import { readClusterContent } from '../../clients/vsphere/cluster-reading.js'
import type { DatastoreFacts } from '../../clients/vsphere/datastore-facts.js'
import type { HostFacts } from '../../clients/vsphere/host-facts.js'
import { readHostContent } from '../../clients/vsphere/host-reading.js'
import { clusterForRules, evacuationForRules } from '../../clients/vsphere/rule-facts.js'
import type { VmFacts } from '../../clients/vsphere/vm-facts.js'
import { readVmContent } from '../../clients/vsphere/vm-reading.js'

const AT = '2026-01-01T00:00:00.000Z'
const nothing = (type: string, moid: string) => ({ type, moid, values: new Map(), missing: new Map() })
const ELSEWHERE = {
  id: 'cluster-row',
  evacuation_checks: null,
  vsan_health: null,
  vsan_resync_bytes: null,
  vsan_what_ifs: null,
  lease_held_by_job_id: null,
}

const host = (moid: string, more: Partial<HostFacts> = {}): HostFacts => ({
  ...readHostContent(nothing('HostSystem', moid), AT),
  name: moid,
  connection_state: 'connected',
  power_state: 'poweredOn',
  vm_moids: [],
  ...more,
})
const vm = (moid: string, more: Partial<VmFacts> = {}): VmFacts => ({
  ...readVmContent(nothing('VirtualMachine', moid), AT),
  name: `name of ${moid}`,
  power_state: 'poweredOn',
  devices: [],
  datastore_moids: [],
  cpu_used_mhz: 100,
  memory_used_mb: 1_000,
  cpu_reservation_mhz: 10,
  memory_reservation_mb: 20,
  ...more,
})
const cluster = (more: Partial<ClusterFacts> = {}): ClusterFacts => {
  const empty = readClusterContent(nothing('ClusterComputeResource', 'domain-c8'), AT)
  return {
    ...empty,
    name: 'prod',
    host_moids: ['host-1', 'host-2'],
    drs: { ...empty.drs, enabled: true, mode: 'fullyAutomated', overrides_enabled: true },
    rules: [],
    groups: [],
    ...more,
  }
}
const rules = (
  facts: ClusterFacts,
  hosts: HostFacts[] = [host('host-1'), host('host-2')],
  vms: VmFacts[] = [],
  datastores: DatastoreFacts[] = [],
) => clusterForRules({ cluster: facts, hosts, vms, datastores, host_id: (moid) => `row of ${moid}` }, ELSEWHERE)

describe('a cluster for the rules', () => {
  test('hosts carry the ids of our rows; a host that could not be read leaves no picture', () => {
    expect(rules(cluster()).hosts?.map((each) => each.id)).toEqual(['row of host-1', 'row of host-2'])
    expect(rules(cluster(), [host('host-1')]).hosts).toBeNull()
    expect(rules(cluster({ host_moids: null })).hosts).toBeNull()
  })

  test('a VM that could not be read leaves the VMs of its host unknown', () => {
    const hosts = [host('host-1', { vm_moids: ['vm-1', 'vm-2'] }), host('host-2', { vm_moids: null })]
    const facts = rules(cluster(), hosts, [vm('vm-1')])
    expect(facts.hosts?.map((each) => each.vms)).toEqual([null, null])
  })

  test('what was not told stays null', () => {
    expect(rules(cluster()).hosts?.[0]).toMatchObject({
      in_maintenance_mode: null,
      entering_maintenance: null,
      in_quarantine: null,
      overall_status: null,
      ha_state: null,
      cpu_mhz: null,
    })
    expect(rules(cluster())).toMatchObject({ ha_enabled: null, ha_policy: null, vsan_enabled: null, cpu_demand_mhz: 0 })
  })

  test('the larger of vCenter and the VMs is the load, and one silent VM hides nothing', () => {
    const capacity = { ...cluster().capacity, cpu_demand_mhz: 50, memory_reserved_mb: 900, cpu_reserved_mhz: 5 }
    const hosts = [
      host('host-1', { vm_moids: ['vm-1', 'vm-2'], memory_used_mb: 7 }),
      host('host-2', { memory_used_mb: 8 }),
    ]
    const told = rules(cluster({ capacity }), hosts, [vm('vm-1'), vm('vm-2')])
    expect(told).toMatchObject({
      cpu_demand_mhz: 200,
      cpu_reservation_mhz: 20,
      memory_used_mb: 2_000,
      memory_reservation_mb: 900,
    })
    const silent = rules(cluster({ capacity }), hosts, [
      vm('vm-1'),
      vm('vm-2', { memory_used_mb: null, cpu_used_mhz: null }),
    ])
    expect(silent).toMatchObject({ memory_used_mb: 15, cpu_demand_mhz: 50 })
  })

  test.each([
    [
      { kind: 'failover_level', failover_level: 1 },
      { kind: 'failover_level', failover_level: 1 },
    ],
    [{ kind: 'failover_level', failover_level: null }, null],
    [
      { kind: 'percentages', cpu_percent: 25, memory_percent: 30, failover_level: null, auto_compute: null },
      { kind: 'percentage', cpu_percent: 25, memory_percent: 30 },
    ],
    [{ kind: 'percentages', cpu_percent: 25, memory_percent: null, failover_level: 1, auto_compute: true }, null],
    [
      { kind: 'dedicated_hosts', host_moids: ['host-2'] },
      { kind: 'failover_hosts', host_ids: ['row of host-2'] },
    ],
    [{ kind: 'unknown', type_name: 'X' }, null],
  ] as const)('admission policy %j', (policy, expected) => {
    const given = policy.kind === 'dedicated_hosts' ? { ...policy, host_moids: [...policy.host_moids] } : policy
    expect(rules(cluster({ ha: { ...cluster().ha, policy: given } })).ha_policy).toEqual(expected)
  })

  test('rules name VMs and hosts; switched-off ones are left out, unknown state counts as on', () => {
    const common = { key: 1, mandatory: null }
    const facts = rules(
      cluster({
        groups: [
          { name: 'dbs', kind: 'vm', moids: ['vm-1'] },
          { name: 'licensed', kind: 'host', moids: ['host-1'] },
        ],
        rules: [
          { ...common, kind: 'vm_anti_affinity', name: 'apart', enabled: null, vm_moids: ['vm-1', 'vm-2'] },
          { ...common, kind: 'vm_affinity', name: 'off', enabled: false, vm_moids: ['vm-1'] },
          {
            ...common,
            kind: 'vm_host',
            name: 'licence',
            enabled: true,
            vm_group: 'dbs',
            affine_host_group: 'licensed',
            anti_affine_host_group: null,
          },
        ],
      }),
    )
    expect(facts.rules).toEqual([
      { kind: 'anti_affinity', name: 'apart', vm_ids: ['vm-1', 'vm-2'], mandatory: true },
      {
        kind: 'vm_host',
        name: 'licence',
        vm_ids: ['vm-1'],
        host_ids: ['row of host-1'],
        affine: true,
        mandatory: true,
      },
    ])
  })

  test.each([
    [{ enabled: false, behavior: null }, true, 'disabled'],
    [{ enabled: true, behavior: 'manual' }, true, 'manual'],
    [{ enabled: null, behavior: null }, true, 'default'],
    [{ enabled: false, behavior: 'manual' }, false, 'default'],
    [{ enabled: true, behavior: 'something new' }, true, null],
  ])('override %j, honoured %s: %s', (override, honoured, expected) => {
    const drs = { ...cluster().drs, overrides_enabled: honoured, overrides: [{ vm_moid: 'vm-1', ...override }] }
    const facts = rules(cluster({ drs }), [host('host-1', { vm_moids: ['vm-1'] }), host('host-2')], [vm('vm-1')])
    expect(facts.hosts?.[0]?.vms?.[0]?.drs_behavior).toBe(expected)
  })

  test('red alarms are named once, yellow ones are not', () => {
    const alarm = (alarm_moid: string, status: 'red' | 'yellow') => ({
      key: `${alarm_moid}.host-1`,
      alarm_moid,
      entity_moid: 'host-1',
      status,
      time: null,
      acknowledged: false,
    })
    const alarms = [
      alarm('alarm-1', 'red'),
      alarm('alarm-1', 'red'),
      alarm('alarm-2', 'red'),
      alarm('alarm-3', 'yellow'),
    ]
    const facts = clusterForRules(
      {
        cluster: cluster(),
        hosts: [host('host-1', { alarms }), host('host-2')],
        vms: [],
        datastores: [],
        host_id: (moid) => moid,
        alarm_names: new Map([['alarm-1', 'Host memory usage']]),
      },
      ELSEWHERE,
    )
    expect(facts.alarms).toEqual(['Host memory usage', 'alarm-2'])
  })

  test("vCenter's own verdict names hosts by row and VMs by name", () => {
    const fault = { fault: 'CannotAccessVmDisk', message: 'disk', code: 'EvacuationBlocked', data: {} } as const
    const answer = {
      supported: true,
      evacuable_host_moids: ['host-1'],
      reason: null,
      vm_faults: [{ vm_moid: 'vm-1', faults: [fault] }],
    }
    expect(
      evacuationForRules(['host-1', 'host-2'], answer, { vms: [vm('vm-1')], host_id: (moid) => `row of ${moid}` }),
    ).toEqual({
      host_ids: ['row of host-1', 'row of host-2'],
      evacuable_host_ids: ['row of host-1'],
      faults: [{ vm: 'name of vm-1', reason: 'CannotAccessVmDisk: disk' }],
    })
  })
})

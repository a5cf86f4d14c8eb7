import { describe, expect, it } from 'vitest'
import type { PinCause, VmFacts } from '../../domain/cluster-facts.js'
import { evacuationTable, pinsOf } from '../../domain/evacuation.js'
import { cluster, host, policy, vm } from './cluster-fixture.js'

const tableOf = (vms: VmFacts[] | null, changes = {}) => {
  const facts = cluster([host('1', { vms }), host('2'), host('3')], changes)
  const [first] = facts.hosts ?? []
  return first ? evacuationTable(facts, first, policy()) : undefined
}

describe('the table of causes', () => {
  it('has a row for every VM that must leave, with all its causes', () => {
    const rows = tableOf([
      vm('free'),
      vm('gpu', { pins: [{ cause: 'vgpu', detail: 'grid' }] }),
      vm('manual', { drs_behavior: 'manual' }),
      vm('backup', { running_task: 'create snapshot' }),
      vm('off', { power_state: 'poweredOff', pins: null }),
      vm('vCLS', { is_service_vm: true }),
    ])
    expect(rows?.map((row) => [row.vm, row.can_move, row.causes.map((cause) => cause.code).join(' ')])).toEqual([
      ['free', true, ''],
      ['gpu', false, 'PinnedVm'],
      ['manual', false, 'DrsNotAutomatic'],
      ['backup', false, 'EvacuationBlocked'],
    ])
  })

  it('names a must rule that no other serving host satisfies', () => {
    const rules = [{ kind: 'vm_host', name: 'licence', vm_ids: ['a'], host_ids: ['1'], affine: true, mandatory: true }]
    expect(tableOf([vm('a')], { rules })?.[0]?.causes[0]?.message).toContain('The rule licence leaves no host for a')
  })

  it('is unknown when the VMs are', () => {
    expect(tableOf(null)).toBeNull()
  })
})

const CAUSES: PinCause[] = [
  'passthrough',
  'vgpu',
  'sriov',
  'local_storage',
  'host_media',
  'client_media',
  'local_datastore_media',
  'tools_installer',
  'shared_bus',
  'fault_tolerance',
  'question_pending',
]

it.each(CAUSES)('%s ties a VM, with a sentence, its detail and a remedy of its own', (cause) => {
  const [blocker, second] = pinsOf(vm('db', { pins: [{ cause, detail: 'Detail 7' }] }))
  expect(second).toBeUndefined()
  expect(blocker).toMatchObject({ code: 'PinnedVm', target: 'db', data: { vm_id: 'db', cause } })
  expect(blocker?.message).toMatch(/^db .*\(Detail 7\)\.$/)
  expect(blocker?.remedy.length).toBeGreaterThan(10)
})

it('ties a VM that vCenter cannot reach, or that was not examined', () => {
  expect(pinsOf(vm('a', { connection_state: 'inaccessible' }))[0]?.message).toBe('a is inaccessible in vCenter.')
  expect(pinsOf(vm('a', { connection_state: null }))).toHaveLength(1)
  expect(pinsOf(vm('a', { pins: null }))).toHaveLength(1)
})

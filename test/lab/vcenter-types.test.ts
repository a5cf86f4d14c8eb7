import { afterAll, describe, expect, it } from 'vitest'
import { CollectorMemory } from '../../lab/vcenter/collector-memory.js'
import type { CallContext } from '../../lab/vcenter/context.js'
import { propertiesOf } from '../../lab/vcenter/inventory.js'
import type { VimValue } from '../../lab/vcenter/values.js'
import { VIM_TYPES } from '../../lab/vcenter/vim-types.js'
import { smallLab } from './small-lab.js'

const lab = smallLab()
afterAll(() => lab.clock.stop())

const vcenter = lab.state.vcenters[0]
if (!vcenter) throw new Error('no vCenter')
const session = { id: 'abc', user: vcenter.username, created_at: 0, last_used_at: 0 }
const context: CallContext = {
  core: lab,
  name: vcenter.name,
  vcenter: () => vcenter,
  memory: new CollectorMemory(),
  session,
  remoteAddress: '127.0.0.1',
  userAgent: 'test',
}

/** Members that a value carries and its type does not have, `Type.member`. */
function strangers(value: VimValue | undefined): string[] {
  if (value === undefined || value.kind === 'scalar' || value.kind === 'reference') return []
  if (value.kind === 'any') return strangers(value.value)
  if (value.kind === 'array') return value.items.flatMap(strangers)
  const known = VIM_TYPES[value.type]?.split(' ')
  const own = Object.keys(value.members).filter((name) => !known?.includes(name))
  return [...own.map((name) => `${value.type}.${name}`), ...Object.values(value.members).flatMap(strangers)]
}

const firstOf = (items: readonly { moid: string }[]): string => items[0]?.moid ?? ''

describe('values of the simulated vCenter', () => {
  it.each([
    ['HostSystem', firstOf(lab.state.hosts)],
    ['ClusterComputeResource', firstOf(lab.state.clusters)],
    ['VirtualMachine', firstOf(lab.state.vms)],
    ['Datastore', firstOf(lab.state.datastores)],
    ['Datacenter', vcenter.datacenter.moid],
    ['Folder', 'group-d1'],
    ['SessionManager', 'SessionManager'],
    ['ServiceInstance', 'ServiceInstance'],
  ])('%s has no member that its type does not have', (type, id) => {
    const [host, vm] = [lab.state.hosts[0], lab.state.vms[0]]
    if (!host || !vm) throw new Error('empty site')
    host.alarms = [{ moid: 'alarm-1', name: 'x', status: 'red', since: 0 }]
    host.ssh.enabled = true
    vm.pins = ['passthrough', 'vgpu', 'connected_iso']
    vm.question = { id: 'q', text: 't', choices: [{ key: '0', label: 'yes' }] }
    vm.drs_override = 'manual'
    lab.state.clusters[0]?.rules.push(
      { key: 1, name: 'r', enabled: true, type: 'vm_host', mandatory: true, vms: [vm.name], hosts: [host.name] },
      { key: 2, name: 's', enabled: true, type: 'anti_affinity', mandatory: false, vms: [vm.name], hosts: [] },
    )
    const table = propertiesOf(context, type, id)
    expect(table).toBeDefined()
    const known = VIM_TYPES[type]?.split(' ') ?? []
    const found = Object.entries(table ?? {}).flatMap(([name, read]) => [
      ...(known.includes(name) ? [] : [`${type}.${name}`]),
      ...strangers(read()),
    ])
    expect([...new Set(found)]).toEqual([])
  })
})

import type { LabCore } from '../core.js'
import type { SimCluster, SimVcenter } from '../model-vsphere.js'
import * as ids from './object-ids.js'
import type { PropertyTable } from './property-path.js'
import { array, bool, int, named, reference, references, text } from './values.js'

/** Properties that every managed entity has. */
function entity(name: string): PropertyTable {
  return {
    name: () => text(name),
    parent: () => undefined,
    overallStatus: () => named('ManagedEntityStatus', 'green'),
    configStatus: () => named('ManagedEntityStatus', 'green'),
    configIssue: () => array('Event', []),
    triggeredAlarmState: () => array('AlarmState', []),
    declaredAlarmState: () => array('AlarmState', []),
    alarmActionsEnabled: () => bool(true),
    recentTask: () => references('Task', []),
    disabledMethod: () => array('String', []),
    effectiveRole: () => array('Int', [int(-1)]),
    permission: () => undefined,
    tag: () => array('Tag', []),
    customValue: () => undefined,
    availableField: () => undefined,
    value: () => undefined,
  }
}

/** Properties of a Folder; undefined where there is no folder of that id. */
export function folderProperties(core: LabCore, vcenter: SimVcenter, id: string): PropertyTable | undefined {
  const datacenter = reference('Datacenter', vcenter.datacenter.moid)
  const inDatacenter = (name: string, childType: string[], children: PropertyTable[string]): PropertyTable => ({
    ...entity(name),
    parent: () => datacenter,
    childType: () => array('String', childType.map(text)),
    childEntity: children,
  })
  const mine = <T extends { vcenter: string; moid: string }>(items: readonly T[]): string[] =>
    items.filter((item) => item.vcenter === vcenter.name).map((item) => item.moid)
  switch (id) {
    case ids.ROOT_FOLDER:
      return {
        ...entity('Datacenters'),
        childType: () => array('String', [text('Folder'), text('Datacenter')]),
        childEntity: () => references('Datacenter', [vcenter.datacenter.moid]),
      }
    case ids.HOST_FOLDER:
      return inDatacenter('host', ['Folder', 'ComputeResource'], () =>
        references('ClusterComputeResource', mine(core.state.clusters)),
      )
    case ids.VM_FOLDER:
      return inDatacenter('vm', ['Folder', 'VirtualMachine', 'VirtualApp'], () =>
        references('VirtualMachine', mine(core.state.vms)),
      )
    case ids.DATASTORE_FOLDER:
      return inDatacenter('datastore', ['Folder', 'Datastore', 'StoragePod'], () =>
        references('Datastore', mine(core.state.datastores)),
      )
    case ids.NETWORK_FOLDER:
      return inDatacenter('network', ['Folder', 'Network', 'DistributedVirtualSwitch'], () =>
        references('Network', [ids.VM_NETWORK]),
      )
    default:
      return undefined
  }
}

/** Properties of the datacenter. */
export function datacenterProperties(core: LabCore, vcenter: SimVcenter): PropertyTable {
  return {
    ...entity(vcenter.datacenter.name),
    parent: () => reference('Folder', ids.ROOT_FOLDER),
    vmFolder: () => reference('Folder', ids.VM_FOLDER),
    hostFolder: () => reference('Folder', ids.HOST_FOLDER),
    datastoreFolder: () => reference('Folder', ids.DATASTORE_FOLDER),
    networkFolder: () => reference('Folder', ids.NETWORK_FOLDER),
    datastore: () =>
      references(
        'Datastore',
        core.state.datastores.filter((one) => one.vcenter === vcenter.name).map((one) => one.moid),
      ),
    network: () => references('Network', [ids.VM_NETWORK]),
    configuration: () => undefined,
  }
}

/** Properties of the one network that VMs use. */
export function networkProperties(core: LabCore, vcenter: SimVcenter): PropertyTable {
  return {
    ...entity('VM Network'),
    parent: () => reference('Folder', ids.NETWORK_FOLDER),
    summary: () => undefined,
    host: () =>
      references(
        'HostSystem',
        core.state.hosts.filter((host) => host.vcenter === vcenter.name).map((host) => host.moid),
      ),
    vm: () =>
      references(
        'VirtualMachine',
        core.state.vms.filter((vm) => vm.vcenter === vcenter.name).map((vm) => vm.moid),
      ),
  }
}

/** Properties of a cluster's root resource pool. */
export function resourcePoolProperties(core: LabCore, cluster: SimCluster): PropertyTable {
  return {
    ...entity('Resources'),
    parent: () => reference('ClusterComputeResource', cluster.moid),
    owner: () => reference('ClusterComputeResource', cluster.moid),
    resourcePool: () => references('ResourcePool', []),
    vm: () =>
      references(
        'VirtualMachine',
        core.state.vms
          .filter((vm) => vm.vcenter === cluster.vcenter && vm.cluster === cluster.name && !vm.template)
          .map((vm) => vm.moid),
      ),
    runtime: () => undefined,
    summary: () => undefined,
    config: () => undefined,
    namespace: () => undefined,
  }
}

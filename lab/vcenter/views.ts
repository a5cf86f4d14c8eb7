import type { View } from './collector-memory.js'
import type { CallContext } from './context.js'
import * as ids from './object-ids.js'
import { isOfType } from './type-tree.js'

interface ObjectRef {
  type: string
  id: string
}

/** Everything below an object of the inventory, the object itself left out, clusters before their hosts. */
function descendants(context: CallContext, container: ObjectRef): ObjectRef[] {
  return children(context, container).flatMap((item) => [item, ...descendants(context, item)])
}

function children(context: CallContext, { type, id }: ObjectRef): ObjectRef[] {
  const { core, name } = context
  const vcenter = context.vcenter()
  const mine = <T extends { vcenter: string; moid: string }>(kind: string, items: readonly T[]): ObjectRef[] =>
    items.filter((item) => item.vcenter === name).map((item) => ({ type: kind, id: item.moid }))
  if (type === 'Folder') {
    if (id === ids.ROOT_FOLDER) return [{ type: 'Datacenter', id: vcenter.datacenter.moid }]
    if (id === ids.HOST_FOLDER) return mine('ClusterComputeResource', core.state.clusters)
    if (id === ids.VM_FOLDER) return mine('VirtualMachine', core.state.vms)
    if (id === ids.DATASTORE_FOLDER) return mine('Datastore', core.state.datastores)
    return id === ids.NETWORK_FOLDER ? [{ type: 'Network', id: ids.VM_NETWORK }] : []
  }
  if (type === 'Datacenter') {
    const folders = [ids.VM_FOLDER, ids.HOST_FOLDER, ids.DATASTORE_FOLDER, ids.NETWORK_FOLDER]
    return folders.map((folder) => ({ type: 'Folder', id: folder }))
  }
  const cluster = core.state.clusters.find((one) => one.vcenter === name && one.moid === id)
  if (type !== 'ClusterComputeResource' || !cluster) return []
  return [
    ...core.find.hostsOf(cluster).map((host) => ({ type: 'HostSystem', id: host.moid })),
    { type: 'ResourcePool', id: cluster.resource_pool_moid },
  ]
}

/** What a view shows now: a container view lists its container anew. */
export function viewObjects(context: CallContext, view: View): ObjectRef[] {
  if (view.kind === 'ListView' || !view.container) return view.objects
  const all = view.recursive ? descendants(context, view.container) : children(context, view.container)
  const extra = view.container.type === 'HostSystem' || view.container.type === 'ClusterComputeResource'
  const vms = extra ? vmsBelow(context, view.container) : []
  return [...all, ...vms].filter(
    (one) => view.types.length === 0 || view.types.some((type) => isOfType(one.type, type)),
  )
}

/** A view on a host or cluster also finds the VMs that run there, although their folder is elsewhere. */
function vmsBelow(context: CallContext, container: ObjectRef): ObjectRef[] {
  const { core, name } = context
  const hosts = core.state.hosts.filter(
    (host) => host.vcenter === name && (host.moid === container.id || core.find.clusterOf(host).moid === container.id),
  )
  return hosts.flatMap((host) => core.find.vmsOn(host)).map((vm) => ({ type: 'VirtualMachine', id: vm.moid }))
}

import type { SimCluster } from '../model-vsphere.js'
import type { CallContext } from './context.js'
import type { MethodResult, SoapCall } from './envelope.js'
import { clusterByMoid } from './inventory.js'
import { taskReference, userOf } from './method.js'
import { startTask } from './task-store.js'
import { array, bool, data, int, long, text, type VimData } from './values.js'
import { managedObjectNotFound, methodNotFound, notAuthenticated, VimFault } from './vim-faults.js'
import { child, childText } from './xml-read.js'

/** Bytes that one object has to copy, on average. */
const BYTES_PER_OBJECT = 8 * 1024 ** 3
/** What a resync brings over in a second. */
const BYTES_PER_SECOND = 400 * 1024 ** 2
const CHECK_MS = 5_000

type VsanMethod = (context: CallContext, call: SoapCall, cluster: SimCluster) => MethodResult

/** Ids of the vSAN systems are the same on every vCenter. */
const SYSTEMS: Record<string, { id: string; methods: Record<string, VsanMethod> }> = {
  VsanVcClusterHealthSystem: {
    id: 'vsan-cluster-health-system',
    methods: { VsanQueryVcClusterHealthSummary: (context, _call, cluster) => healthSummary(context, cluster) },
  },
  VsanObjectSystem: {
    id: 'vsan-cluster-object-system',
    methods: { QuerySyncingVsanObjectsSummary: (_context, _call, cluster) => syncSummary(cluster) },
  },
  VsanResourceCheckSystem: {
    id: 'vsan-cluster-resource-check-system',
    methods: {
      VsanPerformResourceCheck: performCheck,
      VsanGetResourceCheckStatus: (context, _call, cluster) => checkStatus(context, cluster),
    },
  },
}

/** Answers a call to the vSAN endpoint, which shares the session with the SOAP one. Throws VimFault. */
export function dispatchVsan(context: CallContext, call: SoapCall): MethodResult {
  const { type, id } = call.receiver
  if (!context.session) throw notAuthenticated(type, id)
  const system = SYSTEMS[type]
  if (system?.id !== id) throw managedObjectNotFound(type, id)
  const method = system.methods[call.method]
  if (!method) throw methodNotFound(type, id, call.method)
  const moid = childText(call.args, 'cluster')?.trim() ?? ''
  const cluster = clusterByMoid(context, moid)
  if (!cluster) throw managedObjectNotFound('ClusterComputeResource', moid)
  if (!cluster.vsan.enabled) throw new VimFault('VsanFault', 'vSAN is not enabled on the cluster.')
  return method(context, call, cluster)
}

function overallHealth(context: CallContext, cluster: SimCluster): 'green' | 'yellow' | 'red' {
  const hosts = context.core.find.hostsOf(cluster)
  if (hosts.some((host) => host.connection !== 'connected')) return 'red'
  return cluster.vsan.resyncing_objects > 0 ? 'yellow' : 'green'
}

function healthSummary(context: CallContext, cluster: SimCluster): VimData {
  const health = overallHealth(context, cluster)
  const group = (id: string, name: string, state: string): VimData =>
    data('VsanClusterHealthGroup', {
      groupId: text(`com.vmware.vsan.health.test.${id}`),
      groupName: text(name),
      groupHealth: text(state),
      groupTests: array('VsanClusterHealthTest', []),
      inProgress: bool(false),
    })
  return data('VsanClusterHealthSummary', {
    overallHealth: text(health),
    overallHealthDescription: text(health === 'green' ? 'OK' : 'vSAN health issues found'),
    groups: array('VsanClusterHealthGroup', [
      group('network', 'Network', health === 'red' ? 'red' : 'green'),
      group('data', 'Data', health),
      group('physicaldisks', 'Physical disk', 'green'),
    ]),
  })
}

function syncSummary(cluster: SimCluster): VimData {
  const bytes = cluster.vsan.resyncing_objects * BYTES_PER_OBJECT
  return data('VsanHostVsanObjectSyncQueryResult', {
    totalObjectsToSync: long(cluster.vsan.resyncing_objects),
    totalBytesToSync: long(bytes),
    totalRecoveryETA: long(Math.ceil(bytes / BYTES_PER_SECOND)),
  })
}

function performCheck(context: CallContext, call: SoapCall, cluster: SimCluster): MethodResult {
  const spec = child(call.args, 'resourceCheckSpec')
  const operation = childText(spec, 'operation')?.trim()
  if (operation !== 'EnterMaintenanceMode')
    throw new VimFault('InvalidArgument', 'A specified parameter was not correct.')
  const task = startTask(context.core, context.vcenter(), {
    description: 'vsan.VsanResourceCheckSystem.performResourceCheck',
    entity: { type: 'ClusterComputeResource', moid: cluster.moid, name: cluster.name },
    user: userOf(context),
  })
  context.core.agenda.after(CHECK_MS, 'vcenter.task_done', { vcenter: context.name, task: task.id })
  return taskReference(task)
}

function checkStatus(context: CallContext, cluster: SimCluster): VimData {
  const health = overallHealth(context, cluster)
  return data('VsanResourceCheckStatus', {
    status: text('resourceCheckCompleted'),
    result: data('VsanResourceCheckResult', {
      status: text(health === 'green' ? 'green' : 'red'),
      dataToMove: long(0),
      nonCompliantObjects: int(cluster.vsan.resyncing_objects),
      inaccessibleObjects: int(0),
    }),
  })
}

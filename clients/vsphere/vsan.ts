import { DeviceError } from '../errors.js'
import type { VsanMode } from './host-maintenance.js'
import { moRef } from './mo-ref.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data } from './soap-writer.js'
import { startTask } from './task-call.js'
import { child, numberAt, textAt } from './xml-node.js'

const HEALTH = moRef('VsanVcClusterHealthSystem', 'vsan-cluster-health-system')
const OBJECTS = moRef('VsanObjectSystem', 'vsan-cluster-object-system')
const RESOURCE_CHECK = moRef('VsanResourceCheckSystem', 'vsan-cluster-resource-check-system')
const ABSENT = new Set(['MethodNotFound', 'NotSupported', 'ManagedObjectNotFound'])

const clusterRef = (moid: string) => moRef('ClusterComputeResource', moid)

/** A server without the vSAN API gives `null`; the rules treat that as unhealthy. */
async function orUnknown<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    const { message_id, status } = error instanceof DeviceError ? error.facts : {}
    if (ABSENT.has(message_id ?? '') || status === 404) return null
    throw error
  }
}

export type VsanHealth = 'green' | 'yellow' | 'red' | 'unknown'

/**
 * Overall health of a vSAN cluster. `unknown` = the service says so; `null` = it could not be asked. Neither is fine.
 * @throws DeviceError when vCenter does not answer.
 */
export async function readVsanHealth(
  session: VsphereSession,
  clusterMoid: string,
  options: CallOptions = {},
): Promise<VsanHealth | null> {
  const fields = [
    ['cluster', clusterRef(clusterMoid)],
    ['fields', ['overallHealth']],
    ['fetchFromCache', true],
  ] as const
  return await orUnknown(async () => {
    const response = await session.call(HEALTH, 'VsanQueryVcClusterHealthSummary', fields, { ...options, api: 'vsan' })
    const health = textAt(child(response, 'returnval'), 'overallHealth')
    return (['green', 'yellow', 'red'] as const).find((each) => each === health) ?? 'unknown'
  })
}

export interface VsanResync {
  objects: number | null
  bytes: number | null
  eta_seconds: number | null
}

/** What is still to be resynchronised; `null` = could not be asked. @throws DeviceError when vCenter does not answer. */
export async function readVsanResync(
  session: VsphereSession,
  clusterMoid: string,
  options: CallOptions = {},
): Promise<VsanResync | null> {
  return await orUnknown(async () => {
    const fields = [['cluster', clusterRef(clusterMoid)]] as const
    const response = await session.call(OBJECTS, 'QuerySyncingVsanObjectsSummary', fields, { ...options, api: 'vsan' })
    const returned = child(response, 'returnval')
    return {
      objects: numberAt(returned, 'totalObjectsToSync'),
      bytes: numberAt(returned, 'totalBytesToSync'),
      eta_seconds: numberAt(returned, 'totalRecoveryETA'),
    }
  })
}

const ACTIONS: Record<VsanMode, string> = {
  ensure_accessibility: 'ensureObjectAccessibility',
  evacuate_all: 'evacuateAllData',
  no_action: 'noAction',
}

/**
 * Begins vSAN's own what-if: would the data survive when this host enters maintenance in this mode? Read the answer with
 * `readVsanWhatIf` when the task has ended.
 * @param nodeUuid `vsan_node_uuid` of the host's facts.
 * @returns Id of the task; `null` where the server has no such check.
 */
export async function startVsanWhatIf(
  session: VsphereSession,
  clusterMoid: string,
  nodeUuid: string,
  mode: VsanMode,
  options: CallOptions = {},
): Promise<string | null> {
  const spec = data(
    ['operation', 'EnterMaintenanceMode'],
    ['entities', [nodeUuid]],
    ['maintenanceSpec', data(['vsanMode', data(['objectAction', ACTIONS[mode]])])],
  )
  const fields = [
    ['resourceCheckSpec', spec],
    ['cluster', clusterRef(clusterMoid)],
  ] as const
  const callOptions = { ...options, api: 'vsan', mutation: false } as const
  return await orUnknown(() => startTask(session, RESOURCE_CHECK, 'VsanPerformResourceCheck', fields, callOptions))
}

export interface VsanWhatIfAnswer {
  /** `resourceCheckCompleted`, `resourceCheckRunning`, … */
  status: string | null
  /** `green` = it fits. */
  result: string | null
  bytes_to_move: number | null
  inaccessible_objects: number | null
  non_compliant_objects: number | null
}

/** The latest what-if of a cluster; `null` = could not be asked. @throws DeviceError when vCenter does not answer. */
export async function readVsanWhatIf(
  session: VsphereSession,
  clusterMoid: string,
  options: CallOptions = {},
): Promise<VsanWhatIfAnswer | null> {
  return await orUnknown(async () => {
    const fields = [['cluster', clusterRef(clusterMoid)]] as const
    const callOptions = { ...options, api: 'vsan' } as const
    const response = await session.call(RESOURCE_CHECK, 'VsanGetResourceCheckStatus', fields, callOptions)
    const returned = child(response, 'returnval')
    const result = child(returned, 'result')
    return {
      status: textAt(returned, 'status'),
      result: textAt(result, 'status'),
      bytes_to_move: numberAt(result, 'dataToMove'),
      inaccessible_objects: numberAt(result, 'inaccessibleObjects'),
      non_compliant_objects: numberAt(result, 'nonCompliantObjects'),
    }
  })
}

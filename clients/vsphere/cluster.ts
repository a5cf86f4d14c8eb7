import { DeviceError } from '../errors.js'
import type { ClusterFacts } from './cluster-facts.js'
import { CLUSTER_PROPERTIES, readClusterContent } from './cluster-reading.js'
import { readLocalizedFault, type VimFault } from './fault.js'
import { moRef } from './mo-ref.js'
import { retrieveAll } from './property-collector.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data, type SoapField, typedData, typedText } from './soap-writer.js'
import { startTask } from './task-call.js'
import { child, children, refAt, type SoapNode, textAt } from './xml-node.js'

const CLUSTER = 'ClusterComputeResource'

/** Reads one cluster, fresh; `null` when vCenter does not know it. @throws DeviceError */
export async function readCluster(
  session: VsphereSession,
  moid: string,
  options: CallOptions = {},
): Promise<ClusterFacts | null> {
  const [content] = await retrieveAll(session, [CLUSTER_PROPERTIES], { objects: [moRef(CLUSTER, moid)] }, options)
  return content === undefined || content.values.size === 0
    ? null
    : readClusterContent(content, new Date().toISOString())
}

export interface EvacuationAnswer {
  /** `false`: this server has no such what-if; other rules must decide alone. */
  supported: boolean
  /** Hosts that vCenter lists as able to leave at the same time. */
  evacuable_host_moids: string[]
  /** Reason for the whole request. */
  reason: string | null
  /** Why single VMs cannot move. */
  vm_faults: { vm_moid: string | null; faults: VimFault[] }[]
}

const UNSUPPORTED = new Set(['MethodNotFound', 'NotSupported', 'MethodDisabled'])

/**
 * Asks vCenter whether these hosts could be evacuated together under HA, rules, reservations and compatibility.
 * `ClusterEnterMaintenanceMode` only recommends, despite its name: nothing is put into maintenance. DRS clusters only.
 * @throws DeviceError
 */
export async function askEvacuation(
  session: VsphereSession,
  clusterMoid: string,
  hostMoids: readonly string[],
  options: CallOptions & { max_demand_percent?: number } = {},
): Promise<EvacuationAnswer> {
  const { max_demand_percent, ...callOptions } = options
  const fields: SoapField[] = [['host', hostMoids.map((moid) => moRef('HostSystem', moid))]]
  if (max_demand_percent !== undefined) {
    const value = typedText('xsd:int', max_demand_percent)
    fields.push(['option', typedData('OptionValue', ['key', 'DemandCapacityRatioTarget'], ['value', value])])
  }
  try {
    const response = await session.call(moRef(CLUSTER, clusterMoid), 'ClusterEnterMaintenanceMode', fields, callOptions)
    const returned = child(response, 'returnval')
    const fault = child(returned, 'fault')
    return {
      supported: true,
      evacuable_host_moids: children(returned, 'recommendations').flatMap((each) => hostsOf(each)),
      reason: textAt(fault, 'reason'),
      vm_faults: children(fault, 'faultsByVm').map((each) => ({
        vm_moid: refAt(each, 'vm')?.value ?? null,
        faults: children(each, 'fault').map(readLocalizedFault),
      })),
    }
  } catch (error) {
    if (!(error instanceof DeviceError) || !UNSUPPORTED.has(error.facts.message_id ?? '')) throw error
    return { supported: false, evacuable_host_moids: [], reason: error.facts.text ?? null, vm_faults: [] }
  }
}

/** The host of a recommendation is the target of its actions, or of the recommendation itself. */
function hostsOf(recommendation: SoapNode): string[] {
  const refs = [
    refAt(recommendation, 'target'),
    ...children(recommendation, 'action').map((each) => refAt(each, 'target')),
  ]
  return [...new Set(refs.filter((each) => each?.type === 'HostSystem').map((each) => each?.value ?? ''))]
}

/** Settings of a cluster that a job borrows; only the named ones are sent. */
export interface ClusterSettings {
  dpm_enabled?: boolean
  ha_admission_control_enabled?: boolean
}

/**
 * Changes DPM or HA admission control, leaving everything else as it is. Privilege `Host.Inventory.EditCluster`.
 * @returns Id of the task.
 */
export async function setCluster(
  session: VsphereSession,
  clusterMoid: string,
  settings: ClusterSettings,
  options: CallOptions = {},
): Promise<string> {
  const { dpm_enabled, ha_admission_control_enabled } = settings
  const das =
    ha_admission_control_enabled === undefined
      ? undefined
      : data(['admissionControlEnabled', ha_admission_control_enabled])
  const dpm = dpm_enabled === undefined ? undefined : data(['enabled', dpm_enabled])
  const spec = typedData('ClusterConfigSpecEx', ['dasConfig', das], ['dpmConfig', dpm])
  const fields = [
    ['spec', spec],
    ['modify', true],
  ] as const
  return await startTask(session, moRef(CLUSTER, clusterMoid), 'ReconfigureComputeResource_Task', fields, options)
}

/**
 * Applies a waiting recommendation of DRS. Privilege `Host.Inventory.EditCluster`.
 * @throws DeviceError `InvalidRequest` when the recommendation is gone; read the cluster again.
 */
export async function applyRecommendation(
  session: VsphereSession,
  clusterMoid: string,
  key: string,
  options: CallOptions = {},
): Promise<void> {
  await session.call(moRef(CLUSTER, clusterMoid), 'ApplyRecommendation', [['key', key]], { ...options, mutation: true })
}

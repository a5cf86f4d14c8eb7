import type { LabCore } from '../core.js'
import type { SimCluster, SimHost, SimTask, SimVm } from '../model-vsphere.js'
import type { CallContext } from './context.js'
import type { MethodResult, SoapCall } from './envelope.js'
import { clusterByMoid } from './inventory.js'
import { accountName } from './sessions.js'
import { reference, type VimReference } from './values.js'
import { hostNotConnected, hostUnreachable, invalidArgument, managedObjectNotFound } from './vim-faults.js'
import { child, childText } from './xml-read.js'

/** One method of one managed type. */
export interface Method {
  /** Changes a device or the vCenter: reads, views, filters, sessions and what-if calls do not. */
  mutation: boolean
  run(context: CallContext, call: SoapCall): MethodResult | Promise<MethodResult>
}

export const read = (run: Method['run']): Method => ({ mutation: false, run })
export const change = (run: Method['run']): Method => ({ mutation: true, run })

/** The host that a call is addressed to. */
export function hostReceiver(context: CallContext, call: SoapCall): SimHost {
  const host = context.core.find.hostByMoid(context.name, call.receiver.id)
  if (!host) throw managedObjectNotFound('HostSystem', call.receiver.id)
  return host
}

/** The VM that a call is addressed to. */
export function vmReceiver(context: CallContext, call: SoapCall): SimVm {
  const vm = context.core.find.vmByMoid(context.name, call.receiver.id)
  if (!vm) throw managedObjectNotFound('VirtualMachine', call.receiver.id)
  return vm
}

/** The cluster that a call is addressed to. */
export function clusterReceiver(context: CallContext, call: SoapCall): SimCluster {
  const cluster = clusterByMoid(context, call.receiver.id)
  if (!cluster) throw managedObjectNotFound('ClusterComputeResource', call.receiver.id)
  return cluster
}

/** The host that an argument names; undefined where the argument is absent. */
export function hostArgument(context: CallContext, call: SoapCall, name: string): SimHost | undefined {
  const id = child(call.args, name)?.text.trim()
  if (id === undefined) return undefined
  const host = context.core.find.hostByMoid(context.name, id)
  if (!host) throw managedObjectNotFound('HostSystem', id)
  return host
}

/** Text of an argument that must be there. */
export function requiredText(call: SoapCall, name: string): string {
  const value = childText(call.args, name)
  if (value === undefined) throw invalidArgument(name)
  return value
}

/** What a `_Task` method answers. */
export const taskReference = (task: SimTask): VimReference => reference('Task', task.id)

/** The account of the call, as tasks show it. */
export const userOf = (context: CallContext): string => accountName(context.session?.user ?? '')

/**
 * vCenter passes this call on to the host. Throws HostNotConnected where vCenter knows that it cannot, and
 * HostCommunication where it believes in the connection still but the host is on its way down or up.
 */
export function requireReachable(core: LabCore, host: SimHost): void {
  if (host.connection !== 'connected') throw hostNotConnected()
  if (!core.lifecycle.hostIsUp(host)) throw hostUnreachable()
}

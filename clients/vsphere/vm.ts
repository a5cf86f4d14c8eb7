import { moRef } from './mo-ref.js'
import { retrieveAll } from './property-collector.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data } from './soap-writer.js'
import { startTask } from './task-call.js'
import type { VmFacts } from './vm-facts.js'
import { readVmContent, VM_PROPERTIES } from './vm-reading.js'
import { children, numberAt, refAt } from './xml-node.js'

const VM = 'VirtualMachine'

/**
 * Reads several VMs, paged by 200. VMs that are gone are missing in the answer.
 * @throws DeviceError
 */
export async function readVms(
  session: VsphereSession,
  moids: readonly string[],
  options: CallOptions = {},
): Promise<VmFacts[]> {
  const objects = moids.map((moid) => moRef(VM, moid))
  const contents = await retrieveAll(session, [VM_PROPERTIES], { objects }, options)
  const factsAt = new Date().toISOString()
  return contents.map((each) => readVmContent(each, factsAt))
}

/**
 * Begins to move a running VM to another host of the cluster; its disks stay. At most two at once per source host.
 * Privileges `Resource.HotMigrate`, `Resource.AssignVMToPool`.
 * @returns Id of the task. Whether it moved is read from the VM's `host_moid`.
 * @throws DeviceError `EvacuationBlocked`, `CpuCapacity`, `MemoryCapacity`, `HaFailover`, `AffinityRule`, …
 */
export async function migrateVm(
  session: VsphereSession,
  vmMoid: string,
  hostMoid: string,
  options: CallOptions = {},
): Promise<string> {
  const spec = data(['host', moRef('HostSystem', hostMoid)])
  return await startTask(session, moRef(VM, vmMoid), 'RelocateVM_Task', [['spec', spec]], options)
}

export interface HostRating {
  host_moid: string
  /** 1–5, best is 5. */
  rating: number
}

/**
 * Asks DRS where a VM should run.
 * @returns Best first; empty when DRS recommends none.
 */
export async function recommendHosts(
  session: VsphereSession,
  clusterMoid: string,
  vmMoid: string,
  options: CallOptions = {},
): Promise<HostRating[]> {
  const fields = [['vm', moRef(VM, vmMoid)]] as const
  const response = await session.call(
    moRef('ClusterComputeResource', clusterMoid),
    'RecommendHostsForVm',
    fields,
    options,
  )
  return children(response, 'returnval')
    .flatMap((each) => {
      const host = refAt(each, 'host')
      return host === null ? [] : [{ host_moid: host.value, rating: numberAt(each, 'rating') ?? 1 }]
    })
    .sort((a, b) => b.rating - a.rating)
}

/**
 * Asks vCenter whether a running VM could move to this host, without moving it. The answer is the task's result: read it
 * with `readMigrationCheck`. Privilege `System.View`.
 * @returns Id of the task.
 * @throws DeviceError `Unsupported` where vCenter has no checker.
 */
export async function checkMigration(
  session: VsphereSession,
  vmMoid: string,
  hostMoid: string,
  options: CallOptions = {},
): Promise<string> {
  const checker = session.service.vm_provisioning_checker ?? moRef('VirtualMachineProvisioningChecker', 'ProvChecker')
  const fields = [
    ['vm', moRef(VM, vmMoid)],
    ['host', moRef('HostSystem', hostMoid)],
  ] as const
  return await startTask(session, checker, 'CheckMigrate_Task', fields, { ...options, mutation: false })
}

/**
 * Asks the guest system to shut down; needs running VMware Tools. The VM is off when its `power_state` says so.
 * Privilege `VirtualMachine.Interact.PowerOff`.
 * @throws DeviceError `StateConflict` when it is off, `DeviceJobFailed` (`ToolsUnavailable`) without tools.
 */
export async function shutdownGuest(session: VsphereSession, vmMoid: string, options: CallOptions = {}): Promise<void> {
  await session.call(moRef(VM, vmMoid), 'ShutdownGuest', [], { ...options, mutation: true })
}

/**
 * Begins to power on a VM on the host that vCenter chooses. Privilege `VirtualMachine.Interact.PowerOn`.
 * @returns Id of the task.
 */
export async function powerOnVm(session: VsphereSession, vmMoid: string, options: CallOptions = {}): Promise<string> {
  return await startTask(session, moRef(VM, vmMoid), 'PowerOnVM_Task', [], options)
}

/** Begins to power off a VM hard. Privilege `VirtualMachine.Interact.PowerOff`. @returns Id of the task. */
export async function powerOffVm(session: VsphereSession, vmMoid: string, options: CallOptions = {}): Promise<string> {
  return await startTask(session, moRef(VM, vmMoid), 'PowerOffVM_Task', [], options)
}

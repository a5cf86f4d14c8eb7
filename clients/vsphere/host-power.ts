import { moRef } from './mo-ref.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data } from './soap-writer.js'
import { startTask } from './task-call.js'
import { child, numberAt } from './xml-node.js'

/**
 * Reboots a host, once. Never forced: vCenter itself then refuses a host that is not in maintenance, which is the last
 * interlock. The task ends when the host was told; that it is back shows in a newer `boot_time`. Privilege
 * `Host.Config.Maintenance`.
 * @returns Id of the task.
 * @throws DeviceError `StateConflict` outside maintenance; when `unclear`, `boot_time` decides.
 */
export async function rebootHost(
  session: VsphereSession,
  hostMoid: string,
  options: CallOptions = {},
): Promise<string> {
  return await startTask(session, moRef('HostSystem', hostMoid), 'RebootHost_Task', [['force', false]], options)
}

/**
 * Connects a host that a person (or an error) disconnected. A host that is only `notResponding` comes back by itself.
 * The host's state is taken over, not vCenter's. Privilege `Host.Config.Connection`.
 * @returns Id of the task.
 */
export async function reconnectHost(
  session: VsphereSession,
  hostMoid: string,
  options: CallOptions = {},
): Promise<string> {
  const fields = [['reconnectSpec', data(['syncState', true])]] as const
  return await startTask(session, moRef('HostSystem', hostMoid), 'ReconnectHost_Task', fields, options)
}

/**
 * Sets up the HA agent of a host anew; for an agent that stays in an error after maintenance. Privilege
 * `Host.Config.Connection`.
 * @returns Id of the task.
 */
export async function reconfigureHa(
  session: VsphereSession,
  hostMoid: string,
  options: CallOptions = {},
): Promise<string> {
  return await startTask(session, moRef('HostSystem', hostMoid), 'ReconfigureHostForDAS_Task', [], options)
}

/** Seconds since the host's kernel started, by the host's own counter: free of differences between clocks. */
export async function readHostUptime(
  session: VsphereSession,
  hostMoid: string,
  options: CallOptions = {},
): Promise<number | null> {
  const response = await session.call(moRef('HostSystem', hostMoid), 'RetrieveHardwareUptime', [], options)
  return numberAt(child(response, 'returnval'))
}

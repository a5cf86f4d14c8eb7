import { DeviceError } from '../errors.js'
import * as commands from './command.js'
import type { EsxiConnection, RunOptions } from './connection.js'
import { commandFailed } from './errors.js'
import { runAndRead } from './esxcli.js'
import { readMaintenance } from './fact-readers.js'

/** Is the host in maintenance, by its own word? @throws DeviceError when it does not say. */
export async function readEsxiMaintenance(connection: EsxiConnection, options: RunOptions = {}): Promise<boolean> {
  return await runAndRead(connection, commands.MAINTENANCE_GET, readMaintenance, options)
}

/**
 * Puts the host into maintenance or takes it out, by itself: it moves no VM and asks no DRS. Only for hosts without vCenter
 * and without running VMs. State-seeking: "already so" is success. Read the state afterwards.
 * @throws DeviceError `StateConflict` when the host refuses.
 */
export async function setEsxiMaintenance(
  connection: EsxiConnection,
  wanted: boolean,
  options: RunOptions & { timeout_seconds?: number } = {},
): Promise<void> {
  const { timeout_seconds, ...runOptions } = options
  const seconds = timeout_seconds ?? 600
  const command = commands.setMaintenanceCommand(wanted, seconds)
  const output = await connection.run(command, { timeout_ms: (seconds + 30) * 1_000, ...runOptions })
  if (output.exit_code === 0) return
  // The wording of "already so" differs between versions: the state decides, not the text.
  if ((await readEsxiMaintenance(connection, runOptions)) === wanted) return
  const failed = commandFailed(command, output)
  throw failed.code === 'DeviceBusy' ? failed : new DeviceError('StateConflict', failed.message, failed.facts)
}

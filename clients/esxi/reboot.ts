import { DeviceError } from '../errors.js'
import * as commands from './command.js'
import type { EsxiConnection, RunOptions } from './connection.js'

/**
 * Reboots the host, once. Only without vCenter; the host itself refuses outside maintenance. Whether it happened shows in
 * its uptime.
 * @throws DeviceError `HostNotInMaintenance` (refused); a connection that ends before an answer is `unclear`.
 */
export async function rebootEsxi(connection: EsxiConnection, reason: string, options: RunOptions = {}): Promise<void> {
  const output = await connection.run(commands.rebootCommand(reason), options)
  if (output.exit_code === 0) return
  const text = `${output.stderr}\n${output.stdout}`.trim().slice(0, 2_000)
  if (output.exit_code === null) {
    throw new DeviceError('DeviceUnreachable', 'The host ended the channel without an answer', {
      sent: true,
      answered: false,
    })
  }
  const code = /maintenance/i.test(text) ? 'HostNotInMaintenance' : 'DeviceJobFailed'
  const facts = { sent: true, answered: true, text, status: output.exit_code }
  throw new DeviceError(code, 'The host refused to reboot', facts)
}

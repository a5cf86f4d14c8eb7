import { DeviceError } from '../errors.js'
import type { CommandOutput, EsxiCommand } from './connection.js'
import type { AuthProgress } from './ssh-auth.js'

const MAX_TEXT = 2_000

function factsOf(error: unknown): { level: string; code: string; text: string } {
  if (!(error instanceof Error)) return { level: '', code: '', text: String(error) }
  const level = 'level' in error && typeof error.level === 'string' ? error.level : ''
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { level, code, text: error.message.slice(0, MAX_TEXT) }
}

/** What a failed login means: wrong secret, or no method that fits. Nothing was run on the host. */
function authError(progress: AuthProgress, text: string): DeviceError {
  const data = { offered: progress.offered, tried: progress.tried }
  if (progress.tried === null) {
    const message = `The host offers no login for this kind of credential (${progress.offered.join(', ') || 'none'})`
    return new DeviceError('SshUnavailable', message, { sent: false, answered: true, text, data })
  }
  return new DeviceError('AuthFailed', `The host refused the login by ${progress.tried}`, {
    sent: false,
    answered: true,
    text,
    data,
  })
}

/**
 * The error of a connection that did not come about. A refused connection means that the SSH service is off. `sent` is
 * false: no command has reached the host.
 */
export function connectError(error: unknown, progress: AuthProgress): DeviceError {
  if (error instanceof DeviceError) return error
  const { level, code, text } = factsOf(error)
  const facts = { sent: false, answered: false, text }
  const options = { cause: error }
  if (level === 'client-authentication') return authError(progress, text)
  if (code === 'ECONNREFUSED') {
    return new DeviceError(
      'SshUnavailable',
      'The SSH service of the host is off',
      { ...facts, answered: true },
      options,
    )
  }
  if (level === 'handshake') {
    return new DeviceError(
      'ProtocolError',
      `No common way to speak SSH: ${text}`,
      { ...facts, answered: true },
      options,
    )
  }
  return new DeviceError('DeviceUnreachable', `No SSH connection: ${code || text}`, facts, options)
}

/** The connection ended while a command ran: whether the command goes on or has ended is not known. */
export function lostError(line: string, cause?: unknown): DeviceError {
  const text = factsOf(cause ?? '').text
  return new DeviceError('DeviceUnreachable', `The connection was lost during: ${line}`, {
    sent: true,
    answered: false,
    text,
  })
}

/** The error for a read that ended with a code other than 0. */
export function commandFailed(command: EsxiCommand, output: CommandOutput): DeviceError {
  const text = command.secret_output ? '' : `${output.stderr}\n${output.stdout}`.trim().slice(0, MAX_TEXT)
  // QUIRK ESXi: esxcli needs hostd, which restarts now and then. Seen: "Connect to localhost failed". Source: field notes.
  const code = /Connect to localhost failed/i.test(text) ? 'DeviceBusy' : 'ProtocolError'
  const status = output.exit_code === null ? {} : { status: output.exit_code }
  return new DeviceError(code, `Failed on the host: ${command.line}`, { sent: true, answered: true, text, ...status })
}

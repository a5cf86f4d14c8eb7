import type { Client, ClientChannel } from 'ssh2'
import { DeviceError } from '../errors.js'
import type { CallRecorder, CallResult } from '../recorder.js'
import type { CommandOutput, EsxiCommand, RunOptions } from './connection.js'
import { lostError } from './errors.js'

const DEFAULT_TIMEOUT_MS = 60_000
/** The lists of packages are single lines of several kB; everything that is asked for fits many times over. */
const DEFAULT_MAX_BYTES = 4 * 1024 * 1024
const MAX_RECORDED = 4_000

/** Keeps the beginning of a stream up to a cap and drains the rest, so that the command does not block on us. */
class Capped {
  private readonly chunks: Buffer[] = []
  private size = 0
  truncated = false

  constructor(private readonly limit: number) {}

  add(chunk: Buffer): void {
    const room = this.limit - this.size
    if (chunk.length > room) this.truncated = true
    if (room <= 0) return
    const kept = chunk.subarray(0, room)
    this.chunks.push(kept)
    this.size += kept.length
  }

  get bytes(): number {
    return this.size
  }

  text(): string {
    return Buffer.concat(this.chunks).toString('utf8')
  }
}

interface Run {
  stdout: Capped
  stderr: Capped
  started: number
}

function finish(run: Run, exitCode: number | null): CommandOutput {
  return {
    exit_code: exitCode,
    stdout: run.stdout.text(),
    stderr: run.stderr.text(),
    truncated: run.stdout.truncated || run.stderr.truncated,
    duration_ms: Math.round(performance.now() - run.started),
  }
}

/** Runs the command on a channel without terminal and settles exactly once. */
function onChannel(client: Client, command: EsxiCommand, options: RunOptions, run: Run): Promise<CommandOutput> {
  return new Promise<CommandOutput>((resolve, reject) => {
    let channel: ClientChannel | null = null
    let settled = false
    const settle = (action: () => void): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
      client.off('close', onLost)
      client.off('error', onLost)
      action()
    }
    const giveUp = (error: DeviceError): void =>
      settle(() => {
        channel?.close()
        reject(error)
      })
    const unclear = { sent: true, answered: false }
    const onLost = (cause?: unknown): void => settle(() => reject(lostError(command.line, cause)))
    const onAbort = (): void => giveUp(new DeviceError('Cancelled', 'The command was given up on demand', unclear))
    const limit = options.timeout_ms ?? DEFAULT_TIMEOUT_MS
    const onTimeout = (): void =>
      giveUp(new DeviceError('DeviceTimeout', `No end within ${limit} ms: ${command.line}`, unclear))
    const timer = setTimeout(onTimeout, limit)
    client.once('close', onLost)
    client.once('error', onLost)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    client.exec(command.line, { pty: false }, (error, opened) => {
      if (error) return settle(() => reject(lostError(command.line, error)))
      channel = opened
      // The channel was opened after we had given up: end it, the command goes on without us.
      if (settled) return opened.close()
      let exitCode: number | null = null
      opened.on('data', (chunk: Buffer) => run.stdout.add(chunk))
      opened.stderr.on('data', (chunk: Buffer) => run.stderr.add(chunk))
      opened.on('exit', (code: number | null) => {
        exitCode = typeof code === 'number' ? code : null
      })
      opened.on('close', () => closed(exitCode))
    })
    // A lost connection closes its channels too, just before it says so itself: wait for its word.
    const closed = (exitCode: number | null): void => {
      if (exitCode !== null) settle(() => resolve(finish(run, exitCode)))
      else setImmediate(() => setImmediate(() => settle(() => resolve(finish(run, null)))))
    }
  })
}

function toResult(output: CommandOutput, run: Run, secret: boolean): CallResult {
  const body = { stdout: output.stdout.slice(0, MAX_RECORDED), stderr: output.stderr.slice(0, MAX_RECORDED) }
  return {
    success: output.exit_code === 0,
    outcome: output.exit_code === 0 ? 'ok' : output.exit_code === null ? 'unknown' : 'refused',
    response_time_ms: output.duration_ms,
    bytes_received: run.stdout.bytes + run.stderr.bytes,
    ...(output.exit_code === null ? {} : { status_code: output.exit_code }),
    ...(secret ? {} : { response_body: body }),
  }
}

/**
 * Runs one command, on record. A code other than 0 is a value.
 * @throws DeviceError `DeviceUnreachable`, `DeviceTimeout`, `Cancelled`, all `unclear`: the command may go on.
 */
export async function execute(
  client: Client,
  recorder: CallRecorder,
  url: string,
  command: EsxiCommand,
  options: RunOptions,
): Promise<CommandOutput> {
  const cancelled = () =>
    new DeviceError('Cancelled', 'The command was given up on demand', { sent: false, answered: false })
  if (options.signal?.aborted) throw cancelled()
  const call = await recorder.begin({
    protocol: 'ssh',
    command_type: 'SSH',
    endpoint: command.line,
    full_url: url,
    mutation: command.mutation,
  })
  const limit = options.max_output_bytes ?? DEFAULT_MAX_BYTES
  const run: Run = { stdout: new Capped(limit), stderr: new Capped(limit), started: performance.now() }
  try {
    // The demand may have come while the record was written.
    if (options.signal?.aborted) throw cancelled()
    const output = await onChannel(client, command, options, run)
    await call.end(toResult(output, run, command.secret_output === true))
    return output
  } catch (error) {
    const error_message = error instanceof DeviceError ? `${error.code}: ${error.message}` : 'failed'
    const response_time_ms = Math.round(performance.now() - run.started)
    const outcome = error instanceof DeviceError && !error.facts.sent ? 'failed' : 'unknown'
    await call.end({ success: false, outcome, response_time_ms, error_message })
    throw error
  }
}

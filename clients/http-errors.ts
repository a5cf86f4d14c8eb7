import { DeviceError } from './errors.js'

/** What is known about one attempt while it runs: the basis of "was anything sent?". */
export interface Attempt {
  sent: boolean
  bytes_received: number
}

function causeOf(error: unknown): { name: string; code: string; text: string } {
  if (!(error instanceof Error)) return { name: 'Error', code: '', text: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { name: error.name, code, text: error.message.slice(0, 500) }
}

/**
 * What a failed exchange proves. Before the request went to the socket nothing has happened on the device; after it,
 * nobody knows. Resets after sending carry `data.transport = 'reset'`: a read may then be asked once more.
 */
export function toTransportError(error: unknown, attempt: Attempt, cancelled: boolean): DeviceError {
  if (error instanceof DeviceError) return error
  const { name, code, text } = causeOf(error)
  const facts = { sent: attempt.sent, answered: false }
  const options = { cause: error }
  if (cancelled) return new DeviceError('Cancelled', 'The request was given up on demand.', facts, options)
  if (!attempt.sent) {
    return new DeviceError(
      'DeviceUnreachable',
      `No connection to the device: ${code || text}.`,
      { ...facts, text },
      options,
    )
  }
  if (name === 'TimeoutError') {
    return new DeviceError('DeviceTimeout', 'The device gave no complete answer in time.', facts, options)
  }
  // No cause here: undici's parser error carries the bytes of the answer.
  if (name === 'HTTPParserError') {
    return new DeviceError('ProtocolError', `The answer is no HTTP: ${text}.`, { ...facts, text })
  }
  const reset = { ...facts, text, data: { transport: 'reset' } }
  return new DeviceError(
    'DeviceUnreachable',
    `The connection broke before the answer was complete: ${code || text}.`,
    reset,
    options,
  )
}

/** Did the connection break (not: time out) after sending? Then a read may be repeated on a new connection. */
export function wasReset(error: unknown): boolean {
  return error instanceof DeviceError && error.facts.data?.transport === 'reset'
}

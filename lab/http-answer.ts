/** Between a Node HTTP request and the gate: the client's connection, reading a body, putting a verdict on the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ClientConnection, Verdict } from './gate.js'
import { resetConnection } from './tcp-reset.js'

/** The connection of a request as the gate wants it. */
export function connectionOf(request: IncomingMessage): ClientConnection {
  const { socket } = request
  return {
    get closed() {
      return socket.destroyed
    },
    onClose(listener) {
      socket.once('close', listener)
      return () => socket.off('close', listener)
    },
  }
}

/** Reads a whole body; rejects when the client breaks off, or with `BodyTooLarge` above `limit` bytes. */
export async function readBody(request: IncomingMessage, limit = 64 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > limit) throw new BodyTooLarge(limit)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** A request body above the limit. */
export class BodyTooLarge extends Error {
  constructor(readonly limit: number) {
    super(`request body above ${limit} bytes`)
  }
}

/** Puts a verdict on the wire: the answer as it is, or the fault's way of sending it. */
export function deliver(response: ServerResponse, { answer, delivery }: Verdict): void {
  // The request's socket: a response gets its own only when the one before it on the connection has ended, and a quick
  // client sends the next request before Node has noticed that.
  const { socket } = response.req
  if (delivery.how === 'stall') return
  if (delivery.how === 'close' || socket.destroyed) {
    socket.destroy()
    return
  }
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
  if (answer.status !== 204 && answer.status !== 304) response.setHeader('content-length', body.length)
  if (delivery.how === 'send') {
    response.end(body)
    return
  }
  const part =
    delivery.how === 'reset' ? body.subarray(0, delivery.after_bytes) : body.subarray(0, Math.floor(body.length / 2))
  response.flushHeaders()
  response.write(part, () => {
    if (delivery.how === 'reset') resetConnection(socket)
    else socket.end()
  })
  if (part.length === 0) resetConnection(socket)
}

import { type AddressInfo, createServer as createPlainServer } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { makeCertificate, type TestCertificate } from './certificate.js'

export interface RawServer {
  port: number
  certificate: TestCertificate
  /** TCP connections that were accepted. */
  connections: number
  /** TCP connections that are open now. */
  open(): Promise<number>
  /** All bytes that clients sent after the handshake, as latin1. */
  received: string
  close(): Promise<void>
}

/**
 * A TLS server whose answers are written byte by byte. `onRequest` is called when a request's head is complete, with
 * everything received on that connection so far; it may write, end or destroy the socket.
 */
export async function rawServer(
  onRequest: (socket: TLSSocket, head: string, count: number) => void,
  given?: TestCertificate,
): Promise<RawServer> {
  const certificate = given ?? (await makeCertificate())
  const state = { connections: 0, received: '', count: 0 }
  const sockets = new Set<TLSSocket>()
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    let head = ''
    socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      state.received += text
      const before = head.includes('\r\n\r\n')
      head += text
      if (before || !head.includes('\r\n\r\n')) return
      state.count += 1
      onRequest(socket, head, state.count)
      if (!head.includes('content-length')) head = ''
    })
  })
  // A client may leave before the server has finished the handshake.
  server.on('connection', () => {
    state.connections += 1
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    get connections() {
      return state.connections
    },
    get received() {
      return state.received
    },
    open: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createPlainServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A complete HTTP answer as text. */
export function httpAnswer(status: number, body = '', headers: Record<string, string> = {}): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers })
  return `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

/** Real listeners on loopback addresses, for faces: HTTPS per device, opened and closed as the device is there or not. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import type { TlsIdentity } from './keys.js'
import { rememberBelow } from './tcp-reset.js'

export interface TlsListener {
  /** Stops listening and destroys all connections. */
  close(): Promise<void>
  /** Destroys all connections, goes on listening. */
  dropConnections(): void
  readonly port: number
}

export interface TlsListenOptions {
  address: string
  port: number
  identity: TlsIdentity
  handler: (request: IncomingMessage, response: ServerResponse) => void
  /** asked for each new TCP connection; true = destroy it at once */
  refuses?: () => boolean
}

/** Listens with HTTPS on one address; rejects with the system's error when the address or port cannot be bound. */
export function listenTls({ address, port, identity, handler, refuses }: TlsListenOptions): Promise<TlsListener> {
  const sockets = new Set<Socket>()
  const server = createServer({ key: identity.key, cert: identity.cert, minVersion: 'TLSv1.2' }, handler)
  server.keepAliveTimeout = 60_000
  server.requestTimeout = 0
  server.on('connection', (socket: Socket) => {
    if (refuses?.()) {
      socket.resetAndDestroy()
      return
    }
    sockets.add(socket)
    rememberBelow(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port, backlog: 512 }, () => {
      server.off('error', reject)
      server.on('error', () => undefined)
      resolve(listenerOf(server, sockets))
    })
  })
}

function listenerOf(server: Server, sockets: Set<Socket>): TlsListener {
  const bound = server.address()
  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    port: typeof bound === 'object' && bound ? bound.port : 0,
    dropConnections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        dropConnections()
      }),
  }
}

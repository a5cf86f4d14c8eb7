/** Resets connections (RST instead of FIN), also those under TLS, where Node only resets the TCP socket below. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** TCP sockets under TLS, by their two ends. */
const below = new Map<string, Socket>()

const endsOf = (socket: Socket): string =>
  `${socket.remoteAddress}:${socket.remotePort} ${socket.localAddress}:${socket.localPort}`

/** Remembers a TCP socket on which TLS begins; forgets it when it closes. */
export function rememberBelow(socket: Socket): void {
  const ends = endsOf(socket)
  below.set(ends, socket)
  socket.once('close', () => below.delete(ends))
}

/** Resets the connection at once; what was not yet sent is lost. */
export function resetConnection(socket: Socket): void {
  const tcp = socket instanceof TLSSocket ? below.get(endsOf(socket)) : socket
  if (tcp && !tcp.destroyed) tcp.resetAndDestroy()
  socket.destroy()
}

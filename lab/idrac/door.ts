import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import type { TlsIdentity } from '../keys.js'
import { rememberBelow } from '../tcp-reset.js'

export type DoorOptions = {
  address: string
  port: number
  /** asked at the first connection, so that an iDRAC that nobody calls costs one socket and no certificate */
  identity: () => TlsIdentity
  handler: (request: IncomingMessage, response: ServerResponse) => void
  /** asked for each new connection; true = reset it at once */
  refuses: () => boolean
}

/** The HTTPS listener of one iDRAC; it can be shut and opened again on the same address. */
export class Door {
  private listener: Server | null = null
  private secure: TlsServer | null = null
  private retired = false
  private readonly sockets = new Set<Socket>()

  constructor(private readonly options: DoorOptions) {}

  /** Listens; rejects with the system's error when the address cannot be bound. Does nothing when open. */
  open(): Promise<void> {
    if (this.listener || this.retired) return Promise.resolve()
    const listener = createServer({ noDelay: true }, (socket) => this.connected(socket))
    this.listener = listener
    return new Promise((resolve, reject) => {
      listener.once('error', (error) => {
        if (this.listener === listener) this.listener = null
        reject(error)
      })
      listener.listen({ host: this.options.address, port: this.options.port, backlog: 128 }, () => {
        listener.removeAllListeners('error')
        listener.on('error', () => undefined)
        resolve()
      })
    })
  }

  /** Stops listening and resets every connection, as a restarting iDRAC does. */
  shut(): Promise<void> {
    const { listener } = this
    this.listener = null
    this.dropConnections()
    return new Promise((resolve) => {
      if (listener) listener.close(() => resolve())
      else resolve()
    })
  }

  /** Shuts for good: it never opens again, whatever is still on its way. */
  retire(): Promise<void> {
    this.retired = true
    return this.shut()
  }

  /** Resets every connection and goes on listening. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.resetAndDestroy()
    this.sockets.clear()
  }

  /** Forgets the certificate, so that the next connection sees the present one. */
  renewIdentity(): void {
    this.secure = null
  }

  private connected(socket: Socket): void {
    socket.on('error', () => socket.destroy())
    if (!this.listener || this.options.refuses()) {
      socket.resetAndDestroy()
      return
    }
    this.sockets.add(socket)
    rememberBelow(socket)
    socket.once('close', () => this.sockets.delete(socket))
    this.secure ??= this.makeSecure()
    this.secure.emit('connection', socket)
  }

  private makeSecure(): TlsServer {
    const { key, cert } = this.options.identity()
    const secure = createTlsServer(
      { key, cert, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] },
      this.options.handler,
    )
    secure.keepAliveTimeout = 60_000
    secure.requestTimeout = 0
    secure.on('tlsClientError', (_error, socket) => socket.destroy())
    secure.on('clientError', (_error, socket) => socket.destroy())
    return secure
  }
}

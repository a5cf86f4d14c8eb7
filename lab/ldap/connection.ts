/** One LDAP connection: bytes in, one request after the other through the gate, answers out, StartTLS in between. */
import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import type { LabCore } from '../core.js'
import type { ClientConnection, LabAnswer, Verdict } from '../gate.js'
import type { SimDirectory } from '../model-directory.js'
import { rememberBelow, resetConnection } from '../tcp-reset.js'
import { BadBer } from './ber.js'
import { disconnectMessage, type LdapRequest, readRequest, resultMessage, START_TLS } from './message.js'
import { type LdapSession, operationText, perform } from './operations.js'
import { RESULT } from './result-codes.js'

const LARGEST_REQUEST = 256 * 1024

export interface ConnectionDeps {
  core: LabCore
  directory: () => SimDirectory
  context: SecureContext
}

/** Serves a socket until either side ends it. */
export function serveLdap(deps: ConnectionDeps, socket: Socket, encrypted: boolean): void {
  new LdapConnection(deps, socket, { dn: null, encrypted }).listen()
}

class LdapConnection {
  private received = Buffer.alloc(0)
  /** requests are answered in the order they came */
  private turn: Promise<void> = Promise.resolve()

  constructor(
    private readonly deps: ConnectionDeps,
    private socket: Socket,
    private readonly session: LdapSession,
  ) {}

  listen(): void {
    this.socket.on('data', this.take)
    this.socket.on('error', () => this.socket.destroy())
  }

  private readonly take = (bytes: Buffer): void => {
    this.received = Buffer.concat([this.received, bytes])
    try {
      for (
        let next = readRequest(this.received, LARGEST_REQUEST);
        next;
        next = readRequest(this.received, LARGEST_REQUEST)
      ) {
        this.received = Buffer.from(this.received.subarray(next.end))
        const { request } = next
        const starts_tls = request.operation.kind === 'extended' && request.operation.oid === START_TLS
        // What came in clear behind a StartTLS is thrown away: it could be somebody else's.
        if (starts_tls) this.received = Buffer.alloc(0)
        this.turn = this.turn.then(() => this.handle(request)).catch((error: unknown) => this.fail(error))
      }
    } catch (error) {
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    if (!(error instanceof BadBer)) console.error(`lab: directory ${this.deps.directory().name}:`, error)
    if (!this.socket.destroyed) this.socket.end(disconnectMessage(RESULT.protocolError, 'the message cannot be read'))
  }

  private async handle(request: LdapRequest): Promise<void> {
    const { core, directory } = this.deps
    if (request.operation.kind === 'unbind') {
      this.socket.end()
      return
    }
    if (request.operation.kind === 'abandon' || this.socket.destroyed) return
    let own: LabAnswer | undefined
    const verdict = await core.gate.handle(
      {
        device: directory().name,
        kind: 'ldap',
        method: 'LDAP',
        path: operationText(request.operation),
        mutation: false,
        connection: this.client(),
      },
      () => {
        own = perform(core, directory(), this.session, request)
        return own
      },
    )
    this.deliver(request, verdict, own)
    const { operation } = request
    const upgrades = operation.kind === 'extended' && operation.oid === START_TLS && own?.status === RESULT.success
    if (upgrades && verdict.delivery.how === 'send') this.startTls()
  }

  private client(): ClientConnection {
    const { socket } = this
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

  /** A fault rule's status is the result code, its body the text beside it; a replaced body goes onto the wire as it is. */
  private deliver(request: LdapRequest, { answer, delivery }: Verdict, own: LabAnswer | undefined): void {
    const by_rule = own === undefined
    const text = typeof answer.body === 'string' ? answer.body : ''
    const bytes = by_rule
      ? resultMessage(request.id, request.operation, { code: answer.status, message: text })
      : Buffer.isBuffer(answer.body)
        ? answer.body
        : Buffer.from(answer.body, 'latin1')
    if (delivery.how === 'stall') return
    if (delivery.how === 'close') this.socket.destroy()
    else if (delivery.how === 'send') this.socket.write(bytes)
    else if (delivery.how === 'truncate') this.socket.end(bytes.subarray(0, Math.floor(bytes.length / 2)))
    else {
      const part = bytes.subarray(0, delivery.after_bytes)
      if (part.length === 0) resetConnection(this.socket)
      else this.socket.write(part, () => resetConnection(this.socket))
    }
  }

  private startTls(): void {
    const plain = this.socket
    plain.off('data', this.take)
    rememberBelow(plain)
    this.socket = new TLSSocket(plain, { isServer: true, secureContext: this.deps.context })
    this.session.encrypted = true
    this.session.dn = null
    this.listen()
  }
}

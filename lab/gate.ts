/**
 * The one door that every request to a device passes: it writes the ledger, applies fault rules and holds, runs the
 * effect at most once, and says how the answer goes onto the wire. See faults.ts for the rules.
 */
import type { DeviceKind } from './ledger.js'

/** What the device does now; fault rules may select by it. */
export type DevicePhase = 'idle' | 'updating' | 'rebooting' | 'dark'

/** The connection that the request came on; http-answer.ts makes one of a Node request. */
export interface ClientConnection {
  /** true when the client has gone */
  readonly closed: boolean
  /** called once when the client goes; the answer takes the listener off */
  onClose(listener: () => void): () => void
}

export interface GateRequest {
  device: string
  kind: DeviceKind
  method: string
  /** Redfish path with query; SOAP operation; SSH command */
  path: string
  mutation: boolean
  /** only if the face knows better than the core */
  phase?: DevicePhase
  connection: ClientConnection
}

export interface LabAnswer {
  /** HTTP status, or exit code for SSH */
  status: number
  headers?: Record<string, string | string[]>
  body: string | Buffer
  /** SSH only */
  stderr?: string
  /** one line for the ledger on what changed; leave out if nothing did */
  effect?: string
}

/**
 * How to send it. `send`: as it is. `close`: destroy the connection without a byte. `reset`: send `after_bytes` of the
 * body, then reset the connection. `truncate`: full Content-Length, half the body, then end. `stall`: keep the
 * connection open and send nothing.
 */
export type Delivery =
  | { how: 'send' }
  | { how: 'close' }
  | { how: 'reset'; after_bytes: number }
  | { how: 'truncate' }
  | { how: 'stall' }

export interface Verdict {
  answer: LabAnswer
  delivery: Delivery
}

export interface Gate {
  /**
   * Passes one whole request (body read) through ledger, faults and holds. `effect` does what the device does and
   * makes the answer; it runs at most once: not at all if a fault answers instead, or if the client went away while
   * the request was held `before` its effect (a request held before models one that has not arrived yet).
   * An `effect` that throws becomes status 500 and is rethrown never: the message goes to the console.
   */
  handle(request: GateRequest, effect: () => LabAnswer | Promise<LabAnswer>): Promise<Verdict>
  /** Notes a request that broke off before it was complete (a client killed in mid-upload): status 0, no effect. */
  aborted(request: Omit<GateRequest, 'connection'>, note: string): void
  /** Should a new connection to this device be refused now (dark, personality `flaky` …)? Faces ask on 'connection'. */
  refusesConnection(device: string): boolean
}

import type { MoRef } from './mo-ref.js'
import type { AboutInfo, ServiceContent } from './service-content.js'
import type { SoapField } from './soap-writer.js'
import type { SoapResponse } from './transport.js'
import type { SoapNode } from './xml-node.js'

export interface CallOptions {
  /** Does it change vCenter or a device? Then it is never repeated here, also not after a lost session. Default false. */
  mutation?: boolean
  /** Default 60,000. */
  timeout_ms?: number
  signal?: AbortSignal
  /** Id that shows in the logs of vCenter and host; the workflow id. */
  operation_id?: string
  /** `vsan` calls go to the sibling endpoint. Default `vim`. */
  api?: 'vim' | 'vsan'
}

/** A logged-in session with one vCenter (or ESXi host). All functions of this folder take one. */
export interface VsphereSession {
  readonly about: AboutInfo
  readonly service: ServiceContent
  /** Negotiated version of the API, e.g. `8.0.2.0`. */
  readonly api_version: string
  /**
   * Calls a method and gives the response element. A read whose session was lost is repeated once after a new login; a
   * mutation is not: the session is renewed and the error (`message_id` `NotAuthenticated`) thrown, so that the caller
   * reads the state first.
   * @throws DeviceError
   */
  call(target: MoRef, method: string, fields?: readonly SoapField[], options?: CallOptions): Promise<SoapNode>
  /** Streams a file to `/folder/…` with the session's cookie; any HTTP status is returned. */
  upload(path: string, body: AsyncIterable<Uint8Array>, sizeBytes: number, options: CallOptions): Promise<SoapResponse>
  /** One cheap call that keeps the session alive (needed every ten minutes without other calls). */
  keepAlive(): Promise<void>
  /** When the last call was answered (our clock, ms). */
  readonly last_used_ms: number
  /** Logs out (best effort) and closes the connection. */
  close(): Promise<void>
}

import type { DeviceError } from '../errors.js'
import { type DeviceHttp, type HttpRequest, type HttpTarget, openDeviceHttp, type StreamedBody } from '../http.js'
import { refuseForbiddenAction } from './actions.js'
import { type RedfishAnswer, readAnswer } from './answer.js'
import { safePath } from './links.js'

export type { RedfishAnswer } from './answer.js'

/** How a device is reached: address, identity check, recorder, time limits. */
export type RedfishConnection = HttpTarget

/**
 * Where the session's token comes from. Sessions are counted over all workers, so they belong to whoever pools them;
 * the client only says which token was refused.
 */
export interface TokenProvider {
  current(): Promise<string>
  /**
   * Called once after a 401 with the token that was refused. Returns a newer token (another caller may have renewed it
   * already), or throws (`AuthFailed`, `LoginBudget`, `SessionLimit`).
   */
  renew(refused: string): Promise<string>
}

export interface RedfishRequest {
  method: HttpRequest['method']
  /** A path or a link of the device; it is checked before it is used. */
  path: string
  /** Ends the path with a slash, which is otherwise cut off. */
  trailing_slash?: boolean
  body?: unknown
  /** Instead of `body`: a file that is read while it is sent. */
  stream?: StreamedBody
  headers?: Record<string, string>
  /** Does it change the device? Default: all but GET. */
  mutation?: boolean
  /** Fields of the request body that may be kept. Default: the names of its keys only. */
  recorded_body?: unknown
  /** Top-level fields of the answer that may be kept. Default: none; messages and Location always are. */
  keep?: string[]
  /** Values that must be blotted out of texts that the device sends back. */
  secrets?: string[]
  timeout_ms?: number
  signal?: AbortSignal
  /** The answer may be something other than a JSON object (a profile in XML). */
  any_body?: boolean
  /** Goes out without our token, or with this one. */
  token?: string | null
}

type Memory = Map<string, Promise<unknown>>

export interface RedfishClient {
  readonly origin: string
  /** @throws DeviceError. A 401 with a session's token renews it once and asks once more: a 401 proves that nothing was done. */
  send(request: RedfishRequest): Promise<RedfishAnswer>
  /** The same device, connections and memory, with a session. `close` closes them for all. */
  withTokens(tokens: TokenProvider): RedfishClient
  /** What was learned about the device's paths; shared by all sessions of a client, gone after `forget`. */
  readonly memory: Memory
  forget(): void
  close(): Promise<void>
}

/** Opens the Redfish side of a device. Nothing is sent yet. Without tokens it can ask the root only. */
export function createRedfishClient(connection: RedfishConnection, tokens?: TokenProvider): RedfishClient {
  return clientOver(openDeviceHttp(connection), tokens, new Map())
}

function clientOver(http: DeviceHttp, tokens: TokenProvider | undefined, memory: Memory): RedfishClient {
  return {
    origin: http.origin,
    memory,
    send: (request) => sendWithSession(http, tokens, memory, request),
    withTokens: (newer) => clientOver(http, newer, memory),
    forget: () => memory.clear(),
    close: () => http.close(),
  }
}

async function sendWithSession(
  http: DeviceHttp,
  tokens: TokenProvider | undefined,
  memory: Memory,
  request: RedfishRequest,
): Promise<RedfishAnswer> {
  if (request.token !== undefined || !tokens) return sendOnce(http, request.token ?? null, request)
  const token = await tokens.current()
  try {
    return await sendOnce(http, token, request)
  } catch (error) {
    if ((error as DeviceError).facts?.status !== 401) throw error
    // The session table is wiped by a restart, and a restart may have changed paths as well.
    memory.clear()
    return sendOnce(http, await tokens.renew(token), request)
  }
}

async function sendOnce(http: DeviceHttp, token: string | null, request: RedfishRequest): Promise<RedfishAnswer> {
  const path = `${safePath(request.path, http.origin)}${request.trailing_slash ? '/' : ''}`
  if (request.method === 'POST') refuseForbiddenAction(path)
  const recordedBody = request.recorded_body ?? keysOf(request.body)
  return http.exchange(
    {
      protocol: 'redfish',
      method: request.method,
      path,
      mutation: request.mutation ?? request.method !== 'GET',
      headers: headersFor(token, request),
      ...bodyFor(request),
      ...(recordedBody === undefined ? {} : { recorded_body: recordedBody }),
      ...(request.timeout_ms === undefined ? {} : { timeout_ms: request.timeout_ms }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    },
    (answer) => readAnswer(answer, request),
  )
}

function headersFor(token: string | null, request: RedfishRequest): Record<string, string> {
  const json = request.body === undefined ? {} : { 'content-type': 'application/json' }
  const auth = token === null ? {} : { 'x-auth-token': token }
  return { accept: 'application/json', ...json, ...request.headers, ...auth }
}

function bodyFor(request: RedfishRequest): { body?: string | StreamedBody } {
  if (request.stream) return { body: request.stream }
  return request.body === undefined ? {} : { body: JSON.stringify(request.body) }
}

function keysOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? { keys: Object.keys(body) } : undefined
}

import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { type Dispatcher, Pool } from 'undici'
import { DeviceError } from './errors.js'
import { type Attempt, toTransportError, wasReset } from './http-errors.js'
import type { IdentityCheck } from './identity.js'
import type { CallRecorder, CallResult, DeviceCall } from './recorder.js'
import { tlsConnector } from './tls-connector.js'

/** Where a device is and how it is recognised. There is no connection without `identity` and `recorder`. */
export interface HttpTarget {
  /** IP address; it also becomes the Host header, because iDRACs refuse names that they do not know. */
  address: string
  port: number
  identity: IdentityCheck
  recorder: CallRecorder
  /** PEM of the site's CAs; without it no certificate counts as trusted by CA. */
  ca?: string
  /** Only for single old devices: TLS 1.0 and weak ciphers. */
  legacy_tls?: boolean
  /** TCP and TLS handshake together; default 10,000. */
  connect_timeout_ms?: number
  /** Time limit of a request that names none; default 30,000. */
  request_timeout_ms?: number
  /** Connections for reads; default 2. Mutations use a connection of their own each. */
  max_connections?: number
}

/** A body that is read while it is sent; `open` is called anew for each attempt. */
export interface StreamedBody {
  length: number
  open(): AsyncIterable<Uint8Array>
}

export interface HttpRequest {
  protocol: 'redfish' | 'soap' | 'ome'
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** With leading slash, including the query. */
  path: string
  headers?: Record<string, string>
  body?: string | StreamedBody
  /** What may be kept of the body: fields from an allow-list, never secrets. */
  recorded_body?: unknown
  /** What stands in the record instead of method and path (SOAP operation). */
  command_type?: DeviceCall['command_type']
  endpoint?: string
  mutation: boolean
  /** From the start of the connection to the last byte of the answer; default: the target's. */
  timeout_ms?: number
  /** Default 16 MiB. */
  max_response_bytes?: number
  signal?: AbortSignal
}

export interface HttpAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** What the protocol above makes of an answer; `recorded` is what may be kept of it. */
export type Judged<T> =
  | { ok: true; value: T; recorded?: unknown; message_id?: string | undefined }
  | { ok: false; error: DeviceError; recorded?: unknown }

export interface DeviceHttp {
  /** `https://192.0.2.1:443` without the default port. */
  readonly origin: string
  /**
   * One request, on record: `begin` is awaited before the first byte, `end` is called exactly once.
   * @throws DeviceError of the transport, or the one that `judge` returns. A failing `begin` keeps a request from being sent.
   * A read whose connection broke is asked once more; nothing else is ever repeated here.
   */
  exchange<T>(request: HttpRequest, judge: (answer: HttpAnswer) => Judged<T>): Promise<T>
  close(): Promise<void>
}

const DEFAULT_TIMEOUT_MS = 30_000
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024

/** Opens the HTTP side of one device. Nothing is sent yet. */
export function openDeviceHttp(target: HttpTarget): DeviceHttp {
  const host = target.address.includes(':') ? `[${target.address}]` : target.address
  const origin = new URL(`https://${host}:${target.port}`).origin
  const pool = (pipelining: number) =>
    new Pool(origin, {
      connect: tlsConnector(target),
      connections: target.max_connections ?? 2,
      pipelining,
      keepAliveTimeout: 5_000,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  const reads = pool(1)
  // A mutation never goes out on a kept connection: one that the device has just closed would make a request that
  // never arrived look like one that may have worked.
  const mutations = pool(0)
  return {
    origin,
    exchange: async (request, judge) => {
      const pool = request.mutation ? mutations : reads
      const timed = { ...request, timeout_ms: request.timeout_ms ?? target.request_timeout_ms ?? DEFAULT_TIMEOUT_MS }
      const once = () => recorded(target.recorder, origin, timed, pool, judge)
      if (request.method !== 'GET') return once()
      return once().catch((error: unknown) => {
        if (!wasReset(error) || request.signal?.aborted) throw error
        return once()
      })
    },
    close: async () => {
      await Promise.all([reads.destroy(), mutations.destroy()])
    },
  }
}

type TimedRequest = HttpRequest & { timeout_ms: number }

async function recorded<T>(
  recorder: CallRecorder,
  origin: string,
  request: TimedRequest,
  pool: Pool,
  judge: (answer: HttpAnswer) => Judged<T>,
): Promise<T> {
  const call = await recorder.begin(describe(origin, request))
  const started = performance.now()
  const attempt: Attempt = { sent: false, bytes_received: 0 }
  let judged: Judged<T>
  let status: number | undefined
  try {
    const answer = await send(pool, origin, request, attempt)
    status = answer.status
    judged = judge(answer)
  } catch (error) {
    judged = { ok: false, error: toTransportError(error, attempt, request.signal?.aborted === true) }
  }
  const result = { ...toResult(judged, status), ...measures(request, attempt, started) }
  // A record that cannot be closed must not turn a known answer into an unknown one; the recorder reports its own trouble.
  await call.end(result).catch(() => {})
  if (!judged.ok) throw judged.error
  return judged.value
}

function describe(origin: string, request: HttpRequest): DeviceCall {
  const body = request.recorded_body === undefined ? {} : { request_body: request.recorded_body }
  return {
    protocol: request.protocol,
    command_type: request.command_type ?? request.method,
    endpoint: request.endpoint ?? request.path.split('?', 1)[0] ?? request.path,
    full_url: origin + request.path,
    mutation: request.mutation,
    ...body,
  }
}

function measures(request: HttpRequest, attempt: Attempt, started: number) {
  const length = typeof request.body === 'string' ? Buffer.byteLength(request.body) : (request.body?.length ?? 0)
  return {
    response_time_ms: Math.round(performance.now() - started),
    bytes_sent: attempt.sent ? length : 0,
    bytes_received: attempt.bytes_received,
  }
}

function toResult(judged: Judged<unknown>, status: number | undefined): Omit<CallResult, 'response_time_ms'> {
  const known = status === undefined ? {} : { status_code: status }
  const kept = judged.recorded === undefined ? {} : { response_body: judged.recorded }
  if (judged.ok) {
    const id = judged.message_id === undefined ? {} : { message_id: judged.message_id }
    return { success: true, outcome: 'ok', ...known, ...kept, ...id }
  }
  const { error } = judged
  const id = error.facts.message_id === undefined ? {} : { message_id: error.facts.message_id }
  const outcome = error.facts.answered ? 'refused' : error.facts.sent ? 'unknown' : 'failed'
  return { success: false, outcome, ...known, ...kept, ...id, error_message: `${error.code}: ${error.message}` }
}

async function send(pool: Pool, origin: string, request: TimedRequest, attempt: Attempt): Promise<HttpAnswer> {
  const deadline = AbortSignal.timeout(request.timeout_ms)
  const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline
  const response = await pool.compose(markSent(attempt)).request({
    origin,
    path: request.path,
    method: request.method,
    signal,
    ...toSend(request),
  })
  const limit = request.max_response_bytes ?? DEFAULT_MAX_BYTES
  const bytes = await readBounded(response.body, limit, attempt)
  return { status: response.statusCode, headers: response.headers, body: bytes }
}

function toSend({ body, headers }: HttpRequest): { headers: Record<string, string>; body?: string | Readable } {
  if (body === undefined) return { headers: { ...headers } }
  if (typeof body === 'string') return { headers: { ...headers }, body }
  // The length is known, so nothing goes out chunked.
  const stream = Readable.from(body.open(), { objectMode: false })
  return { headers: { ...headers, 'content-length': String(body.length) }, body: stream }
}

/** Notes the moment at which undici hands the request to a connected, identified socket. */
function markSent(attempt: Attempt): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context)
        if (!controller.aborted) attempt.sent = true
      },
      onRequestUpgrade: (...told) => handler.onRequestUpgrade?.(...told),
      onResponseStart: (...told) => handler.onResponseStart?.(...told),
      onResponseData: (...told) => handler.onResponseData?.(...told),
      onResponseEnd: (...told) => handler.onResponseEnd?.(...told),
      onResponseError: (...told) => handler.onResponseError?.(...told),
    })
}

async function readBounded(body: AsyncIterable<Uint8Array>, limit: number, attempt: Attempt): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) {
    attempt.bytes_received += chunk.length
    if (attempt.bytes_received > limit) {
      throw new DeviceError('ProtocolError', `The answer is longer than ${limit} bytes.`, {
        sent: true,
        answered: false,
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

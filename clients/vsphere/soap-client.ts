import { DeviceError } from '../errors.js'
import type { DeviceHttp, HttpAnswer, HttpRequest, Judged } from '../http.js'
import { wasReset } from '../http-errors.js'
import { faultError, readSoapFault } from './fault.js'
import { readEnvelope } from './soap-reader.js'
import { plainFields, type SoapCall, writeEnvelope } from './soap-writer.js'
import { child, type SoapNode, textAt } from './xml-node.js'

/** One call as it goes over the wire. */
export interface WireCall extends SoapCall {
  /** `/sdk` or `/vsanHealth`. */
  path: string
  soap_action: string
  cookie: string | null
  mutation: boolean
  timeout_ms: number
  signal?: AbortSignal
  /** Members that are masked in the record. */
  hidden?: readonly string[]
}

export interface WireAnswer {
  /** The response element (`<LoginResponse>`). */
  response: SoapNode
  /** The session cookie that the server set, verbatim with its quotes; `null` when it set none. */
  cookie: string | null
}

const COOKIE = 'vmware_soap_session'
const USER_AGENT = 'dell-server-manager'
/** A page of 200 hosts with their services and ports is a few MB. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024

/** Cookie pair out of the `Set-Cookie` lines. A real vCenter quotes the value; it is replayed exactly as it came. */
export function sessionCookie(header: string | string[] | undefined): string | null {
  const lines = header === undefined ? [] : Array.isArray(header) ? header : [header]
  const found = lines.find((line) => line.trimStart().startsWith(`${COOKIE}=`))
  return found?.split(';', 1)[0]?.trim() ?? null
}

/** `HostSystem.EnterMaintenanceMode_Task(host-21)`: how a call is named on record and in errors. */
export function operationName(call: SoapCall): string {
  return `${call.target.type}.${call.method}(${call.target.value})`
}

function statusError(status: number, operation: string): DeviceError {
  const facts = { sent: true, answered: status < 500, status }
  if (status === 401) {
    return new DeviceError('VcenterUnreachable', `${operation}: not logged in`, {
      ...facts,
      message_id: 'NotAuthenticated',
    })
  }
  const code = status >= 500 ? 'VcenterUnreachable' : status === 403 ? 'PermissionMissing' : 'ProtocolError'
  return new DeviceError(code, `${operation}: HTTP status ${status} instead of an answer`, facts)
}

/** HTTP 500 without a readable fault comes from a proxy or a dying server: whether the call happened is not known. */
function faultOf(answer: HttpAnswer, operation: string): DeviceError {
  let content: SoapNode
  try {
    content = readEnvelope(answer.body.toString('utf8'), answer.status)
  } catch {
    return statusError(500, operation)
  }
  return content.name === 'Fault' ? faultError(readSoapFault(content), operation) : statusError(500, operation)
}

function judge(answer: HttpAnswer, call: WireCall): Judged<WireAnswer> {
  const operation = operationName(call)
  if (answer.status === 500) {
    const error = faultOf(answer, operation)
    return { ok: false, error, recorded: { fault: error.facts.message_id, text: error.facts.text } }
  }
  if (answer.status !== 200) return { ok: false, error: statusError(answer.status, operation) }
  const response = readEnvelope(answer.body.toString('utf8'))
  if (response.name === 'Fault') return { ok: false, error: faultError(readSoapFault(response), operation, 200) }
  const value = { response, cookie: sessionCookie(answer.headers['set-cookie']) }
  const returned = call.mutation && call.hidden === undefined ? textAt(child(response, 'returnval')) : null
  return returned === null ? { ok: true, value } : { ok: true, value, recorded: { returnval: returned } }
}

function toRequest(call: WireCall): HttpRequest {
  return {
    protocol: 'soap',
    method: 'POST',
    path: call.path,
    headers: {
      'content-type': 'text/xml; charset="utf-8"',
      soapaction: call.soap_action,
      'user-agent': USER_AGENT,
      ...(call.cookie === null ? {} : { cookie: call.cookie }),
    },
    body: writeEnvelope(call),
    recorded_body: plainFields(call.fields, call.hidden),
    command_type: 'SOAP',
    endpoint: operationName(call),
    mutation: call.mutation,
    timeout_ms: call.timeout_ms,
    max_response_bytes: MAX_RESPONSE_BYTES,
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  }
}

/** The same failure, named after vCenter: its outage is judged differently from that of a single device. */
export function asVcenterError(error: unknown): unknown {
  if (!(error instanceof DeviceError) || error.code !== 'DeviceUnreachable' || error.facts.answered) return error
  return new DeviceError('VcenterUnreachable', error.message, error.facts, { cause: error })
}

/**
 * Sends one call. A read whose connection broke is asked once more (servers close idle connections at the wrong moment);
 * mutations and logins are sent exactly once.
 * @throws DeviceError: a fault is a definite refusal (`answered`); 5xx without a fault leaves the outcome open.
 */
export async function sendCall(http: DeviceHttp, call: WireCall): Promise<WireAnswer> {
  const send = () => http.exchange(toRequest(call), (answer) => judge(answer, call))
  const repeatable = !call.mutation && call.hidden === undefined
  try {
    return await send().catch((error: unknown) => {
      if (repeatable && wasReset(error)) return send()
      throw error
    })
  } catch (error) {
    throw asVcenterError(error)
  }
}

/**
 * Reads a small document of the server that needs no login (list of API versions).
 * @returns `null` when the server has none (404).
 * @throws DeviceError
 */
export async function readDocument(http: DeviceHttp, path: string, signal?: AbortSignal): Promise<string | null> {
  const request: HttpRequest = {
    protocol: 'soap',
    method: 'GET',
    path,
    headers: { 'user-agent': USER_AGENT },
    mutation: false,
    ...(signal === undefined ? {} : { signal }),
  }
  try {
    return await http.exchange(request, (answer) => {
      if (answer.status === 200) return { ok: true, value: answer.body.toString('utf8') }
      if (answer.status === 404) return { ok: true, value: null }
      return { ok: false, error: statusError(answer.status, `GET ${path}`) }
    })
  } catch (error) {
    throw asVcenterError(error)
  }
}

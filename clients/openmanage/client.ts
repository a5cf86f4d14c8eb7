import type { FailureCode } from '../../domain/failures.js'
import { DeviceError } from '../errors.js'
import {
  type DeviceHttp,
  type HttpAnswer,
  type HttpRequest,
  type HttpTarget,
  type Judged,
  openDeviceHttp,
} from '../http.js'

export type OmeObject = Record<string, unknown>

export interface OmeAnswer {
  body: OmeObject
  /** Only at a login. */
  token: string | null
}

export interface OpenmanageClient {
  readonly origin: string
  /** One request with the session's token. @throws DeviceError */
  send(request: Pick<HttpRequest, 'method' | 'path'> & OmeRequest): Promise<OmeAnswer>
  /** Ends the session (best effort: the appliance ends it by itself) and the connection. */
  close(): Promise<void>
}

interface OmeRequest {
  body?: unknown
  recorded_body?: unknown
}

const SESSIONS = '/api/SessionService/Sessions'
const TIMEOUT_MS = 60_000
const SESSION_TABLE_FULL = 'CURS1209'

/**
 * Logs in to an OpenManage Enterprise, once. Reads only: nothing here changes what it manages.
 * @throws DeviceError `AuthFailed` (never repeat it), `SessionLimit`, `TlsIdentityChanged`, `TlsIdentityPending`,
 *   `DeviceUnreachable`
 */
export async function openOpenmanage(
  target: HttpTarget,
  account: { username: string; password: string },
): Promise<OpenmanageClient> {
  const http = openDeviceHttp(target)
  try {
    const answer = await exchange(http, null, {
      method: 'POST',
      path: SESSIONS,
      body: { UserName: account.username, Password: account.password, SessionType: 'API' },
      recorded_body: { UserName: account.username, SessionType: 'API' },
    })
    const id = answer.body.Id
    if (answer.token === null || typeof id !== 'string')
      throw new DeviceError('ProtocolError', 'The login was answered without a token or an id.', DEFINITE)
    return clientOf(http, answer.token, id)
  } catch (thrown) {
    await http.close()
    throw thrown
  }
}

const DEFINITE = { sent: true, answered: true }

function clientOf(http: DeviceHttp, token: string, session_id: string): OpenmanageClient {
  return {
    origin: http.origin,
    send: (request) => exchange(http, token, request),
    async close() {
      const path = `${SESSIONS}('${encodeURIComponent(session_id)}')`
      await exchange(http, token, { method: 'DELETE', path }).catch(() => undefined)
      await http.close()
    },
  }
}

function exchange(
  http: DeviceHttp,
  token: string | null,
  request: Pick<HttpRequest, 'method' | 'path'> & OmeRequest,
): Promise<OmeAnswer> {
  const { method, path, body, recorded_body } = request
  return http.exchange<OmeAnswer>(
    {
      protocol: 'ome',
      method,
      path,
      mutation: false,
      timeout_ms: TIMEOUT_MS,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { 'x-auth-token': token }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(recorded_body === undefined ? {} : { recorded_body }),
    },
    judge,
  )
}

function judge(answer: HttpAnswer): Judged<OmeAnswer> {
  const body = parsed(answer.body)
  if (answer.status >= 200 && answer.status < 300) {
    if (body === undefined && answer.body.length > 0) return refused('ProtocolError', answer, 'The answer is no JSON.')
    const token = answer.headers['x-auth-token']
    return { ok: true, value: { body: body ?? {}, token: typeof token === 'string' ? token : null } }
  }
  const { id, text } = detailOf(body)
  return refused(codeOf(answer.status, id), answer, text ?? `It answered ${answer.status}.`, id)
}

function codeOf(status: number, message_id: string | undefined): FailureCode {
  if (message_id === SESSION_TABLE_FULL) return 'SessionLimit'
  if (status === 401) return 'AuthFailed'
  if (status === 403) return 'PermissionMissing'
  if (status === 404) return 'NotFound'
  if (status === 429 || status === 503) return 'DeviceBusy'
  return 'ProtocolError'
}

function refused(code: FailureCode, answer: HttpAnswer, message: string, id?: string): Judged<OmeAnswer> {
  const facts = { ...DEFINITE, status: answer.status, ...(id === undefined ? {} : { message_id: id }) }
  return { ok: false, error: new DeviceError(code, `OpenManage: ${message.slice(0, 500)}`, facts) }
}

/** The code of an error says nothing; the first entry of its details has the id. */
function detailOf(body: OmeObject | undefined): { id: string | undefined; text: string | undefined } {
  const error = body?.error as { '@Message.ExtendedInfo'?: unknown } | undefined
  const list = error?.['@Message.ExtendedInfo']
  const first = (Array.isArray(list) ? list[0] : undefined) as OmeObject | undefined
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return { id: text(first?.MessageId), text: text(first?.Message) }
}

function parsed(body: Buffer): OmeObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as OmeObject) : undefined
  } catch {
    return undefined
  }
}

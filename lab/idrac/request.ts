import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { LabCore } from '../core.js'
import type { SimServer } from '../model-server.js'
import { type Answer, notFound, ok, refusal } from './answers.js'
import { baseInfo, errorBody } from './messages.js'
import { describedBy } from './metadata.js'
import { applyQuery, QueryRefused } from './query.js'
import type { JsonObject } from './recorded.js'
import { normalPath, resourceAt } from './resources.js'
import type { Route } from './route.js'
import { methodsAt, routeFor } from './routes.js'
import { stateRefusal } from './service-state.js'
import { authenticate } from './sessions.js'
import { ROOT, type View, viewOf } from './view.js'

/** A request as it arrived: whole, with its body. */
export type Arrived = {
  method: string
  /** with query */
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
  client: string
}

/** Does this request change the device? Decided by its route, not by its method. */
export function isMutation(method: string, url: string): boolean {
  return routeFor(method, splitUrl(url).path)?.route.mutation ?? false
}

/** Path (normalised) and query of a request target. */
export function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const at = url.indexOf('?')
  const path = normalPath(at < 0 ? url : url.slice(0, at))
  return { path, query: new URLSearchParams(at < 0 ? '' : url.slice(at + 1)) }
}

/** ETag of a body; times of day do not count. */
export function etagOf(body: JsonObject): string {
  const text = JSON.stringify(body, (key, value) => (key === 'DateTime' ? undefined : value))
  return `"${createHash('sha1').update(text).digest('hex').slice(0, 12)}"`
}

const isOpen = (path: string): boolean => path === ROOT || path === '/redfish' || path === `${ROOT}/odata`

function readHeaders(path: string, body: JsonObject): Record<string, string> {
  const headers: Record<string, string> = { Allow: ['GET', 'HEAD', ...methodsAt(path)].join(', ') }
  if (typeof body['@odata.type'] === 'string') headers.Link = describedBy(body['@odata.type'])
  // Collections change too often for an ETag; the inventory's is asked for by the older upload.
  if (!Array.isArray(body.Members) || path.endsWith('FirmwareInventory')) headers.ETag = etagOf(body)
  return headers
}

function read(view: View, path: string, query: URLSearchParams): Answer {
  const body = path === '/redfish' ? { v1: '/redfish/v1/' } : resourceAt(view, path)
  if (!body) return notFound(view, path)
  if (body.error) return { status: licenceStatus(body), body }
  const answer = applyQuery(path, body, query, (link) => resourceAt(view, normalPath(link)))
  return ok(answer, readHeaders(path, body))
}

// QUIRK iDRAC9 6.00.30: some links of a healthy tree answer with an error body. Seen: LIC501. Source: recorded ExternalAccountProviders.
function licenceStatus(body: JsonObject): number {
  return JSON.stringify(body).includes('SYS403') ? 404 : 403
}

function parseJson(view: View, request: Arrived): JsonObject | Answer {
  const type = request.headers['content-type'] ?? ''
  if (request.method === 'GET' || request.method === 'HEAD') return {}
  if (request.method === 'DELETE' && request.body.length === 0) return {}
  if (!type.toLowerCase().startsWith('application/json')) return refusal(view, 415, { id: 'SYS401' })
  if (request.body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    // falls through to the refusal
  }
  return refusal(view, 400, { id: 'SYS405' })
}

const isAnswer = (value: object): value is Answer => typeof (value as Answer).status === 'number'

function preconditionFailed(view: View): Answer {
  return { status: 412, body: errorBody(view.profile.base, [baseInfo(view.profile.base, 'PreconditionFailed')]) }
}

function matchRefusal(view: View, request: Arrived, path: string): Answer | undefined {
  const given = request.headers['if-match']
  if (given === undefined) return undefined
  // QUIRK iDRAC10: If-Match on a POST action is answered by 412. Seen: Base.1.18.PreconditionFailed. Source: ironcore-dev/metal-operator issue 1015.
  if (request.method === 'POST') return view.profile.refusesIfMatchOnPost ? preconditionFailed(view) : undefined
  const body = resourceAt(view, path)
  return body && given !== '*' && given !== etagOf(body) ? preconditionFailed(view) : undefined
}

function noRoute(view: View, method: string, path: string): Answer {
  const allowed = methodsAt(path)
  const exists = allowed.length > 0 || resourceAt(view, path) !== undefined
  if (!exists) return notFound(view, path)
  const answer = refusal(view, 405, { id: 'SYS402' })
  return { ...answer, headers: { Allow: ['GET', 'HEAD', ...allowed.filter((one) => one !== method)].join(', ') } }
}

async function act(view: View, request: Arrived, route: Route, params: string[]): Promise<Answer> {
  const { path, query } = splitUrl(request.url)
  const who = route.open ? { user: '' } : authenticate(view, request.headers, request.client)
  if (isAnswer(who)) return who
  const mismatch = matchRefusal(view, request, path)
  if (mismatch) return mismatch
  const body = route.form ? {} : parseJson(view, request)
  if (isAnswer(body)) return body
  const token = 'token' in who ? who.token : undefined
  return route.act({
    view,
    path,
    params,
    query,
    body,
    token,
    method: request.method,
    headers: request.headers,
    raw: request.body,
    client: request.client,
    user: who.user,
  })
}

/**
 * What an iDRAC answers to a whole request: services that still load, credentials, routing, query options. The effect
 * of the request, if it has one, has happened when this resolves.
 */
export async function answerRequest(core: LabCore, server: SimServer, request: Arrived): Promise<Answer> {
  const view = viewOf(core, server)
  const { path, query } = splitUrl(request.url)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const found = routeFor(method, path)
  const unready = stateRefusal(view, path, found?.route)
  if (unready) return unready
  if (found) return act(view, request, found.route, found.params)
  if (method !== 'GET') {
    const who = authenticate(view, request.headers, request.client)
    return isAnswer(who) ? who : noRoute(view, method, path)
  }
  if (!isOpen(path)) {
    const who = authenticate(view, request.headers, request.client)
    if (isAnswer(who)) return who
  }
  try {
    return read(view, path, query)
  } catch (error) {
    if (error instanceof QueryRefused) return refusal(view, 400, error.notice)
    throw error
  }
}

import { createHmac } from 'node:crypto'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import type { Db } from '../db/connect.js'
import type { Caller } from '../db/stores/callers.js'
import {
  dropIdempotencyKey,
  type IdempotentRequest,
  readIdempotencyKey,
  storeIdempotentAnswer,
  takeIdempotencyKey,
} from '../db/stores/idempotency.js'
import { isAllowed, type Permission, rolesAllowed } from '../domain/permissions.js'
import { fieldProblems, Problem } from './errors.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What every handler gets: who asks, and the checked input. */
export interface RouteContext<Params, Query, Body> {
  /** Null only on open routes. */
  caller: Caller | null
  /** The signed-in caller; throws 401 where the route is open and nobody is signed in. */
  user: Caller
  params: Params
  query: Query
  body: Body
  request_id: string
  ip: string | null
  /** Set when the request carries an Idempotency-Key: store the answer with it in the same transaction as the work. */
  idempotent: IdempotentRequest | null
  /** Compares `If-Match` with the version now; 412 with the current ETag when it differs. */
  checkVersion(version: number): void
  req: Request
  res: Response
}

export interface Answer {
  status?: number
  body?: unknown
  /** The body as JSON text, where the database wrote it already; instead of `body`, on GET alone. */
  json?: string
  headers?: Record<string, string>
  /** Row version, sent as ETag. */
  version?: number
}

export interface Route {
  method: Method
  /** Express path below /api/v1, with `:name` parameters. */
  path: string
  permission: Permission
  summary: string
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Documented answer; null = none (204) or a stream. */
  output: z.ZodType | null
  /** Status of success. */
  status: number
  /** The handler writes the answer itself (streams). */
  raw?: boolean
  /** The answer holds a secret: an Idempotency-Key does not keep it, each request is one of its own. */
  never_stored?: boolean
  handle(context: RouteContext<never, never, never>): Promise<Answer>
}

interface RouteInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  method: Method
  path: string
  permission: Permission
  summary: string
  params?: P
  query?: Q
  body?: B
  output: z.ZodType | null
  status?: number
  raw?: boolean
  never_stored?: boolean
  handler(context: RouteContext<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>
}

const none = z.strictObject({})

/** A route as data: one line of the table that authorisation, validation, documentation and tests read. */
export function route<
  P extends z.ZodType = typeof none,
  Q extends z.ZodType = typeof none,
  B extends z.ZodType = typeof none,
>(input: RouteInput<P, Q, B>): Route {
  const { handler, status, ...rest } = input
  const normal = input.method === 'POST' ? 201 : input.output === null && !input.raw ? 204 : 200
  return { ...rest, status: status ?? normal, handle: handler as unknown as Route['handle'] }
}

/** Path parameter of single resources. */
export const idParams = z.strictObject({ id: z.uuid() })

export interface RouteDeps {
  db: Db
  /** Key of the hash of request bodies: secrets in them are not stored. */
  requestKey: () => Buffer
}

/** Puts every route of the table on the router, in order. */
export function mountRoutes(router: Router, routes: readonly Route[], deps: RouteDeps): void {
  for (const line of routes) {
    const method = line.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
    router[method](line.path, async (req: Request, res: Response) => {
      const context = buildContext(line, req, res, deps)
      const answer = context.idempotent ? await answerOnce(line, context, deps) : await line.handle(context)
      if (!line.raw) sendAnswer(res, line, answer)
    })
  }
  refuseOtherMethods(router, routes)
}

/** Methods that a path does not take: 405 with those that it does. */
function refuseOtherMethods(router: Router, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((line) => line.path))) {
    const methods = routes.filter((line) => line.path === path).map((line) => line.method)
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    router.all(path, (req, res) => {
      if (req.method === 'OPTIONS') {
        res.setHeader('allow', allow)
        res.status(204).end()
        return
      }
      throw new Problem('InvalidRequest', `${req.method} does not go here; these do: ${allow}.`, {
        status: 405,
        headers: { allow },
      })
    })
  }
}

function buildContext(line: Route, req: Request, res: Response, deps: RouteDeps): RouteContext<never, never, never> {
  const caller = (res.locals.caller ?? null) as Caller | null
  authorise(line, caller)
  const params = parsePart(line.params ?? none, req.params, 'NotFound', '')
  const query = parsePart(line.query ?? none, req.query, 'InvalidRequest', '?')
  const body =
    line.raw && line.method === 'PUT' ? undefined : parsePart(line.body ?? none, req.body ?? {}, 'InvalidRequest', '')
  return {
    caller,
    get user(): Caller {
      if (!caller) throw new Problem('Unauthenticated', 'Sign in first.')
      return caller
    },
    params: params as never,
    query: query as never,
    body: body as never,
    request_id: String(res.locals.request_id),
    ip: req.ip ?? null,
    idempotent: line.raw || line.method === 'GET' ? null : idempotentRequest(line, req, caller, deps),
    checkVersion: (version) => checkVersion(req, version),
    req,
    res,
  }
}

function authorise(line: Route, caller: Caller | null): void {
  if (isAllowed(caller?.roles ?? [], line.permission)) return
  if (!caller) {
    throw new Problem('Unauthenticated', 'Sign in, or send a valid token.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }
  const roles = rolesAllowed(line.permission)
  throw new Problem('Forbidden', `This needs the role ${roles.join(' or ')}; you have ${caller.roles.join(' and ')}.`, {
    members: { roles_allowed: roles },
  })
}

function parsePart(schema: z.ZodType, value: unknown, code: 'NotFound' | 'InvalidRequest', at: string): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  if (code === 'NotFound') throw new Problem('NotFound', 'There is nothing at this path.')
  const errors = fieldProblems(parsed.error, at).map((e) => ({ ...e, pointer: e.pointer.replace(/^\?\//, '?') }))
  throw new Problem(
    'InvalidRequest',
    errors
      .map((e) => `${e.pointer || 'body'}: ${e.detail}`)
      .slice(0, 3)
      .join('; '),
    { errors },
  )
}

function checkVersion(req: Request, version: number): void {
  const wanted = req.get('if-match')
  if (wanted === undefined || wanted.trim() === '*') return
  const etag = etagOf(version)
  if (wanted.split(',').some((tag) => tag.trim() === etag)) return
  throw new Problem('PreconditionFailed', 'It was changed meanwhile.', { headers: { etag }, members: { etag } })
}

export const etagOf = (version: number) => `"${version}"`

function idempotentRequest(
  line: Route,
  req: Request,
  caller: Caller | null,
  deps: RouteDeps,
): IdempotentRequest | null {
  const key = req.get('idempotency-key')
  if (key === undefined || !caller) return null
  if (key.length === 0 || key.length > 255)
    throw new Problem('InvalidRequest', 'Idempotency-Key has 1 to 255 characters.')
  if (line.never_stored) return null
  const path = req.originalUrl
  const hash = createHmac('sha256', deps.requestKey()).update(
    `${req.method} ${path}\n${JSON.stringify(req.body ?? {})}`,
  )
  return { user_id: caller.user_id, key, method: req.method, path, request_hash: hash.digest('base64url') }
}

const WAIT_FOR_TWIN_MS = 10_000
const LOOK_AGAIN_MS = 100

/** The same key and body give the same answer; equal requests that come meanwhile wait for it. */
async function answerOnce(line: Route, context: RouteContext<never, never, never>, deps: RouteDeps): Promise<Answer> {
  const request = context.idempotent
  if (!request) return line.handle(context)
  let key = await takeIdempotencyKey(deps.db, request)
  for (const end = Date.now() + WAIT_FOR_TWIN_MS; key.state === 'in_work' && Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    key = await readIdempotencyKey(deps.db, request)
    if (key.state === 'first') key = await takeIdempotencyKey(deps.db, request)
  }
  if (key.state === 'conflict')
    throw new Problem('IdempotencyConflict', 'This Idempotency-Key was used for another request.')
  if (key.state === 'in_work') {
    throw new Problem('IdempotencyConflict', 'The first request with this key is still in work.', {
      headers: { 'retry-after': '2' },
    })
  }
  if (key.state === 'answered') {
    return { status: key.status, body: key.body, headers: { ...key.headers, 'idempotent-replayed': 'true' } }
  }
  try {
    const answer = await line.handle(context)
    await storeIdempotentAnswer(deps.db, request, storable(line, answer))
    return answer
  } catch (error) {
    await dropIdempotencyKey(deps.db, request).catch(() => {})
    throw error
  }
}

/** The answer as it is kept; for handlers that store it themselves inside their transaction. */
export function storable(line: Pick<Route, 'status'>, answer: Answer) {
  const headers = { ...answer.headers, ...(answer.version === undefined ? {} : { etag: etagOf(answer.version) }) }
  return { status: answer.status ?? line.status, body: answer.body ?? null, headers }
}

function sendAnswer(res: Response, line: Route, answer: Answer): void {
  const { status, body, headers } = storable(line, answer)
  res.status(status)
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  if (answer.json !== undefined) res.type('application/json').send(answer.json)
  else if (status === 204 || body === null) res.end()
  else res.json(body)
}

import { randomUUID } from 'node:crypto'
import express, { type Express, type Request, type RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { withoutValues } from '../db/connect.js'
import { identifyCaller } from './auth/identify.js'
import { hashToken } from './auth/secrets.js'
import { docsPage, problemPage } from './docs-page.js'
import { Problem, problemHandler, sendProblem } from './errors.js'
import type { ApiMetrics } from './metrics.js'
import { refuseOddInput } from './odd-input.js'
import { openApiDocument } from './openapi.js'
import { readReadiness } from './readiness.js'
import { mountRoutes, type Route } from './route.js'
import { routeTable } from './route-table.js'
import type { Services } from './services.js'
import { PRODUCT_VERSION } from './version.js'
import { mountWelcome } from './welcome-page.js'

const BODY_LIMIT_BYTES = 1024 * 1024
/** An order may bring a configuration profile of 4 MiB, which JSON writes longer. */
const ORDER_LIMIT_BYTES = 12 * 1024 * 1024

export interface AppOptions {
  metrics?: ApiMetrics
  /** Requests a minute of one caller, and sign-ins a minute of one address. */
  limits?: { requests: number; sign_ins: number }
}

/** The whole HTTP application over its services; listens nowhere by itself. */
export function createApp(services: Services, options: AppOptions = {}): { app: Express; routes: Route[] } {
  const { config } = services
  const routes = routeTable(services)
  const limits = options.limits ?? { requests: 12_000, sign_ins: 60 }
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.set('trust proxy', config.behind_proxy ? 1 : false)
  app.use(requestId, securityHeaders(Boolean(config.tls)))
  if (options.metrics) app.use(options.metrics.measure)
  openRoutes(app, services, routes)
  mountWelcome(app, services)
  const router = express.Router()
  router.use(limiter(limits.requests, callerKey))
  router.post('/sessions', limiter(limits.sign_ins, addressKey))
  router.use(identifyCaller(services.database.db, (req) => isTemporalWeb(services, req)))
  // A token that nobody has makes its sender nobody: limited by address, whatever comes in its place next time.
  router.use(limiter(limits.requests, addressKey, (res) => res.locals.caller !== null))
  router.use(refuseLargeBody, refuseOtherBodies, readJson)
  router.use(refuseOddInput)
  // The key of request hashes: derived, so that it needs no place of its own.
  mountRoutes(router, routes, { db: services.database.db, requestKey: () => services.keys().deriveKey('request-hash') })
  app.use('/api/v1', router)
  mountCodec(app, services, router)
  app.use((_req, res) => sendProblem(res, new Problem('NotFound', 'There is nothing at this path.')))
  app.use(
    problemHandler((error, request_id) =>
      services.log.error({ err: withoutValues(error), request_id }, 'unexpected error'),
    ),
  )
  return { app, routes }
}

/** Is this Temporal Web asking for payloads in clear? Only its own address counts, and only at this path. */
function isTemporalWeb(services: Services, req: Request): boolean {
  const origin = services.config.temporal.ui_url ? new URL(services.config.temporal.ui_url).origin : null
  return req.path === '/codec/decode' && origin !== null && req.get('origin') === origin
}

/** Temporal Web asks at the root, where its settings put the codec; a browser asks before whether it may. */
function mountCodec(app: Express, services: Services, router: RequestHandler): void {
  app.use('/codec/decode', (req, res, next) => {
    req.url = '/codec/decode'
    if (isTemporalWeb(services, req)) {
      res.setHeader('access-control-allow-origin', req.get('origin') ?? '')
      res.setHeader('access-control-allow-credentials', 'true')
      res.setHeader('access-control-allow-headers', 'content-type, x-namespace, authorization')
      res.setHeader('access-control-allow-methods', 'POST, OPTIONS')
      res.setHeader('vary', 'origin')
    }
    if (req.method === 'OPTIONS') res.status(204).end()
    else router(req, res, next)
  })
}

const requestId: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id')
  const id = given && /^[\w.-]{8,100}$/.test(given) ? given : randomUUID()
  res.locals.request_id = id
  res.setHeader('x-request-id', id)
  res.setHeader('api-version', 'v1')
  res.setHeader('cache-control', 'no-store')
  next()
}

function securityHeaders(over_tls: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        formAction: ["'self'"],
      },
    },
    strictTransportSecurity: over_tls,
  })
}

function openRoutes(app: Express, services: Services, routes: Route[]): void {
  let document: string | undefined
  let docs: string | undefined
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' })
  })
  app.get('/readyz', async (_req, res) => {
    const { ready, checks } = await readReadiness(services)
    res.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'not ready', ...checks })
  })
  app.get('/api/v1/version', (_req, res) => {
    res.json({ name: 'dell-server-manager', version: PRODUCT_VERSION, api: 'v1', node: process.version })
  })
  app.get('/api/v1/openapi.json', (_req, res) => {
    document ??= JSON.stringify(openApiDocument(routes, PRODUCT_VERSION))
    res.type('application/json').send(document)
  })
  app.get('/api/docs', (_req, res) => {
    docs ??= docsPage(routes, PRODUCT_VERSION)
    res.type('html').send(docs)
  })
  app.get('/problems/:slug', (req, res) => {
    const page = problemPage(req.params.slug)
    if (!page) throw new Problem('NotFound', 'There is no such problem type.')
    res.type('html').send(page)
  })
}

const addressKey = (req: express.Request) => req.ip ?? ''

function limiter(
  limit: number,
  keyGenerator: (req: express.Request) => string,
  isExempt: (res: express.Response) => boolean = () => false,
): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator,
    skip: (_req, res) => isExempt(res),
    validate: { keyGeneratorIpFallback: false },
    handler: (_req, res) =>
      sendProblem(
        res,
        new Problem('RateLimited', `At most ${limit} requests a minute.`, { headers: { 'retry-after': '60' } }),
      ),
  })
}

/** Tokens are limited one by one, others by their address. */
function callerKey(req: express.Request): string {
  const token = req.get('authorization') ?? req.get('cookie')
  return token ? hashToken(token).toString('base64url') : (req.ip ?? '')
}

/** Only who is signed in may send a large one. */
const bodyLimit = (req: express.Request, res: express.Response) =>
  res.locals.caller && req.method === 'POST' && req.path === '/jobs' ? ORDER_LIMIT_BYTES : BODY_LIMIT_BYTES

/** A body that is too large is refused by its length, before a byte of it is parsed. Uploads are streams and have limits of their own. */
const refuseLargeBody: RequestHandler = (req, res, next) => {
  if (req.path.startsWith('/uploads/')) return next()
  const length = Number(req.get('content-length') ?? 0)
  const most = bodyLimit(req, res)
  if (length > most) throw new Problem('PayloadTooLarge', `A body may have ${most} bytes; files go to /uploads.`)
  next()
}

const parseJson = express.json({ limit: ORDER_LIMIT_BYTES, strict: true })

/** Uploads are streams, whatever their sender calls them: a catalog may well be JSON. */
const readJson: RequestHandler = (req, res, next) =>
  req.path.startsWith('/uploads/') ? next() : parseJson(req, res, next)

/** JSON only: other content would pass the parser unread and arrive as an empty body. */
const refuseOtherBodies: RequestHandler = (req, _res, next) => {
  if (req.path.startsWith('/uploads/')) return next()
  const has = req.headers['transfer-encoding'] !== undefined || Number(req.get('content-length') ?? 0) > 0
  if (has && !req.is('application/json'))
    throw new Problem('InvalidRequest', 'The body must be application/json.', { status: 415 })
  next()
}

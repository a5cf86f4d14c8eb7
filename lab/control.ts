/** The control API of the lab: loopback only, for scripts and tests. Routes and shapes are those of the contract. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Lab } from './create-core.js'
import { BadRule } from './faults.js'
import { BodyTooLarge, readBody } from './http-answer.js'
import { invariantsOf } from './invariants.js'
import { type SiteExtras, siteView, stateView } from './views.js'

export interface ControlDeps {
  lab: Lab
  extras: () => SiteExtras
  /** what the sinks got, newest last */
  messages: () => object[]
  /** back to the seed's first state */
  reset: () => Promise<void>
}

export interface Control {
  readonly port: number
  close(): Promise<void>
}

/** A request that cannot be answered; `status` and a sentence. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

interface Answer {
  status: number
  body: unknown
}

type Handler = (context: {
  params: string[]
  query: URLSearchParams
  body: () => Promise<unknown>
}) => Answer | Promise<Answer>
type Route = [method: string, path: RegExp, queries: readonly string[], handler: Handler]

const BODY_LIMIT = 1024 * 1024

/** Listens on 127.0.0.1; rejects when the port is taken. */
export function startControl(port: number, deps: ControlDeps): Promise<Control> {
  const routes = routesOf(deps)
  const server = createServer((request, response) => {
    handle(routes, request)
      .catch(failureOf)
      .then(({ status, body }) => send(response, status, body))
      .catch((error: unknown) => console.error('lab: control API:', error))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port }, () => resolve(controlOf(server)))
  })
}

function controlOf(server: Server): Control {
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (status === 204) {
    response.writeHead(204).end()
    return
  }
  const text = JSON.stringify(body)
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text)
}

function failureOf(error: unknown): Answer {
  if (error instanceof Refusal) return { status: error.status, body: { error: error.message } }
  if (error instanceof BadRule) return { status: 400, body: { error: error.message } }
  if (error instanceof BodyTooLarge) return { status: 413, body: { error: error.message } }
  console.error('lab: control API:', error)
  return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } }
}

async function handle(routes: Route[], request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const onPath = routes.filter(([, path]) => path.test(url.pathname))
  if (onPath.length === 0) throw new Refusal(404, `there is no ${url.pathname} here`)
  const route = onPath.find(([method]) => method === request.method)
  if (!route) throw new Refusal(405, `${url.pathname} takes ${onPath.map(([method]) => method).join(', ')}`)
  const [, path, queries, handler] = route
  for (const key of url.searchParams.keys()) {
    if (!queries.includes(key)) throw new Refusal(400, `unknown query parameter ${JSON.stringify(key)}`)
  }
  const params = (path.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent)
  return await handler({ params, query: url.searchParams, body: () => jsonOf(request) })
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const text = (await readBody(request, BODY_LIMIT)).toString('utf8')
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, 'the body is not JSON')
  }
}

const ok = (body: unknown): Answer => ({ status: 200, body })

function routesOf(deps: ControlDeps): Route[] {
  const { lab } = deps
  return [
    ['GET', /^\/lab\/site$/, [], () => ok(siteView(lab.state, lab.clock.speed, deps.extras()))],
    ['GET', /^\/lab\/state$/, [], () => ok(stateView(lab.state))],
    ['GET', /^\/lab\/ledger$/, ['since', 'device', 'mutations'], ({ query }) => ok(ledgerOf(lab, query))],
    ['GET', /^\/lab\/invariants$/, [], () => ok(invariantsOf(lab.state, lab.firstSettings))],
    ['GET', /^\/lab\/messages$/, [], () => ok({ items: deps.messages() })],
    ['GET', /^\/lab\/faults$/, [], () => ok({ items: lab.rules.list() })],
    [
      'POST',
      /^\/lab\/faults$/,
      [],
      async ({ body }) => ({ status: 201, body: { id: lab.rules.add(await body()).id } }),
    ],
    [
      'DELETE',
      /^\/lab\/faults\/([^/]+)$/,
      [],
      ({ params }) => removed(lab.rules.remove(params[0] ?? ''), 'fault rule'),
    ],
    ['GET', /^\/lab\/holds$/, [], () => ok({ items: lab.holds.list() })],
    ['POST', /^\/lab\/holds\/([^/]+)\/release$/, [], ({ params }) => released(lab, params[0] ?? '')],
    ['POST', /^\/lab\/speed$/, [], async ({ body }) => ok(setSpeed(lab, await body()))],
    [
      'POST',
      /^\/lab\/reset$/,
      [],
      async () => {
        await deps.reset()
        return ok({ reset: true })
      },
    ],
  ]
}

function removed(was: boolean, what: string): Answer {
  if (!was) throw new Refusal(404, `there is no such ${what}`)
  return { status: 204, body: null }
}

function released(lab: Lab, id: string): Answer {
  if (!lab.holds.release(id)) throw new Refusal(404, 'there is no such held request')
  return ok({ released: id })
}

function ledgerOf(lab: Lab, query: URLSearchParams): object {
  const since = Number(query.get('since') ?? 0)
  if (!Number.isInteger(since) || since < 0) throw new Refusal(400, 'since must be a whole number, 0 or more')
  const mutations = query.get('mutations')
  if (mutations !== null && mutations !== '0' && mutations !== '1') throw new Refusal(400, 'mutations must be 0 or 1')
  const device = query.get('device')
  const items = lab.ledger.read({ since, mutations: mutations === '1', ...(device === null ? {} : { device }) })
  return { items, next: lab.ledger.last }
}

function setSpeed(lab: Lab, body: unknown): object {
  const factor = typeof body === 'object' && body !== null && 'factor' in body ? body.factor : undefined
  if (typeof factor !== 'number') throw new Refusal(400, 'factor must be a number, for example {"factor": 300}')
  try {
    lab.clock.setSpeed(factor)
  } catch (error) {
    throw new Refusal(400, error instanceof Error ? error.message : String(error))
  }
  return { factor }
}

import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { rolesAllowed } from '../domain/permissions.js'
import { catalog } from '../workflows/catalog.js'
import type { JobDefinition } from '../workflows/define.js'
import { answerHeaders, errorAnswers, requestHeaders } from './documented-answers.js'
import { orderBody } from './jobs/order.js'
import type { Route } from './route.js'
import { routeTable } from './route-table.js'
import type { Services } from './services.js'
import { PRODUCT_VERSION } from './version.js'

/** What the groups of routes are about. */
const TAGS: Record<string, string> = {
  sessions: 'Signing in and out',
  tokens: 'API tokens for scripts',
  users: 'People and their roles',
  'job-types': 'The catalogue: what can be ordered, with schemas and examples',
  jobs: 'Orders, their progress, plan, audit, events and controls',
  events: 'Everything that happens, as a stream',
  servers: 'Dell servers by their iDRAC',
  'server-groups': 'Static groups of servers, and dynamic ones by a filter',
  hosts: 'ESXi hosts and their link to servers',
  clusters: 'vSphere clusters: capacity, and what keeps hosts from leaving',
  vcenters: 'vCenters that are read',
  identities: 'Certificates and host keys: whom we trust',
  'credential-sets': 'What opens devices; passwords are write-only',
  'credential-resolution': 'Which credentials would be used, and why',
  commands: 'The audit of every call to every device',
  audit: 'The audit of what people and rules did',
  settings: 'Settings of the product',
  uploads: 'Files on their way into the store',
}

/** The document of the whole API: routes and catalogue in, OpenAPI 3.1 out. */
export function openApiDocument(routes: readonly Route[], version: string) {
  const paths: ZodOpenApiPathsObject = {}
  for (const line of routes) {
    const path = `/api/v1${line.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [line.method.toLowerCase()]: operation(line) }
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Dell Server Manager',
      version,
      description:
        'Fleets of Dell PowerEdge servers and the VMware clusters on them. Everything the user interface does goes through this API.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))]
      .sort()
      .map((name) => ({ name, description: TAGS[name] ?? `Everything below /${name}` })),
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Token of a session, or an API token' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'dsm_session' },
      },
    },
  })
}

/** The document as text, for the committed file: made from the table alone, with nothing behind the handlers. */
export function openApiText(): string {
  const nothing = { database: {}, config: {} } as unknown as Services
  return `${JSON.stringify(openApiDocument(routeTable(nothing), PRODUCT_VERSION), null, 2)}\n`
}

function operation(line: Route): ZodOpenApiOperationObject {
  const roles = line.permission === 'open' ? 'Open.' : `Roles: ${rolesAllowed(line.permission).join(', ')}.`
  const header = requestHeaders(line)
  const requestParams = {
    ...(line.params ? { path: line.params as z.ZodObject } : {}),
    ...(line.query ? { query: line.query as z.ZodObject } : {}),
    ...(header ? { header } : {}),
  }
  const body = isOrder(line) ? orderSchema() : line.body
  return {
    operationId: operationName(line),
    summary: line.summary,
    description: roles,
    tags: [tagOf(line)],
    ...(line.permission === 'open' ? { security: [] } : {}),
    requestParams,
    ...requestBody(line, body),
    responses: {
      [String(line.status)]: success(line),
      ...errorAnswers(line),
    },
  } as ZodOpenApiOperationObject
}

const tagOf = (line: Route) => line.path.split('/')[1] ?? ''

function requestBody(line: Route, body: z.ZodType | undefined) {
  if (line.method === 'PUT' && line.raw) {
    return {
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    }
  }
  if (!body || line.method === 'GET') return {}
  const examples = isOrder(line) ? { examples: orderExamples() } : {}
  return { requestBody: { required: true, content: { 'application/json': { schema: body, ...examples } } } }
}

function success(line: Route) {
  const description = line.summary
  if (line.output) {
    return { description, ...answerHeaders(line), content: { 'application/json': { schema: line.output } } }
  }
  if (!line.raw) return { description }
  const text = { schema: { type: 'string' } }
  if (line.path.endsWith('/events')) return { description, content: { 'text/event-stream': text } }
  return { description, content: { 'application/json': text, 'application/xml': text } }
}

function operationName(line: Route): string {
  const words = line.path.split(/[/:_-]+/).filter((word) => word !== '')
  return line.method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

const isOrder = (line: Route) => line.path === '/jobs' && line.method === 'POST'

/** One order to copy for each job type. */
function orderExamples() {
  return Object.fromEntries(
    Object.values(catalog).map(({ job_type, title, example }) => [
      job_type,
      { summary: title, value: { job_type, ...example } },
    ]),
  )
}

/** The body of `POST /jobs`, discriminated by `job_type`; each type brings its own details. */
function orderSchema(): z.ZodType {
  const one = (definition: JobDefinition) =>
    orderBody
      .extend({ job_type: z.literal(definition.job_type), details: definition.details })
      .meta({ id: `Order_${definition.job_type}`, title: definition.title, description: definition.summary })
  const [first, ...rest] = Object.values(catalog).map(one)
  if (!first) throw new Error('the catalogue is empty')
  return z.discriminatedUnion('job_type', [first, ...rest])
}

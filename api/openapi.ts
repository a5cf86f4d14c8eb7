import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { FAILURES } from '../domain/failures.js'
import { rolesAllowed } from '../domain/permissions.js'
import { catalog } from '../workflows/catalog.js'
import type { JobDefinition } from '../workflows/define.js'
import { orderBody } from './jobs/order.js'
import type { Route } from './route.js'
import { routeTable } from './route-table.js'
import type { Services } from './services.js'
import { PRODUCT_VERSION } from './version.js'

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(FAILURES) as [string, ...string[]]),
    hint: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problem } },
})

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
  const requestParams = {
    ...(line.params ? { path: line.params as z.ZodObject } : {}),
    ...(line.query ? { query: line.query as z.ZodObject } : {}),
  }
  const body = isOrder(line) ? orderSchema() : line.body
  return {
    operationId: operationName(line),
    summary: line.summary,
    description: roles,
    tags: [line.path.split('/')[1] ?? ''],
    ...(line.permission === 'open' ? { security: [] } : {}),
    requestParams,
    ...requestBody(line, body),
    responses: {
      [String(line.status)]: success(line),
      ...(line.permission === 'open'
        ? {}
        : { '401': problemAnswer('No or no valid token'), '403': problemAnswer('Not allowed to this role') }),
      '400': problemAnswer('Malformed; errors[] points at the fields'),
      default: problemAnswer('Refused; the code says why'),
    },
  } as ZodOpenApiOperationObject
}

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
  if (line.output) return { description, content: { 'application/json': { schema: line.output } } }
  if (line.raw) return { description, content: { 'text/event-stream': { schema: { type: 'string' } } } }
  return { description }
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

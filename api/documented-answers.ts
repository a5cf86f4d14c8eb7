import { z } from 'zod'
import { FAILURES, type FailureCode } from '../domain/failures.js'
import type { Route } from './route.js'

const problem = z
  .looseObject({
    type: z.string().describe('Where the meaning of the code is told'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong, in a sentence'),
    code: z.enum(Object.keys(FAILURES) as [FailureCode, ...FailureCode[]]),
    hint: z.string().describe('What to do about it'),
    request_id: z.string().describe('Also in the log and in the audit'),
    errors: z
      .array(z.object({ pointer: z.string().describe('JSON pointer, or ?name'), detail: z.string() }))
      .optional()
      .describe('One for each bad field'),
    roles_allowed: z.array(z.string()).optional(),
    etag: z.string().optional().describe('With 412: the version now'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. Never a stack, never a secret.' })

/** Answers that several routes give, told once. */
const ANSWERS = {
  400: ['Malformed', 'Body or query does not fit the schema; errors[] points at the fields'],
  401: ['NotSignedIn', 'No token, a wrong one, or one that has ended'],
  403: ['NotAllowed', 'Not for this role; the roles that may are named'],
  404: ['NotThere', 'There is no such thing (any more)'],
  405: ['WrongMethod', 'The path takes other methods; Allow has them'],
  409: ['Conflict', 'Does not apply in this state, or the Idempotency-Key was used for something else'],
  412: ['Changed', 'If-Match does not hold: someone changed it; the ETag now is given'],
  413: ['TooLarge', 'The limit is named'],
  415: ['NotJson', 'The body must be application/json'],
  422: ['NotPossible', 'Well-formed, but not possible; the code says why'],
  429: ['TooMany', 'Too many requests; see Retry-After'],
  500: ['Unexpected', 'An error of the product itself; its log has it under the request id'],
  503: ['NotReady', 'Database, Temporal or key are missing; what is missing is named'],
  507: ['Full', 'The media store is full'],
} as const satisfies Record<number, readonly [id: string, description: string]>

type Status = keyof typeof ANSWERS

const content = { 'application/problem+json': { schema: problem } }

/** The same objects for every route: the document names each of them once. */
const TOLD = Object.fromEntries(
  Object.entries(ANSWERS).map(([status, [id, description]]) => [status, { id, description, content }]),
)
const OTHER = { id: 'Refused', description: 'Any other refusal', content }

/** Every error answer that a route can give, by status. */
export function errorAnswers(line: Route): Record<string, object> {
  const told = statusesOf(line).map((status) => [String(status), TOLD[status]])
  return Object.fromEntries([...told, ['default', OTHER]])
}

function statusesOf(line: Route): Status[] {
  const writes = line.method !== 'GET'
  return [
    400,
    401,
    403,
    ...(line.path.includes(':') ? ([404] as const) : []),
    405,
    ...(writes ? ([409] as const) : []),
    ...(hasVersion(line) && writes ? ([412] as const) : []),
    ...(writes ? ([413, 415, 422] as const) : []),
    429,
    500,
    503,
    ...(line.path.startsWith('/uploads') ? ([507] as const) : []),
  ]
}

/** Is this one thing with a version, which ETag tells and If-Match asks for? Streams of bytes have none. */
export function hasVersion({ method, path, raw }: Pick<Route, 'method' | 'path' | 'raw'>): boolean {
  if (raw) return false
  const single = path.endsWith('/:id') || path.startsWith('/settings/')
  return single && ['GET', 'PATCH', 'DELETE'].includes(method)
}

/** Headers that a route understands. */
export function requestHeaders(line: Route): z.ZodObject | null {
  const writes = line.method !== 'GET' && !line.raw && line.permission !== 'open'
  const shape = {
    ...(writes
      ? { 'Idempotency-Key': z.string().min(1).max(255).optional().describe('Equal requests get one answer') }
      : {}),
    ...(hasVersion(line) && line.method !== 'GET'
      ? { 'If-Match': z.string().optional().describe('ETag of the version that is meant') }
      : {}),
    ...(line.path.endsWith('/events')
      ? {
          'Last-Event-ID': z
            .string()
            .regex(/^\d{1,15}$/)
            .optional()
            .describe('Go on behind this event'),
        }
      : {}),
  }
  return Object.keys(shape).length === 0 ? null : z.object(shape)
}

/** Headers of a successful answer. */
export function answerHeaders(line: Route): object {
  if (!hasVersion(line) || line.method === 'DELETE') return {}
  return { headers: z.object({ ETag: z.string().describe('Version of the row') }) }
}

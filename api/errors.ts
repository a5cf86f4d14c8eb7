import type { ErrorRequestHandler, Response } from 'express'
import type { z } from 'zod'
import { isTransient, sqlState, violatedConstraint } from '../db/connect.js'
import { InvalidCursor } from '../db/paging.js'
import { FAILURES, type FailureCode } from '../domain/failures.js'

export interface FieldProblem {
  /** JSON pointer into the body, or `?name` for a query parameter. */
  pointer: string
  detail: string
}

interface ProblemExtras {
  errors?: FieldProblem[] | undefined
  /** Further members of the problem document. */
  members?: Record<string, unknown>
  headers?: Record<string, string>
  status?: number
}

/** A refusal with a code of the closed vocabulary. Handlers throw it; {@link problemHandler} writes it. */
export class Problem extends Error {
  constructor(
    readonly code: FailureCode,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail)
    this.name = 'Problem'
  }
}

/** `EmptyTarget` -> `empty-target`, `Empty target`. */
const words = (code: string) => code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()

/** Writes a problem document (RFC 9457). Never a stack, never a secret. */
export function sendProblem(res: Response, problem: Problem): void {
  const { code, detail, extras } = problem
  const status = extras.status ?? FAILURES[code].http_status
  const title = words(code)
  const request_id = String(res.locals.request_id ?? '')
  res.status(status)
  for (const [name, value] of Object.entries(extras.headers ?? {})) res.setHeader(name, value)
  res.setHeader('content-type', 'application/problem+json; charset=utf-8')
  res.send(
    JSON.stringify({
      type: `/problems/${title.replaceAll(' ', '-')}`,
      title: title.charAt(0).toUpperCase() + title.slice(1),
      status,
      detail,
      code,
      hint: FAILURES[code].hint,
      request_id,
      ...(extras.errors ? { errors: extras.errors } : {}),
      ...extras.members,
    }),
  )
}

/** Field problems of a failed zod check; `at` stands before each path. */
export function fieldProblems(error: z.ZodError, at = ''): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))
    const pointer = `${at}${path.map((part) => `/${part}`).join('')}`
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: `${pointer}/${key}`, detail: 'unknown field' }))
    }
    return [{ pointer, detail: issue.message }]
  })
}

/** The last handler of the app: every error becomes a problem document; what nobody expected is logged with its request id. */
export function problemHandler(log: (error: unknown, request_id: string) => void): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    const problem = problemOf(error)
    if (problem.extras.status === 500) log(error, String(res.locals.request_id ?? ''))
    sendProblem(res, problem)
    // What the client still sends is read and thrown away, so that it gets the answer instead of a broken connection.
    if (!req.complete) req.resume()
  }
}

/** Turns any error into a problem; the only place where this is decided. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof InvalidCursor) {
    return new Problem('InvalidRequest', error.message, { errors: [{ pointer: '?cursor', detail: error.message }] })
  }
  const code = error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined
  if (code === 'KeyUnavailable' && error instanceof Error) return new Problem('KeyUnavailable', error.message)
  return problemOfBody(error) ?? problemOfDatabase(error) ?? unexpected()
}

const unexpected = () =>
  new Problem('ServiceUnavailable', 'Something went wrong inside; the log has it under this request id.', {
    status: 500,
  })

/** Errors of the body parser. */
function problemOfBody(error: unknown): Problem | null {
  const type = error !== null && typeof error === 'object' && 'type' in error ? error.type : undefined
  if (type === 'entity.too.large') return new Problem('PayloadTooLarge', 'The body is larger than allowed (1 MiB).')
  if (type === 'entity.parse.failed') return new Problem('InvalidRequest', 'The body is not valid JSON.')
  if (type === 'charset.unsupported' || type === 'encoding.unsupported') {
    return new Problem('InvalidRequest', 'The body must be JSON in UTF-8, not compressed.')
  }
  if (error instanceof URIError) return new Problem('InvalidRequest', 'The path is not validly encoded.')
  if (type === 'request.aborted') return new Problem('InvalidRequest', 'The body ended too early.')
  return null
}

/** The index of a name is called `<table>_<column>_key`: the column is what somebody chose twice. */
function duplicate(constraint: string | null | undefined): Problem {
  const column = /_(name|username)_key$/.exec(constraint ?? '')?.[1]
  if (!column) return new Problem('DuplicateName', 'There is one like it already.')
  const detail = 'taken already'
  return new Problem('DuplicateName', `The ${column} is taken already.`, {
    errors: [{ pointer: `/${column}`, detail }],
  })
}

function problemOfDatabase(error: unknown): Problem | null {
  const state = sqlState(error)
  if (state === '23505') return duplicate(violatedConstraint(error))
  if (state === '23503')
    return new Problem('StateConflict', 'Something that it names is not there, or it is still in use.')
  if (state === '23514' && violatedConstraint(error) === 'last_admin')
    return new Problem('StateConflict', 'At least one enabled local admin must remain.')
  if (state === '23514')
    return new Problem('StateConflict', `It would break a rule (${violatedConstraint(error) ?? 'check'}).`)
  if (state?.startsWith('22')) return new Problem('InvalidRequest', 'A value is outside of what can be stored.')
  if (state === '57014' || isTransient(error)) {
    return new Problem('ServiceUnavailable', 'The database is away or too slow.', { headers: { 'retry-after': '2' } })
  }
  return null
}

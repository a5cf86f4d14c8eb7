import createClient, { type Client } from 'openapi-fetch'
import { EXIT, type ExitCode, type Problem, Refusal } from '../exit-codes.js'
import { fetchThrough } from './http.js'
import type { paths } from './schema.js'

/** One product: where it is, who asks, and the typed client of its API. */
export interface Api {
  server: string
  token: string | undefined
  ca: string | undefined
  client: Client<paths>
}

export function openApi(server: string, token: string | undefined, ca: string | undefined): Api {
  const headers = { accept: 'application/json', ...authorization(token) }
  return { server, token, ca, client: createClient<paths>({ baseUrl: server, headers, fetch: fetchThrough(ca) }) }
}

export const authorization = (token: string | undefined): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {}

interface Answered<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a successful answer. @throws {Refusal} with the API's own sentence */
export async function answer<T>(call: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await call
  if (response.ok) return data as T
  throw refusalOf(response.status, error)
}

/** Body and version (ETag) of a single resource, for a change that must not overwrite another one. */
export async function versioned<T>(call: Promise<Answered<T>>): Promise<{ body: T; version: string | null }> {
  const { data, error, response } = await call
  if (!response.ok) throw refusalOf(response.status, error)
  return { body: data as T, version: response.headers.get('etag') }
}

const isProblem = (body: unknown): body is Problem => body !== null && typeof body === 'object'

/** A refusal of the API as the end of a command. */
export function refusalOf(status: number, body: unknown): Refusal {
  const problem: Problem = isProblem(body) ? body : {}
  const said = problem.detail ?? problem.title ?? (typeof body === 'string' ? body.slice(0, 300) : '')
  const sentence = said || `The answer was ${status}.`
  return new Refusal(problem.code ? `${sentence} (${problem.code})` : sentence, exitOf(status), problem)
}

function exitOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.not_allowed
  if (status >= 502 && status <= 504) return EXIT.unreachable
  return EXIT.error
}

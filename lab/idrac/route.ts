import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from './answers.js'
import type { JsonObject } from './recorded.js'
import type { View } from './view.js'

/** A whole request to one iDRAC, after routing. */
export type Call = {
  view: View
  method: string
  /** without query and trailing slash */
  path: string
  /** groups of the route's pattern, decoded */
  params: string[]
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** parsed JSON; `{}` when there was none */
  body: JsonObject
  /** the bytes of a `form` route */
  raw: Buffer
  /** address of the client */
  client: string
  /** who asks; '' on open routes */
  user: string
  /** token of the session in use; undefined with Basic */
  token: string | undefined
}

/** One operation of the service. */
export type Route = {
  method: 'POST' | 'PATCH' | 'DELETE' | 'GET'
  pattern: RegExp
  /** does it change the device (for the ledger)? Sessions and readiness questions do not */
  mutation: boolean
  /** works without credentials */
  open?: true
  /** takes multipart bytes instead of JSON */
  form?: true
  /** works while the services of a restarted iDRAC still load */
  early?: true
  act: (call: Call) => Answer | Promise<Answer>
}

/** A pattern for exactly this path; `{x}` stands for one segment and becomes a group. */
export function pathPattern(path: string): RegExp {
  const escaped = path.replace(/[.$*+?()[\]\\|^]/g, '\\$&').replace(/\{\w+\}/g, '([^/]+)')
  return new RegExp(`^${escaped}$`)
}

import type { DeviceError } from '../errors.js'
import type { HttpAnswer, Judged } from '../http.js'
import { isObject, type JsonObject } from './json.js'
import { type DeviceMessage, readMessages, tellingMessage } from './messages.js'
import { malformedAnswer, refusal } from './refusals.js'

/** A usable answer: always 2xx. */
export interface RedfishAnswer {
  status: number
  /** Undefined when the body was empty. */
  body: JsonObject | undefined
  /** The body as text, for answers that are no JSON object (a profile in XML). */
  text: string
  messages: DeviceMessage[]
  /** As the device gave it; check it with `safePath` or by sending to it. */
  location: string | null
  etag: string | null
  token: string | null
}

/** How an answer is judged: what may be kept of it, what must be blotted out. */
export interface AnswerRules {
  method: string
  keep?: string[]
  secrets?: string[]
  /** Does the caller expect something other than JSON (XML profile)? Default: JSON objects only. */
  any_body?: boolean
}

function header(answer: HttpAnswer, name: string): string | null {
  const value = answer.headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/** Blots secrets out of a text, longest first so that one inside another leaves nothing over. */
function blot(text: string, secrets: string[] | undefined): string {
  const found = [...(secrets ?? [])].filter((secret) => secret.length > 0).sort((a, b) => b.length - a.length)
  return found.reduce((left, secret) => left.replaceAll(secret, '***'), text)
}

function parse(text: string): { ok: true; body: JsonObject | undefined } | { ok: false } {
  if (text.trim() === '') return { ok: true, body: undefined }
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? { ok: true, body: value } : { ok: false }
  } catch {
    return { ok: false }
  }
}

/**
 * Judges an HTTP answer: 2xx with a JSON object (or an empty body) is usable, everything else an error with the
 * device's own message. A 2xx body that holds nothing but `error` is a refusal too.
 * QUIRK iDRAC9 6.00.30.00: some links of a healthy tree answer with an error body in place of the resource.
 * Seen: LIC501, SWC0242, SYS403. Source: recording R750 6.00.30.00.
 */
export function readAnswer(answer: HttpAnswer, rules: AnswerRules): Judged<RedfishAnswer> {
  const text = answer.body.toString('utf8')
  const parsed = parse(text)
  const body = parsed.ok ? parsed.body : undefined
  const messages = readMessages(body).map((message) => ({ ...message, text: blot(message.text, rules.secrets) }))
  const recorded = toRecord(answer, body, messages, rules)
  const isError = answer.status < 200 || answer.status > 299 || isBareError(body)
  if (isError) return { ok: false, error: toRefusal(answer, messages, rules), recorded }
  if (!parsed.ok && !rules.any_body) return { ok: false, error: malformedAnswer(answer.status), recorded }
  const value = {
    status: answer.status,
    body,
    text,
    messages,
    location: header(answer, 'location'),
    etag: header(answer, 'etag'),
    token: header(answer, 'x-auth-token'),
  }
  return { ok: true, value, recorded, message_id: tellingMessage(messages)?.id }
}

function isBareError(body: JsonObject | undefined): boolean {
  return body !== undefined && isObject(body.error) && Object.keys(body).length === 1
}

function toRefusal(answer: HttpAnswer, messages: DeviceMessage[], rules: AnswerRules): DeviceError {
  const retryAfter = Number(header(answer, 'retry-after'))
  return refusal({
    status: answer.status,
    method: rules.method,
    messages,
    retry_after_seconds: Number.isFinite(retryAfter) && retryAfter > 0 ? Math.min(retryAfter, 3_600) : null,
  })
}

function toRecord(answer: HttpAnswer, body: JsonObject | undefined, messages: DeviceMessage[], rules: AnswerRules) {
  const kept: Record<string, unknown> = {}
  for (const field of rules.keep ?? []) if (body?.[field] !== undefined) kept[field] = body[field]
  const location = header(answer, 'location')
  if (location !== null) kept.location = location.slice(0, 500)
  if (messages.length > 0)
    kept.messages = messages.slice(0, 10).map(({ id, text }) => ({ id, text: text.slice(0, 500) }))
  return Object.keys(kept).length > 0 ? kept : undefined
}

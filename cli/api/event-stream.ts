import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { EXIT, Refusal } from '../exit-codes.js'
import { type Api, authorization, refusalOf } from './client.js'
import { readText, sendHttp } from './http.js'

export interface StreamEvent {
  id: string
  event: string
  data: string
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 3_000

export interface Following {
  /** How long the API may be away before it is given up. */
  patience_ms: number
  signal: AbortSignal
  /** Called when the connection is lost, and when it is back. */
  onState?: (connected: boolean) => void
}

/**
 * Server-Sent Events of a path, one after the other and none twice: a lost connection is opened again behind the last event
 * that was seen. Ends when `signal` says so. @throws {Refusal} when the API refuses, or stays away too long
 */
export async function* followEvents(api: Api, path: string, how: Following): AsyncGenerator<StreamEvent> {
  let last: string | undefined
  let away_since: number | null = null
  let wait = FIRST_PAUSE_MS
  while (!how.signal.aborted) {
    try {
      const answer = await openStream(api, path, last, how.signal)
      if (away_since !== null) how.onState?.(true)
      away_since = null
      wait = FIRST_PAUSE_MS
      for await (const event of eventsOf(answer)) {
        if (event.id !== '') last = event.id
        yield event
      }
    } catch (error) {
      if (how.signal.aborted) return
      if (error instanceof Refusal && error.exit !== EXIT.unreachable) throw error
      if (away_since !== null && Date.now() - away_since > how.patience_ms) throw error
    }
    if (how.signal.aborted) return
    if (away_since === null) how.onState?.(false)
    away_since ??= Date.now()
    await pause(wait, undefined, { signal: how.signal }).catch(() => undefined)
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS)
  }
}

async function openStream(api: Api, path: string, last: string | undefined, signal: AbortSignal) {
  const url = `${api.server}${path}`
  const resume = last === undefined ? {} : { 'last-event-id': last }
  const headers = { accept: 'text/event-stream', ...authorization(api.token), ...resume }
  const answer = await sendHttp({ method: 'GET', url, headers, ca: api.ca, signal })
  if (answer.statusCode === 200) return answer
  throw refusalOf(answer.statusCode ?? 500, parsed(await readText(answer, url)))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Cuts a stream into its events; comments and half events at the end are left out. */
async function* eventsOf(answer: IncomingMessage): AsyncGenerator<StreamEvent> {
  let rest = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = eventOf(block)
      if (event) yield event
    }
  }
}

function eventOf(block: string): StreamEvent | null {
  const field = (name: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trimStart())
      .join('\n')
  const data = field('data')
  return data === '' ? null : { id: field('id'), event: field('event') || 'message', data }
}

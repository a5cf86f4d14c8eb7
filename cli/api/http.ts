import { readFileSync } from 'node:fs'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { rootCertificates } from 'node:tls'
import { EXIT, Refusal } from '../exit-codes.js'

const SILENCE_MS = 60_000

export interface HttpRequest {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | Buffer | Readable | undefined
  /** File with further certificate authorities. */
  ca?: string | undefined
  signal?: AbortSignal | undefined
  /** Longest silence; streams that are alive say so more often. */
  silence_ms?: number
}

/** Sends one request and gives the answer as soon as its head is there. @throws {Refusal} `unreachable` */
export function sendHttp(asked: HttpRequest): Promise<IncomingMessage> {
  const url = new URL(asked.url)
  const secure = url.protocol === 'https:'
  const ca = secure && asked.ca ? { ca: [...rootCertificates, readAuthority(asked.ca)] } : {}
  const options = { method: asked.method, headers: asked.headers, signal: asked.signal, ...ca }
  return new Promise((resolve, reject) => {
    const sending = (secure ? tlsRequest : plainRequest)(url, options, resolve)
    sending.setTimeout(asked.silence_ms ?? SILENCE_MS, () => sending.destroy(new Error('no answer in time')))
    sending.once('error', (error) => reject(unreachable(url, error)))
    if (asked.body instanceof Readable) asked.body.once('error', (error) => sending.destroy(error)).pipe(sending)
    else sending.end(asked.body)
  })
}

/** The `fetch` of the typed client, over the same connections as everything else here. */
export function fetchThrough(ca: string | undefined) {
  return async (asked: Request): Promise<Response> => {
    const body = asked.body === null ? undefined : Buffer.from(await asked.arrayBuffer())
    const length = body ? { 'content-length': String(body.byteLength) } : {}
    const headers = { ...Object.fromEntries(asked.headers), ...length }
    const answer = await sendHttp({ method: asked.method, url: asked.url, headers, body, ca })
    const status = answer.statusCode ?? 500
    const empty = status === 204 || status === 304
    const text = await readText(answer, asked.url)
    return new Response(empty ? null : text, { status, headers: headersOf(answer) })
  }
}

/** The whole body as text. @throws {Refusal} when the connection breaks in the middle */
export async function readText(answer: IncomingMessage, url: string): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer)
  } catch (error) {
    throw unreachable(new URL(url), error as Error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one)
  }
  return headers
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Refusal(`The certificate authority in ${file} cannot be read: ${(error as Error).message}`, EXIT.usage)
  }
}

function unreachable(url: URL, error: Error & { code?: string }): Refusal {
  const why = error.message || error.code || 'connection failed'
  const trust = /self.signed|unable to verify|unable to get/i.test(why) ? ' Name its authority with --ca FILE.' : ''
  return new Refusal(`${url.origin} cannot be reached: ${why}.${trust}`, EXIT.unreachable)
}

import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EXIT, Refusal } from '../exit-codes.js'
import { type Api, answer, authorization, refusalOf } from './client.js'
import { readText, sendHttp } from './http.js'

const PATH = '/api/v1/uploads/tus'
const SILENCE_MS = 30 * 60_000
const PATIENCE_MS = 10 * 60_000
const PAUSE_MS = 1_000

/** One file on its way to the store. */
export interface Sending {
  path: string
  size_bytes: number
  /** An upload of this file that was begun before. */
  begun: string | undefined
  onBegin(id: string): void
  /** Told before bytes go, and while they go. */
  onProgress(sent_bytes: number): void
  note(text: string): void
}

/**
 * Sends a file by the tus protocol and gives the id of the upload. It goes on where the store says that it is, also after
 * the connection or the API was away. @throws {Refusal} the API's own, or `unreachable` when it stays away
 */
export async function sendResumably(api: Api, sending: Sending): Promise<string> {
  let id = sending.begun
  let away_since: number | null = null
  for (;;) {
    try {
      id = await here(api, id, sending)
      const sent = await receivedBytes(api, id)
      away_since = null
      sending.onProgress(sent)
      if (sent >= sending.size_bytes) return id
      await append(api, id, sent, sending)
    } catch (error) {
      if (!(error instanceof Refusal) || !passes(error)) throw error
      if (away_since === null) sending.note('The connection was lost; trying again.')
      away_since ??= Date.now()
      if (Date.now() - away_since > PATIENCE_MS) throw error
      await pause(PAUSE_MS)
    }
  }
}

/** Away, or still busy with the request that broke off (409, 423): the place of the next byte is asked for again. */
const passes = (error: Refusal) => error.exit === EXIT.unreachable || [409, 423].includes(error.problem?.status ?? 0)

/** The upload that was begun, while the store knows it; else a new one. */
async function here(api: Api, id: string | undefined, sending: Sending): Promise<string> {
  if (id !== undefined) {
    const { response } = await api.client.GET(`${PATH}/{id}`, { params: { path: { id } } })
    if (response.status !== 404) return id
  }
  const fresh = await begin(api, sending)
  sending.onBegin(fresh)
  return fresh
}

async function begin(api: Api, { path, size_bytes }: Sending): Promise<string> {
  const url = `${api.server}${PATH}`
  const filename = Buffer.from(basename(path)).toString('base64')
  const headers = { ...headersOf(api), 'upload-length': String(size_bytes), 'upload-metadata': `filename ${filename}` }
  const got = await sendHttp({ method: 'POST', url, headers, ca: api.ca })
  const text = await readText(got, url)
  const id = got.headers.location?.split('/').at(-1)
  if (got.statusCode !== 201 || !id) throw refusal(got.statusCode, text)
  return id
}

async function receivedBytes(api: Api, id: string): Promise<number> {
  const state = await answer(api.client.GET(`${PATH}/{id}`, { params: { path: { id } } }))
  return state.received_bytes
}

async function append(api: Api, id: string, from: number, { path, size_bytes, onProgress }: Sending): Promise<void> {
  const url = `${api.server}${PATH}/${id}`
  const headers = {
    ...headersOf(api),
    'upload-offset': String(from),
    'content-type': 'application/offset+octet-stream',
    'content-length': String(size_bytes - from),
  }
  const body = createReadStream(path, { start: from, end: size_bytes - 1 })
  let sent = from
  body.on('data', (chunk) => {
    sent += chunk.length
    onProgress(sent)
  })
  // Nothing flows before the connection takes it.
  body.pause()
  try {
    const got = await sendHttp({ method: 'PATCH', url, headers, body, ca: api.ca, silence_ms: SILENCE_MS })
    const text = await readText(got, url)
    if (got.statusCode !== 204) throw refusal(got.statusCode, text)
  } finally {
    body.destroy()
  }
}

const headersOf = (api: Api) => ({
  accept: 'application/json',
  'tus-resumable': '1.0.0',
  ...authorization(api.token),
})

function refusal(status = 500, text: string): Refusal {
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : text
  const found = refusalOf(status, body)
  return new Refusal(found.message, found.exit, { ...found.problem, status })
}

import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type Dispatcher, request } from 'undici'
import { DeviceError } from '../errors.js'

/** A file on a web server, at an address that was judged before. */
export interface WebPlace {
  url: URL
  /** The only address that is connected to, whatever the name may resolve to by then. */
  address: string
}

export interface WebFileFacts {
  /** Null where the server does not tell it. */
  size_bytes: number | null
  accepts_ranges: boolean
  content_type: string | null
}

export interface WebDownload {
  /** As announced by the server. */
  size_bytes: number | null
  bytes: AsyncIterable<Buffer>
}

const CONNECT_MS = 10_000
const ANSWER_MS = 30_000

/**
 * Asks a web server about a file: HEAD, and where that tells too little one GET of the first byte. The answer of a server
 * that redirects is refused: the place that it names was never judged.
 * @throws DeviceError `UrlUnreachable`, `UrlRefused`
 */
export async function askWebFile(place: WebPlace): Promise<WebFileFacts> {
  const head = await exchange(place, 'HEAD', {}, async (answer) => {
    await answer.body.dump()
    return { status: answer.statusCode, headers: answer.headers }
  })
  const size_bytes = lengthOf(head.headers)
  const told = head.status === 200 && size_bytes !== null && head.headers['accept-ranges'] === 'bytes'
  if (told) return { size_bytes, accepts_ranges: true, content_type: typeOf(head.headers) }
  return askFirstByte(place)
}

async function askFirstByte(place: WebPlace): Promise<WebFileFacts> {
  return exchange(place, 'GET', { range: 'bytes=0-0' }, async (answer) => {
    answer.body.destroy()
    const { statusCode, headers } = answer
    const content_type = typeOf(headers)
    if (statusCode === 206) {
      const whole = /\/(\d{1,15})$/.exec(String(headers['content-range'] ?? ''))?.[1]
      return { size_bytes: whole === undefined ? null : Number(whole), accepts_ranges: true, content_type }
    }
    if (statusCode === 200) return { size_bytes: lengthOf(headers), accepts_ranges: false, content_type }
    throw unreachable(`${place.url.host} answered ${statusCode}.`, statusCode)
  })
}

/**
 * Reads a whole file as a stream; `body` must read it to the end or throw. Ends with an error when fewer bytes come than
 * were announced.
 * @throws DeviceError `UrlUnreachable`, `UrlRefused`
 */
export async function readWebFile<T>(
  place: WebPlace,
  body: (download: WebDownload) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return exchange(
    place,
    'GET',
    {},
    async (answer) => {
      if (answer.statusCode !== 200)
        throw unreachable(`${place.url.host} answered ${answer.statusCode}.`, answer.statusCode)
      return body({ size_bytes: lengthOf(answer.headers), bytes: answer.body })
    },
    signal,
  )
}

async function exchange<T>(
  place: WebPlace,
  method: 'GET' | 'HEAD',
  headers: Record<string, string>,
  read: (answer: Dispatcher.ResponseData) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  // One agent per request: it knows one address only, and nothing is kept open.
  const lookup: NonNullable<ConstructorParameters<typeof Agent>[0]>['connect'] = {
    timeout: CONNECT_MS,
    lookup: (_name, options, done) =>
      options.all ? done(null, [{ address: place.address, family: 4 }]) : done(null, place.address, 4),
  }
  const agent = new Agent({ connect: lookup, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS })
  try {
    const answer = await request(place.url, {
      method,
      dispatcher: agent,
      headers: { 'accept-encoding': 'identity', ...headers },
      ...(signal ? { signal } : {}),
    })
    // A body that is given up tells so by an event; without a listener that would end the process.
    answer.body.on('error', () => undefined)
    refuseRedirect(place, answer)
    return await read(answer)
  } catch (thrown) {
    throw toWebError(place, thrown, signal)
  } finally {
    await agent.destroy().catch(() => undefined)
  }
}

function refuseRedirect(place: WebPlace, answer: Dispatcher.ResponseData): void {
  if (answer.statusCode < 300 || answer.statusCode >= 400) return
  throw new DeviceError(
    'UrlRefused',
    `${place.url.host} redirects; redirects are never followed. Name the last address.`,
    {
      sent: true,
      answered: true,
      status: answer.statusCode,
    },
  )
}

/** Errors of the connection become ours; whatever the reader threw goes on as it is. */
function toWebError(place: WebPlace, thrown: unknown, signal: AbortSignal | undefined): unknown {
  if (thrown instanceof DeviceError || signal?.aborted) return thrown
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const tls = /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO/.test(code)
  if (!tls && !/^(UND_ERR|E(CONN|HOST|NET|PIPE|TIMEDOUT|ADDR|AI_))/.test(code)) return thrown
  const why = tls ? `its certificate is not trusted (${code})` : code
  return unreachable(`${place.url.host} (${place.address}) could not be read: ${why}.`)
}

function unreachable(message: string, status?: number): DeviceError {
  return new DeviceError('UrlUnreachable', message, {
    sent: true,
    answered: status !== undefined,
    ...(status === undefined ? {} : { status }),
  })
}

function lengthOf(headers: IncomingHttpHeaders): number | null {
  const text = headers['content-length'] ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

const typeOf = (headers: IncomingHttpHeaders): string | null => headers['content-type'] ?? null

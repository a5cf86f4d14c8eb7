import { get as httpGet, request as httpRequest } from 'node:http'
import { get as httpsGet, request as httpsRequest } from 'node:https'

/** A fetched file, or the message id of why it could not be had. */
export type Fetched = { ok: true; bytes: Buffer } | { ok: false; message_id: 'RED132' | 'RED136' | 'RED137' | 'RED140' }

const TIMEOUT_MS = 20_000
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)

function parse(uri: string): URL | undefined {
  try {
    return new URL(uri)
  } catch {
    return undefined
  }
}

/**
 * Fetches a file over HTTP or HTTPS from the device's own address, as an iDRAC pulls an image. Only loopback hosts are
 * reached: nothing of a simulated site leaves the machine. Never rejects.
 */
export function fetchFile(uri: string, localAddress: string): Promise<Fetched> {
  const url = parse(uri)
  if (!url || !isLoopback(url.hostname) || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return Promise.resolve({ ok: false, message_id: 'RED137' })
  return new Promise((resolve) => {
    const options = { localAddress, timeout: TIMEOUT_MS, rejectUnauthorized: false }
    const get = url.protocol === 'https:' ? httpsGet : httpGet
    const request = get(url, options, (response) => {
      if (response.statusCode !== 200) {
        response.resume()
        resolve({ ok: false, message_id: response.statusCode === 404 ? 'RED132' : 'RED140' })
        return
      }
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ ok: true, bytes: Buffer.concat(chunks) }))
      response.on('error', () => resolve({ ok: false, message_id: 'RED137' }))
    })
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', () => resolve({ ok: false, message_id: 'RED137' }))
  })
}

/** As much as an iDRAC reads of an image when it is connected. */
const FIRST_LOOK_BYTES = 65_536

/**
 * Can the device read this image? Asks for its size (HEAD), then reads its begin with a range over HTTP(S), from the
 * device's own address, as an iDRAC does at mount. A server without HEAD or ranges serves too. Shares of other kinds do not
 * exist in a simulated site.
 */
export async function isReachable(uri: string, localAddress: string): Promise<boolean> {
  const url = parse(uri)
  if (!url || !isLoopback(url.hostname) || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false
  const told = await ask(url, localAddress, 'HEAD', {})
  if (told === undefined) return false
  const read = await ask(url, localAddress, 'GET', { range: `bytes=0-${FIRST_LOOK_BYTES - 1}` })
  return read === 200 || read === 206
}

/** Status of the answer; undefined when none came. Reads no more than the first look needs. */
function ask(
  url: URL,
  localAddress: string,
  method: string,
  headers: Record<string, string>,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const options = {
      method,
      localAddress,
      timeout: TIMEOUT_MS,
      rejectUnauthorized: false,
      headers,
      agent: false as const,
    }
    const request = send(url, options, (response) => {
      let bytes = 0
      const end = () => {
        resolve(response.statusCode)
        request.destroy()
      }
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes >= FIRST_LOOK_BYTES) end()
      })
      response.on('end', end)
      response.on('error', () => resolve(undefined))
    })
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', () => resolve(undefined))
    request.end()
  })
}

import { get as httpGet } from 'node:http'
import { get as httpsGet } from 'node:https'

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

/**
 * Can the device read this image? Asks for its first byte over HTTP(S), as an iDRAC does at mount; shares of other
 * kinds do not exist in a simulated site.
 */
export async function isReachable(uri: string, localAddress: string): Promise<boolean> {
  const url = parse(uri)
  if (!url || !isLoopback(url.hostname) || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false
  return new Promise((resolve) => {
    const get = url.protocol === 'https:' ? httpsGet : httpGet
    const options = { localAddress, timeout: TIMEOUT_MS, rejectUnauthorized: false, headers: { range: 'bytes=0-0' } }
    const request = get(url, options, (response) => {
      resolve(response.statusCode === 200 || response.statusCode === 206)
      request.destroy()
    })
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', () => resolve(false))
  })
}

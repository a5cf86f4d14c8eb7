import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { makeCertificate, type TestCertificate } from './certificate.js'

export interface ReceivedUpload {
  method: string
  path: string
  headers: IncomingHttpHeaders
  raw_header_names: string[]
  bytes: number
  sha256: string
  /** The first 4 KiB, as latin1. */
  head: string
  /** The last 200 bytes, as latin1. */
  tail: string
}

export interface UploadTarget {
  port: number
  certificate: TestCertificate
  uploads: ReceivedUpload[]
  /** Bytes of uploads seen so far, also of those that never ended. */
  received: number
  close(): Promise<void>
}

export interface UploadTargetRules {
  /** JSON answers by path. */
  gets: Record<string, { body: unknown; headers?: Record<string, string> }>
  answer(upload: ReceivedUpload, response: ServerResponse): void
  /** Called while a body arrives. */
  onBytes?: (received: number, destroy: () => void) => void
}

/** An HTTPS server that takes uploads apart without keeping them. */
export async function uploadTarget(rules: UploadTargetRules): Promise<UploadTarget> {
  const certificate = await makeCertificate()
  const uploads: ReceivedUpload[] = []
  const state = { received: 0 }
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const path = request.url ?? ''
    const known = request.method === 'GET' ? rules.gets[path] : undefined
    if (known) {
      response.writeHead(200, { 'content-type': 'application/json', ...known.headers })
      response.end(JSON.stringify(known.body))
      return
    }
    const hash = createHash('sha256')
    let bytes = 0
    let head = Buffer.alloc(0)
    let tail = Buffer.alloc(0)
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      state.received += chunk.length
      hash.update(chunk)
      if (head.length < 4_096) head = Buffer.concat([head, chunk]).subarray(0, 4_096)
      tail = Buffer.concat([tail, chunk]).subarray(-200)
      rules.onBytes?.(bytes, () => request.socket.destroy())
    })
    request.on('end', () => {
      const upload: ReceivedUpload = {
        method: request.method ?? '',
        path,
        headers: request.headers,
        raw_header_names: request.rawHeaders.filter((_, index) => index % 2 === 0),
        bytes,
        sha256: hash.digest('hex'),
        head: head.toString('latin1'),
        tail: tail.toString('latin1'),
      }
      uploads.push(upload)
      rules.answer(upload, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    uploads,
    get received() {
      return state.received
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

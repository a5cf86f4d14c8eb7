import type { IncomingMessage } from 'node:http'
import type { LabCore } from '../core.js'
import type { SimServer } from '../model-server.js'
import { MULTIPART_URI } from './update-service.js'

/** Why a body was not taken: no Content-Length (chunked), or too much of it. */
export type UploadStop = { kind: 'no_length' } | { kind: 'too_large' }

/** Room for one package in the lab's iDRACs. */
const UPLOAD_LIMIT = 512 * 1024 * 1024
const JSON_LIMIT = 8 * 1024 * 1024

/** Personality: restarts the iDRAC when this share of the first upload has arrived. */
function restartsAt(core: LabCore, server: SimServer, length: number): number {
  const share = core.flags(server.name).reset_mid_upload_at
  return share > 0 && server.idrac.face.mid_upload_done !== true ? Math.floor(share * length) : Number.POSITIVE_INFINITY
}

/**
 * Reads the body of a request as it streams in.
 * QUIRK iDRAC (all): an upload needs Content-Length; chunked transfer does not work. Source: bmc-toolbox/bmclib firmware.go.
 * @throws the stream's error when the client breaks off or the iDRAC restarts in the middle
 */
export async function readUpload(
  core: LabCore,
  server: SimServer,
  request: IncomingMessage,
  path: string,
): Promise<{ body: Buffer; stop?: UploadStop }> {
  const isUpload = path === MULTIPART_URI && request.method === 'POST'
  const chunked = request.headers['transfer-encoding'] !== undefined
  const length = Number(request.headers['content-length'] ?? 0)
  const limit = isUpload ? UPLOAD_LIMIT : JSON_LIMIT
  const stop: UploadStop | undefined =
    isUpload && chunked ? { kind: 'no_length' } : length > limit ? { kind: 'too_large' } : undefined
  const restart = isUpload ? restartsAt(core, server, length) : Number.POSITIVE_INFINITY
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size >= restart) {
      server.idrac.face.mid_upload_done = true
      core.lifecycle.restartIdrac(server, 'fault')
      throw new Error('the iDRAC restarted')
    }
    if (!stop && size <= limit) chunks.push(bytes)
  }
  const body = Buffer.concat(chunks)
  return stop ? { body, stop } : { body }
}

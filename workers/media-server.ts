import { realpath } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join, relative } from 'node:path'
import send from 'send'
import type { Db } from '../db/connect.js'
import { countRead, findServedFile, type ServedFile } from '../db/stores/media-grants.js'

interface MediaServerDeps {
  db: Db
  iso_directory: string
  log: { warn(fields: object, text: string): void }
}

/** Reads of a device are written down this often while they last. */
const COUNT_EVERY_MS = 2_000
const PATH = /^\/m\/([A-Za-z0-9_-]{20,100})\/[^/]+$/

/**
 * The server that iDRACs read images and packages from, on a port of its own, since an iDRAC fetches without a login. It
 * knows nothing but `GET` and `HEAD` of `/m/<token>/<name>`, with ranges; everything else is 404, also a grant that is read
 * from another address than the one it was made for.
 */
export function startMediaServer(deps: MediaServerDeps, host: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const token = PATH.exec((request.url ?? '').split('?')[0] ?? '')?.[1]
    if (!token || (request.method !== 'GET' && request.method !== 'HEAD')) return refuse(response, 404)
    answer(deps, token, request, response).catch((error: unknown) => {
      deps.log.warn({ reason: String(error) }, 'the media server could not look a file up')
      refuse(response, 503)
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) response.destroy()
  else response.writeHead(status).end()
}

async function answer(
  deps: MediaServerDeps,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = await findServedFile(deps.db, token)
  const path = file ? await pathInside(deps.iso_directory, file.storage_name) : null
  if (!file || path === null || !comesFrom(deps, file, request)) return refuse(response, 404)
  response.setHeader('content-type', 'application/octet-stream')
  response.setHeader('x-content-type-options', 'nosniff')
  if (file.sha256) response.setHeader('etag', `"${file.sha256}"`)
  if (file.grant) countReads(deps, file.grant.id, response)
  send(request, encodeURI(path), {
    root: deps.iso_directory,
    dotfiles: 'deny',
    index: false,
    cacheControl: false,
  }).pipe(response)
}

/** The path below the store; null when it leads out of it (a link that somebody laid) or nowhere. */
async function pathInside(iso_directory: string, storage_name: string): Promise<string | null> {
  const root = await realpath(iso_directory)
  const path = await realpath(join(root, storage_name)).catch(() => null)
  const below = path === null ? '' : relative(root, path)
  return below === '' || below.startsWith('..') ? null : below
}

function comesFrom(deps: MediaServerDeps, file: ServedFile, request: IncomingMessage): boolean {
  const wanted = file.grant?.allowed_address
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  if (!wanted || wanted === address) return true
  deps.log.warn({ grant_id: file.grant?.id, address, allowed: wanted }, 'a file was asked for from another address')
  return false
}

/** Bytes are counted while they go out: an installation reads for an hour over one connection. */
function countReads(deps: MediaServerDeps, grant_id: string, response: ServerResponse): void {
  const socket = response.socket
  let counted = socket?.bytesWritten ?? 0
  const note = () => {
    const now = socket?.bytesWritten ?? counted
    const bytes = now - counted
    counted = now
    if (bytes <= 0) return
    void countRead(deps.db, grant_id, bytes).catch((error: unknown) =>
      deps.log.warn({ grant_id, reason: String(error) }, 'a read could not be counted'),
    )
  }
  const timer = setInterval(note, COUNT_EVERY_MS)
  response.once('close', () => {
    clearInterval(timer)
    note()
  })
}

import { createServer, type Server } from 'node:http'
import send from 'send'
import type { Db } from '../db/connect.js'
import { findByMediaToken } from '../db/stores/media.js'

/**
 * The server that iDRACs read images and packages from: by unguessable path only, with ranges, on a port of its own, since
 * an iDRAC fetches without a login. Anything else is 404.
 */
export function startMediaServer(
  db: Db,
  iso_directory: string,
  port: number,
  log: { warn(fields: object, text: string): void },
): Promise<Server> {
  const server = createServer((request, response) => {
    const token = /^\/([A-Za-z0-9_-]{20,})(?:\/[^/]*)?$/.exec((request.url ?? '').split('?')[0] ?? '')?.[1]
    if (!token || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404).end()
      return
    }
    void findByMediaToken(db, token).then(
      (file) => {
        if (!file?.storage_name) response.writeHead(404).end()
        else
          send(request, file.storage_name, {
            root: iso_directory,
            dotfiles: 'deny',
            index: false,
            cacheControl: false,
          }).pipe(response)
      },
      (error: unknown) => {
        log.warn({ reason: String(error) }, 'the media server could not look a file up')
        response.writeHead(503).end()
      },
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

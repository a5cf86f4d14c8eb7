import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ImageServer {
  url: string
  close: () => Promise<void>
}

/** A web server on loopback with one small image, for drives that fetch what they are given. */
export async function serveImage(): Promise<ImageServer> {
  const image = Buffer.alloc(64 * 1024, 7)
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': image.length })
    response.end(request.method === 'HEAD' ? undefined : image)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/image.iso`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

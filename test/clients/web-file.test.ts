import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import { askWebFile, readWebFile } from '../../clients/web/web-file.js'
import { makeCertificate } from '../helpers/certificate.js'

const CONTENT = Buffer.from('0123456789')
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A name that no name server knows: only the address that was judged can lead there. */
const place = (port: number, scheme = 'http') => ({
  url: new URL(`${scheme}://files.invalid:${port}/x.iso`),
  address: '127.0.0.1',
})
const serve = async (listener: RequestListener) => place(await listen(createServer(listener)))

const failure = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'it worked'
  } catch (thrown) {
    return thrown instanceof DeviceError ? thrown.code : String(thrown)
  }
}
const readAll = (at: Awaited<ReturnType<typeof serve>>) =>
  readWebFile(at, async ({ bytes, size_bytes }) => {
    const chunks: Buffer[] = []
    for await (const chunk of bytes) chunks.push(chunk)
    return { size_bytes, text: Buffer.concat(chunks).toString() }
  })

describe('a file on a web server', () => {
  test('is asked for by HEAD, at the judged address, under its own name', async () => {
    const seen: string[] = []
    const at = await serve((request, response) => {
      seen.push(`${request.method} ${request.headers.host}`)
      response.writeHead(200, { 'content-length': 10, 'accept-ranges': 'bytes', 'content-type': 'application/x-iso' })
      response.end()
    })
    expect(await askWebFile(at)).toEqual({ size_bytes: 10, accepts_ranges: true, content_type: 'application/x-iso' })
    expect(seen).toEqual([`HEAD ${at.url.host}`])
  })

  test('a server without HEAD is asked for one byte', async () => {
    const at = await serve((request, response) => {
      if (request.method === 'HEAD') response.writeHead(405).end()
      else response.writeHead(206, { 'content-range': 'bytes 0-0/5000000000' }).end('0')
    })
    expect(await askWebFile(at)).toMatchObject({ size_bytes: 5_000_000_000, accepts_ranges: true })
  })

  test('a server without ranges is known by its whole answer', async () => {
    const at = await serve((_request, response) => response.writeHead(200, { 'content-length': 10 }).end(CONTENT))
    expect(await askWebFile(at)).toMatchObject({ size_bytes: 10, accepts_ranges: false })
  })

  test('a redirect is refused, wherever it points', async () => {
    const at = await serve((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:22/' }).end())
    expect(await failure(askWebFile(at))).toBe('UrlRefused')
    expect(await failure(readAll(at))).toBe('UrlRefused')
  })

  test.each([404, 403, 500])('an answer %i cannot be used', async (status) => {
    const at = await serve((_request, response) => response.writeHead(status).end())
    expect(await failure(askWebFile(at))).toBe('UrlUnreachable')
  })

  test('nobody there, and nobody trusted there, are told as such', async () => {
    expect(await failure(askWebFile(place(1)))).toBe('UrlUnreachable')
    const { key, cert } = await makeCertificate()
    const port = await listen(createTlsServer({ key, cert }, (_request, response) => response.end()))
    expect(await failure(askWebFile(place(port, 'https')))).toBe('UrlUnreachable')
  })

  test('is read as a stream, and a broken one is no file', async () => {
    const whole = await serve((_request, response) => response.end(CONTENT))
    expect(await readAll(whole)).toEqual({ size_bytes: 10, text: '0123456789' })
    const broken = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 20 })
      response.write(CONTENT, () => response.destroy())
    })
    expect(await failure(readAll(broken))).toBe('UrlUnreachable')
  })

  test('what the reader throws goes on as it is', async () => {
    const at = await serve((_request, response) => response.end(CONTENT))
    const work = readWebFile(at, async () => {
      throw new Error('no room')
    })
    expect(await failure(work)).toBe('Error: no room')
  })
})

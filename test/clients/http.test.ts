import { afterEach, describe, expect, it, vi } from 'vitest'
import type { DeviceError } from '../../clients/errors.js'
import {
  type DeviceHttp,
  type HttpAnswer,
  type HttpRequest,
  type HttpTarget,
  openDeviceHttp,
} from '../../clients/http.js'
import { makeCertificate } from '../helpers/certificate.js'
import { closedPort, httpAnswer, type RawServer, rawServer } from '../helpers/raw-tls-server.js'
import { errorOf, memoryRecorder, pinTo } from '../helpers/redfish-client.js'

const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

async function serve(...args: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...args)
  cleanUp.push(() => server.close())
  return server
}

function open(server: { port: number }, sha256: string, more: Partial<HttpTarget> = {}) {
  const recorder = memoryRecorder()
  const identity = pinTo(sha256)
  const http = openDeviceHttp({ address: '127.0.0.1', port: server.port, identity, recorder, ...more })
  cleanUp.push(() => http.close())
  return { http, recorder, identity }
}

const get: HttpRequest = { protocol: 'redfish', method: 'GET', path: '/redfish/v1', mutation: false }
const post: HttpRequest = { ...get, method: 'POST', body: '{"secret":"c4n4ry"}', mutation: true }
const accept = (answer: HttpAnswer) => ({ ok: true as const, value: answer })
const ask = (http: DeviceHttp, request: HttpRequest) => http.exchange(request, accept)

describe('who answers', () => {
  it('speaks to the pinned certificate and reports what it saw', async () => {
    const server = await serve((socket) => socket.end(httpAnswer(200, 'hello')))
    const { http, identity } = open(server, server.certificate.sha256)
    expect((await ask(http, get)).body.toString()).toBe('hello')
    expect(identity.seen).toEqual([
      expect.objectContaining({ protocol: 'tls', algorithm: 'ec', subject: 'CN=idrac-TEST', trusted_by_ca: false }),
    ])
    expect(identity.seen[0]?.not_after).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  it('sends not one byte to another certificate', async () => {
    const server = await serve((socket) => socket.end(httpAnswer(200)))
    const { http, recorder } = open(server, 'f'.repeat(64))
    const error = await errorOf(ask(http, post))
    expect([error.code, error.facts.sent, error.unclear]).toEqual(['TlsIdentityChanged', false, false])
    expect(server.connections).toBe(1)
    expect(server.received).toBe('')
    expect(recorder.calls).toMatchObject([{ ends: 1, result: { success: false, outcome: 'failed', bytes_sent: 0 } }])
  })

  it('leaves no connection behind, however often a certificate is refused', async () => {
    const server = await serve((socket) => socket.end(httpAnswer(200)))
    const { http } = open(server, 'f'.repeat(64))
    for (let count = 0; count < 200; count += 1) {
      expect((await errorOf(ask(http, count % 2 ? get : post))).code).toBe('TlsIdentityChanged')
    }
    expect(server.connections).toBe(200)
    await vi.waitFor(async () => expect(await server.open()).toBe(0), { timeout: 5_000 })
    expect(server.received).toBe('')
  })

  it('waits for a pending identity before the first byte', async () => {
    const server = await serve((socket) => socket.end(httpAnswer(200)))
    let release: (() => void) | undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let asked: (() => void) | undefined
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const { http } = open(server, '', {
      identity: async () => {
        asked?.()
        await gate
      },
    })
    const answer = ask(http, post)
    await wasAsked
    expect(server.received).toBe('')
    release?.()
    expect((await answer).status).toBe(200)
    expect(server.received).toContain('POST /redfish/v1 HTTP/1.1')
  })

  it('counts a certificate as trusted by CA only with a CA that the site configured', async () => {
    const server = await serve((socket) => socket.end(httpAnswer(200)))
    const stranger = await makeCertificate()
    const trusted = async (ca: string | undefined) => {
      const { http, identity } = open(server, server.certificate.sha256, ca === undefined ? {} : { ca })
      await ask(http, get)
      return identity.seen[0]?.trusted_by_ca
    }
    expect([await trusted(undefined), await trusted(stranger.cert), await trusted(server.certificate.cert)]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('asks once per connection, keeps connections for reads and takes a new one for each mutation', async () => {
    const server = await serve((socket) => socket.write(httpAnswer(200, 'again')))
    const { http, identity } = open(server, server.certificate.sha256)
    for (let count = 0; count < 5; count += 1) await ask(http, get)
    const kept = server.connections
    expect(kept).toBeLessThanOrEqual(2)
    expect(identity.seen.length).toBe(kept)
    await ask(http, post)
    await ask(http, post)
    expect([server.connections - kept, identity.seen.length - kept]).toEqual([2, 2])
  })
})

describe('what a failure proves', () => {
  const kindOf = (error: DeviceError) => ({ code: error.code, sent: error.facts.sent, unclear: error.unclear })

  it('a refused connection: nothing was sent', async () => {
    const { http } = open({ port: await closedPort() }, '')
    expect(kindOf(await errorOf(ask(http, post)))).toEqual({ code: 'DeviceUnreachable', sent: false, unclear: false })
  })

  it('a peer that closes in the handshake: nothing was sent', async () => {
    const { createServer } = await import('node:net')
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => new Promise((resolve) => server.close(() => resolve())))
    const { http } = open({ port: (server.address() as { port: number }).port }, '')
    expect(kindOf(await errorOf(ask(http, post)))).toEqual({ code: 'DeviceUnreachable', sent: false, unclear: false })
  })

  it('a peer that never shakes hands: nothing was sent, and the wait is bounded', async () => {
    const { createServer } = await import('node:net')
    const server = createServer((socket) => void socket.resume())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => new Promise((resolve) => server.close(() => resolve())))
    const { http } = open({ port: (server.address() as { port: number }).port }, '', { connect_timeout_ms: 200 })
    expect(kindOf(await errorOf(ask(http, post)))).toEqual({ code: 'DeviceUnreachable', sent: false, unclear: false })
  })

  it('a reset after a POST arrived: nobody knows, and it is not sent again', async () => {
    const server = await serve((socket) => socket.destroy())
    const { http, recorder } = open(server, server.certificate.sha256)
    expect(kindOf(await errorOf(ask(http, post)))).toEqual({ code: 'DeviceUnreachable', sent: true, unclear: true })
    expect(server.received.match(/POST/g)).toHaveLength(1)
    expect(recorder.calls).toMatchObject([{ ends: 1, result: { outcome: 'unknown' } }])
  })

  it('a reset of a GET: asked once more, both on record', async () => {
    const server = await serve((socket, _head, count) =>
      count === 1 ? socket.destroy() : socket.end(httpAnswer(200, 'second')),
    )
    const { http, recorder } = open(server, server.certificate.sha256)
    expect((await ask(http, get)).body.toString()).toBe('second')
    expect(recorder.calls.map((line) => [line.ends, line.result?.outcome])).toEqual([
      [1, 'unknown'],
      [1, 'ok'],
    ])
  })

  it('a GET that is reset again: given up after the second time', async () => {
    const server = await serve((socket) => socket.destroy())
    const { http } = open(server, server.certificate.sha256)
    expect((await errorOf(ask(http, get))).code).toBe('DeviceUnreachable')
    expect(server.received.match(/GET/g)).toHaveLength(2)
  })

  it('silence after a POST: a timeout, and nobody knows', async () => {
    const server = await serve(() => {})
    const { http } = open(server, server.certificate.sha256)
    const error = await errorOf(ask(http, { ...post, timeout_ms: 150 }))
    expect(kindOf(error)).toEqual({ code: 'DeviceTimeout', sent: true, unclear: true })
  })

  it('silence beyond the limit of the target: a timeout', async () => {
    const server = await serve(() => {})
    const { http } = open(server, server.certificate.sha256, { request_timeout_ms: 150 })
    expect((await errorOf(ask(http, get))).code).toBe('DeviceTimeout')
  })

  it('a body that stalls: a timeout', async () => {
    const server = await serve((socket) => void socket.write('HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\nhalf'))
    const { http } = open(server, server.certificate.sha256)
    expect((await errorOf(ask(http, { ...get, timeout_ms: 150 }))).code).toBe('DeviceTimeout')
  })

  it('a body cut short: no answer', async () => {
    const server = await serve((socket) => socket.end('HTTP/1.1 202 X\r\ncontent-length: 100\r\n\r\nhalf'))
    const { http } = open(server, server.certificate.sha256)
    expect(kindOf(await errorOf(ask(http, post)))).toEqual({ code: 'DeviceUnreachable', sent: true, unclear: true })
  })

  it('no HTTP at all: a protocol error', async () => {
    const server = await serve((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'))
    const { http } = open(server, server.certificate.sha256)
    expect(kindOf(await errorOf(ask(http, post)))).toEqual({ code: 'ProtocolError', sent: true, unclear: true })
  })

  it('an endless body: stopped at the cap, with bounded memory', async () => {
    const chunk = 'x'.repeat(64 * 1024)
    let written = 0
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n')
      const more = (): void => {
        if (socket.destroyed) return
        written += chunk.length
        socket.write(`10000\r\n${chunk}\r\n`, more)
      }
      more()
    })
    const { http, recorder } = open(server, server.certificate.sha256)
    const error = await errorOf(ask(http, { ...get, max_response_bytes: 1_000_000 }))
    expect(error.code).toBe('ProtocolError')
    expect(recorder.calls[0]?.result?.bytes_received).toBeLessThan(1_200_000)
    expect(written).toBeLessThan(20_000_000)
  })

  it('an abort by the caller: Cancelled, and nobody knows once it was sent', async () => {
    const control = new AbortController()
    const server = await serve(() => control.abort())
    const { http } = open(server, server.certificate.sha256)
    const error = await errorOf(ask(http, { ...post, signal: control.signal }))
    expect(kindOf(error)).toEqual({ code: 'Cancelled', sent: true, unclear: true })
  })
})

describe('the record', () => {
  it('is begun before the first byte; without it nothing is sent', async () => {
    const server = await serve((socket) => socket.end(httpAnswer(200)))
    const recorder = { begin: () => Promise.reject(new Error('no database')) }
    const { http } = open(server, server.certificate.sha256, { recorder })
    await expect(ask(http, post)).rejects.toThrow('no database')
    expect(server.connections).toBe(0)
  })

  it('that cannot be closed does not hide a known answer', async () => {
    const server = await serve((socket) => socket.end(httpAnswer(202, 'accepted')))
    const recorder = { begin: async () => ({ end: () => Promise.reject(new Error('no database')) }) }
    const { http } = open(server, server.certificate.sha256, { recorder })
    expect((await ask(http, post)).status).toBe(202)
  })

  it('holds neither headers nor bodies that nobody allowed', async () => {
    const server = await serve((socket) =>
      socket.end(httpAnswer(200, 'answer-c4n4ry', { 'x-auth-token': 't0k3n-c4n4ry' })),
    )
    const { http, recorder } = open(server, server.certificate.sha256)
    await ask(http, { ...post, headers: { 'x-auth-token': 't0k3n-c4n4ry', authorization: 'Basic c4n4ry' } })
    expect(server.received).toContain('c4n4ry')
    expect(JSON.stringify(recorder.calls)).not.toContain('c4n4ry')
  })

  it('refers to the device by its address', async () => {
    const server = await serve((socket) => socket.end(httpAnswer(200)))
    const { http, recorder } = open(server, server.certificate.sha256)
    await ask(http, { ...get, path: '/redfish/v1/Systems?$top=1' })
    expect(recorder.calls[0]?.call).toMatchObject({
      endpoint: '/redfish/v1/Systems',
      full_url: `https://127.0.0.1:${server.port}/redfish/v1/Systems?$top=1`,
    })
    expect(server.received.toLowerCase()).toContain(`host: 127.0.0.1:${server.port}`)
  })
})

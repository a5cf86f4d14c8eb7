import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probe } from '../../activities/probe.js'

let server: Server
let port: number
beforeAll(async () => {
  server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as { port: number }).port
})
afterAll(() => server.close())

test('an address that accepts is open, one that refuses is not', async () => {
  const pace = { ports: [port], connect_timeout_ms: 1_000, in_flight: 8, rate_per_second: 1_000 }
  expect(await probe(['127.0.0.1', '127.0.0.9'], pace)).toEqual([{ address: '127.0.0.1', port }])
})

test('a connection that opened while this process was too busy to look has not timed out', async () => {
  const pace = { ports: [port], connect_timeout_ms: 50, in_flight: 8, rate_per_second: 1_000 }
  const found = probe(['127.0.0.1'], pace)
  // The attempt begins in the next turns; then nothing is looked at for longer than an attempt may last.
  setImmediate(() => {
    const until = performance.now() + 200
    while (performance.now() < until);
  })
  expect(await found).toEqual([{ address: '127.0.0.1', port }])
})

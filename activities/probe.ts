import { connect } from 'node:net'
import type { ScanOptions } from './contracts/discovery.js'

/**
 * Which of these addresses accept a connection, on which ports. Nothing is sent; an address is open when its connection
 * opens. At most `in_flight` attempts at once and `rate_per_second` new ones a second.
 */
export async function probe(
  addresses: string[],
  options: Pick<ScanOptions, 'ports' | 'connect_timeout_ms' | 'in_flight' | 'rate_per_second'>,
): Promise<{ address: string; port: number }[]> {
  const queue = addresses.flatMap((address) => options.ports.map((port) => ({ address, port })))
  const open: { address: string; port: number }[] = []
  const began = Date.now()
  let started = 0
  const lane = async () => {
    for (let at = queue.shift(); at; at = queue.shift()) {
      const due = began + (started * 1000) / options.rate_per_second
      started += 1
      if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()))
      if (await opens(at.address, at.port, options.connect_timeout_ms)) open.push(at)
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.in_flight, queue.length) }, lane))
  return open
}

function opens(host: string, port: number, timeout_ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeout_ms, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

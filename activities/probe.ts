import { connect } from 'node:net'
import type { ScanOptions } from './contracts/discovery.js'

export interface OpenPort {
  address: string
  port: number
}

/** How a sweep stands: every address before `done` has been tried on every port. */
export interface SweepProgress {
  done: number
  open: OpenPort[]
}

type Pace = Pick<ScanOptions, 'ports' | 'connect_timeout_ms' | 'in_flight' | 'rate_per_second'>

/**
 * Which of these addresses accept a connection, on which ports. Nothing is sent; an address is open when its connection
 * opens. At most `in_flight` attempts at once and `rate_per_second` new ones a second. `onProgress` is told the finished
 * beginning of the list, so that a successor need not begin anew.
 */
export async function probe(
  addresses: readonly string[],
  pace: Pace,
  onProgress: (progress: SweepProgress) => void = () => undefined,
): Promise<OpenPort[]> {
  const { ports, connect_timeout_ms, rate_per_second } = pace
  const attempts = addresses.length * ports.length
  const open: OpenPort[] = []
  const watermark = new Watermark(attempts)
  const began = performance.now()
  let next = 0
  const lane = async () => {
    while (next < attempts) {
      const mine = next++
      const early_ms = began + (mine * 1000) / rate_per_second - performance.now()
      if (early_ms > 0) await new Promise((resolve) => setTimeout(resolve, early_ms))
      const address = addresses[Math.floor(mine / ports.length)] as string
      const port = ports[mine % ports.length] as number
      if (await opens(address, port, connect_timeout_ms)) open.push({ address, port })
      if (watermark.finish(mine)) onProgress({ done: Math.floor(watermark.before / ports.length), open })
    }
  }
  await Promise.all(Array.from({ length: Math.min(pace.in_flight, attempts) }, lane))
  return open
}

/** Attempts end in any order; only an unbroken beginning may be skipped by a successor. */
class Watermark {
  before = 0
  readonly #finished: Uint8Array

  constructor(size: number) {
    this.#finished = new Uint8Array(size)
  }

  /** Did the unbroken beginning grow? */
  finish(index: number): boolean {
    this.#finished[index] = 1
    const from = this.before
    while (this.#finished[this.before] === 1) this.before += 1
    return this.before > from
  }
}

function opens(host: string, port: number, timeout_ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, autoSelectFamily: false })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    // Timers come before the network in each turn: what opened while this process was busy is heard of first.
    socket.setTimeout(timeout_ms, () => setImmediate(() => end(false)))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

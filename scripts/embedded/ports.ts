import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the range from which Linux takes ports of outgoing connections (32768 and up), so that a port stays ours while its process restarts. */
const LOWEST = 18_000
const HIGHEST = 31_999

export class PortInUse extends Error {
  constructor(variable: string, port: number) {
    super(`${variable}: port ${port} is in use. Free it, or give another one (${variable}=0 takes any free one).`)
    this.name = 'PortInUse'
  }
}

/** Can this port be bound now? */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Hands out ports; one that was handed out is never handed out again by the same start. */
export function createPortChooser() {
  const taken = new Set<number>()
  const byVariable = new Map<string, number>()
  const anyFree = async (host: string): Promise<number> => {
    for (let tries = 0; tries < 200; tries++) {
      const port = randomInt(LOWEST, HIGHEST)
      if (!taken.has(port) && (await isFree(port, host))) {
        taken.add(port)
        return port
      }
    }
    throw new Error(`no free port between ${LOWEST} and ${HIGHEST} on ${host}`)
  }
  return {
    /** A free port for a process that no variable names. */
    any: (host = '127.0.0.1') => anyFree(host),
    /** The port of a variable; 0 is any free one. Throws {@link PortInUse}. */
    async named(variable: string, wanted: number, host = '127.0.0.1'): Promise<number> {
      // Several parts ask for the same one: it is chosen once per start.
      const known = byVariable.get(variable)
      if (known !== undefined) return known
      const port = wanted === 0 ? await anyFree(host) : wanted
      if (wanted !== 0 && (taken.has(wanted) || !(await isFree(wanted, host)))) throw new PortInUse(variable, wanted)
      taken.add(port)
      byVariable.set(variable, port)
      return port
    },
  }
}

export type PortChooser = ReturnType<typeof createPortChooser>

import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** Kill the worker with SIGKILL several times in mid-update. */
  chaos: boolean
  /** Hosts in the cluster that is updated, 2-64. */
  hosts: number
  /** Simulated seconds per real second. */
  speed: number
  /** Leave the system running at the end. */
  keep: boolean
}

export class OptionError extends Error {
  constructor(message: string) {
    super(`${message}\nUsage: npm run demo -- [--chaos] [--hosts 2-64] [--speed 1-10000] [--keep]`)
    this.name = 'OptionError'
  }
}

/** Reads the command line of the demo. Throws {@link OptionError} with the usage. */
export function readOptions(args: string[]): DemoOptions {
  const values = parse(args)
  const hosts = Number(values.hosts ?? 4)
  const speed = Number(values.speed ?? 300)
  if (!Number.isInteger(hosts) || hosts < 2 || hosts > 64) throw new OptionError('--hosts is a number from 2 to 64')
  if (!(speed >= 1 && speed <= 10_000)) throw new OptionError('--speed is a number from 1 to 10000')
  return { chaos: values.chaos === true, keep: values.keep === true, hosts, speed }
}

function parse(args: string[]) {
  try {
    const options = {
      chaos: { type: 'boolean' },
      keep: { type: 'boolean' },
      hosts: { type: 'string' },
      speed: { type: 'string' },
    } as const
    return parseArgs({ args, options, strict: true }).values
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error))
  }
}

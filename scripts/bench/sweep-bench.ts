import { connect } from 'node:net'
import type { ApiClient } from '../demo/api-client.js'
import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { canBeDark, darken, isInside, runInside } from './dark-network.js'
import { cpuBetween, figuresOf } from './measure.js'

const LIVE = 655
const NETWORK = '127.20.0.0/16'
const PORT = 8443
const IN_FLIGHT = 8192
const RATE = 10_000
const TIMEOUT_MS = 1_000
const BLOCK = 254
const LIMIT_MS = 10 * 60_000

/**
 * A /16 with one live address in a hundred, the others silent: a scan that only recognises devices, then one that logs in
 * and reads them; beside it the bare attempts without anything of ours. Silence needs root (a network namespace of its
 * own); without it the dark addresses refuse, which is much faster, and the figures say so.
 */
export async function benchSweep(): Promise<Record<string, unknown>> {
  if (canBeDark() && !isInside()) process.exit(await runInside())
  if (isInside()) darken(NETWORK, liveAddresses())
  const system = await startBenchSystem(`fleet:${LIVE}`, 1000, false)
  const { api, site, product } = system
  try {
    await api.send('PATCH', '/settings/activity', { scan_in_flight: IN_FLIGHT, scan_rate_per_second: RATE })
    const bare_ms = await bareSweep()
    const before = await figuresOf(product)
    const recognised = await scan(api, { try_credentials: false })
    const cpu_seconds = cpuBetween(before, await figuresOf(product))
    const first = site.idracs.find(({ personality }) => !personality)
    const { username, password } = first ?? {}
    await api.send('POST', '/credential-sets', {
      name: 'Fleet',
      credential_type: 'idrac',
      username,
      password,
      is_default: true,
    })
    const read = await scan(api, {})
    return {
      dark: isInside() ? 'silent' : 'refusing: not root, so no network of our own',
      addresses: recognised.result?.addresses_total,
      idracs: recognised.result?.idracs,
      seconds: recognised.seconds,
      bare_seconds: Math.round(bare_ms / 100) / 10,
      ratio: Math.round((recognised.seconds * 1000 * 100) / bare_ms) / 100,
      seconds_with_login_and_reading: read.seconds,
      cpu_seconds,
    }
  } finally {
    await endBenchSystem(system)
  }
}

async function scan(api: ApiClient, more: object) {
  const details = {
    ip_ranges: [NETWORK],
    ports: [PORT],
    in_flight: IN_FLIGHT,
    rate_per_second: RATE,
    connect_timeout_ms: TIMEOUT_MS,
    first_contact: 'pin',
    ...more,
  }
  const since = Date.now()
  const { id } = await api.createJob('discovery_scan', {}, details)
  const job = await api.waitForEnd(id, LIMIT_MS)
  if (job.status !== 'completed') throw new Error(`the scan ended ${job.status}: ${JSON.stringify(job.error)}`)
  return { seconds: Math.round((Date.now() - since) / 100) / 10, result: job.result }
}

/** As the simulated site numbers its iDRACs. */
function liveAddresses(): string[] {
  return Array.from({ length: LIVE }, (_, index) => `127.20.${Math.floor(index / BLOCK)}.${(index % BLOCK) + 1}`)
}

/** The same attempts, as many at once, by nothing but sockets; milliseconds. */
async function bareSweep(): Promise<number> {
  const since = performance.now()
  let next = 1
  const lane = async () => {
    while (next < 65_535) {
      const mine = next++
      await attempt(`127.20.${mine >> 8}.${mine & 255}`)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return performance.now() - since
}

function attempt(host: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: PORT, autoSelectFamily: false })
    const end = () => {
      socket.destroy()
      resolve()
    }
    socket.setTimeout(TIMEOUT_MS, end)
    socket.once('connect', end)
    socket.once('error', end)
  })
}

import type { ApiClient } from '../demo/api-client.js'
import type { LabSite } from '../demo/lab-client.js'
import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { cpuBetween, figuresOf } from './measure.js'

const SERVERS = Number(process.argv.find((argument) => argument.startsWith('--servers='))?.slice(10) ?? 10_000)
const LIMIT_MS = 30 * 60_000
const LOOK_MS = 5_000

/**
 * The inventory of a fleet from nothing: one discovery_scan over all its addresses, from the POST to the last row. Each
 * iDRAC is recognised, logged in to and read (root, session, system, manager, storage, firmware), all of it on record.
 */
export async function benchFleet(): Promise<Record<string, unknown>> {
  const system = await startBenchSystem(`fleet:${SERVERS}`, 1000, false)
  const { api, site, product } = system
  try {
    await oneAccount(api, site)
    await api.send('PATCH', '/settings/activity', { scan_in_flight: 4096, scan_rate_per_second: 5000 })
    const before = await figuresOf(product)
    const since = Date.now()
    const { id } = await api.createJob('discovery_scan', {}, scanOf(site))
    let most_rss_mb = 0
    let looked_at = 0
    const job = await api.waitForEnd(id, LIMIT_MS, async () => {
      // To add up the memory of a process takes it several milliseconds of its own time.
      if (performance.now() - looked_at < LOOK_MS) return
      looked_at = performance.now()
      most_rss_mb = Math.max(most_rss_mb, (await figuresOf(product)).worker?.rss_mb ?? 0)
    })
    const seconds = (Date.now() - since) / 1000
    const after = await figuresOf(product)
    const { created, idracs, open, findings_total } = job.result ?? {}
    return {
      status: job.status,
      servers: SERVERS,
      idracs,
      created,
      open,
      findings_total,
      seconds: Math.round(seconds * 10) / 10,
      servers_per_second: Math.round((SERVERS / seconds) * 10) / 10,
      worker_rss_mb: most_rss_mb,
      lab_rss_mb: after.lab?.rss_mb,
      cpu_seconds: cpuBetween(before, after),
    }
  } finally {
    await endBenchSystem(system)
  }
}

function scanOf(site: LabSite): Record<string, unknown> {
  const addresses = site.idracs.map(({ address }) => address)
  const blocks = [...new Set(addresses.map((address) => address.split('.').slice(0, 3).join('.')))]
  return {
    ip_ranges: [`${blocks[0]}.1-${blocks.at(-1)}.254`],
    ports: [site.idracs[0]?.port ?? 8443],
    in_flight: 4096,
    rate_per_second: 5000,
    first_contact: 'pin',
  }
}

/** A fleet has one account but for the odd ones. */
async function oneAccount(api: ApiClient, site: LabSite): Promise<void> {
  const first = site.idracs.find(({ personality }) => !personality)
  await api.send('POST', '/credential-sets', {
    name: 'Fleet',
    credential_type: 'idrac',
    username: first?.username,
    password: first?.password,
    is_default: true,
  })
}

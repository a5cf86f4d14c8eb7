import type { TaskView } from '../demo/api-client.js'
import { newestFirmware, newestImage } from '../demo/lab-client.js'
import { clusterIdOf, takePackage } from '../demo/onboard.js'
import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { cpuBetween, figuresOf, quantile } from './measure.js'

const HOSTS = 16
const SPEED = 300
const LIMIT_MS = 60 * 60_000

interface LedgerItem {
  seq: number
  at: string
  sim_at: string
  device: string
  kind: string
  mutation: boolean
}

/**
 * A rolling update of 16 hosts, one at a time. The bound is what the devices themselves need: the sum of the stretches
 * in which a device was at work. Overhead is the makespan divided by that bound; the latency from step to step is the
 * real time between the end of one phase of a host and the first request of the next.
 */
export async function benchOverhead(): Promise<Record<string, unknown>> {
  const system = await startBenchSystem(`small:${HOSTS}`, SPEED, true)
  const { api, site, product } = system
  try {
    const tags =
      site.vcenters
        .flatMap(({ clusters }) => clusters)
        .find(({ name }) => name === 'Prod-A')
        ?.hosts.map(({ service_tag }) => service_tag) ?? []
    const image = newestImage(site)
    const packageId = await takePackage(api, newestFirmware(site, tags, 'bios'))
    const details = {
      order: 'esxi_first',
      esxi: { depot_path: image.depot_path, profile_name: image.name },
      firmware: { firmware_source: 'local', package_ids: [packageId] },
      max_unavailable: 1,
    }
    const before = await figuresOf(product)
    const watch = watchPhases()
    const since = Date.now()
    const ledgerFrom = await ledgerEnd(product.endpoints.lab ?? '')
    const { id } = await api.createJob('rolling_update', { cluster_ids: [await clusterIdOf(api, 'Prod-A')] }, details)
    const job = await api.waitForEnd(id, LIMIT_MS, async () =>
      watch.look(await api.list<TaskView>(`/jobs/${id}/tasks`)),
    )
    const makespan_ms = Date.now() - since
    const requests = await ledgerItems(product.endpoints.lab ?? '', ledgerFrom)
    const gaps = stepGaps(requests)
    const bound_ms = makespan_ms - gaps.reduce((sum, gap) => sum + gap, 0)
    return {
      status: job.status,
      hosts: HOSTS,
      speed: SPEED,
      makespan_ms,
      bound_ms,
      ratio: Math.round((makespan_ms / Math.max(1, bound_ms)) * 1000) / 1000,
      step_to_step_p50_ms: quantile(gaps, 0.5) ?? null,
      step_to_step_p95_ms: quantile(gaps, 0.95) ?? null,
      requests: requests.length,
      phases: watch.seconds(),
      cpu_seconds: cpuBetween(before, await figuresOf(product)),
    }
  } finally {
    await endBenchSystem(system)
  }
}

/** Real seconds spent in each phase, over all hosts. */
function watchPhases() {
  const spent = new Map<string, number>()
  let last = Date.now()
  return {
    look(tasks: TaskView[]): void {
      const now = Date.now()
      for (const { phase, completed_at, started_at } of tasks) {
        if (phase && started_at && !completed_at) spent.set(phase, (spent.get(phase) ?? 0) + (now - last) / 1000)
      }
      last = now
    },
    seconds: () => Object.fromEntries([...spent].map(([phase, value]) => [phase, Math.round(value * 10) / 10])),
  }
}

async function ledgerEnd(lab: string): Promise<number> {
  const answer = await fetch(`${lab}/lab/ledger?since=${Number.MAX_SAFE_INTEGER}`)
  return ((await answer.json()) as { next: number }).next
}

async function ledgerItems(lab: string, since: number): Promise<LedgerItem[]> {
  const answer = await fetch(`${lab}/lab/ledger?since=${since}`)
  return ((await answer.json()) as { items: LedgerItem[] }).items
}

/**
 * Stretches in which nobody asked and nobody changed a device: from the last read that found a step finished to the
 * next change. While a device is at work it is polled, so the time before a change that follows a read is ours.
 */
function stepGaps(items: LedgerItem[]): number[] {
  const gaps: number[] = []
  for (const [index, item] of items.entries()) {
    const previous = items[index - 1]
    if (item.mutation && previous) gaps.push(Math.max(0, Date.parse(item.at) - Date.parse(previous.at)))
  }
  return gaps
}

import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { helloWorldRate } from './hello-world.js'
import { cpuBetween, figuresOf } from './measure.js'
import type { ServerView } from './types.js'

const JOBS = 500
const IN_FLIGHT = 25
const LIMIT_MS = 20 * 60_000

/**
 * 500 health_check jobs of one server each, from the first POST to the last end, against workflows that do nothing
 * but call as many empty activities on the same Temporal server in the same run.
 */
export async function benchJobs(): Promise<Record<string, unknown>> {
  const system = await startBenchSystem('small:16', 1000, true)
  const { api, site, product } = system
  try {
    const special = new Set(site.idracs.filter(({ personality }) => personality).map(({ service_tag }) => service_tag))
    const servers = (await api.list<ServerView>('/servers')).filter(({ service_tag }) => !special.has(service_tag))
    const before = await figuresOf(product)
    const since = Date.now()
    const ids: string[] = []
    await inParallel(JOBS, IN_FLIGHT, async (index) => {
      const server = servers[index % servers.length]
      if (server) ids.push((await api.createJob('health_check', { server_ids: [server.id] }, {})).id)
    })
    const accepted_ms = Date.now() - since
    let completed = 0
    await inParallel(ids.length, IN_FLIGHT, async (index) => {
      const job = await api.waitForEnd(ids[index] ?? '', LIMIT_MS)
      if (job.status === 'completed') completed += 1
    })
    const seconds = (Date.now() - since) / 1000
    const cpu_seconds = cpuBetween(before, await figuresOf(product))
    const reference = await helloWorldRate(product.endpoints.temporal, JOBS, IN_FLIGHT)
    const rate = completed / seconds
    return {
      jobs: JOBS,
      completed,
      accepted_ms,
      jobs_per_second: round(rate),
      hello_world_per_second: round(reference),
      ratio: round(rate / reference),
      cpu_seconds,
    }
  } finally {
    await endBenchSystem(system)
  }
}

const round = (value: number) => Math.round(value * 1000) / 1000

/** Runs `count` calls, at most `width` at a time. */
async function inParallel(count: number, width: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) await act(next++)
  }
  await Promise.all(Array.from({ length: width }, lane))
}

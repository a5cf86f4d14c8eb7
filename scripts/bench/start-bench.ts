import { newestImage } from '../demo/lab-client.js'
import { clusterIdOf } from '../demo/onboard.js'
import { waitUntil } from '../embedded/wait-until.js'
import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { figuresOf } from './measure.js'

const PATIENCE_MS = 120_000

/**
 * Cold start to READY; from a SIGKILL of the worker to the next progress of a running job; memory of each process.
 * The reference for the start is a bare Node process with the same loader, measured in the same run.
 */
export async function benchStart(): Promise<Record<string, unknown>> {
  const reference_ms = await bareNodeStart()
  const system = await startBenchSystem('small', 300, true)
  try {
    const ready_ms = system.product.readyAfterMs
    const memory = await figuresOf(system.product)
    const recovery_ms = await recoveryAfterKill(system)
    const total_rss_mb = Object.values(memory).reduce((sum, { rss_mb }) => sum + rss_mb, 0)
    return { ready_ms, reference_ms, ready_ratio: round(ready_ms / reference_ms), recovery_ms, total_rss_mb, memory }
  } finally {
    await endBenchSystem(system)
  }
}

const round = (value: number) => Math.round(value * 100) / 100

async function bareNodeStart(): Promise<number> {
  const { runCommand } = await import('../embedded/run-command.js')
  const since = Date.now()
  await runCommand(process.execPath, ['--import', 'tsx', '-e', 'process.exit(0)'], { timeoutMs: 30_000 })
  return Date.now() - since
}

/** Mutations in the site's ledger are progress that no cache can fake. */
async function recoveryAfterKill({
  api,
  lab,
  site,
  product,
}: Awaited<ReturnType<typeof startBenchSystem>>): Promise<number | null> {
  const image = newestImage(site)
  const details = {
    order: 'esxi_only',
    esxi: { depot_path: image.depot_path, profile_name: image.name },
    max_unavailable: 1,
  }
  const job = await api.createJob('rolling_update', { cluster_ids: [await clusterIdOf(api, 'Prod-A')] }, details)
  await waitUntil(async () => (await lab.mutationsSince(0)) > 2, PATIENCE_MS, 100)
  const pid = await product.pid('worker')
  if (!pid) return null
  process.kill(pid, 'SIGKILL')
  const before = await lab.mutationsSince(0)
  const since = Date.now()
  const progressed = await waitUntil(async () => (await lab.mutationsSince(0)) > before, PATIENCE_MS, 50)
  const elapsed = Date.now() - since
  await api.waitForEnd(job.id, 600_000)
  return progressed ? elapsed : null
}

import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import { withJob } from '../lib/with-job.js'

interface Details {
  depth: 'summary' | 'components'
  concurrency: number
}

const WORST_SHOWN = 100

/** Reads power, health and faults of each server. */
export async function healthCheck(input: JobInput<Details>) {
  const { redfish } = devices(input.site)
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: input.details.concurrency }, (task) =>
      task.step('precheck', 'health', `Reading the health of ${task.target.name}.`, 10, async () => {
        const seen = await redfish.checkHealth({
          context: task.context,
          server_id: task.target.id,
          depth: input.details.depth,
          store: !input.dry_run,
        })
        return { outcome: 'answered', ...seen }
      }),
    )
    const health: Record<string, number> = {}
    for (const target of targets) {
      const status = String(target.health_status ?? 'Unknown')
      health[status] = (health[status] ?? 0) + 1
    }
    const worst = targets
      .filter((target) => target.health_status === 'Critical' || target.health_status === 'Warning')
      .sort((a, b) => String(a.health_status).localeCompare(String(b.health_status)))
      .slice(0, WORST_SHOWN)
    return { targets, health, worst, ...(input.dry_run ? { plan: { would_start: true, blockers: [] } } : {}) }
  })
}

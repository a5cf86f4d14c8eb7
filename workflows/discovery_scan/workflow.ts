import type { ScanOptions } from '../../activities/contracts/discovery.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { core, devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'
import { emptyHarvest, scanRange } from './scan-range.js'

interface Details extends Omit<ScanOptions, 'first_contact' | 'factory_secret_id'> {
  ip_ranges: string[]
  first_contact?: 'pin' | 'ask'
  factory_secret_id?: string
  lease_wait_minutes: number
}

/** Finds iDRACs in ranges: sweep in batches, look at each open port, log in, save, link. Partial results stay whatever happens. */
export async function discoveryScan(input: JobInput<Details>) {
  const began = Date.now()
  return withJob(input, async (run) => {
    if (!input.dry_run) await run.lease([`scan:${input.site}`], input.details.lease_wait_minutes, 'scans addresses')
    const found = emptyHarvest()
    const counted = new Map<string, number>()
    for (const { name } of input.targets) counted.set(name, await count(input, name))
    const targets = await perTarget(run, { limit: 1, pausable: true }, (task) =>
      scanRange(run, task, optionsOf(input), counted.get(task.target.name) ?? 0, found),
    )
    const { totals, server_ids } = found
    // Once for all: what was found before a cancel is linked too.
    if (!input.dry_run && input.details.link_hosts && server_ids.length > 0)
      totals.linked = (await devices(input.site).redfish.linkServers({ context: contextOf(run) })).linked
    const silent =
      input.dry_run || run.controls.cancel
        ? { not_answering: 0 }
        : await devices(input.site).redfish.noteSilentServers({
            context: contextOf(run),
            ip_ranges: input.details.ip_ranges,
            seen_server_ids: server_ids,
          })
    const figures = {
      addresses_total: [...counted.values()].reduce((sum, n) => sum + n, 0),
      ...totals,
      ...silent,
      duration_ms: Date.now() - began,
    }
    const findings =
      totals.auth_failed +
      totals.identity_pending +
      totals.identity_changed +
      totals.duplicates +
      totals.redfish_disabled +
      totals.no_credential +
      totals.unread +
      silent.not_answering
    const { no_credential: _, unread: __, ...shown } = figures
    return {
      targets,
      ...shown,
      findings_total: findings,
      ...(input.dry_run ? { plan: { would_start: true, blockers: [], ...shown } } : {}),
    }
  })
}

async function count(input: JobInput<Details>, ip_range: string): Promise<number> {
  const answer = await core.countRange({ ip_range, exclude_ranges: input.details.exclude_ranges })
  return answer.addresses
}

function optionsOf(input: JobInput<Details>): ScanOptions {
  const { ports, connect_timeout_ms, in_flight, rate_per_second, exclude_ranges, first_contact, try_credentials } =
    input.details
  const { max_sets_per_device, keep_credentials, inventory, link_hosts, factory_secret_id } = input.details
  return {
    ports,
    connect_timeout_ms,
    in_flight,
    rate_per_second,
    exclude_ranges,
    first_contact: first_contact ?? null,
    try_credentials,
    max_sets_per_device,
    keep_credentials,
    inventory,
    link_hosts,
    factory_secret_id: factory_secret_id ?? null,
  }
}

function contextOf(run: JobRun<Details>) {
  const first = run.tasks[0] as TaskRun
  return { ...first.context, task_id: null, target_id: run.input.job_id }
}

import type { ScanCounts, ScanOptions, SweepAnswer } from '../../activities/contracts/discovery.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { core, devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details extends Omit<ScanOptions, 'first_contact' | 'factory_secret_id'> {
  ip_ranges: string[]
  first_contact?: 'pin' | 'ask'
  factory_secret_id?: string
  lease_wait_minutes: number
}

const BATCH = 256
const DEVICES_AT_ONCE = 8

interface Totals extends ScanCounts {
  probed: number
  open: number
}

/** Finds iDRACs in ranges: sweep in batches, look at each open port, log in, save. Partial results stay whatever happens. */
export async function discoveryScan(input: JobInput<Details>) {
  const began = Date.now()
  return withJob(input, async (run) => {
    if (!input.dry_run) await run.lease([`scan:${input.site}`], input.details.lease_wait_minutes, 'scans addresses')
    const seen: string[] = []
    const totals = emptyTotals()
    const counted = await Promise.all(input.targets.map((target) => count(input, target.name)))
    const targets = await perTarget(run, { limit: 1, pausable: true }, (task) => scanRange(run, task, totals, seen))
    const silent =
      input.dry_run || run.controls.cancel
        ? { not_answering: 0 }
        : await devices(input.site).redfish.noteSilentServers({
            context: contextOf(run),
            ip_ranges: input.details.ip_ranges,
            seen_server_ids: seen,
          })
    const figures = {
      addresses_total: counted.reduce((sum, n) => sum + n, 0),
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
      silent.not_answering
    const { no_credential: _, ...shown } = figures
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

async function scanRange(run: JobRun<Details>, task: TaskRun, totals: Totals, seen: string[]): Promise<TargetAnswer> {
  const { redfish } = devices(run.input.site)
  const options = optionsOf(run.input)
  const range = task.target.name
  return task.step('precheck', 'sweep', `Looking through ${range}.`, 5, async () => {
    let cursor: string | null = null
    const before = totals.idracs
    do {
      await run.gate(`in range ${range}`)
      const swept: SweepAnswer = await redfish.sweepBatch({
        context: task.context,
        ip_range: range,
        cursor,
        batch: BATCH,
        options,
      })
      totals.probed += swept.probed
      totals.open += swept.open.length
      await identifyAll(run, task, swept.open, options, totals, seen)
      cursor = swept.next_cursor
      await task.update({ phase_note: `${totals.probed} addresses probed, ${totals.idracs} iDRACs found.` })
    } while (cursor !== null)
    return { outcome: 'answered', idracs: totals.idracs - before }
  })
}

async function identifyAll(
  run: JobRun<Details>,
  task: TaskRun,
  open: { address: string; port: number }[],
  options: ScanOptions,
  totals: Totals,
  seen: string[],
): Promise<void> {
  const { redfish } = devices(run.input.site)
  const queue = [...open]
  const lane = async () => {
    for (let at = queue.shift(); at; at = queue.shift()) {
      const found = await redfish.identifyDevice({ context: task.context, ...at, options, dry_run: run.input.dry_run })
      for (const key of Object.keys(found.counts) as (keyof ScanCounts)[]) totals[key] += found.counts[key] ?? 0
      if (found.server_id) seen.push(found.server_id)
    }
  }
  await Promise.all(Array.from({ length: DEVICES_AT_ONCE }, lane))
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

const emptyTotals = (): Totals => ({
  probed: 0,
  open: 0,
  idracs: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  linked: 0,
  auth_failed: 0,
  identity_pending: 0,
  identity_changed: 0,
  duplicates: 0,
  redfish_disabled: 0,
  other_redfish: 0,
  no_credential: 0,
})

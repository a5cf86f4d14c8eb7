import { readActivitySettings } from '../db/stores/settings.js'
import { mergeSpans, nextBatch, scanRanges } from '../domain/ip-range.js'
import type { DiscoveryActivities, SweepAnswer } from './contracts/discovery.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { remember, remembered } from './heartbeat.js'
import { type OpenPort, probe } from './probe.js'

/** How often a sweep leaves word of where it is; a killed worker's successor repeats at most so much. */
const REMEMBER_MS = 500

interface Trace {
  done: number
  open: OpenPort[]
}

/**
 * Opens connections to the next addresses of a range. A successor of a killed worker goes on at the address where it was.
 * The site's caps of the activity settings win over what the job asks for.
 * @throws StepFailed `InvalidRequest` for a range that cannot be read
 */
export async function sweepBatch(
  deps: Pick<Deps, 'db'>,
  { ip_range, cursor, batch, options }: Parameters<DiscoveryActivities['sweepBatch']>[0],
): Promise<SweepAnswer> {
  const scan = scanRanges([ip_range], options.exclude_ranges)
  if (scan.errors[0]) throw new StepFailed('InvalidRequest', scan.errors[0].message)
  const caps = await readActivitySettings(deps.db)
  const pace = {
    ...options,
    in_flight: Math.min(options.in_flight, caps.scan_in_flight),
    rate_per_second: Math.min(options.rate_per_second, caps.scan_rate_per_second),
  }
  const next = nextBatch(mergeSpans(scan.spans), cursor === null ? null : Number(cursor), batch)
  const before: Trace = remembered<Trace>() ?? { done: 0, open: [] }
  let told_at = performance.now()
  const open = await probe(next.addresses.slice(before.done), pace, (progress) => {
    if (performance.now() - told_at < REMEMBER_MS) return
    told_at = performance.now()
    remember({ done: before.done + progress.done, open: [...before.open, ...progress.open] } satisfies Trace)
  })
  return {
    next_cursor: next.cursor === null ? null : String(next.cursor),
    probed: next.addresses.length,
    open: onceEach([...before.open, ...open]),
  }
}

/** What was open beyond the remembered beginning is tried again by a successor, and found twice. */
function onceEach(open: OpenPort[]): OpenPort[] {
  return [...new Map(open.map((each) => [`${each.address}:${each.port}`, each])).values()]
}

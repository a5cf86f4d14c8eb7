/** One piece of background reading, as it stands: what it is and when somebody last did it. */
export interface BackgroundWork {
  job_type: 'health_check' | 'fetch_event_logs' | 'vcenter_sync' | 'openmanage_sync' | 'idm_sync_users'
  /** The vCenter that is read, or `components` for the deep reading of servers; null where there is only one of its kind. */
  subject: string | null
  /** 0 = off. */
  every_minutes: number
  /** Since when there has been something to read; the first time comes one interval later. */
  since: string
  /** When a person or the background last did it, or tried to; null = never. */
  last_at: string | null
  /** A background job of this kind has not ended yet, or a job of somebody holds what would be read. */
  busy: boolean
}

const MINUTE_MS = 60_000
/** So many are begun at one look, so that what was set up together does not come back together. */
const AT_ONCE = 2
/** With many subjects each look must begin more, or some would never have their turn; 5 minutes is the shortest interval. */
const LOOKS_PER_SHORTEST_INTERVAL = 5

/** What is to be begun now, longest overdue first: never a second one of a kind beside the first, and never all at once. */
export function dueWork(works: readonly BackgroundWork[], now: string): BackgroundWork[] {
  const at = Date.parse(now)
  const most = Math.max(AT_ONCE, Math.ceil(works.length / LOOKS_PER_SHORTEST_INTERVAL))
  return works
    .filter((work) => work.every_minutes > 0 && !work.busy && dueAt(work) <= at)
    .sort((a, b) => dueAt(a) - dueAt(b))
    .slice(0, most)
}

const dueAt = ({ since, last_at, every_minutes }: BackgroundWork) =>
  Date.parse(last_at ?? since) + every_minutes * MINUTE_MS

/** What a deep reading of servers is called: their parts and their firmware, not only how they are. */
export const DEEP = 'components'

/** Seconds that one server takes at worst, with the connection. */
const SECONDS_PER_SERVER = 4
/** The same with all of its parts, some 25 requests. */
const SECONDS_PER_DEEP_SERVER = 30
const MOST_AT_ONCE = 50

/** How many servers are read side by side, so that half of the interval is enough for all of them and no herd arises. */
export function backgroundConcurrency(servers: number, every_minutes: number, deep = false): number {
  const seconds = deep ? SECONDS_PER_DEEP_SERVER : SECONDS_PER_SERVER
  const needed = Math.ceil((servers * seconds) / Math.max(1, every_minutes * 30))
  return Math.min(MOST_AT_ONCE, Math.max(2, needed))
}

/** The details of a background job. They are complete: no default is filled in later. */
export function backgroundDetails(work: BackgroundWork, servers: number): Record<string, unknown> {
  const deep = work.job_type === 'health_check' && work.subject === DEEP
  const concurrency = backgroundConcurrency(servers, work.every_minutes, deep)
  // Whoever holds what would be read comes first; the next look tries again.
  const lease_wait_minutes = 0
  switch (work.job_type) {
    case 'health_check':
      return { depth: deep ? 'components' : 'summary', concurrency }
    case 'fetch_event_logs':
      return { logs: ['sel'], since: 'last_fetch', max_entries: 2000, concurrency }
    case 'vcenter_sync':
      return { vcenter_ids: [work.subject], link_hosts: true, allow_mass_removal: false, lease_wait_minutes }
    case 'openmanage_sync':
      return {
        create_missing: true,
        update_existing: true,
        include_unmanaged: false,
        read_compliance: false,
        allow_mass_removal: false,
        lease_wait_minutes,
      }
    case 'idm_sync_users':
      return { deactivate_missing: true, allow_mass_deactivation: false, page_size: 500, lease_wait_minutes }
  }
}

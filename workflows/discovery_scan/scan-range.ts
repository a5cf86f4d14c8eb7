import { condition } from '@temporalio/workflow'
import type {
  Endpoint,
  IdentifyAnswer,
  ScanCounts,
  ScanOptions,
  SweepAnswer,
} from '../../activities/contracts/discovery.js'
import { jobErrorOf } from '../lib/failure.js'
import type { TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import type { JobRun } from '../lib/with-job.js'

/** What a scan has found so far, over all its ranges. */
export interface Harvest {
  totals: ScanCounts & { probed: number; open: number }
  server_ids: string[]
}

/** A history bears some ten thousand events, so a large range is swept in larger batches; each is resumed inside. */
const SMALLEST_BATCH = 4_096
const MOST_BATCHES = 1_024
/** A batch ends with the silence of its last addresses, in which nothing new is tried: it must not be too short. */
const TURNS_IN_BATCH = 4
/** Devices that one activity looks at, and how many such groups are in work at once. */
const GROUP = 64
const GROUPS_AT_ONCE = 4
/** Groups found but not begun at which the sweep waits. */
const GROUPS_AHEAD = 32
/** Devices that are asked again one by one, because they could not be asked with the others. */
const PATIENT_AT_ONCE = 16

/**
 * Sweeps one range and looks at what is open. The next batch is swept while the devices of the last one are looked at; a
 * device that has to wait (login budget, broken connection) holds up nothing and is asked again beside the rest.
 */
export async function scanRange<Details>(
  run: JobRun<Details>,
  task: TaskRun,
  options: ScanOptions,
  addresses: number,
  found: Harvest,
): Promise<TargetAnswer> {
  const range = task.target.name
  return task.step('precheck', 'sweep', `Looking through ${range}.`, 5, async () => {
    const before = found.totals.idracs
    const looking = new Looking(run, task, options, found)
    const batch = Math.max(SMALLEST_BATCH, TURNS_IN_BATCH * options.in_flight, Math.ceil(addresses / MOST_BATCHES))
    const swept_before = found.totals.probed
    try {
      for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
        await run.gate(`in range ${range}`)
        const { redfish } = devices(run.input.site)
        const swept: SweepAnswer = await redfish.sweepBatch({
          context: task.context,
          ip_range: range,
          cursor,
          batch,
          options,
        })
        found.totals.probed += swept.probed
        found.totals.open += swept.open.length
        await looking.takeUp(swept.open)
        cursor = swept.next_cursor
        await task.update({
          progress: 5 + Math.floor((90 * (found.totals.probed - swept_before)) / Math.max(1, addresses)),
          phase_note: `${found.totals.probed} addresses probed, ${found.totals.idracs} iDRACs found.`,
        })
      }
    } finally {
      await looking.end()
    }
    return { outcome: 'answered', idracs: found.totals.idracs - before }
  })
}

/** The devices being looked at, in groups, with the patient second round for those that could not be asked at once. */
class Looking<Details> {
  readonly #groups: Endpoint[][] = []
  readonly #patient: Endpoint[] = []
  #groups_in_work = 0
  #patient_in_work = 0
  readonly #work: Promise<void>[] = []
  #broken: unknown = null

  constructor(
    private readonly run: JobRun<Details>,
    private readonly task: TaskRun,
    private readonly options: ScanOptions,
    private readonly found: Harvest,
  ) {}

  /** Takes up the open ports of a batch; returns at once unless so many wait that the sweep would run away. */
  async takeUp(open: Endpoint[]): Promise<void> {
    for (let from = 0; from < open.length; from += GROUP) this.#groups.push(open.slice(from, from + GROUP))
    this.#spread()
    await condition(() => this.#groups.length < GROUPS_AHEAD || this.#broken !== null)
    this.#rethrow()
  }

  /** Returns when every device has been looked at, or has been given up. */
  async end(): Promise<void> {
    await condition(
      () => this.#groups_in_work + this.#patient_in_work + this.#groups.length + this.#patient.length === 0,
    )
    await Promise.all(this.#work)
    this.#rethrow()
  }

  #rethrow(): void {
    if (this.#broken !== null) throw this.#broken
  }

  #spread(): void {
    // What waits for its turn at a cancel is not begun; what is in work ends.
    if (this.run.controls.cancel !== null) this.#groups.length = this.#patient.length = 0
    while (this.#groups_in_work < GROUPS_AT_ONCE && this.#groups.length > 0) {
      this.#groups_in_work += 1
      this.#work.push(this.#lookAtGroup(this.#groups.shift() ?? []))
    }
    while (this.#patient_in_work < PATIENT_AT_ONCE && this.#patient.length > 0) {
      this.#patient_in_work += 1
      this.#work.push(this.#lookPatiently(this.#patient.shift() as Endpoint))
    }
  }

  async #lookAtGroup(endpoints: Endpoint[]): Promise<void> {
    try {
      const { redfish } = devices(this.run.input.site)
      const answer = await redfish.identifyDevices({ ...this.#given, endpoints })
      this.#add(answer)
      // After a cancel nobody is asked a second time.
      if (this.run.controls.cancel === null) this.#patient.push(...answer.later)
    } catch (thrown) {
      this.#broken ??= thrown
      this.#groups.length = 0
    } finally {
      this.#groups_in_work -= 1
      this.#spread()
    }
  }

  async #lookPatiently(endpoint: Endpoint): Promise<void> {
    try {
      const { redfish } = devices(this.run.input.site)
      this.#add(await redfish.identifyDevice({ ...this.#given, ...endpoint }))
    } catch (thrown) {
      await this.#giveUp(endpoint, thrown)
    } finally {
      this.#patient_in_work -= 1
      this.#spread()
    }
  }

  /** A device that nothing opens is a finding, not the failure of its range. */
  async #giveUp(endpoint: Endpoint, thrown: unknown): Promise<void> {
    try {
      const { code, message } = jobErrorOf(thrown)
      if (code === 'Cancelled' || this.run.input.dry_run) return
      const { redfish } = devices(this.run.input.site)
      await redfish.noteUnreadDevice({ context: this.task.context, ...endpoint, why: `${code}: ${message}` })
      this.found.totals.unread += 1
    } catch (second) {
      this.#broken ??= second
    }
  }

  get #given() {
    return { context: this.task.context, options: this.options, dry_run: this.run.input.dry_run }
  }

  #add({ counts, server_ids }: IdentifyAnswer): void {
    for (const key of Object.keys(counts) as (keyof ScanCounts)[]) this.found.totals[key] += counts[key] ?? 0
    this.found.server_ids.push(...server_ids)
  }
}

/** Nothing found yet. */
export function emptyHarvest(): Harvest {
  const totals = {
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
    unread: 0,
  }
  return { totals, server_ids: [] }
}

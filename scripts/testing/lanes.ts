import type { GroupCount } from './vitest-run.js'

/**
 * Seconds that each group takes alone on two cores. Only their order matters: the longest begin first, so that the lanes end
 * at about the same time. A group that is not listed begins first.
 */
const MEASURED: Record<string, number> = {
  e2e: 400,
  workflows: 390,
  clients: 130,
  lab: 85,
  unit: 65,
  db: 25,
  api: 25,
}

/** Groups that watch the clock of a whole system under kills: nothing else runs beside them. */
const ALONE = new Set(['crash', 'foreign'])

export interface LaneRun {
  groups: readonly string[]
  /** Groups at once. */
  lanes: number
  run: (group: string) => Promise<GroupCount>
  /** Asked before each group: has the run been interrupted? */
  stopped: () => boolean
}

/**
 * Runs groups of tests side by side: each lane takes the longest group that is left. Much of a group's time is waiting for
 * simulated devices, so two lanes keep two cores busy where one left them idle. Answers in the order of `groups`.
 */
export async function runInLanes({ groups, lanes, run, stopped }: LaneRun): Promise<GroupCount[]> {
  const counts = new Map<string, GroupCount>()
  const work = async (waiting: string[]) => {
    for (let group = waiting.shift(); group !== undefined && !stopped(); group = waiting.shift())
      counts.set(group, await run(group))
  }
  const together = longestFirst(groups.filter((group) => !ALONE.has(group)))
  await Promise.all(Array.from({ length: lanes }, () => work(together)))
  await work(groups.filter((group) => ALONE.has(group)))
  return groups.flatMap((group) => counts.get(group) ?? [])
}

const secondsOf = (group: string) => MEASURED[group] ?? Number.POSITIVE_INFINITY

function longestFirst(groups: string[]): string[] {
  return [...groups].sort((a, b) => (secondsOf(a) === secondsOf(b) ? 0 : secondsOf(b) - secondsOf(a)))
}

import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

export interface HostReturnFacts {
  /** ISO; taken before the reboot was sent. null = it could not be read then. */
  boot_time_before: string | null
  boot_time: string | null
  connection_state: string | null
  in_maintenance_mode: boolean | null
  /** The last readings of version and build, newest last; the cached old build may be shown for a while. */
  version_readings: readonly { version: string | null; build: number | null }[]
  /** A host whose maintenance is not demanded (no vCenter, or a reboot outside of maintenance). */
  expect_maintenance: boolean
}

export type HostReturn =
  | { type: 'back' }
  /** Not yet; the sentence is shown while waiting. */
  | { type: 'not_yet'; why: string }
  /** It is back, but not as it must be. */
  | { type: 'wrong'; reason: Blocker }

function newerBoot(facts: HostReturnFacts): boolean {
  if (facts.boot_time === null || facts.boot_time_before === null) return false
  return Date.parse(facts.boot_time) > Date.parse(facts.boot_time_before)
}

function isStable(readings: HostReturnFacts['version_readings']): boolean {
  const [last, before] = [readings.at(-1), readings.at(-2)]
  if (!last || !before || last.build === null || last.version === null) return false
  return last.build === before.build && last.version === before.version
}

/**
 * Is a host back after its reboot? Connected AND a newer boot time (a fast boot may never be seen as away) AND still in
 * maintenance AND two equal readings of version and build. A host that left maintenance by itself is wrong, not late.
 */
export function judgeHostReturn(facts: HostReturnFacts): HostReturn {
  if (facts.connection_state !== 'connected') {
    return { type: 'not_yet', why: `Connection state is ${facts.connection_state ?? 'unknown'}.` }
  }
  if (!newerBoot(facts)) return { type: 'not_yet', why: 'It has not booted anew.' }
  if (facts.expect_maintenance && facts.in_maintenance_mode === null) {
    return { type: 'not_yet', why: 'Its maintenance mode cannot be read yet.' }
  }
  if (facts.expect_maintenance && facts.in_maintenance_mode === false) {
    const text = 'The host came back out of maintenance mode.'
    return { type: 'wrong', reason: blocker('HostNotInMaintenance', text) }
  }
  if (!isStable(facts.version_readings)) return { type: 'not_yet', why: 'The version reading is not stable yet.' }
  return { type: 'back' }
}

export interface EsxiOutcomeFacts {
  from_build: number | null
  target_build: number | null
  target_version: string | null
  build: number | null
  version: string | null
  /** Build in the alternate boot bank, if it could be read: the target there means that the loader fell back. */
  alternate_build: number | null
}

/**
 * Verdict over an ESXi upgrade from what the host runs: null = the target; otherwise `RolledBack` (the new image lies in
 * the other boot bank), `VersionUnchanged`, `VerifyFailed` (some third build) or `OutcomeUnknown`.
 */
export function judgeEsxiOutcome(facts: EsxiOutcomeFacts): Blocker | null {
  const { build, target_build, from_build } = facts
  const data = { ...facts }
  if (build === null) return blocker('OutcomeUnknown', 'The build of the host could not be read.', { data })
  if (target_build !== null && build === target_build) return null
  if (target_build === null && facts.target_version !== null && facts.version === facts.target_version) {
    return build === from_build ? blocker('VersionUnchanged', `The host still runs build ${build}.`, { data }) : null
  }
  if (target_build !== null && facts.alternate_build === target_build) {
    return blocker('RolledBack', `The host booted build ${build}; build ${target_build} lies in the other bank.`, {
      data,
    })
  }
  if (build === from_build) return blocker('VersionUnchanged', `The host still runs build ${build}.`, { data })
  return blocker('VerifyFailed', `The host runs build ${build}, ${target_build ?? 'another'} was wanted.`, { data })
}

/** What a host holds: the running build, its profile, and the other boot bank as `<build> <updated> <boot_state>`. */
export interface HostImage {
  build: number | null
  profile: string | null
  alternate_bank: string | null
}

/**
 * Whether a refused update provably left a host as it was: both looks complete and equal. Only then may the host be given
 * back; what could not be read counts as changed.
 */
export function isUntouched(before: HostImage, after: HostImage): boolean {
  const same = (one: string | number | null, other: string | number | null) => one !== null && one === other
  return (
    same(before.build, after.build) &&
    same(before.profile, after.profile) &&
    same(before.alternate_bank, after.alternate_bank)
  )
}

import type { Blocker, Verdict } from './failures.js'
import { blocker, verdictOf } from './verdict.js'
import { compareVersions } from './versions.js'

export type ServerHealth = 'OK' | 'Warning' | 'Critical' | 'Unknown'

/** What a host looks like; taken before the work and compared afterwards. null = could not be read. */
export interface HostSnapshot {
  connection_state: string | null
  /** Physical links that are up, by name (`vmnic0`). */
  links_up: readonly string[] | null
  /** Names of accessible datastores. */
  datastores: readonly string[] | null
  /** Keys of triggered red alarms. */
  red_alarms: readonly string[] | null
  /** Health of the server as its iDRAC says; null also where no server is linked. */
  server_health: ServerHealth | null
}

export interface HostExpectation {
  esxi_build?: number
  firmware?: readonly { component: string; version: string }[]
}

export interface HostNow extends HostSnapshot {
  build: number | null
  /** Installed versions by component word; a component may have several devices. */
  firmware: readonly { component: string; version: string }[] | null
}

export interface VerifyOptions {
  max_new_alarms: number
  /** Is a server linked, so that its health must be readable? */
  has_server: boolean
}

const HEALTH_RANK: Record<ServerHealth, number> = { OK: 0, Warning: 1, Critical: 2, Unknown: 3 }

const fail = (message: string, data: Record<string, unknown> = {}) => blocker('VerifyFailed', message, { data })

function checkVersions(now: HostNow, expect: HostExpectation): Blocker[] {
  const blockers: Blocker[] = []
  if (expect.esxi_build !== undefined && now.build !== expect.esxi_build) {
    blockers.push(fail(`Build ${now.build ?? 'unknown'} runs, ${expect.esxi_build} is expected.`))
  }
  for (const wanted of expect.firmware ?? []) {
    const found = (now.firmware ?? []).filter((row) => row.component === wanted.component)
    const right = found.length > 0 && found.every((row) => compareVersions(row.version, wanted.version) === 'equal')
    if (right) continue
    const versions = found.map((row) => row.version).join(', ') || 'unknown'
    blockers.push(fail(`${wanted.component} has ${versions}, ${wanted.version} is expected.`))
  }
  return blockers
}

function checkLost(
  what: string,
  before: readonly string[] | null | undefined,
  now: readonly string[] | null,
): Blocker[] {
  if (!before) return []
  if (now === null) return [fail(`The ${what} of the host could not be read.`)]
  const lost = before.filter((name) => !now.includes(name))
  return lost.length === 0 ? [] : [fail(`Missing since before the work: ${what} ${lost.join(', ')}.`, { lost })]
}

/** Red alarms that were not there before. */
export function newAlarms(before: HostSnapshot | null, now: HostSnapshot): string[] {
  return (now.red_alarms ?? []).filter((alarm) => !before?.red_alarms?.includes(alarm))
}

function checkHealth(before: HostSnapshot | null, now: HostNow, has_server: boolean): Blocker[] {
  if (!has_server) return []
  if (now.server_health === null || now.server_health === 'Unknown') {
    return [fail('The health of the server could not be read.')]
  }
  const former = before?.server_health ?? 'Warning'
  const limit = former === 'Unknown' ? 'Warning' : former
  if (HEALTH_RANK[now.server_health] <= HEALTH_RANK[limit]) return []
  return [
    fail(`The health of the server is ${now.server_health}, before it was ${before?.server_health ?? 'not known'}.`),
  ]
}

/**
 * Is the host fit to leave maintenance? Connected, versions as expected, server health not worse, links and datastores as
 * before, no more new red alarms than allowed. Without a snapshot what cannot be compared is a warning; what cannot be
 * read now is a blocker.
 */
export function checkHost(
  before: HostSnapshot | null,
  now: HostNow,
  expect: HostExpectation,
  options: VerifyOptions,
): Verdict {
  const blockers: Blocker[] = []
  if (now.connection_state !== 'connected') blockers.push(fail(`The host is ${now.connection_state ?? 'unknown'}.`))
  blockers.push(...checkVersions(now, expect))
  blockers.push(...checkLost('links', before?.links_up, now.links_up))
  blockers.push(...checkLost('datastores', before?.datastores, now.datastores))
  blockers.push(...checkHealth(before, now, options.has_server))
  const alarms = newAlarms(before, now)
  if (now.red_alarms === null) blockers.push(fail('The alarms of the host could not be read.'))
  else if (before && alarms.length > options.max_new_alarms) {
    blockers.push(fail(`New red alarms: ${alarms.join(', ')}.`, { alarms }))
  }
  const warnings = before ? [] : [blocker('VerifyFailed', 'No snapshot from before the work: nothing to compare with.')]
  return verdictOf(blockers, warnings)
}

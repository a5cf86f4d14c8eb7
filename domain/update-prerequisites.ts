import type { Blocker } from './failures.js'
import { componentOfRow } from './firmware-catalog.js'
import type { FirmwarePackage, FirmwareServer, PackagePrerequisite } from './firmware-facts.js'
import type { PlannedUpdate } from './update-plan-types.js'
import { blocker } from './verdict.js'
import { compareVersions } from './versions.js'

const atLeast = (version: string, minimum: string) => ['newer', 'equal'].includes(compareVersions(version, minimum))

/** Is it fulfilled by what is installed? Without a minimum version only a planned update can fulfil it. */
function isInstalled(need: PackagePrerequisite, server: FirmwareServer): boolean {
  const { min_version } = need
  if (min_version === null) return false
  const rows = (server.inventory ?? []).filter((row) => componentOfRow(row) === need.component)
  return rows.length > 0 && rows.every((row) => atLeast(row.version, min_version))
}

function fulfils(update: PlannedUpdate, need: PackagePrerequisite): boolean {
  return update.component === need.component && (need.min_version === null || atLeast(update.to, need.min_version))
}

export interface Prerequisites {
  /** Updates that must be whole before the rest begins, in the order in which they run. */
  first: PlannedUpdate[]
  rest: PlannedUpdate[]
  blockers: Blocker[]
}

interface Walk {
  updates: readonly PlannedUpdate[]
  needsOf: (update: PlannedUpdate) => PackagePrerequisite[]
  first: PlannedUpdate[]
  blockers: Blocker[]
  trail: string[]
}

function pull(need: PackagePrerequisite, asker: PlannedUpdate, walk: Walk): void {
  const minimum = need.min_version === null ? 'a newer version' : `at least ${need.min_version}`
  const source = walk.updates.find((update) => fulfils(update, need))
  const data = { component: need.component, min_version: need.min_version, source: need.source }
  if (!source || walk.trail.includes(source.package_id)) {
    const cause = source ? 'they need each other' : 'it is not among the updates'
    const text = `${asker.filename} needs ${need.component} of ${minimum} first, but ${cause}.`
    walk.blockers.push(blocker('PrerequisiteMissing', text, { target: asker.filename, data }))
    return
  }
  visit(source, walk)
  if (walk.first.some((update) => update.package_id === source.package_id)) return
  walk.first.push({
    ...source,
    reason: `${asker.filename} needs ${need.component} of ${minimum} first (${need.source}).`,
  })
}

function visit(update: PlannedUpdate, walk: Walk): void {
  walk.trail.push(update.package_id)
  for (const need of walk.needsOf(update)) pull(need, update, walk)
  walk.trail.pop()
}

/**
 * Pulls what other updates need to the front: a package may say that it wants a newer iDRAC, BIOS or CPLD first. What is
 * neither installed nor planned is a blocker, and so are packages that need each other.
 */
export function orderPrerequisites(
  server: FirmwareServer,
  packages: readonly FirmwarePackage[],
  updates: readonly PlannedUpdate[],
): Prerequisites {
  const needsOf = (update: PlannedUpdate) => {
    const pack = packages.find((candidate) => candidate.id === update.package_id)
    return (pack?.prerequisites ?? []).filter((need) => !isInstalled(need, server))
  }
  const walk: Walk = { updates, needsOf, first: [], blockers: [], trail: [] }
  for (const update of updates) visit(update, walk)
  const rest = updates.filter((update) => !walk.first.some((entry) => entry.package_id === update.package_id))
  const seen = new Map(walk.blockers.map((entry) => [entry.message, entry]))
  return { first: walk.first, rest, blockers: [...seen.values()] }
}

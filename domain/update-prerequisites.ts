import type { Blocker } from './failures.js'
import { componentIdOf, componentOfRow, matchingRows, whyNotForServer } from './firmware-catalog.js'
import type { FirmwarePackage, FirmwareServer, InstalledFirmware, PackagePrerequisite } from './firmware-facts.js'
import type { PlannedUpdate, UpdateSelection } from './update-plan-types.js'
import { isWanted, planned } from './update-selection.js'
import { blocker } from './verdict.js'
import { compareVersions } from './versions.js'

const atLeast = (version: string, minimum: string) => ['newer', 'equal'].includes(compareVersions(version, minimum))

/** A component that is too old for a package. */
export interface UnmetNeed {
  component: PackagePrerequisite['component']
  min_version: string | null
  /** The lowest version there is now; null when the server has no such component. */
  installed: string | null
  /** The package wants an older version of itself first: a stepping stone. */
  stepping_stone: boolean
  source: string
}

/** Does a package speak of its own device? Then an older version of it comes first. */
const isOfItself = (need: PackagePrerequisite, pack: FirmwarePackage) =>
  need.component_id != null && pack.devices.some((device) => device.component_id === need.component_id)

/** The inventory rows that a prerequisite speaks of. */
function rowsOf(need: PackagePrerequisite, pack: FirmwarePackage, server: FirmwareServer): InstalledFirmware[] {
  if (isOfItself(need, pack)) return matchingRows(pack, server)
  const byId = need.component === 'other' && need.component_id != null
  return (server.inventory ?? []).filter((row) =>
    byId ? componentIdOf(row) === need.component_id : componentOfRow(row) === need.component,
  )
}

/** Is it fulfilled by what is installed? Without a minimum version only a planned update can fulfil it. */
function isInstalled(need: PackagePrerequisite, pack: FirmwarePackage, server: FirmwareServer): boolean {
  const { min_version } = need
  if (min_version === null) return false
  const rows = rowsOf(need, pack, server)
  return rows.length > 0 && rows.every((row) => atLeast(row.version, min_version))
}

/** What a package asks for that the server does not have yet. */
export function unmetNeeds(pack: FirmwarePackage, server: FirmwareServer): UnmetNeed[] {
  return pack.prerequisites
    .filter((need) => !isInstalled(need, pack, server))
    .map((need) => {
      const versions = rowsOf(need, pack, server).map((row) => row.version)
      const installed = versions.reduce<string | null>(
        (low, version) => (low === null || compareVersions(version, low) === 'older' ? version : low),
        null,
      )
      const { component, min_version, source } = need
      return { component, min_version, installed, stepping_stone: isOfItself(need, pack), source }
    })
}

export interface Prerequisites {
  /** Updates that must be whole before the rest begins, in the order in which they run. */
  first: PlannedUpdate[]
  rest: PlannedUpdate[]
  blockers: Blocker[]
}

interface Walk {
  server: FirmwareServer
  packages: readonly FirmwarePackage[]
  selection: UpdateSelection
  /** Those that were selected, and the steps that were added for them. */
  updates: PlannedUpdate[]
  first: PlannedUpdate[]
  blockers: Blocker[]
  trail: string[]
}

const packOf = (update: PlannedUpdate, walk: Walk) => walk.packages.find((pack) => pack.id === update.package_id)

/** Could this package be the one that is asked for? */
function fulfils(pack: FirmwarePackage, need: PackagePrerequisite, asker: FirmwarePackage, walk: Walk): boolean {
  if (pack.id === asker.id || whyNotForServer(pack, walk.server) !== null) return false
  if (need.min_version !== null && !atLeast(pack.version, need.min_version)) return false
  const self = isOfItself(need, asker)
  if (self && compareVersions(pack.version, asker.version) !== 'older') return false
  const wanted = rowsOf(need, asker, walk.server)
  return matchingRows(pack, walk.server).some((row) => wanted.includes(row))
}

/**
 * A package that nobody selected and that is needed all the same: a stepping stone, the lowest that will do, or another
 * component that may be touched, in its newest version. Where exactly these packages were asked for, nothing is added.
 */
function addedStep(need: PackagePrerequisite, asker: FirmwarePackage, walk: Walk): PlannedUpdate | null {
  const { selection, server } = walk
  const self = isOfItself(need, asker)
  if (selection.package_ids || (!self && (selection.component !== undefined || !isWanted(need.component, selection))))
    return null
  const wanted = rowsOf(need, asker, server)
  const found = walk.packages
    .filter((pack) => pack.file_available && fulfils(pack, need, asker, walk))
    .map((pack) => ({ pack, rows: matchingRows(pack, server).filter((row) => wanted.includes(row)) }))
    .filter(({ pack, rows }) => rows.every((row) => compareVersions(pack.version, row.version) === 'newer'))
    .reduce<{ pack: FirmwarePackage; rows: InstalledFirmware[] } | null>((best, one) => {
      if (best === null) return one
      const order = compareVersions(one.pack.version, best.pack.version)
      return order === (self ? 'older' : 'newer') ? one : best
    }, null)
  return found ? planned(found.pack, found.rows) : null
}

function pull(need: PackagePrerequisite, asker: FirmwarePackage, walk: Walk): void {
  const minimum = need.min_version === null ? 'a newer version' : `at least ${need.min_version}`
  const what = isOfItself(need, asker) ? 'an earlier version of itself,' : `${need.component} of`
  const selected = walk.updates.find((update) => {
    const pack = packOf(update, walk)
    return pack !== undefined && fulfils(pack, need, asker, walk)
  })
  const source = selected ?? addedStep(need, asker, walk)
  if (!source || walk.trail.includes(source.package_id)) {
    const cause = source ? 'they need each other' : 'it is not among the updates'
    const text = `${asker.filename} needs ${what} ${minimum} first, but ${cause}.`
    const data = { component: need.component, min_version: need.min_version, source: need.source }
    const remedy = `Have a package for ${need.component} (${minimum}) among the updates; see components and exclude_components.`
    walk.blockers.push(blocker('PrerequisiteMissing', text, { target: asker.filename, data, remedy }))
    return
  }
  if (!selected) walk.updates.push(source)
  visit(source, walk)
  if (walk.first.some((update) => update.package_id === source.package_id)) return
  walk.first.push({ ...source, reason: `${asker.filename} needs ${what} ${minimum} first (${need.source}).` })
}

function visit(update: PlannedUpdate, walk: Walk): void {
  const pack = packOf(update, walk)
  if (!pack) return
  walk.trail.push(update.package_id)
  for (const need of pack.prerequisites) if (!isInstalled(need, pack, walk.server)) pull(need, pack, walk)
  walk.trail.pop()
}

/** What an earlier step of the plan leaves on a device is what a later one starts from. */
function startFromFormer(updates: readonly PlannedUpdate[], now: Map<string, string>): PlannedUpdate[] {
  return updates.map((update) => {
    const from = update.fqdds.map((fqdd, i) => now.get(fqdd) ?? update.from[i] ?? '')
    for (const fqdd of update.fqdds) now.set(fqdd, update.to)
    return { ...update, from }
  })
}

/**
 * Pulls what other updates need to the front: a package may say that it wants a newer iDRAC, BIOS or CPLD first, or a
 * stepping stone of its own. What is neither installed nor planned is added where the selection allows it, and is a blocker
 * otherwise; so are packages that need each other.
 */
export function orderPrerequisites(
  server: FirmwareServer,
  packages: readonly FirmwarePackage[],
  updates: readonly PlannedUpdate[],
  selection: UpdateSelection,
): Prerequisites {
  const walk: Walk = { server, packages, selection, updates: [...updates], first: [], blockers: [], trail: [] }
  for (const update of updates) visit(update, walk)
  const now = new Map<string, string>()
  const first = startFromFormer(walk.first, now)
  const rest = updates.filter((update) => !first.some((entry) => entry.package_id === update.package_id))
  const seen = new Map(walk.blockers.map((entry) => [entry.message, entry]))
  return { first, rest: startFromFormer(rest, now), blockers: [...seen.values()] }
}

import { indexCatalog } from './catalog-index.js'
import {
  bestPackage,
  classOfPackage,
  componentIdOf,
  componentOfPackage,
  componentOfRow,
  isReversible,
  matchingRows,
  rowLabel,
  whyNotForServer,
} from './firmware-catalog.js'
import {
  COMPONENTS,
  type Component,
  type Criticality,
  type FirmwarePackage,
  type FirmwareServer,
  type InstalledFirmware,
} from './firmware-facts.js'
import type { PlannedUpdate, UnplannedUpdate, UpdateSelection } from './update-plan-types.js'
import { compareVersions } from './versions.js'

/** Only when named: they interrupt longer, or cannot be undone. */
const ONLY_WHEN_NAMED: readonly Component[] = ['psu', 'cpld', 'tpm']
const RANK: Record<Criticality, number> = { optional: 1, recommended: 2, urgent: 3 }

export interface Selected {
  updates: PlannedUpdate[]
  left_out: UnplannedUpdate[]
  not_in_catalog: string[]
  not_applicable: { package_id: string; filename: string; message: string }[]
  missing_files: FirmwarePackage[]
}

/** May components of this kind be touched? PSU, CPLD and TPM only when they are named. */
export function isWanted(component: Component, selection: UpdateSelection): boolean {
  if (selection.components) return selection.components.includes(component)
  if (selection.exclude_components?.includes(component)) return false
  return !ONLY_WHEN_NAMED.includes(component)
}

type LeftOut = Pick<UnplannedUpdate, 'why' | 'message'>

/** Versions decide: null = install it. Incomparable versions are installed only where the package was named. */
function whyNotByVersion(row: InstalledFirmware, pack: FirmwarePackage, selection: UpdateSelection): LeftOut | null {
  const order = compareVersions(pack.version, row.version)
  const versions = `${row.version} is installed, ${pack.version} is offered`
  if (order === 'equal') {
    return selection.reinstall_same ? null : { why: 'unchanged', message: `${pack.version} is installed already.` }
  }
  if (order === 'older' && !selection.allow_downgrade) {
    return { why: 'newer_installed', message: `The installed version is newer: ${versions}.` }
  }
  if (order === 'incomparable' && !selection.package_ids) {
    return { why: 'incomparable', message: `The versions cannot be compared: ${versions}.` }
  }
  return null
}

function whyNotWanted(row: InstalledFirmware, pack: FirmwarePackage, selection: UpdateSelection): LeftOut | null {
  if (row.updateable === false) return { why: 'not_updateable', message: 'The device says it cannot be updated.' }
  if (selection.package_ids || selection.component !== undefined) return null
  const component = componentOfRow(row)
  if (!isWanted(component, selection)) {
    return { why: 'not_selected', message: `Components of kind ${component} are not selected.` }
  }
  const criticality = pack.criticality ?? 'recommended'
  if (RANK[criticality] >= RANK[selection.min_criticality]) return null
  return { why: 'criticality', message: `The update is only ${criticality}.` }
}

function leftOut(row: InstalledFirmware, pack: FirmwarePackage, reason: LeftOut): UnplannedUpdate {
  const { fqdd, version } = row
  const name = row.name ?? rowLabel(row)
  return { component: componentOfRow(row), name, fqdd, installed: version, offered: pack.version, ...reason }
}

/** One package for these rows of the server, as a step of a plan. */
export function planned(pack: FirmwarePackage, rows: InstalledFirmware[]): PlannedUpdate {
  const component = componentOfPackage(pack)
  const [first] = rows
  return {
    package_id: pack.id,
    filename: pack.filename,
    size_bytes: pack.size_bytes,
    component: component === 'other' && first ? componentOfRow(first) : component,
    component_class: classOfPackage(pack),
    component_id: first ? componentIdOf(first) : null,
    name: first?.name ?? pack.name,
    fqdds: rows.map((row) => rowLabel(row)),
    from: rows.map((row) => row.version),
    to: pack.version,
    downgrade: rows.some((row) => compareVersions(pack.version, row.version) === 'older'),
    reversible: isReversible(component),
    ...(pack.catalog_entry_id === undefined ? {} : { catalog_entry_id: pack.catalog_entry_id }),
  }
}

/** Sorts the pairs (row, package) into updates and reasons why not. */
function decide(pairs: [InstalledFirmware, FirmwarePackage][], selection: UpdateSelection) {
  const chosen = new Map<string, { pack: FirmwarePackage; rows: InstalledFirmware[] }>()
  const left_out: UnplannedUpdate[] = []
  const missing = new Map<string, FirmwarePackage>()
  for (const [row, pack] of pairs) {
    const reason = whyNotWanted(row, pack, selection) ?? whyNotByVersion(row, pack, selection)
    if (reason) {
      left_out.push(leftOut(row, pack, reason))
      continue
    }
    if (!pack.file_available) {
      missing.set(pack.id, pack)
      left_out.push(
        leftOut(row, pack, { why: 'missing_file', message: `The file ${pack.filename} is not in the store.` }),
      )
      continue
    }
    const entry = chosen.get(pack.id) ?? { pack, rows: [] }
    entry.rows.push(row)
    chosen.set(pack.id, entry)
  }
  return { chosen: [...chosen.values()], left_out, missing_files: [...missing.values()] }
}

const onDevice = (row: InstalledFirmware, selection: UpdateSelection) =>
  selection.fqdd === undefined || row.fqdd === selection.fqdd

function explicitPairs(server: FirmwareServer, packages: readonly FirmwarePackage[], selection: UpdateSelection) {
  const pairs: [InstalledFirmware, FirmwarePackage][] = []
  const not_applicable: Selected['not_applicable'] = []
  for (const pack of packages.filter((candidate) => selection.package_ids?.includes(candidate.id))) {
    const why = whyNotForServer(pack, server)
    const rows = why === null ? matchingRows(pack, server).filter((row) => onDevice(row, selection)) : []
    for (const row of rows) pairs.push([row, pack])
    if (rows.length === 0) {
      const message = why ?? 'No device of the server matches the package.'
      not_applicable.push({ package_id: pack.id, filename: pack.filename, message })
    }
  }
  return { pairs, not_applicable, not_in_catalog: [] as string[] }
}

function comparedPairs(server: FirmwareServer, packages: readonly FirmwarePackage[], selection: UpdateSelection) {
  const pairs: [InstalledFirmware, FirmwarePackage][] = []
  const not_in_catalog: string[] = []
  const { component } = selection
  const index = indexCatalog(packages)
  for (const row of (server.inventory ?? []).filter((candidate) => onDevice(candidate, selection))) {
    const pack = bestPackage(row, server, index.candidates(row, server.system_id))
    if (component !== undefined && !isNamed(component, row, pack)) continue
    if (pack) pairs.push([row, pack])
    else not_in_catalog.push(rowLabel(row))
  }
  const not_applicable: Selected['not_applicable'] = []
  if (component !== undefined && pairs.length === 0) {
    const message = `There is no package for ${component} that fits a device of the server.`
    not_applicable.push({ package_id: '', filename: component, message })
  }
  return { pairs, not_applicable, not_in_catalog }
}

/** Does the word name this device: by component id, by kind of component, or as a part of its or the package's name? */
function isNamed(word: string, row: InstalledFirmware, pack: FirmwarePackage | null): boolean {
  const asked = word.trim().toLowerCase()
  if (componentIdOf(row) === asked || pack?.devices.some((device) => device.component_id === asked)) return true
  if ((COMPONENTS as readonly string[]).includes(asked)) return componentOfRow(row) === asked
  return [row.name, pack?.name].some((name) => name?.toLowerCase().includes(asked))
}

/** Which packages are for which devices of this server, and why the rest is left as it is. */
export function selectUpdates(
  server: FirmwareServer,
  packages: readonly FirmwarePackage[],
  selection: UpdateSelection,
): Selected {
  const found = selection.package_ids
    ? explicitPairs(server, packages, selection)
    : comparedPairs(server, packages, selection)
  const { chosen, left_out, missing_files } = decide(found.pairs, selection)
  return {
    updates: chosen.map(({ pack, rows }) => planned(pack, rows)),
    left_out,
    missing_files,
    not_in_catalog: found.not_in_catalog,
    not_applicable: found.not_applicable,
  }
}

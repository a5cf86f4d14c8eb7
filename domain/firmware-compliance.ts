import type { CatalogIndex } from './catalog-index.js'
import { bestPackage, componentOfRow, rowLabel, whyNotForServer } from './firmware-catalog.js'
import type { Component, Criticality, FirmwarePackage, FirmwareServer, InstalledFirmware } from './firmware-facts.js'
import { type UnmetNeed, unmetNeeds } from './update-prerequisites.js'
import { compareVersions } from './versions.js'

export type ComplianceStatus = 'compliant' | 'outdated' | 'unknown'

export type ComplianceReason =
  | 'current'
  | 'newer_available'
  /** The device is ahead of the catalogue; going back would be a downgrade. */
  | 'newer_installed'
  /** The versions differ, but which one is newer cannot be told. */
  | 'incomparable'
  | 'not_in_catalog'
  /** The catalogue knows the device, but only for other systems. */
  | 'not_for_this_system'
  | 'not_updateable'

/** How one inventory row stands against a catalogue. */
export interface ComplianceItem {
  fqdd: string | null
  name: string
  component: Component
  installed: string
  status: ComplianceStatus
  reason: ComplianceReason
  message: string
  offered: {
    entry_id: string
    version: string
    filename: string
    criticality: Criticality | null
    release_date: string | null
  } | null
  /** What must be newer before the offered one can be applied. */
  needs: UnmetNeed[]
}

export interface Compliance {
  status: ComplianceStatus
  outdated: number
  urgent: number
  not_in_catalog: number
  items: ComplianceItem[]
}

/**
 * Compares the installed firmware of a server with a catalogue. Each row gets a status and its reason; what the catalogue
 * does not know is never compliant. The server is outdated when one of its rows is, unknown when nothing could be compared
 * or versions differ that cannot be ordered, else compliant.
 */
export function judgeCompliance(server: FirmwareServer, index: CatalogIndex): Compliance {
  const items = (server.inventory ?? []).map((row) => judgeRow(row, server, index))
  const outdated = items.filter((item) => item.status === 'outdated')
  return {
    status: statusOf(items),
    outdated: outdated.length,
    urgent: outdated.filter((item) => item.offered?.criticality === 'urgent').length,
    not_in_catalog: items.filter((item) => item.offered === null).length,
    items,
  }
}

function statusOf(items: readonly ComplianceItem[]): ComplianceStatus {
  if (items.some((item) => item.status === 'outdated')) return 'outdated'
  const compared = items.filter((item) => item.offered !== null)
  return compared.length > 0 && compared.every((item) => item.status === 'compliant') ? 'compliant' : 'unknown'
}

function judgeRow(row: InstalledFirmware, server: FirmwareServer, index: CatalogIndex): ComplianceItem {
  const pack = bestPackage(row, server, index.candidates(row, server.system_id))
  const { fqdd, version: installed } = row
  const base = { fqdd, name: row.name ?? rowLabel(row), component: componentOfRow(row), installed }
  if (!pack) return { ...base, ...unmatched(row, server, index), status: 'unknown', offered: null, needs: [] }
  const { id: entry_id, version, filename, criticality, release_date } = pack
  const offered = { entry_id, version, filename, criticality, release_date }
  const verdict = byVersion(row, pack)
  const needs = verdict.status === 'outdated' ? unmetNeeds(pack, server) : []
  return { ...base, ...verdict, offered, needs }
}

function unmatched(row: InstalledFirmware, server: FirmwareServer, index: CatalogIndex) {
  const other = index.anywhere(row)[0]
  const why = other ? whyNotForServer(other, server) : null
  return why === null
    ? { reason: 'not_in_catalog' as const, message: 'The catalog names no package for this device.' }
    : { reason: 'not_for_this_system' as const, message: `The catalog names this device for other systems: ${why}` }
}

type Verdict = Pick<ComplianceItem, 'status' | 'reason' | 'message'>

function byVersion(row: InstalledFirmware, pack: FirmwarePackage): Verdict {
  const versions = `${row.version} is installed, ${pack.version} is in the catalog`
  switch (compareVersions(pack.version, row.version)) {
    case 'equal':
      return { status: 'compliant', reason: 'current', message: `${row.version} is what the catalog names.` }
    case 'older':
      return { status: 'compliant', reason: 'newer_installed', message: `The installed version is newer: ${versions}.` }
    case 'incomparable':
      return { status: 'unknown', reason: 'incomparable', message: `The versions cannot be ordered: ${versions}.` }
    case 'newer':
      return row.updateable === false
        ? { status: 'unknown', reason: 'not_updateable', message: `The device says it cannot be updated; ${versions}.` }
        : { status: 'outdated', reason: 'newer_available', message: `${versions}.` }
  }
}

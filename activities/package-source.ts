import type { FirmwareCatalog } from '../db/schema/catalogs.js'
import { getCatalog, listReadyCatalogs, listUsableEntries } from '../db/stores/firmware-catalogs.js'
import { findPackagesByHash, getFirmwarePackages, listReadyPackages } from '../db/stores/media.js'
import type { Blocker } from '../domain/failures.js'
import type { FirmwarePackage, FirmwareServer } from '../domain/firmware-facts.js'
import { blocker } from '../domain/verdict.js'
import type { FirmwareSelection } from './contracts/firmware.js'
import type { Deps } from './deps.js'
import { Refused, StepFailed } from './failures.js'
import { catalogPackage, firmwarePackage } from './firmware-facts.js'
import { judgeUrl } from './url-source.js'

/** The packages that may be used for a server, and why some source of them cannot be. */
export interface PackageOffer {
  packages: FirmwarePackage[]
  blockers: Blocker[]
}

/** Where the packages come from, as the job says; nothing is fetched here. */
export function packagesFor(deps: Deps, selection: FirmwareSelection, server: FirmwareServer): Promise<PackageOffer> {
  if (selection.offered) return Promise.resolve({ packages: selection.offered, blockers: [] })
  if (selection.firmware_source === 'dell_catalog') return fromCatalog(deps, selection, server)
  return selection.package_ids ? fromStoreById(deps, selection.package_ids) : fromStore(deps)
}

async function fromStore(deps: Deps): Promise<PackageOffer> {
  const rows = await listReadyPackages(deps.db)
  const empty = blocker('PackageNotFound', 'There is no firmware package in the store to compare with.')
  return { packages: rows.map(firmwarePackage), blockers: rows.length === 0 ? [empty] : [] }
}

async function fromStoreById(deps: Deps, ids: readonly string[]): Promise<PackageOffer> {
  const rows = await getFirmwarePackages(deps.db, [...ids])
  const missing = ids.filter((id) => !rows.some((row) => row.id === id))
  return {
    packages: rows.map(firmwarePackage),
    blockers: missing.map((id) => blocker('PackageNotFound', `Package ${id} is not in the store.`)),
  }
}

/**
 * The entries of a catalogue for this server. One whose file is in the store (same SHA-256, or same MD5 and size) goes under
 * the id it has there; of the others the file can be had when the base location lies inside the allow-list.
 */
async function fromCatalog(deps: Deps, selection: FirmwareSelection, server: FirmwareServer): Promise<PackageOffer> {
  const catalog = await catalogOf(deps, selection.catalog_id)
  if (!catalog) {
    const which = selection.catalog_id ? 'The catalog is not there (any more).' : 'No catalog has been imported.'
    return { packages: [], blockers: [blocker('CatalogMissing', which)] }
  }
  const entries = await listUsableEntries(deps.db, catalog.id, server.system_id)
  const stored = await findPackagesByHash(deps.db, entries)
  const reachable = entries.length > stored.size && (await isReachable(deps, catalog))
  const packages = entries.map((entry): FirmwarePackage => {
    const known = stored.get(entry.id)
    const pack = catalogPackage(entry, known !== undefined || reachable)
    if (known) return { ...pack, id: known.id, size_bytes: known.size_bytes, component_class: known.component_class }
    return reachable ? { ...pack, catalog_entry_id: entry.id } : pack
  })
  return { packages: oncePerId(packages), blockers: [] }
}

/** Two entries may name the same file. */
const oncePerId = (packages: FirmwarePackage[]) => [...new Map(packages.map((pack) => [pack.id, pack])).values()]

/** The one that was named, else the default, else the newest. */
async function catalogOf(deps: Deps, catalog_id: string | undefined): Promise<FirmwareCatalog | null> {
  if (catalog_id === undefined) return (await listReadyCatalogs(deps.db))[0] ?? null
  const found = await getCatalog(deps.db, catalog_id)
  return found?.status === 'ready' ? found : null
}

/** May the base location be asked at all? Whether a file is there is seen when it is fetched. */
async function isReachable(deps: Deps, catalog: FirmwareCatalog): Promise<boolean> {
  if (catalog.base_location === null) return false
  try {
    await judgeUrl(deps, catalog.base_location)
    return true
  } catch (thrown) {
    if (thrown instanceof Refused || thrown instanceof StepFailed) return false
    throw thrown
  }
}

import { CatalogInvalid } from '../clients/dell-catalog/catalog-invalid.js'
import { type CatalogComponent, type CatalogHead, readCatalog } from '../clients/dell-catalog/read-catalog.js'
import {
  type CatalogWriter,
  findCatalogByHash,
  importCatalog,
  type NewCatalogEntry,
} from '../db/stores/firmware-catalogs.js'
import { classOfPackage } from '../domain/firmware-catalog.js'
import { compareFleet } from './compliance.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { catalogPackage } from './firmware-facts.js'

const BATCH = 500

/** What a catalogue file holds. */
export interface CatalogSummary extends CatalogHead {
  components: number
  bundles: number
}

export interface CatalogFile {
  path: string
  sha256: string
  name: string
  source_type: 'upload' | 'url'
  imported_by: string | null
}

/** Do the first four bytes look like XML, in whatever encoding, or like gzip? What it is is told by reading it. */
export function looksLikeCatalog(head: Buffer): boolean {
  const begin = head.toString('hex', 0, 4)
  return /^(1f8b|fffe3c00|feff003c|efbbbf3c|3c003f00|003c003f|3c3f786d|3c4d616e)/.test(begin)
}

/**
 * Reads a catalogue file to its end without storing anything.
 * @throws {StepFailed} `PackageInvalid` where it is cut off, not well formed, or no catalogue
 */
export async function inspectCatalog(path: string): Promise<CatalogSummary> {
  return invalidAsFailure(async () => {
    let head: CatalogHead | null = null
    let [components, bundles] = [0, 0]
    for await (const item of readCatalog(path)) {
      if (item.kind === 'head') head = item.head
      else if (item.kind === 'component') components += 1
      else bundles += 1
    }
    if (!head || components === 0) throw new CatalogInvalid('The catalog names no package.')
    return { ...head, components, bundles }
  })
}

/**
 * Stores a catalogue with all its entries in one transaction and compares the known servers with it. The same file again
 * gives the row that is there. `summary` is what {@link inspectCatalog} said of it.
 * @throws {StepFailed} `PackageInvalid`; then nothing is stored
 */
export async function takeCatalog(
  deps: Pick<Deps, 'db'>,
  file: CatalogFile,
  summary: CatalogSummary,
): Promise<{ id: string; created: boolean }> {
  const known = await findCatalogByHash(deps.db, file.sha256)
  if (known) return { id: known.id, created: false }
  const { components: _components, bundles: _bundles, ...head } = summary
  const { sha256, name, source_type, imported_by } = file
  const row = await invalidAsFailure(() =>
    importCatalog(deps.db, { ...head, sha256, name, source_type, imported_by }, (writer) => fill(file.path, writer)),
  )
  await compareFleet(deps.db, row.id)
  return { id: row.id, created: true }
}

async function fill(path: string, writer: CatalogWriter): Promise<number> {
  const models = new Map<string, Set<string>>()
  /** Names that a bundle speaks of after a component was written. */
  const late = new Set<string>()
  let batch: NewCatalogEntry[] = []
  let stored = 0
  const write = async () => {
    if (batch.length > 0) stored += await writer.addEntries(batch)
    batch = []
  }
  for await (const item of readCatalog(path)) {
    if (item.kind === 'bundle') noteBundle(item.bundle, models, stored + batch.length > 0 ? late : null)
    if (item.kind !== 'component') continue
    const named = models.get(item.component.path) ?? models.get(item.component.filename)
    batch.push(entryOf(item.component, named ? [...named] : []))
    if (batch.length >= BATCH) await write()
  }
  await write()
  if (late.size > 0) await writer.setModels(new Map([...late].map((name) => [name, models.get(name) ?? []])))
  return stored
}

function noteBundle(
  bundle: { models: string[]; packages: string[] },
  models: Map<string, Set<string>>,
  late: Set<string> | null,
): void {
  for (const name of bundle.packages) {
    const list = models.get(name) ?? new Set()
    for (const model of bundle.models) list.add(model)
    models.set(name, list)
    late?.add(name)
  }
}

/** The row of one component. The class is the rule's: what a catalogue says of reboots is not enough to be careless. */
function entryOf(component: CatalogComponent, bundle_models: string[]): NewCatalogEntry {
  const { reboot_required, release_date, ...rest } = component
  const [first] = component.devices
  const entry = {
    ...rest,
    reboot_required,
    release_date: isoDate(release_date),
    component_id: first?.component_id ?? null,
    component_class: 'host_reboot' as const,
    bundle_models,
  }
  const draft = catalogPackage({ ...entry, id: '' }, false)
  return { ...entry, component_class: classOfPackage({ ...draft, component_class: null }) }
}

/** `January 07, 2025` as the vendor prints it becomes `2025-01-07`, so that text order is time order. */
function isoDate(text: string | null): string | null {
  if (text === null || /^\d{4}-\d{2}-\d{2}/.test(text)) return text
  const at = Date.parse(`${text} UTC`)
  return Number.isNaN(at) ? text : new Date(at).toISOString().slice(0, 10)
}

async function invalidAsFailure<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (thrown) {
    if (thrown instanceof CatalogInvalid) throw new StepFailed('PackageInvalid', thrown.message)
    throw thrown
  }
}

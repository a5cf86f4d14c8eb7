import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { cancellationSignal } from '@temporalio/activity'
import { readUpdatePackage } from '../clients/update-package/package-xml.js'
import type { PackageFacts } from '../clients/update-package/software-component.js'
import { readWebFile } from '../clients/web/web-file.js'
import type { FirmwareCatalogEntry } from '../db/schema/catalogs.js'
import { getCatalog, getCatalogEntry } from '../db/stores/firmware-catalogs.js'
import { findPackageByHash, storedBytes } from '../db/stores/media.js'
import type { Criticality, FirmwarePackage, PackageDevice, PackagePrerequisite } from '../domain/firmware-facts.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { firmwarePackage } from './firmware-facts.js'
import { UPLOADS_FOLDER } from './media.js'
import { storePackage } from './stored-package.js'
import { judgeUrl } from './url-source.js'

/** No update package is larger; the largest of today have 1 GB. */
const MOST_BYTES = 4 * 1024 ** 3
const LEAST_FREE_SHARE = 0.05
const PREFIX = 'fetch-'
/** What a process left behind that died while it fetched. */
const OLD_MS = 24 * 3_600_000

interface Fetched {
  path: string
  size_bytes: number
  sha256: string
  md5: string
}

/** Fetches under way in this process, so that servers that want the same file wait for one transfer. */
const underWay = new Map<string, Promise<string>>()

/**
 * Makes sure that the package of a catalogue entry is in our store, and answers its id there. What is not there comes from
 * the base location of the catalogue, inside the allow-list, and is believed only with the catalogue's checksum.
 * @throws StepFailed `CatalogMissing`, `PackageNotFound`, `HashMismatch`, `StorageFull`; Refused `UrlRefused`;
 * DeviceError `UrlUnreachable`
 */
export async function fetchCatalogPackage(deps: Deps, entry_id: string): Promise<string> {
  const running = underWay.get(entry_id)
  if (running) return running
  const fetching = fetchEntry(deps, entry_id)
  underWay.set(entry_id, fetching)
  try {
    return await fetching
  } finally {
    underWay.delete(entry_id)
  }
}

async function fetchEntry(deps: Deps, entry_id: string): Promise<string> {
  const entry = await getCatalogEntry(deps.db, entry_id)
  const catalog = entry && (await getCatalog(deps.db, entry.catalog_id))
  if (!entry || !catalog) throw new StepFailed('CatalogMissing', 'The catalog was deleted meanwhile.')
  const known = await findPackageByHash(deps.db, entry)
  if (known) return known.id
  if (entry.sha256 === null && entry.md5 === null)
    throw new StepFailed('HashMismatch', `The catalog names no checksum of ${entry.filename}; upload the package.`)
  if (catalog.base_location === null)
    throw new StepFailed('PackageNotFound', `${entry.filename} is not stored, and the catalog has no base_location.`)
  const fetched = await download(deps, entryUrl(catalog.base_location, entry.path), entry.size_bytes)
  try {
    checkAgainst(entry, fetched)
    const facts = (await factsOf(fetched)) ?? factsOfEntry(entry)
    const { id } = await storePackage(deps, {
      ...fetched,
      filename: entry.filename,
      facts: { ...facts, criticality: facts.criticality ?? (entry.criticality as Criticality | null) },
      uploaded_by: null,
      catalog_id: catalog.id,
    })
    return id
  } finally {
    await rm(fetched.path, { force: true })
  }
}

/**
 * The address of an entry: its path below the base location, never beside it.
 * @throws StepFailed `UrlRefused`
 */
export function entryUrl(base_location: string, path: string): string {
  const base = base_location.endsWith('/') ? base_location : `${base_location}/`
  const below = path.split('/').filter((part) => part !== '')
  const safe = below.every((part) => part !== '..' && part !== '.' && !part.includes('\\'))
  const url = `${base}${below.map(encodeURIComponent).join('/')}`
  if (!safe || below.length === 0 || !URL.canParse(url))
    throw new StepFailed(
      'UrlRefused',
      `The path ${JSON.stringify(path.slice(0, 200))} does not lie below ${base_location}.`,
    )
  return url
}

function checkAgainst(entry: FirmwareCatalogEntry, fetched: Fetched): void {
  const wrong = (what: string, got: unknown, wanted: unknown) =>
    new StepFailed('HashMismatch', `${entry.filename} has the ${what} ${got}; the catalog names ${wanted}.`)
  if (entry.size_bytes !== null && entry.size_bytes !== fetched.size_bytes)
    throw wrong('size', fetched.size_bytes, entry.size_bytes)
  if (entry.sha256 !== null && entry.sha256 !== fetched.sha256) throw wrong('SHA-256', fetched.sha256, entry.sha256)
  if (entry.md5 !== null && entry.md5 !== fetched.md5) throw wrong('MD5', fetched.md5, entry.md5)
}

/**
 * Takes a package from an address that somebody gave: inside the allow-list, whole, with the SHA-256 that was given, and a
 * package by its content. Without `keep` it is only looked at, and the file is removed again.
 * @throws as {@link fetchCatalogPackage}; StepFailed `PackageInvalid`
 */
export async function fetchUrlPackage(
  deps: Deps,
  wish: { url: string; sha256: string | null; keep: boolean },
): Promise<{ package_id: string | null; facts: FirmwarePackage }> {
  const known = wish.sha256 === null ? null : await findPackageByHash(deps.db, { sha256: wish.sha256 })
  if (known) return { package_id: known.id, facts: firmwarePackage(known) }
  const fetched = await download(deps, wish.url, null)
  try {
    if (wish.sha256 !== null && wish.sha256 !== fetched.sha256)
      throw new StepFailed('HashMismatch', `The file has the SHA-256 ${fetched.sha256}, ${wish.sha256} was given.`)
    const facts = await factsOf(fetched)
    if (!facts) throw new StepFailed('PackageInvalid', 'The file at this address is no update package.')
    const filename = decodeURIComponent(new URL(wish.url).pathname.split('/').at(-1) || 'package.EXE')
    const checked = { ...fetched, filename, facts, uploaded_by: null }
    if (!wish.keep) return { package_id: null, facts: offered(checked) }
    const { id } = await storePackage(deps, checked)
    return { package_id: id, facts: { ...offered(checked), id } }
  } finally {
    await rm(fetched.path, { force: true })
  }
}

/** A package that is not in the store, as the matching rule takes it. */
function offered({ facts, ...file }: Fetched & { filename: string; facts: PackageFacts }): FirmwarePackage {
  const { filename, size_bytes, sha256 } = file
  return { ...facts, id: 'url', filename, size_bytes, sha256, component_class: null, file_available: true }
}

async function factsOf({ path, size_bytes }: Fetched): Promise<PackageFacts | null> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(2)
    await file.read(head, 0, 2, 0)
    return head.toString('latin1') === 'MZ' ? await readUpdatePackage(file, size_bytes) : null
  } finally {
    await file.close()
  }
}

/** What the catalogue says: enough for a file whose checksum is the catalogue's. */
function factsOfEntry(entry: FirmwareCatalogEntry): PackageFacts {
  return {
    ...entry,
    name: entry.name ?? entry.filename,
    criticality: entry.criticality as Criticality | null,
    system_ids: entry.system_ids ?? [],
    models: entry.models ?? [],
    devices: (entry.devices ?? []) as PackageDevice[],
    prerequisites: (entry.prerequisites ?? []) as PackagePrerequisite[],
  }
}

/** Streams a file to disk beside the store, with its checksums; nothing is left when it fails. */
async function download(deps: Deps, url: string, announced: number | null): Promise<Fetched> {
  const place = await judgeUrl(deps, url)
  const folder = join(deps.media.iso_directory, UPLOADS_FOLDER)
  await mkdir(folder, { recursive: true })
  await sweep(folder)
  const path = join(folder, `${PREFIX}${randomUUID()}`)
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  let size_bytes = 0
  const most = Math.min(MOST_BYTES, announced ?? MOST_BYTES)
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size_bytes += chunk.length
      sha256.update(chunk)
      md5.update(chunk)
      done(size_bytes > most ? new StepFailed('HashMismatch', `The file is larger than ${most} bytes.`) : null, chunk)
    },
  })
  try {
    await readWebFile(
      place,
      async (answer) => {
        await requireSpace(deps, answer.size_bytes ?? announced ?? 0)
        await pipeline(answer.bytes, count, createWriteStream(path, { flags: 'wx' }))
      },
      cancellationSignal(),
    )
    return { path, size_bytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') }
  } catch (thrown) {
    await rm(path, { force: true })
    throw thrown
  }
}

async function requireSpace(deps: Deps, more: number): Promise<void> {
  const used = await storedBytes(deps.db)
  if (used + more > deps.media.max_storage_bytes)
    throw new StepFailed(
      'StorageFull',
      `The media store would hold ${used + more} bytes; its quota is ${deps.media.max_storage_bytes}.`,
    )
  const disk = await statfs(deps.media.iso_directory)
  if (disk.bavail * disk.bsize - more < disk.blocks * disk.bsize * LEAST_FREE_SHARE)
    throw new StepFailed('StorageFull', 'Less than 5 % of the disk would be free.')
}

async function sweep(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => each.startsWith(PREFIX))) {
    const found = await stat(join(folder, name)).catch(() => null)
    if (found && Date.now() - found.mtimeMs > OLD_MS) await rm(join(folder, name), { force: true })
  }
}

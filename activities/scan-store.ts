import type { Dirent, Stats } from 'node:fs'
import { access, constants, lstat, readdir, realpath } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { cancelled } from '@temporalio/activity'
import { findCatalogByHash } from '../db/stores/firmware-catalogs.js'
import {
  findStored,
  keepServedUrls,
  listStored,
  markStored,
  noteScanned,
  type StoredRow,
} from '../db/stores/stored-files.js'
import { checkRoom } from '../domain/storage-room.js'
import { type CatalogSummary, takeCatalog } from './catalog-import.js'
import type { MediaActivities, ScannedStore } from './contracts/media.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { hashesOfFile } from './file-hash.js'
import { lookInside } from './look-inside.js'
import { mediaBaseUrl, mediaUrl } from './media-urls.js'
import { storageFacts } from './storage-facts.js'
import { isOwnName, saveStoredFile } from './store-file.js'

type Input = Parameters<MediaActivities['scanStore']>[0]
type Skip = { path: string; reason: string }

interface Found {
  /** Below the store, with forward slashes. */
  storage_name: string
  path: string
  stats: Stats
}

/** The folder of uploads is the product's own. */
const OWN_FOLDERS = new Set(['uploads'])

/**
 * Registers what somebody put into the store, where it lies. A file that was hashed before and has the same size and time
 * is not read again, so the scan can be repeated at any point.
 */
export async function scanStore(deps: Deps, input: Input): Promise<ScannedStore> {
  const root = await realpath(deps.media.iso_directory).catch(() => null)
  const start = root === null ? null : await realpath(join(root, input.subdirectory ?? '.')).catch(() => null)
  if (root === null || start === null || relative(root, start).startsWith('..'))
    throw new StepFailed('MediaNotFound', `There is no folder ${input.subdirectory ?? ''} in the media store.`)
  const { found, skipped } = await walk(root, start, input.recursive)
  const result: ScannedStore = {
    found: found.length,
    new: 0,
    updated: 0,
    missing: 0,
    skipped,
    bytes_total: found.reduce((sum, { stats }) => sum + stats.size, 0),
    warnings: [],
  }
  for (const file of found) {
    await Promise.race([cancelled(), Promise.resolve()])
    const outcome = await scanFile(deps, input, file)
    if (typeof outcome === 'object') skipped.push(outcome)
    else if (outcome !== 'same') result[outcome] += 1
  }
  const inside = relative(root, start)
  if (input.mark_missing)
    result.missing = await markMissing(deps, input, inside, new Set(found.map((f) => f.storage_name)))
  if (input.refresh_urls && !input.dry_run) await refreshUrls(deps)
  const room = checkRoom(0, { ...(await storageFacts(deps)), max_file_bytes: Number.MAX_SAFE_INTEGER })
  if (room) result.warnings.push(room)
  return result
}

/** Links are not followed and hidden things not looked at, wherever they point. */
async function walk(root: string, start: string, recursive: boolean): Promise<{ found: Found[]; skipped: Skip[] }> {
  const found: Found[] = []
  const skipped: Skip[] = []
  const folders = [start]
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const at = folder
    const entries = await readdir(at, { withFileTypes: true }).catch(() => null)
    if (entries === null) skipped.push({ path: relative(root, at), reason: 'the folder cannot be read' })
    for (const entry of (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name)
      if (at === root && entry.isDirectory() && OWN_FOLDERS.has(entry.name)) continue
      const reason = await whyLeftOut(entry, path)
      if (reason !== null) skipped.push({ path: relative(root, path), reason })
      else if (entry.isDirectory()) folders.push(...(recursive ? [path] : []))
      else found.push({ storage_name: relative(root, path), path, stats: await lstat(path) })
    }
  }
  return { found, skipped }
}

async function whyLeftOut(entry: Dirent, path: string): Promise<string | null> {
  if (entry.name.startsWith('.')) return 'hidden'
  if (entry.isSymbolicLink()) return 'a link'
  if (entry.isDirectory()) return null
  if (!entry.isFile()) return 'no ordinary file'
  return access(path, constants.R_OK).then(
    () => null,
    () => 'cannot be read',
  )
}

async function scanFile(deps: Deps, input: Input, file: Found): Promise<'same' | 'new' | 'updated' | Skip> {
  const { storage_name, path, stats } = file
  const known = await findStored(deps.db, storage_name)
  const changed_ms = Math.round(Math.max(stats.mtimeMs, stats.ctimeMs))
  const remembered =
    known !== null && known.size_bytes === stats.size && known.hashed_ms !== null && known.hashed_ms >= changed_ms
  if (remembered && input.checksums === 'new') {
    if (known.status === 'ready' || input.dry_run) return 'same'
    await markStored(deps.db, known, 'ready')
    return 'updated'
  }
  const hashes = await hashesOfFile(path)
  if (known !== null && known.sha256 === hashes.sha256 && known.status === 'ready') {
    if (!input.dry_run) await noteScanned(deps.db, known)
    return 'same'
  }
  if (known !== null && !input.dry_run)
    await markStored(deps.db, known, known.sha256 === hashes.sha256 ? 'ready' : 'missing')
  if (known !== null && known.sha256 === hashes.sha256) return 'updated'
  return register(deps, input, file, hashes)
}

async function register(
  deps: Deps,
  input: Input,
  { storage_name, path, stats }: Found,
  hashes: { sha256: string; md5: string },
): Promise<'same' | 'new' | 'updated' | Skip> {
  const filename = basename(path)
  try {
    // A catalogue has rows of its own and no row of the store: what was imported is told by its hash, not by reading it again.
    if (await findCatalogByHash(deps.db, hashes.sha256)) return 'same'
    const content = await lookInside({ path, filename, size_bytes: stats.size }, null)
    if (input.dry_run) return 'new'
    if (content.kind === 'catalog') return importFound(deps, input, { path, filename, ...hashes }, content.summary)
    const { created } = await saveStoredFile(
      deps,
      {
        ...hashes,
        storage_name,
        filename,
        name: null,
        size_bytes: stats.size,
        source_type: isOwnName(storage_name) ? 'upload' : 'scan',
        uploaded_by: input.requested_by,
        replace: false,
      },
      content,
    )
    return created ? 'new' : { path: storage_name, reason: 'the same content is registered already' }
  } catch (thrown) {
    if (thrown instanceof StepFailed) return { path: storage_name, reason: thrown.message }
    throw thrown
  }
}

/** The catalogue becomes rows; its file stays where somebody put it. */
async function importFound(
  deps: Deps,
  { requested_by: imported_by }: Input,
  { path, filename: name, sha256 }: { path: string; filename: string; sha256: string },
  summary: CatalogSummary,
): Promise<'same' | 'new'> {
  const { created } = await takeCatalog(deps, { path, sha256, name, source_type: 'upload', imported_by }, summary)
  return created ? 'new' : 'same'
}

async function markMissing(deps: Deps, input: Input, inside: string, there: Set<string>): Promise<number> {
  const below = (row: StoredRow) =>
    inside === '' || row.storage_name === inside || row.storage_name.startsWith(`${inside}/`)
  const shallow = (row: StoredRow) =>
    input.recursive || !row.storage_name.slice(inside === '' ? 0 : inside.length + 1).includes('/')
  const gone = (await listStored(deps.db)).filter(
    (row) => row.status === 'ready' && below(row) && shallow(row) && !there.has(row.storage_name),
  )
  if (!input.dry_run) for (const row of gone) await markStored(deps.db, row, 'missing')
  return gone.length
}

/** Where devices are told to come may have changed since the rows were written. */
async function refreshUrls(deps: Deps): Promise<void> {
  const base_url = await mediaBaseUrl(deps)
  if (base_url === null) return
  await keepServedUrls(deps.db, (row) => mediaUrl(base_url, row.media_token, row.filename, row.kind))
}

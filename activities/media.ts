import { type FileHandle, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { readUpdatePackage } from '../clients/update-package/package-xml.js'
import type { PackageFacts } from '../clients/update-package/software-component.js'
import { readZipEntries } from '../clients/update-package/zip.js'
import type { Upload } from '../db/schema/media.js'
import { deleteUpload, getUpload, insertIsoImage, storedBytes } from '../db/stores/media.js'
import { type CatalogSummary, inspectCatalog, looksLikeCatalog, takeCatalog } from './catalog-import.js'
import type { MediaActivities, TakenUpload } from './contracts/media.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { hashesOfFile } from './file-hash.js'
import { newMediaToken, servedUrl } from './media-urls.js'
import { storePackage } from './stored-package.js'

/** Folder of unfinished and finished uploads below the store. */
export const UPLOADS_FOLDER = 'uploads'
const ISO_MARK_AT = 32_769
const LEAST_FREE_SHARE = 0.05

type Input = Parameters<MediaActivities['takeUpload']>[0]
type Content =
  | { kind: 'iso' | 'img' | 'esxi_depot' }
  | { kind: 'firmware'; facts: PackageFacts }
  | { kind: 'catalog'; summary: CatalogSummary }

/** Activities on our own media store. */
export function createMediaActivities(deps: Deps): MediaActivities {
  return {
    takeUpload: (input) => takeUpload(deps, input),
    async dropUpload({ upload_id }) {
      const upload = await getUpload(deps.db, upload_id)
      if (upload) await rm(pathOf(deps, upload), { force: true })
      await deleteUpload(deps.db, upload_id)
    },
  }
}

const pathOf = (deps: Deps, upload: Upload) => join(deps.media.iso_directory, UPLOADS_FOLDER, upload.storage_name)

/** Checks in the order of the job's rows; each can be repeated, and a half-moved file is found by its hash. */
async function takeUpload(deps: Deps, input: Input): Promise<TakenUpload> {
  const upload = await getUpload(deps.db, input.upload_id)
  if (!upload) throw new StepFailed('MediaNotFound', 'The upload is unknown, unfinished or has expired.')
  const stored = join(deps.media.iso_directory, upload.sha256 ?? '')
  const path = (await exists(pathOf(deps, upload))) ? pathOf(deps, upload) : stored
  await checkSize(deps, path, upload)
  const { sha256, md5 } = await hashesOfFile(path)
  checkHash(upload, sha256, input.expected_sha256)
  const content = await lookInside(path, upload, input.kind)
  if (input.dry_run)
    return {
      outcome: 'unchanged',
      kind: content.kind,
      record_id: upload.id,
      size_bytes: upload.size_bytes,
      sha256,
      served_url: null,
      details: detailsOf(upload, content),
    }
  if (content.kind === 'catalog') return storeCatalog(deps, input, upload, sha256, path, content.summary)
  await mkdir(deps.media.iso_directory, { recursive: true })
  const name = join(deps.media.iso_directory, sha256)
  if (path !== name) await rename(path, name)
  const saved =
    content.kind === 'firmware'
      ? await storePackage(deps, { ...fileOf(upload), path: name, sha256, md5, facts: content.facts })
      : await saveImage(deps, input, upload, sha256, content.kind)
  await deleteUpload(deps.db, upload.id)
  const details = detailsOf(upload, content)
  return {
    outcome: saved.created ? 'changed' : 'unchanged',
    kind: content.kind,
    record_id: saved.id,
    size_bytes: upload.size_bytes,
    sha256,
    served_url: saved.served_url,
    details,
  }
}

/** A catalogue becomes rows; its file is not needed any more. */
async function storeCatalog(
  deps: Deps,
  input: Input,
  upload: Upload,
  sha256: string,
  path: string,
  summary: CatalogSummary,
): Promise<TakenUpload> {
  const name = input.name ?? upload.filename
  const file = { path, sha256, name, source_type: 'upload' as const, imported_by: upload.user_id }
  const { id, created } = await takeCatalog(deps, file, summary)
  await rm(path, { force: true })
  await deleteUpload(deps.db, upload.id)
  return {
    outcome: created ? 'changed' : 'unchanged',
    kind: 'catalog',
    record_id: id,
    size_bytes: upload.size_bytes,
    sha256,
    served_url: null,
    details: { filename: upload.filename, ...summary },
  }
}

const fileOf = ({ filename, size_bytes, user_id }: Upload) => ({ filename, size_bytes, uploaded_by: user_id })

const exists = async (path: string) => (await stat(path).catch(() => null))?.isFile() ?? false

async function checkSize(deps: Deps, path: string, upload: Upload): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (!found) throw new StepFailed('MediaNotFound', `The bytes of ${upload.filename} are gone; upload it again.`)
  if (found.size !== upload.size_bytes)
    throw new StepFailed(
      'HashMismatch',
      `${upload.filename} has ${found.size} bytes, ${upload.size_bytes} were announced.`,
    )
  const used = await storedBytes(deps.db)
  if (used > deps.media.max_storage_bytes)
    throw new StepFailed(
      'StorageFull',
      `The media store would hold ${used} bytes; its quota is ${deps.media.max_storage_bytes}.`,
    )
  const disk = await statfs(deps.media.iso_directory)
  if (disk.bavail < disk.blocks * LEAST_FREE_SHARE)
    throw new StepFailed('StorageFull', 'Less than 5 % of the disk is free.')
}

function checkHash(upload: Upload, sha256: string, expected: string | null): void {
  if (upload.sha256 && upload.sha256 !== sha256)
    throw new StepFailed('HashMismatch', `${upload.filename} changed after it was uploaded.`)
  if (expected && expected !== sha256)
    throw new StepFailed('HashMismatch', `${upload.filename} has the SHA-256 ${sha256}, expected was ${expected}.`)
}

/** What the file is, by its content; a name or a wish is never believed. */
async function lookInside(path: string, upload: Upload, wanted: string | null): Promise<Content> {
  if (/\.bin$/i.test(upload.filename))
    throw new StepFailed('UnsupportedFileType', 'Linux packages (.BIN) cannot be used; an iDRAC takes the .EXE form.')
  const file = await open(path, 'r')
  try {
    const content = await classify(file, path, upload)
    if (!content)
      throw new StepFailed(
        'UnsupportedFileType',
        `${upload.filename} is no ISO, firmware package, ESXi depot or catalog.`,
      )
    if (wanted && wanted !== content.kind)
      throw new StepFailed('UnsupportedFileType', `${upload.filename} is of kind ${content.kind}, not ${wanted}.`)
    return content
  } finally {
    await file.close()
  }
}

async function classify(file: FileHandle, path: string, upload: Upload): Promise<Content | null> {
  const head = Buffer.alloc(4)
  await file.read(head, 0, 4, 0)
  if (head.toString('latin1', 0, 2) === 'MZ') {
    const facts = await readUpdatePackage(file, upload.size_bytes)
    if (!facts) throw new StepFailed('PackageInvalid', `${upload.filename} holds no readable package.xml.`)
    return { kind: 'firmware', facts }
  }
  const mark = Buffer.alloc(5)
  await file.read(mark, 0, 5, ISO_MARK_AT)
  if (mark.toString('latin1') === 'CD001') return { kind: 'iso' }
  if (head.toString('latin1', 0, 2) === 'PK') return isDepot(file, upload.size_bytes)
  if (looksLikeCatalog(head)) return { kind: 'catalog', summary: await inspectCatalog(path) }
  return null
}

/** An offline depot has an index and, beside it, the metadata of its vendor. */
async function isDepot(file: FileHandle, size: number): Promise<Content | null> {
  const names = (await readZipEntries(file, size))?.map((entry) => entry.name) ?? []
  if (names.some((name) => name.startsWith('/') || name.split('/').includes('..')))
    throw new StepFailed('DepotInvalid', 'The archive holds names that climb out of it.')
  const depot = names.includes('index.xml') && names.some((name) => /metadata.*\.zip$|vendor-index\.xml$/.test(name))
  return depot ? { kind: 'esxi_depot' } : null
}

function detailsOf(upload: Upload, content: Content): Record<string, unknown> {
  if (content.kind === 'catalog') return { filename: upload.filename, ...content.summary }
  if (content.kind !== 'firmware') return { filename: upload.filename }
  const { name, version, system_ids, models, component_type } = content.facts
  return { filename: upload.filename, name, version, component_type, system_ids, models }
}

async function saveImage(deps: Deps, input: Input, upload: Upload, sha256: string, kind: 'iso' | 'img' | 'esxi_depot') {
  const media_token = newMediaToken()
  const { image, created } = await insertIsoImage(deps.db, {
    name: input.name ?? upload.filename,
    filename: upload.filename,
    kind,
    size_bytes: upload.size_bytes,
    sha256,
    source_type: 'upload',
    served_url: await servedUrl(deps, media_token, upload.filename, kind),
    status: 'ready',
    storage_name: sha256,
    media_token,
    accepts_ranges: true,
    uploaded_by: upload.user_id,
  })
  return { id: image.id, created, served_url: image.served_url }
}

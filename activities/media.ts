import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Upload } from '../db/schema/media.js'
import { deleteUpload, getUpload, markTaken } from '../db/stores/media.js'
import { checkRoom } from '../domain/storage-room.js'
import { type CatalogSummary, takeCatalog } from './catalog-import.js'
import type { MediaActivities, TakenUpload } from './contracts/media.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { hashesOfFile } from './file-hash.js'
import { type Content, lookInside } from './look-inside.js'
import { registerUrl } from './register-url.js'
import { scanStore } from './scan-store.js'
import { storageFacts } from './storage-facts.js'
import { saveStoredFile } from './store-file.js'

/** Folder of unfinished and finished uploads below the store. */
export const UPLOADS_FOLDER = 'uploads'

type Input = Parameters<MediaActivities['takeUpload']>[0]

/** Activities on our own media store. */
export function createMediaActivities(deps: Deps): MediaActivities {
  return {
    takeUpload: (input) => takeUpload(deps, input),
    scanStore: (input) => scanStore(deps, input),
    registerUrl: (input) =>
      registerUrl(deps, input, (upload_id) => takeUpload(deps, { ...input, upload_id, replace: false })),
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
  const content = await lookInside({ path, filename: upload.filename, size_bytes: upload.size_bytes }, input.kind)
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
  const { filename, size_bytes, user_id: uploaded_by } = upload
  const file = { storage_name: sha256, filename, name: input.name, size_bytes, sha256, md5, uploaded_by }
  const saved = await saveStoredFile(deps, { ...file, source_type: 'upload', replace: input.replace }, content)
  // The row stays until it expires: an attempt whose answer was lost finds by it what has become of the file.
  await markTaken(deps.db, upload.id)
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

const exists = async (path: string) => (await stat(path).catch(() => null))?.isFile() ?? false

async function checkSize(deps: Deps, path: string, upload: Upload): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (!found) throw new StepFailed('MediaNotFound', `The bytes of ${upload.filename} are gone; upload it again.`)
  if (found.size !== upload.size_bytes)
    throw new StepFailed(
      'HashMismatch',
      `${upload.filename} has ${found.size} bytes, ${upload.size_bytes} were announced.`,
    )
  // The upload is counted among what is used already.
  const refusal = checkRoom(0, { ...(await storageFacts(deps)), max_file_bytes: Number.MAX_SAFE_INTEGER })
  if (refusal) throw new StepFailed(refusal.code, refusal.message)
}

function checkHash(upload: Upload, sha256: string, expected: string | null): void {
  if (upload.sha256 && upload.sha256 !== sha256)
    throw new StepFailed('HashMismatch', `${upload.filename} changed after it was uploaded.`)
  if (expected && expected !== sha256)
    throw new StepFailed('HashMismatch', `${upload.filename} has the SHA-256 ${sha256}, expected was ${expected}.`)
}

function detailsOf(upload: Upload, content: Content): Record<string, unknown> {
  if (content.kind === 'catalog') return { filename: upload.filename, ...content.summary }
  if (content.kind !== 'firmware') return { filename: upload.filename }
  const { name, version, system_ids, models, component_type } = content.facts
  return { filename: upload.filename, name, version, component_type, system_ids, models }
}

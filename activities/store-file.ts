import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { insertIsoImage, retireNamesakes } from '../db/stores/media.js'
import type { Deps } from './deps.js'
import type { Content } from './look-inside.js'
import { newMediaToken, servedUrl } from './media-urls.js'
import { storePackage } from './stored-package.js'

/** A file that lies in the store, ready to get its row. */
export interface StoredFile {
  /** Below the store: its hash, or where somebody put it. */
  storage_name: string
  filename: string
  /** Shown; default the file name. */
  name: string | null
  size_bytes: number
  sha256: string
  md5: string
  source_type: 'upload' | 'scan'
  uploaded_by: string | null
  /** Rows of the same name and other content make room. */
  replace: boolean
  details?: Record<string, unknown>
}

export interface SavedFile {
  id: string
  created: boolean
  served_url: string | null
}

/** Writes the row of a file in the store; the same content that is there already gives the row that is there. */
export async function saveStoredFile(
  deps: Deps,
  file: StoredFile,
  content: Exclude<Content, { kind: 'catalog' }>,
): Promise<SavedFile> {
  if (content.kind !== 'firmware') return saveImage(deps, file, content.kind)
  const { storage_name, filename, size_bytes, sha256, md5, uploaded_by } = file
  const path = join(deps.media.iso_directory, storage_name)
  const stored = { path, storage_name, filename, size_bytes, sha256, md5, uploaded_by, facts: content.facts }
  return storePackage(deps, stored)
}

async function saveImage(deps: Deps, file: StoredFile, kind: 'iso' | 'img' | 'esxi_depot'): Promise<SavedFile> {
  const media_token = newMediaToken()
  const { filename, size_bytes, sha256, storage_name, source_type, uploaded_by, details } = file
  const name = file.name ?? filename
  const { image, created } = await insertIsoImage(deps.db, {
    name,
    filename,
    kind,
    size_bytes,
    sha256,
    source_type,
    served_url: await servedUrl(deps, media_token, filename, kind),
    status: 'ready',
    storage_name,
    media_token,
    accepts_ranges: true,
    uploaded_by,
    ...(details ? { details } : {}),
  })
  // The same content lies in the store under another name already: one file is enough.
  if (!created && source_type === 'upload' && image.storage_name !== storage_name) await dropFile(deps, storage_name)
  if (file.replace)
    for (const gone of await retireNamesakes(deps.db, name, image.id)) if (isOwnName(gone)) await dropFile(deps, gone)
  return { id: image.id, created, served_url: image.served_url }
}

/** Is this a name of ours (a hash), and not a file that somebody put there? */
export const isOwnName = (storage_name: string): boolean => /^[0-9a-f]{64}$/.test(storage_name)

const dropFile = (deps: Deps, storage_name: string) => rm(join(deps.media.iso_directory, storage_name), { force: true })

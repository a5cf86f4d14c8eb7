import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackageFacts } from '../clients/update-package/software-component.js'
import { upsertFirmwarePackage } from '../db/stores/media.js'
import { classOfPackage } from '../domain/firmware-catalog.js'
import type { Deps } from './deps.js'
import { firmwarePackage } from './firmware-facts.js'
import { newMediaToken, servedUrl } from './media-urls.js'

/** A whole file of a package that was read and hashed, and what it says of itself. */
export interface CheckedPackage {
  /** Where it lies now; in the store already, or beside it on the same disk. */
  path: string
  filename: string
  size_bytes: number
  sha256: string
  md5: string
  facts: PackageFacts
  uploaded_by: string | null
  /** Where it lies below the store, when somebody put it there and it is to stay; else it gets its hash as name. */
  storage_name?: string
  /** The catalogue that named it. */
  catalog_id?: string
}

export interface StoredPackage {
  id: string
  created: boolean
  served_url: string | null
}

/** Moves a package into the store under its hash (unless it is to stay) and writes its row; a half-done move is found by the hash. */
export async function storePackage(deps: Deps, checked: CheckedPackage): Promise<StoredPackage> {
  await mkdir(deps.media.iso_directory, { recursive: true })
  const storage_name = checked.storage_name ?? checked.sha256
  const stored = join(deps.media.iso_directory, storage_name)
  if (checked.path !== stored) await rename(checked.path, stored)
  const { facts, path: _path, catalog_id, ...file } = checked
  const media_token = newMediaToken()
  const row = {
    ...facts,
    ...file,
    ...(catalog_id === undefined ? {} : { catalog_id }),
    component_id: facts.devices[0]?.component_id ?? null,
    storage_name,
    media_token,
    status: 'ready' as const,
    component_class: classOfFacts(checked),
    served_url: await servedUrl(deps, media_token, checked.filename, 'firmware'),
  }
  const { item, created } = await upsertFirmwarePackage(deps.db, row)
  return { id: item.id, created, served_url: item.served_url }
}

/** The stored word may only be more careful than the rule; 'direct' is never stored for what the rule would stage. */
function classOfFacts({ facts, filename, size_bytes, sha256, md5 }: CheckedPackage) {
  const nothing = {
    id: '',
    signature_seen: null,
    catalog_id: null,
    served_url: null,
    media_token: null,
    created_at: '',
  }
  const draft = firmwarePackage({
    ...facts,
    ...nothing,
    filename,
    size_bytes,
    sha256,
    md5,
    updated_at: '',
    uploaded_by: null,
    storage_name: sha256,
    status: 'ready',
    component_class: 'host_reboot',
    component_id: facts.devices[0]?.component_id ?? null,
  })
  return classOfPackage({ ...draft, component_class: null })
}

import { mkdir, statfs } from 'node:fs/promises'
import { storedBytes } from '../db/stores/media.js'
import { readMediaSettings } from '../db/stores/settings.js'
import type { StorageFacts } from '../domain/storage-room.js'
import type { Deps } from './deps.js'

const GIB = 1024 ** 3

/** What decides whether the store has room, read now. */
export async function storageFacts(deps: Deps): Promise<StorageFacts> {
  const { iso_directory, max_storage_bytes } = deps.media
  await mkdir(iso_directory, { recursive: true })
  const disk = await statfs(iso_directory)
  const { max_upload_gb } = await readMediaSettings(deps.db)
  return {
    used_bytes: await storedBytes(deps.db),
    quota_bytes: max_storage_bytes,
    max_file_bytes: max_upload_gb * GIB,
    disk_free_bytes: disk.bavail * disk.bsize,
    disk_bytes: disk.blocks * disk.bsize,
  }
}

import { mkdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Upload } from '../../db/schema/media.js'
import { deleteUpload, listExpiredUploads, type NewUpload, reserveUpload, storedBytes } from '../../db/stores/media.js'
import { readMediaSettings } from '../../db/stores/settings.js'
import { cleanFileName } from '../../domain/file-name.js'
import { checkRoom } from '../../domain/storage-room.js'
import { Problem } from '../errors.js'
import type { Services } from '../services.js'

const GIB = 1024 ** 3
const KEEP_MS = 24 * 3_600_000

/** Where the bytes of unfinished and finished uploads lie, under names of our own. */
export const uploadsFolder = (iso_directory: string) => join(iso_directory, 'uploads')

/** The file of an upload. */
export const uploadFile = (services: Services, upload: Pick<Upload, 'storage_name'>) =>
  join(uploadsFolder(services.config.iso_directory), upload.storage_name)

/**
 * Begins an upload, before the first byte is taken: the limit of one file, the quota of the store with all that others have
 * begun, and the free disk. @throws Problem `PayloadTooLarge`, `StorageFull`
 */
export async function beginUpload(
  services: Services,
  upload: Pick<NewUpload, 'id' | 'user_id' | 'size_bytes' | 'storage_name'> & { name: string },
): Promise<Upload> {
  const { db } = services.database
  const { iso_directory, max_storage_bytes } = services.config
  await mkdir(uploadsFolder(iso_directory), { recursive: true, mode: 0o750 })
  const [disk, settings] = [await statfs(iso_directory), await readMediaSettings(db)]
  const refusal = checkRoom(upload.size_bytes, {
    used_bytes: await storedBytes(db),
    quota_bytes: max_storage_bytes,
    max_file_bytes: settings.max_upload_gb * GIB,
    disk_free_bytes: disk.bavail * disk.bsize,
    disk_bytes: disk.blocks * disk.bsize,
  })
  if (refusal) throw new Problem(refusal.code, refusal.message)
  const { name, ...columns } = upload
  const row = { ...columns, filename: cleanFileName(name), expires_at: new Date(Date.now() + KEEP_MS).toISOString() }
  const begun = await reserveUpload(db, row, max_storage_bytes)
  if (!begun) throw new Problem('StorageFull', 'Other uploads have taken the room of the media store meanwhile.')
  return begun
}

/** Takes an upload back: its file, then its row. */
export async function dropUpload(services: Services, upload: Upload): Promise<void> {
  await rm(uploadFile(services, upload), { force: true })
  await deleteUpload(services.database.db, upload.id)
}

/** Removes expired uploads with their files; called now and then. */
export async function sweepUploads(services: Services): Promise<void> {
  for (const upload of await listExpiredUploads(services.database.db)) await dropUpload(services, upload)
}

import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request } from 'express'
import { z } from 'zod'
import { newId } from '../../db/new-id.js'
import { completeUpload, deleteUpload, insertUpload, listExpiredUploads, storedBytes } from '../../db/stores/media.js'
import { readMediaSettings } from '../../db/stores/settings.js'
import { cleanFileName } from '../../domain/file-name.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { type Route, type RouteContext, route } from '../route.js'
import type { Services } from '../services.js'

const GIB = 1024 ** 3
const KEEP_MS = 24 * 3_600_000
const RESERVE_BYTES = 512 * 1024 ** 2

/** Where the bytes of unfinished and finished uploads lie, under names of our own. */
export const uploadsFolder = (iso_directory: string) => join(iso_directory, 'uploads')

/** `PUT /uploads/{file_name}`: raw bytes, streamed and hashed; a job `iso_upload` takes them into the store. */
export function uploadRoutes(services: Services): Route[] {
  return [
    route({
      method: 'PUT',
      path: '/uploads/:file_name',
      permission: 'operator',
      summary: 'Uploads a file as raw bytes; Content-Length is required',
      params: z.strictObject({ file_name: z.string().min(1).max(500) }),
      output: z.object({ upload_id: z.uuid(), size_bytes: z.int(), sha256: z.string() }).meta({ id: 'Upload' }),
      status: 201,
      raw: true,
      handler: async (context) => {
        const body = await takeUpload(services, context)
        context.res.status(201).json(body)
        return {}
      },
    }),
  ]
}

async function takeUpload(services: Services, context: RouteContext<{ file_name: string }, unknown, unknown>) {
  const { db } = services.database
  const size_bytes = declaredSize(context.req)
  await checkRoom(services, size_bytes)
  const storage_name = newId()
  const upload = await insertUpload(db, {
    user_id: context.user.user_id,
    filename: cleanFileName(context.params.file_name),
    size_bytes,
    storage_name,
    expires_at: new Date(Date.now() + KEEP_MS).toISOString(),
  })
  const file = join(uploadsFolder(services.config.iso_directory), storage_name)
  try {
    const sha256 = await receive(context.req, file, size_bytes)
    await completeUpload(db, upload.id, sha256, size_bytes)
    await auditDeed(db, context, {
      action: 'upload.create',
      object_kind: 'upload',
      object_id: upload.id,
      object_label: upload.filename,
      after: { size_bytes, sha256 },
    })
    return { upload_id: upload.id, size_bytes, sha256 }
  } catch (error) {
    await rm(file, { force: true })
    await deleteUpload(db, upload.id).catch(() => {})
    throw error
  }
}

function declaredSize(req: Request): number {
  const header = req.get('content-length')
  if (header === undefined || !/^\d{1,15}$/.test(header)) {
    throw new Problem('InvalidRequest', 'Content-Length is required.', {
      status: 411,
      errors: [{ pointer: 'Content-Length', detail: 'missing' }],
    })
  }
  const size = Number(header)
  if (size === 0) throw new Problem('InvalidRequest', 'The file is empty.')
  return size
}

/** Refused before the first byte is taken: the limit of one file, the quota of the store, the free disk. */
async function checkRoom(services: Services, size_bytes: number): Promise<void> {
  const { db } = services.database
  const { max_upload_gb } = await readMediaSettings(db)
  if (size_bytes > max_upload_gb * GIB) throw new Problem('PayloadTooLarge', `A file may have ${max_upload_gb} GiB.`)
  const { iso_directory, max_storage_bytes } = services.config
  if ((await storedBytes(db)) + size_bytes > max_storage_bytes) {
    throw new Problem(
      'StorageFull',
      `The store holds at most ${Math.round(max_storage_bytes / GIB)} GiB (ISO_MAX_STORAGE_GB).`,
    )
  }
  mkdirSync(uploadsFolder(iso_directory), { recursive: true, mode: 0o750 })
  const disk = await statfs(iso_directory)
  if (disk.bavail * disk.bsize < size_bytes + RESERVE_BYTES)
    throw new Problem('StorageFull', 'The disk of the store is full.')
}

/** Writes the stream while hashing it, counts against the declared size, and forces it to the disk. */
async function receive(req: Request, file: string, size_bytes: number): Promise<string> {
  const hash = createHash('sha256')
  const target = await open(file, 'wx', 0o640)
  try {
    let received = 0
    for await (const chunk of req) {
      const bytes = chunk as Buffer
      received += bytes.length
      if (received > size_bytes) throw new Problem('InvalidRequest', 'More bytes came than Content-Length said.')
      hash.update(bytes)
      await target.writeFile(bytes)
    }
    if (received !== size_bytes) throw new Problem('InvalidRequest', `${received} of ${size_bytes} bytes came.`)
    await target.sync()
  } finally {
    await target.close()
  }
  return hash.digest('hex')
}

/** Removes expired uploads with their files; called now and then. */
export async function sweepUploads(services: Services): Promise<void> {
  const { db } = services.database
  for (const upload of await listExpiredUploads(db)) {
    await rm(join(uploadsFolder(services.config.iso_directory), upload.storage_name), { force: true })
    await deleteUpload(db, upload.id)
  }
}

import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Request } from 'express'
import { z } from 'zod'
import { newId } from '../../db/new-id.js'
import { completeUpload } from '../../db/stores/media.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { type Route, type RouteContext, route } from '../route.js'
import type { Services } from '../services.js'
import { beginUpload, dropUpload, uploadFile } from './upload-room.js'

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
  const { user_id } = context.user
  const upload = await beginUpload(services, {
    user_id,
    size_bytes,
    storage_name: newId(),
    name: context.params.file_name,
  })
  try {
    const sha256 = await receive(context.req, uploadFile(services, upload), size_bytes)
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
    await dropUpload(services, upload).catch(() => {})
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

import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { z } from 'zod'
import { newId } from '../../db/new-id.js'
import type { Upload } from '../../db/schema/media.js'
import { completeUpload, deleteUpload, findUpload, noteReceived } from '../../db/stores/media.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { idParams, type Route, type RouteContext, route } from '../route.js'
import type { Services } from '../services.js'
import { beginUpload, dropUpload, uploadFile, uploadsFolder } from './upload-room.js'

const PATH = '/uploads/tus'

type Context = RouteContext<unknown, unknown, unknown>

/** What the protocol's handlers need to know of the request that they serve. */
interface Serving {
  upload: Upload
  context: Context
}

const resumableSchema = z
  .object({ upload_id: z.uuid(), size_bytes: z.int(), received_bytes: z.int(), sha256: z.string().nullable() })
  .meta({ id: 'ResumableUpload' })

/**
 * Resumable uploads by the tus protocol 1.0.0 (creation, termination): `POST` with `Upload-Length` and `Upload-Metadata:
 * filename …` names a place, `PATCH` appends to it, `HEAD` tells how far it is. The id of the place is the `upload_id` of a
 * later job. Everything about an upload is its row and its file, so that it goes on after a restart of this process.
 */
export function resumableUploadRoutes(services: Services): Route[] {
  const serve = tusServer(services)
  return [
    route({
      method: 'POST',
      path: PATH,
      permission: 'operator',
      summary: 'Begins a resumable upload (tus 1.0.0); the Location names where its bytes go',
      output: null,
      status: 201,
      raw: true,
      handler: async (context) => {
        const upload = await beginUpload(services, announced(context))
        await serve({ upload, context })
        if (context.res.statusCode !== 201) await dropUpload(services, upload)
        return {}
      },
    }),
    route({
      method: 'GET',
      path: `${PATH}/:id`,
      permission: 'operator',
      summary: 'How far a resumable upload is; HEAD answers as tus asks for',
      params: idParams,
      output: resumableSchema,
      raw: true,
      handler: async (context) => {
        const upload = await finishIfWhole(services, await ownUpload(services, context), context)
        if (context.req.method === 'HEAD') await serve({ upload, context })
        else context.res.status(200).json(await stateOf(services, upload))
        return {}
      },
    }),
    route({
      method: 'PATCH',
      path: `${PATH}/:id`,
      permission: 'operator',
      summary: 'Appends bytes to a resumable upload at its offset (tus 1.0.0)',
      params: idParams,
      output: null,
      status: 204,
      raw: true,
      handler: async (context) => {
        const upload = await ownUpload(services, context)
        try {
          await serve({ upload, context })
        } finally {
          await noteReceived(services.database.db, upload.id, await sizeOf(services, upload))
        }
        return {}
      },
    }),
    route({
      method: 'DELETE',
      path: `${PATH}/:id`,
      permission: 'operator',
      summary: 'Gives a resumable upload up and frees its room',
      params: idParams,
      output: null,
      raw: true,
      handler: async (context) => {
        const upload = await ownUpload(services, context)
        await serve({ upload, context })
        if (context.res.statusCode === 204) await deleteUpload(services.database.db, upload.id)
        return {}
      },
    }),
  ]
}

function announced(context: Context) {
  const length = context.req.get('upload-length') ?? ''
  if (!/^[1-9]\d{0,14}$/.test(length))
    throw new Problem('InvalidRequest', 'Upload-Length is required; its size decides whether there is room.', {
      errors: [{ pointer: 'Upload-Length', detail: 'missing or no size' }],
    })
  const id = newId()
  const metadata = context.req.get('upload-metadata') ?? ''
  const encoded = /(?:^|,)\s*(?:filename|name) ([A-Za-z0-9+/=]+)/.exec(metadata)?.[1] ?? ''
  const name = Buffer.from(encoded, 'base64').toString('utf8')
  return { id, storage_name: id, user_id: context.user.user_id, size_bytes: Number(length), name }
}

/** Somebody else's upload is not there for you. */
async function ownUpload(services: Services, context: RouteContext<{ id: string }, unknown, unknown>): Promise<Upload> {
  const upload = await findUpload(services.database.db, context.params.id)
  if (!upload || upload.user_id !== context.user.user_id || upload.storage_name !== upload.id)
    throw new Problem('NotFound', 'There is no such upload, or it has expired.')
  return upload
}

const sizeOf = async (services: Services, upload: Upload): Promise<number> =>
  (await stat(uploadFile(services, upload)).catch(() => null))?.size ?? 0

async function stateOf(services: Services, upload: Upload) {
  const { id: upload_id, size_bytes, sha256 } = upload
  return { upload_id, size_bytes, received_bytes: await sizeOf(services, upload), sha256 }
}

/** All bytes may have come before a crash, with nobody left to say so. */
async function finishIfWhole(services: Services, upload: Upload, context: Context): Promise<Upload> {
  if (upload.completed_at !== null || (await sizeOf(services, upload)) !== upload.size_bytes) return upload
  return finish(services, upload, context)
}

/** Forces the bytes to the disk, hashes them, and says that they are there. */
async function finish(services: Services, upload: Upload, context: Context): Promise<Upload> {
  const { db } = services.database
  const path = uploadFile(services, upload)
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk)
  const done = await completeUpload(db, upload.id, hash.digest('hex'), upload.size_bytes)
  if (!done) throw new Problem('NotFound', 'The upload was given up meanwhile.')
  const { id, filename, size_bytes, sha256 } = done
  const what = { object_kind: 'upload', object_id: id, object_label: filename, after: { size_bytes, sha256 } }
  await auditDeed(db, context, { action: 'upload.create', ...what })
  return done
}

/** The protocol itself, over files of ours; who may do what is decided before. */
function tusServer(services: Services): (serving: Serving) => Promise<void> {
  let server: Server | undefined
  const serving = new AsyncLocalStorage<Serving>()
  const current = () => {
    const found = serving.getStore()
    if (!found) throw new Error('a request of the upload protocol has no upload')
    return found
  }
  const create = () =>
    new Server({
      path: `/api/v1${PATH}`,
      relativeLocation: true,
      // No page of another origin may upload here.
      allowedOrigins: [],
      namingFunction: () => current().upload.id,
      onUploadFinish: async () => {
        const { upload, context } = current()
        await finish(services, upload, context)
        return {}
      },
      datastore: new FileStore({
        directory: uploadsFolder(services.config.iso_directory),
        configstore: rowsAsUploads(current),
      }),
    })
  return (given) =>
    serving.run(given, async () => {
      server ??= create()
      await server.handle(given.context.req, given.context.res)
    })
}

/** What the protocol wants to know of an upload stands in its row; it writes nothing of its own beside the file. */
function rowsAsUploads(current: () => Serving): NonNullable<ConstructorParameters<typeof FileStore>[0]['configstore']> {
  return {
    get: async (id) => {
      const { upload } = current()
      if (upload.id !== id) return undefined
      const { size_bytes: size, filename, created_at: creation_date } = upload
      return { id, size, offset: 0, metadata: { filename }, creation_date, sizeIsDeferred: false } as never
    },
    set: async () => {},
    delete: async () => {},
  }
}

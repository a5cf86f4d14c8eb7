import { DeviceError } from '../errors.js'
import type { HttpAnswer, Judged, StreamedBody } from '../http.js'
import { checkDatastorePath } from './datastore-browse.js'
import type { CallOptions, VsphereSession } from './session.js'
import { asVcenterError } from './soap-client.js'

export interface DatastoreUpload {
  datacenter: string
  datastore: string
  /** Path inside the datastore, e.g. `depots/image.zip`. */
  path: string
  body: StreamedBody
}

/** `/folder/depots/image.zip?dcPath=…&dsName=…`, each part encoded. */
export function folderUrl(datacenter: string, datastore: string, path: string): string {
  const encoded = path.split('/').filter(Boolean).map(encodeURIComponent).join('/')
  return `/folder/${encoded}?dcPath=${encodeURIComponent(datacenter)}&dsName=${encodeURIComponent(datastore)}`
}

function refusal(status: number): DeviceError {
  const facts = { sent: true, answered: status < 500, status }
  if (status === 401)
    return new DeviceError('VcenterUnreachable', 'Not logged in', { ...facts, message_id: 'NotAuthenticated' })
  if (status === 403) return new DeviceError('PermissionMissing', 'Datastore.FileManagement is missing', facts)
  if (status === 404) return new DeviceError('NotFound', 'Datastore or folder is unknown', facts)
  if (status === 507) return new DeviceError('NotEnoughSpace', 'The datastore is full', { ...facts, answered: true })
  return new DeviceError(
    status >= 500 ? 'VcenterUnreachable' : 'ProtocolError',
    `The upload ended with ${status}`,
    facts,
  )
}

function judge(answer: HttpAnswer): Judged<void> {
  return answer.status >= 200 && answer.status < 300
    ? { ok: true, value: undefined }
    : { ok: false, error: refusal(answer.status) }
}

/**
 * Streams a file into a datastore, through vCenter. Repeatable: the file is replaced; compare size (and hash) afterwards,
 * since a broken connection leaves a part of it. Privilege `Datastore.FileManagement`.
 * @throws DeviceError
 */
export async function uploadFile(
  session: VsphereSession,
  upload: DatastoreUpload,
  options: CallOptions = {},
): Promise<void> {
  checkDatastorePath(upload.path)
  const path = folderUrl(upload.datacenter, upload.datastore, upload.path)
  try {
    await session.withCookie(true, (http, cookie) =>
      http.exchange(
        {
          protocol: 'soap',
          method: 'PUT',
          path,
          headers: { cookie, 'content-type': 'application/octet-stream' },
          body: upload.body,
          recorded_body: { path: upload.path, datastore: upload.datastore, size_bytes: upload.body.length },
          mutation: true,
          timeout_ms: options.timeout_ms ?? 3_600_000,
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        },
        judge,
      ),
    )
  } catch (error) {
    throw asVcenterError(error)
  }
}

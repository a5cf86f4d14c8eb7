import { DeviceError } from '../errors.js'
import { checkDatastorePath, datastorePath } from './datastore-browse.js'
import { moRef } from './mo-ref.js'
import type { CallOptions, VsphereSession } from './session.js'
import { startTask } from './task-call.js'

/**
 * Begins to delete a file of a datastore: the half of an upload that broke off. Privilege `Datastore.FileManagement`.
 * @returns Id of the task; `NotFound` as its error means that the file is gone already.
 * @throws DeviceError `Unsupported` on a server without file management, `InvalidRequest` for a path that climbs.
 */
export async function deleteFile(
  session: VsphereSession,
  file: { datacenter_moid: string; datastore: string; path: string },
  options: CallOptions = {},
): Promise<string> {
  checkDatastorePath(file.path)
  const manager = session.service.file_manager
  if (manager === null) {
    throw new DeviceError('Unsupported', 'The server manages no files', { sent: false, answered: true })
  }
  const fields = [
    ['name', datastorePath(file.datastore, file.path)],
    ['datacenter', moRef('Datacenter', file.datacenter_moid)],
  ] as const
  return await startTask(session, manager, 'DeleteDatastoreFile_Task', fields, options)
}

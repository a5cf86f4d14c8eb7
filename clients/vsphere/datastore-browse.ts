import { DeviceError } from '../errors.js'
import type { DatastoreFile } from './datastore-facts.js'
import { moRef } from './mo-ref.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data } from './soap-writer.js'
import { startTask } from './task-call.js'
import type { TaskState } from './task-state.js'
import { child, children, numberAt, type SoapNode, textAt } from './xml-node.js'

export interface BrowseRequest {
  browser_moid: string
  datastore: string
  /** Folder inside the datastore; empty = the root. */
  path: string
  /** Glob patterns, e.g. `*.zip`; at least one. */
  patterns: readonly string[]
  /** May take minutes and holds locks. */
  recursive: boolean
}

/** `[datastore] folder` as vSphere writes it. */
export function datastorePath(datastore: string, path: string): string {
  const inner = path.replaceAll(/^\/+|\/+$/g, '')
  return inner === '' ? `[${datastore}]` : `[${datastore}] ${inner}`
}

/** Refuses what could leave the folder: `..`, control characters. @throws DeviceError `InvalidRequest` */
export function checkDatastorePath(path: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
  if (path.split('/').includes('..') || /[\u0000-\u001f\u007f]/.test(path)) {
    throw new DeviceError('InvalidRequest', 'A path of a datastore has no ".." and no control characters', {
      sent: false,
      answered: false,
    })
  }
}

/**
 * Begins to list a folder. Always asks for size and time, never for owners (slow on VMFS), and always sends a pattern
 * (a server may list nothing without one). Privilege `Datastore.Browse`.
 * @returns Id of the task; read it with `with_result`, then {@link readBrowseResult}; cancel it when nobody waits any more.
 * @throws DeviceError `NotFound`, `PermissionMissing`, `InvalidRequest`.
 */
export async function startBrowse(
  session: VsphereSession,
  request: BrowseRequest,
  options: CallOptions = {},
): Promise<string> {
  checkDatastorePath(request.path)
  const details = data(['fileType', true], ['fileSize', true], ['modification', true], ['fileOwner', false])
  const searchSpec = data(
    ['details', details],
    ['searchCaseInsensitive', true],
    ['matchPattern', request.patterns.length > 0 ? request.patterns : ['*']],
    ['sortFoldersFirst', true],
  )
  const fields = [
    ['datastorePath', datastorePath(request.datastore, request.path)],
    ['searchSpec', searchSpec],
  ] as const
  const method = request.recursive ? 'SearchDatastoreSubFolders_Task' : 'SearchDatastore_Task'
  const browser = moRef('HostDatastoreBrowser', request.browser_moid)
  return await startTask(session, browser, method, fields, { ...options, mutation: false })
}

const kindOf = (node: SoapNode, name: string): DatastoreFile['kind'] => {
  if (node.xsi_type === 'FolderFileInfo') return 'folder'
  if (node.xsi_type === 'IsoImageFileInfo' || name.toLowerCase().endsWith('.iso')) return 'iso'
  return name.toLowerCase().endsWith('.zip') ? 'zip' : 'file'
}

/** Folder of one result: some servers end it with a slash, some do not. */
function normalFolder(text: string): { datastore: string; inner: string } {
  const match = /^\[(.*)\]\s*(.*)$/s.exec(text)
  const inner = (match?.[2] ?? '').replaceAll(/^\/+|\/+$/g, '')
  return { datastore: match?.[1] ?? '', inner: inner === '' ? '' : `${inner}/` }
}

function readFolder(result: SoapNode): DatastoreFile[] {
  const { datastore, inner } = normalFolder(textAt(result, 'folderPath') ?? '')
  return children(result, 'file').map((each) => {
    const name = child(each, 'path')?.text ?? ''
    const folder = inner === '' ? `[${datastore}]` : `[${datastore}] ${inner}`
    return {
      name,
      folder,
      path: inner === '' ? `[${datastore}] ${name}` : `${folder}${name}`,
      host_path: `/vmfs/volumes/${datastore}/${inner}${name}`,
      size_bytes: numberAt(each, 'fileSize'),
      modified_at: textAt(each, 'modification'),
      kind: kindOf(each, name),
    }
  })
}

/**
 * The files of a finished search, in the server's order. Not recursive: the task's result is one folder; recursive: a list.
 * @returns `null` when the task has no result (not ended, failed, vanished).
 */
export function readBrowseResult(task: TaskState): DatastoreFile[] | null {
  if (task.state !== 'success' || task.result === null) return null
  const single = child(task.result, 'folderPath') !== null
  return (single ? [task.result] : task.result.children).flatMap(readFolder)
}

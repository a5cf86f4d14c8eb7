import type { SimDatastore } from '../model-vsphere.js'
import type { CallContext } from './context.js'
import { folderOf, globMatches, printFolder, readDatastorePath } from './datastore-path.js'
import { isAccessible } from './datastore-properties.js'
import type { SoapCall } from './envelope.js'
import { datastoreByMoid } from './inventory.js'
import { type Method, read, requiredText, taskReference, userOf } from './method.js'
import { failTask, startTask } from './task-store.js'
import { array, data, dateTime, derived, long, reference, text, type VimData } from './values.js'
import { invalidArgument, managedObjectNotFound, VimFault } from './vim-faults.js'
import { child, childBoolean, childrenNamed, type XmlElement } from './xml-read.js'

type File = SimDatastore['files'][number]

const SEARCH_MS = 1_500
/** Recursion on a large datastore takes its time. */
const RECURSIVE_SEARCH_MS = 8_000

/** What a client wants to see of the files. */
interface SearchSpec {
  patterns: string[]
  /** file info types that may appear; empty = all */
  types: string[]
  size: boolean
  modification: boolean
  fileType: boolean
  ignoreCase: boolean
}

/** Methods of a HostDatastoreBrowser. The search is a task whose result lists the folders. */
export const BROWSER_METHODS: Record<string, Method> = {
  SearchDatastore_Task: read((context, call) => search(context, call, false)),
  SearchDatastoreSubFolders_Task: read((context, call) => search(context, call, true)),
}

function search(context: CallContext, call: SoapCall, recursive: boolean) {
  const datastore = datastoreByMoid(context, call.receiver.id.replace(/^datastoreBrowser-/, ''))
  if (!datastore) throw managedObjectNotFound('HostDatastoreBrowser', call.receiver.id)
  const spec = readSpec(child(call.args, 'searchSpec'))
  const path = readDatastorePath(requiredText(call, 'datastorePath'))
  const task = startTask(context.core, context.vcenter(), {
    description: recursive ? 'HostDatastoreBrowser.searchSubFolders' : 'HostDatastoreBrowser.search',
    entity: { type: 'Datastore', moid: datastore.moid, name: datastore.name },
    user: userOf(context),
    cancelable: true,
  })
  const fault = searchFault(context, datastore, path)
  if (fault) {
    failTask(context.core, task, fault)
    return taskReference(task)
  }
  const results = foldersToList(datastore, path?.folder ?? '', recursive).map((folder) =>
    folderResult(datastore, folder, spec),
  )
  const result = recursive ? array('HostDatastoreBrowserSearchResults', results) : results[0]
  task.data.prepared = JSON.parse(JSON.stringify(result))
  const wait = recursive ? RECURSIVE_SEARCH_MS : SEARCH_MS
  context.core.agenda.after(wait, 'vcenter.prepared', { vcenter: context.name, task: task.id })
  return taskReference(task)
}

function readSpec(element: XmlElement | undefined): SearchSpec {
  const details = child(element, 'details')
  const types = childrenNamed(element, 'query').map((query) => query.xsiType ?? 'FileQuery')
  if (new Set(types).size !== types.length) throw invalidArgument('searchSpec.query')
  return {
    patterns: childrenNamed(element, 'matchPattern').map((pattern) => pattern.text),
    types: types.includes('FileQuery') ? [] : types,
    size: childBoolean(details, 'fileSize') ?? false,
    modification: childBoolean(details, 'modification') ?? false,
    fileType: childBoolean(details, 'fileType') ?? false,
    ignoreCase: childBoolean(element, 'searchCaseInsensitive') ?? false,
  }
}

function searchFault(
  context: CallContext,
  datastore: SimDatastore,
  path: { datastore: string; folder: string } | undefined,
): VimFault | undefined {
  if (path?.datastore !== datastore.name) {
    return new VimFault('InvalidDatastore', 'Invalid datastore path.', { name: text(path?.datastore ?? '') })
  }
  if (!isAccessible(context.core, datastore)) {
    return new VimFault('InaccessibleDatastore', 'The datastore is not accessible.', { name: text(datastore.name) })
  }
  const exists =
    path.folder === '' || datastore.files.some((file) => `${folderOf(file.path)}/`.startsWith(`${path.folder}/`))
  if (exists) return undefined
  const name = printFolder(datastore.name, path.folder)
  return new VimFault('FileNotFound', `File ${name} was not found`, { file: text(name) })
}

/** The folder itself, and with recursion every folder below it. */
function foldersToList(datastore: SimDatastore, folder: string, recursive: boolean): string[] {
  if (!recursive) return [folder]
  const below = datastore.files
    .map((file) => folderOf(file.path))
    .filter((one) => folder === '' || one === folder || one.startsWith(`${folder}/`))
    .flatMap(withParents)
    .filter((one) => folder === '' || one === folder || one.startsWith(`${folder}/`))
  return [...new Set([folder, ...below])].sort()
}

function withParents(folder: string): string[] {
  const parts = folder.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function folderResult(datastore: SimDatastore, folder: string, spec: SearchSpec): VimData {
  const files = datastore.files
    .filter((file) => folderOf(file.path) === folder)
    .filter((file) => matches(spec, file))
    .map((file) => fileInfo(file, spec))
  const folders =
    spec.types.length === 0 || spec.types.includes('FolderFileQuery') ? subfolders(datastore, folder, spec) : []
  return data('HostDatastoreBrowserSearchResults', {
    datastore: reference('Datastore', datastore.moid),
    folderPath: text(printFolder(datastore.name, folder)),
    file: array('FileInfo', [...folders, ...files]),
  })
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? path

function matches(spec: SearchSpec, file: File): boolean {
  const name = nameOf(file.path)
  const byName = spec.patterns.length === 0 || spec.patterns.some((one) => globMatches(one, name, spec.ignoreCase))
  return byName && (spec.types.length === 0 || spec.types.includes(`${infoType(name).replace('Info', '')}Query`))
}

/** QUIRK vCenter 8.0: an ISO query lists no other file, a zip matches only the plain query. Source: HostDatastoreBrowser documentation. */
function infoType(name: string): string {
  if (/\.iso$/i.test(name)) return 'IsoImageFileInfo'
  if (/\.vmdk$/i.test(name)) return 'VmDiskFileInfo'
  if (/\.vmx$/i.test(name)) return 'VmConfigFileInfo'
  if (/\.log$/i.test(name)) return 'VmLogFileInfo'
  return 'FileInfo'
}

function fileInfo(file: File, spec: SearchSpec): VimData {
  const name = nameOf(file.path)
  return derived(spec.fileType ? infoType(name) : 'FileInfo', {
    path: text(name),
    friendlyName: undefined,
    fileSize: spec.size ? long(file.size_bytes) : undefined,
    modification: spec.modification ? dateTime(file.modified_at) : undefined,
    owner: undefined,
  })
}

function subfolders(datastore: SimDatastore, folder: string, spec: SearchSpec): VimData[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const names = datastore.files
    .filter((file) => file.path.startsWith(prefix))
    .map((file) => file.path.slice(prefix.length).split('/'))
    .filter((parts) => parts.length > 1)
    .map((parts) => parts[0] ?? '')
    .filter(
      (name) => spec.patterns.length === 0 || spec.patterns.some((one) => globMatches(one, name, spec.ignoreCase)),
    )
  return [...new Set(names)].sort().map((name) =>
    derived('FolderFileInfo', {
      path: text(name),
      friendlyName: undefined,
      fileSize: spec.size ? long(560) : undefined,
      modification: undefined,
      owner: undefined,
    }),
  )
}

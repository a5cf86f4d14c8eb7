import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { readOfflineBundle } from '../esxi/offline-bundle.js'
import type { LabAnswer } from '../gate.js'
import type { SimDatastore } from '../model-vsphere.js'
import type { CallContext } from './context.js'

/** What arrived of an upload. */
export interface Upload {
  size: number
  sha256: string
  /** The whole file, where it is small enough to be looked into. */
  bytes: Buffer | null
  complete: boolean
}

/** `/folder/<path>?dcPath=…&dsName=…` */
export interface FolderAddress {
  path: string
  datacenter: string
  datastore: string
}

/** Reads the address of a file; undefined where the URL is not one. */
export function readFolderAddress(url: string): FolderAddress | undefined {
  const parsed = new URL(url, 'https://vcenter.invalid')
  if (!parsed.pathname.startsWith('/folder')) return undefined
  const path = decodeURIComponent(parsed.pathname.slice('/folder'.length)).replace(/^\/+|\/+$/g, '')
  if (path.split('/').includes('..')) return undefined
  return {
    path,
    datacenter: parsed.searchParams.get('dcPath') ?? '',
    datastore: parsed.searchParams.get('dsName') ?? '',
  }
}

/** Files above this are stored by size and hash only; bundles of the tests are far below it. */
const LOOKED_INTO_BYTES = 64 * 1024 * 1024

/** Reads a body, and keeps it up to a limit. `complete` is false where the client broke off in the middle. */
export async function receiveUpload(request: IncomingMessage): Promise<Upload> {
  const hash = createHash('sha256')
  let size = 0
  let kept: Buffer[] | null = []
  let complete = true
  try {
    for await (const chunk of request) {
      const bytes = chunk as Buffer
      size += bytes.length
      hash.update(bytes)
      if (size > LOOKED_INTO_BYTES) kept = null
      kept?.push(bytes)
    }
  } catch {
    complete = false
  }
  return { size, sha256: hash.digest('hex'), bytes: kept && Buffer.concat(kept), complete }
}

const refuse = (status: number, body: string): LabAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})

/** The datastore that an address names, or the answer that refuses it. */
export function folderDatastore(context: CallContext, address: FolderAddress): SimDatastore | LabAnswer {
  if (!context.session) return refuse(401, 'Unauthorized')
  const datacenter = context.vcenter().datacenter.name
  if (address.datacenter !== datacenter && address.datacenter !== `ha-datacenter`)
    return refuse(404, 'no such datacenter')
  const datastore = context.core.state.datastores.find(
    (one) => one.vcenter === context.name && one.name === address.datastore,
  )
  return datastore ?? refuse(404, 'no such datastore')
}

/** Puts a received file on a datastore: 201 where it is new, 200 where it replaced one. */
export function storeFile(context: CallContext, datastore: SimDatastore, path: string, upload: Upload): LabAnswer {
  if (upload.size > datastore.free_bytes) return refuse(507, 'insufficient space')
  const old = datastore.files.find((file) => file.path === path)
  if (old) datastore.free_bytes += old.size_bytes
  datastore.files = datastore.files.filter((file) => file !== old)
  datastore.files.push({
    path,
    size_bytes: upload.size,
    modified_at: context.core.clock.now(),
    sha256: upload.sha256,
  })
  datastore.free_bytes -= upload.size
  noteBundle(context, datastore, path, upload)
  return { status: old ? 200 : 201, body: '', effect: `[${datastore.name}] ${path}: ${upload.size} bytes` }
}

/** An offline bundle that arrives is one that hosts can update from; a file that is replaced is one no longer. */
function noteBundle(context: CallContext, datastore: SimDatastore, path: string, upload: Upload | null): void {
  const { state } = context.core
  const depot_path = `/vmfs/volumes/${datastore.name}/${path}`
  state.depots = state.depots.filter((depot) => depot.depot_path !== depot_path)
  const profiles = upload?.bytes ? readOfflineBundle(upload.bytes) : null
  if (!upload || !profiles) return
  state.depots.push({ depot_path, datastore: datastore.name, path, size_bytes: upload.size, profiles })
}

/** Removes a file. */
export function removeFile(context: CallContext, datastore: SimDatastore, path: string): LabAnswer {
  const file = datastore.files.find((one) => one.path === path)
  if (!file) return refuse(404, 'no such file')
  datastore.files = datastore.files.filter((one) => one !== file)
  datastore.free_bytes += file.size_bytes
  noteBundle(context, datastore, path, null)
  return { status: 200, body: '', effect: `[${datastore.name}] ${path} removed` }
}

/** HEAD of a file: its size, as a client asks before it copies. */
export function describeFile(datastore: SimDatastore, path: string): LabAnswer {
  const file = datastore.files.find((one) => one.path === path)
  if (!file) return refuse(404, 'no such file')
  return { status: 200, headers: { 'x-file-size': String(file.size_bytes) }, body: '' }
}

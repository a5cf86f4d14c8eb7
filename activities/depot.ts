import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { cancellationSignal } from '@temporalio/activity'
import { DeviceError } from '../clients/errors.js'
import { type DatacenterFacts, readDatacenter } from '../clients/vsphere/datacenter.js'
import { datastorePath, readBrowseResult, startBrowse } from '../clients/vsphere/datastore-browse.js'
import { deleteFile } from '../clients/vsphere/datastore-delete.js'
import type { DatastoreFacts } from '../clients/vsphere/datastore-facts.js'
import { readDatastores } from '../clients/vsphere/datastore-reading.js'
import { uploadFile } from '../clients/vsphere/datastore-upload.js'
import { readTask } from '../clients/vsphere/task.js'
import type { IsoImage } from '../db/schema/media.js'
import { getIsoImage } from '../db/stores/media.js'
import type { DepotActivities } from './contracts/depot.js'
import type { StoredDepot } from './contracts/esxi.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { fileMatches } from './file-hash.js'
import { taskEnds } from './vsphere-tasks.js'
import { type AtHost, seeHost, withHost } from './with-vcenter.js'

const GIB = 1024 ** 3
const CHUNK_BYTES = 1024 * 1024
/** Copies that this process is making, so that the hosts of a cluster that share a datastore share one copy. */
const underWay = new Map<string, Promise<void>>()

/** Activities that bring a depot of our store to where a host can read it. */
export function createDepotActivities(deps: Deps): DepotActivities {
  return {
    placeDepot: async ({ context, host_id, depot }) => {
      const stored = await storedDepot(deps, depot.image_id)
      return withHost(deps, context, host_id, (at) => place(deps, at, stored, depot))
    },
  }
}

export interface DepotInStore {
  image: IsoImage
  path: string
  size_bytes: number
  sha256: string
}

/** A depot of our store whose bytes were proved. @throws StepFailed `MediaNotFound`, `UnsupportedFileType`, `HashMismatch` */
export async function storedDepot(deps: Deps, image_id: string): Promise<DepotInStore> {
  const image = await getIsoImage(deps.db, image_id)
  if (!image?.storage_name || image.size_bytes === null || image.sha256 === null)
    throw new StepFailed('MediaNotFound', `Depot ${image_id} is not in the store.`)
  if (image.kind !== 'esxi_depot')
    throw new StepFailed('UnsupportedFileType', `${image.name} is of kind ${image.kind}, not a depot.`)
  const path = join(deps.media.iso_directory, image.storage_name)
  if (!(await fileMatches(path, image.size_bytes, image.sha256)))
    throw new StepFailed('HashMismatch', `The stored file of ${image.name} is not the one that was taken in.`)
  return { image, path, size_bytes: image.size_bytes, sha256: image.sha256 }
}

/** One file on one datastore. */
interface Place {
  store: DatastoreFacts
  datacenter: DatacenterFacts
  file: string
}

async function place(deps: Deps, at: AtHost, stored: DepotInStore, wish: StoredDepot) {
  const usable = await usableDatastores(deps, at)
  const named = usable.filter((store) => wish.datastore === null || store.name === wish.datastore)
  // The name says the content: a file of this name and size is the same file, since only we write such names.
  const file = `depot-${stored.sha256}.zip`
  for (const store of named) {
    if ((await sizeOf(at, store, file)) === stored.size_bytes)
      return { depot_path: hostPath(store, file), copied: false }
  }
  const store = roomiest(at, named, stored.size_bytes, wish.datastore)
  const datacenter = await readDatacenter(at.session, store.moid)
  if (!datacenter) throw new StepFailed('DepotNotFound', `No datacenter of ${at.vcenter.name} holds ${store.name}.`)
  await copyOnce(at, { store, datacenter, file }, stored)
  return { depot_path: hostPath(store, file), copied: true }
}

const hostPath = (store: DatastoreFacts, file: string) => `/vmfs/volumes/${store.name}/${file}`

/**
 * Datastores that this host can read from and we can write to.
 * QUIRK vSAN: the root of a vSAN datastore holds no files, only folders of its own kind. Seen: CannotCreateFile.
 * Source: vSphere documentation on vSAN namespaces.
 */
async function usableDatastores(deps: Deps, at: AtHost): Promise<DatastoreFacts[]> {
  const { datastore_moids } = await seeHost(deps, at)
  const stores = await readDatastores(at.session, datastore_moids ?? [])
  return stores.filter((store) => {
    const mount = store.mounts?.find((each) => each.host_moid === at.moid)
    const writable = mount?.mounted === true && mount.accessible !== false && mount.access_mode !== 'readOnly'
    const quiet = store.maintenance_mode === null || store.maintenance_mode === 'normal'
    return store.accessible === true && writable && quiet && store.type !== 'vsan'
  })
}

/** The mounted one with most free space: it must hold the depot and still have the gibibyte that an update needs. */
function roomiest(at: AtHost, stores: DatastoreFacts[], size_bytes: number, name: string | null): DatastoreFacts {
  const which = name === null ? 'no datastore' : `no datastore ${name}`
  const [best] = [...stores].sort((a, b) => (b.free_bytes ?? 0) - (a.free_bytes ?? 0) || a.name.localeCompare(b.name))
  if (!best) throw new StepFailed('DepotNotFound', `${at.host.name} mounts ${which} that a depot could be copied to.`)
  if ((best.free_bytes ?? 0) < size_bytes + GIB)
    throw new StepFailed('NotEnoughSpace', `${best.name} has ${best.free_bytes ?? 'unknown'} bytes free.`, {
      datastore: best.name,
      free_bytes: best.free_bytes,
      needed_bytes: size_bytes + GIB,
    })
  return best
}

/** Size of a file in the root of a datastore; null = it is not there. */
async function sizeOf(at: AtHost, store: DatastoreFacts, file: string): Promise<number | null> {
  if (!store.browser_moid) return null
  const task = await startBrowse(at.session, {
    browser_moid: store.browser_moid,
    datastore: store.name,
    path: '',
    patterns: [file],
    recursive: false,
  })
  await taskEnds(at.session, task, `Listing ${store.name}`, at.scale)
  const files = readBrowseResult(await readTask(at.session, task, { with_result: true }))
  return files?.find((each) => each.name === file)?.size_bytes ?? null
}

function copyOnce(at: AtHost, target: Place, stored: DepotInStore): Promise<void> {
  const key = `${at.vcenter.id}/${target.store.moid}/${target.file}`
  const running = underWay.get(key)
  if (running) return running
  const copy = copyFile(at, target, stored).finally(() => underWay.delete(key))
  underWay.set(key, copy)
  return copy
}

/** Streams it, then believes only the size that the datastore tells; what is half there is removed. */
async function copyFile(at: AtHost, target: Place, stored: DepotInStore): Promise<void> {
  const body = {
    length: stored.size_bytes,
    open: () => createReadStream(stored.path, { highWaterMark: CHUNK_BYTES }),
  }
  const { store, datacenter, file } = target
  const upload = { datacenter: datacenter.path, datastore: store.name, path: file, body }
  try {
    await uploadFile(at.session, upload, { signal: cancellationSignal() })
    const size = await sizeOf(at, store, file)
    if (size !== stored.size_bytes)
      throw new DeviceError('VcenterUnreachable', `${size ?? 0} of ${stored.size_bytes} bytes arrived.`, {
        sent: true,
        answered: false,
      })
  } catch (thrown) {
    await removeHalf(at, target)
    throw thrown
  }
}

/** Best effort: what stays is named by its size at the next look, and replaced. */
async function removeHalf(at: AtHost, { store, datacenter, file }: Place): Promise<void> {
  try {
    const place = { datacenter_moid: datacenter.moid, datastore: store.name, path: file }
    const task = await deleteFile(at.session, place)
    await taskEnds(at.session, task, `Removing ${datastorePath(store.name, file)}`, at.scale)
  } catch (thrown) {
    if (!(thrown instanceof DeviceError)) throw thrown
  }
}

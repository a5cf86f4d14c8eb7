import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

export interface ListedStore {
  moid: string
  name: string
  /** null = vCenter does not say. */
  accessible: boolean | null
  mounts: readonly { host_moid: string; mounted: boolean | null; accessible: boolean | null }[] | null
}

export type StoreChoice<Store> = { ok: true; store: Store } | { ok: false; blockers: Blocker[] }

const mountedOn = (store: ListedStore, host_moid: string): boolean =>
  (store.mounts ?? []).some(
    (mount) => mount.host_moid === host_moid && mount.mounted !== false && mount.accessible !== false,
  )

/**
 * The datastore that is meant, by its id or its name, and by the host that must see it where one is named. A name may stand
 * for several (one per datacenter): then the id or the host decides.
 */
export function chooseStore<Store extends ListedStore>(
  stores: readonly Store[],
  wanted: string,
  host: { moid: string; name: string } | null,
): StoreChoice<Store> {
  const refuse = (one: Blocker): StoreChoice<Store> => ({ ok: false, blockers: [one] })
  const named = stores.filter((store) => store.moid === wanted || store.name === wanted)
  if (named.length === 0) return refuse(blocker('NotFound', `This vCenter has no datastore ${wanted}.`))
  const seen = host ? named.filter((store) => mountedOn(store, host.moid)) : named
  const [store, second] = seen
  if (!store) return refuse(blocker('NotFound', `${host?.name ?? 'The host'} does not mount ${wanted}.`))
  if (second) {
    const ids = seen.map((one) => one.moid).join(', ')
    return refuse(blocker('OptionConflict', `Several datastores are named ${wanted}: name one by its id (${ids}).`))
  }
  if (store.accessible === false)
    return refuse(blocker('StateConflict', `The datastore ${store.name} is not accessible now.`))
  return { ok: true, store }
}

/** The folder inside the datastore: a path as a host sees it (`/vmfs/volumes/<name>/…`) is taken too. */
export function folderInside(path: string, store: string): string {
  const bare = path.replace(/^\/+|\/+$/g, '')
  const prefix = `vmfs/volumes/${store}`
  if (bare === prefix) return ''
  return bare.startsWith(`${prefix}/`) ? bare.slice(prefix.length + 1) : bare
}

/** At most `limit` files in the order of their paths, and whether there are more. */
export function cutListing<File extends { path: string }>(
  files: readonly File[],
  limit: number,
): { files: File[]; truncated: boolean } {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return { files: sorted.slice(0, limit), truncated: sorted.length > limit }
}

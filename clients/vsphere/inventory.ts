import type { ClusterFacts } from './cluster-facts.js'
import { CLUSTER_PROPERTIES, readClusterContent } from './cluster-reading.js'
import { withContainerView } from './container-view.js'
import type { DatastoreFacts } from './datastore-facts.js'
import { DATASTORE_PROPERTIES, readDatastoreContent } from './datastore-reading.js'
import { toHostFacts } from './host.js'
import type { HostFacts } from './host-facts.js'
import { HOST_PROPERTIES } from './host-reading.js'
import { retrievePages } from './property-collector.js'
import type { CallOptions, VsphereSession } from './session.js'

/** One page of a vCenter's inventory: at most 200 objects, of any of the three kinds. */
export interface InventoryPage {
  hosts: HostFacts[]
  clusters: ClusterFacts[]
  datastores: DatastoreFacts[]
}

/**
 * Reads all hosts, clusters and datastores of a vCenter through one view, page by page, and hands each page to `onPage`
 * as it comes. The view is destroyed afterwards, also after an error or when `onPage` throws.
 * @throws DeviceError; what was handed over before stays valid.
 */
export async function readInventory(
  session: VsphereSession,
  onPage: (page: InventoryPage) => Promise<void>,
  options: CallOptions = {},
): Promise<void> {
  const types = ['HostSystem', 'ClusterComputeResource', 'Datastore']
  const sets = [HOST_PROPERTIES, CLUSTER_PROPERTIES, DATASTORE_PROPERTIES]
  await withContainerView(session, types, async (view) => {
    for await (const contents of retrievePages(session, sets, { view }, options)) {
      const factsAt = new Date().toISOString()
      const ofType = (type: string) => contents.filter((each) => each.type === type)
      await onPage({
        hosts: await toHostFacts(session, ofType('HostSystem'), options),
        clusters: ofType('ClusterComputeResource').map((each) => readClusterContent(each, factsAt)),
        datastores: ofType('Datastore').map((each) => readDatastoreContent(each, factsAt)),
      })
    }
  })
}

/** All datastores of a vCenter, through a view that is destroyed afterwards. @throws DeviceError */
export async function readAllDatastores(session: VsphereSession, options: CallOptions = {}): Promise<DatastoreFacts[]> {
  return withContainerView(session, ['Datastore'], async (view) => {
    const found: DatastoreFacts[] = []
    for await (const contents of retrievePages(session, [DATASTORE_PROPERTIES], { view }, options)) {
      const factsAt = new Date().toISOString()
      found.push(...contents.map((each) => readDatastoreContent(each, factsAt)))
    }
    return found
  })
}

import { readCluster } from './cluster.js'
import type { ClusterFacts } from './cluster-facts.js'
import type { DatastoreFacts } from './datastore-facts.js'
import { readDatastores } from './datastore-reading.js'
import { readHosts } from './host.js'
import type { HostFacts } from './host-facts.js'
import type { CallOptions, VsphereSession } from './session.js'
import { readVms } from './vm.js'
import type { VmFacts } from './vm-facts.js'

export interface ClusterOverview {
  cluster: ClusterFacts
  hosts: HostFacts[]
  vms: VmFacts[]
  datastores: DatastoreFacts[]
}

/**
 * Reads one cluster whole, fresh: the cluster, its hosts, their VMs, the datastores of both. Four paged reads, one after
 * the other; a VM that moves meanwhile is still found, since VMs are read by id.
 * @returns `null` when vCenter does not know the cluster.
 * @throws DeviceError
 */
export async function readClusterOverview(
  session: VsphereSession,
  clusterMoid: string,
  options: CallOptions = {},
): Promise<ClusterOverview | null> {
  const cluster = await readCluster(session, clusterMoid, options)
  if (cluster === null) return null
  const hosts = await readHosts(session, cluster.host_moids ?? [], options)
  const vmIds = [...new Set(hosts.flatMap((each) => each.vm_moids ?? []))]
  const vms = await readVms(session, vmIds, options)
  const ids = [...(cluster.datastore_moids ?? []), ...vms.flatMap((each) => each.datastore_moids ?? [])]
  return { cluster, hosts, vms, datastores: await readDatastores(session, ids, options) }
}

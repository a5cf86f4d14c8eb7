import type { Db } from '../db/connect.js'
import { listClustersOf } from '../db/stores/clusters.js'
import { listHosts } from '../db/stores/hosts.js'
import { listDatastores } from '../db/stores/vcenters.js'

/**
 * What is known of a vCenter, as one text to compare by: what is there, how it is set up and what it is linked to. What
 * moves by itself (load, free space, times of reading) is no change.
 */
export async function knownInventory(db: Db, vcenter_id: string): Promise<string> {
  const clusters = (await listClustersOf(db, vcenter_id)).map((row) => [
    row.id,
    row.name,
    row.drs_enabled,
    row.drs_mode,
    row.ha_enabled,
    row.ha_admission?.enabled ?? null,
    row.vsan_enabled,
    row.image_managed,
    row.dpm_enabled,
    row.evc_mode,
    row.hosts_total,
  ])
  const hosts = (await listHosts(db, vcenter_id)).map((row) => [
    row.id,
    row.moid,
    row.name,
    row.esxi_version,
    row.build,
    row.connection_state,
    row.power_state,
    row.in_maintenance_mode,
    row.cluster_id,
    row.ip_address,
  ])
  const links = (await listHosts(db)).map((row) => `${row.id} ${row.server_id}`)
  const datastores = (await listDatastores(db, vcenter_id)).map((row) => [
    row.moid,
    row.name,
    row.type,
    row.capacity_bytes,
    row.accessible,
    row.shared,
    [...row.host_ids].sort(),
  ])
  return JSON.stringify(
    [clusters, hosts, links, datastores].map((rows) => rows.map((row) => JSON.stringify(row)).sort()),
  )
}

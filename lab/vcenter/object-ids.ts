import type { SimCluster, SimHost } from '../model-vsphere.js'

/** Ids of the singletons and folders of a vCenter; real ones look alike, and clients must read them, not know them. */
export const ROOT_FOLDER = 'group-d1'
export const HOST_FOLDER = 'group-h23'
export const VM_FOLDER = 'group-v22'
export const DATASTORE_FOLDER = 'group-s24'
export const NETWORK_FOLDER = 'group-n25'
export const VM_NETWORK = 'network-26'

/** Number part of a host's moid, for the ids of the managers that belong to it. */
export const hostNumber = (host: SimHost): string => host.moid.replace(/^\D+/, '')
export const serviceSystemId = (host: SimHost): string => `serviceSystem-${hostNumber(host)}`
export const imageConfigId = (host: SimHost): string => `hostImageConfigManager-${hostNumber(host)}`
export const hostAccessId = (host: SimHost): string => `hostAccessManager-${hostNumber(host)}`
export const networkSystemId = (host: SimHost): string => `networkSystem-${hostNumber(host)}`
export const storageSystemId = (host: SimHost): string => `storageSystem-${hostNumber(host)}`
export const dateTimeSystemId = (host: SimHost): string => `dateTimeSystem-${hostNumber(host)}`
export const advancedOptionId = (host: SimHost): string => `EsxHostAdvSettings-${hostNumber(host)}`
export const browserId = (datastoreMoid: string): string => `datastoreBrowser-${datastoreMoid}`
export const resourcePoolId = (cluster: SimCluster): string => cluster.resource_pool_moid

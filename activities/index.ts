/* Types of all activity groups, by task queue. Workflows import this file by type only; each group is made by its own factory. */

import type { BiosActivities } from './contracts/bios.js'
import type { BootActivities } from './contracts/boot.js'
import type { ClusterActivities } from './contracts/cluster.js'
import type { ConsoleActivities } from './contracts/console.js'
import type {
  CredentialActivities,
  HostCredentialActivities,
  ServerCredentialActivities,
} from './contracts/credentials.js'
import type { DatastoreActivities } from './contracts/datastore.js'
import type { DepotActivities } from './contracts/depot.js'
import type { DirectoryActivities } from './contracts/directory.js'
import type { DiscoveryActivities } from './contracts/discovery.js'
import type { EsxiActivities } from './contracts/esxi.js'
import type { FirmwareActivities, TransferActivities } from './contracts/firmware.js'
import type { HostActivities } from './contracts/host.js'
import type { CoreActivities, ProjectionActivities } from './contracts/jobs.js'
import type { MediaActivities } from './contracts/media.js'
import type { OpenmanageActivities } from './contracts/openmanage.js'
import type { ProfileActivities } from './contracts/profile.js'
import type { RecordActivities } from './contracts/records.js'
import type { ServerActivities } from './contracts/server.js'
import type { VirtualMediaActivities } from './contracts/virtual-media.js'

export type { ProjectionActivities }
/** Queue `core`: Postgres, our own store and the company directory. */
export type CoreQueue = CoreActivities & MediaActivities & CredentialActivities & DirectoryActivities
/** Queue `redfish.<site>`: short calls to iDRACs. */
export type RedfishQueue = ServerActivities &
  BiosActivities &
  BootActivities &
  FirmwareActivities &
  ProfileActivities &
  DiscoveryActivities &
  RecordActivities &
  ConsoleActivities &
  VirtualMediaActivities &
  ServerCredentialActivities
/** Queue `vsphere.<site>`: calls to vCenters and OpenManage. */
export type VsphereQueue = HostActivities &
  ClusterActivities &
  DepotActivities &
  DatastoreActivities &
  OpenmanageActivities
/** Queue `ssh.<site>`: commands on ESXi hosts. */
export type SshQueue = EsxiActivities & HostCredentialActivities
/** Queue `transfer.<site>`: uploads to iDRACs. */
export type TransferQueue = TransferActivities

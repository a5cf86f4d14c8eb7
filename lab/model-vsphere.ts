/** State of the simulated vCenters, clusters, hosts and virtual machines. Plain JSON data; times are simulated ms. */
import type { FaceState } from './model.js'

export interface SimVcenter {
  name: string
  address: string
  port: number
  username: string
  password: string
  version: string
  build: string
  instance_uuid: string
  datacenter: { name: string; moid: string }
  sessions: { id: string; user: string; created_at: number; last_used_at: number }[]
  tasks: SimTask[]
  next_task: number
  /** the face's own data (filters, views are not persistent: keep them in memory) */
  face: FaceState
}

/** A vCenter task; what it still does stands in the agenda. */
export interface SimTask {
  /** moid, `task-12` */
  id: string
  /** `HostSystem.enterMaintenanceMode` */
  description_id: string
  entity: { type: string; moid: string; name: string }
  state: 'queued' | 'running' | 'success' | 'error'
  progress: number | null
  cancelable: boolean
  cancelled: boolean
  queued_at: number
  started_at: number | null
  completed_at: number | null
  user: string
  /** fault type and text, for state `error` */
  error: { type: string; message: string; detail: FaceState } | null
  /** the face's own data on how the task goes on */
  data: FaceState
}

export type DrsMode = 'fullyAutomated' | 'partiallyAutomated' | 'manual'

export interface SimCluster {
  name: string
  moid: string
  vcenter: string
  /** how many hosts may be out at once by the site's policy: the judge's measure */
  allowed_out: number
  drs: { enabled: boolean; mode: DrsMode; vmotion_rate: number; overrides_enabled: boolean }
  ha: {
    enabled: boolean
    host_monitoring: boolean
    admission_control: {
      enabled: boolean
      policy: 'ClusterFailoverLevel' | 'ClusterFailoverResources' | 'ClusterFailoverHost'
      failover_level: number
      cpu_percent: number
      memory_percent: number
    }
  }
  dpm: { enabled: boolean; behavior: 'automated' | 'manual' }
  vsan: { enabled: boolean; resyncing_objects: number }
  evc_mode: string | null
  image_managed: boolean
  rules: SimRule[]
  resource_pool_moid: string
}

export interface SimRule {
  key: number
  name: string
  enabled: boolean
  type: 'affinity' | 'anti_affinity' | 'vm_host'
  mandatory: boolean
  vms: string[]
  /** for vm_host: host names */
  hosts: string[]
}

/** Names of image and build, as `software profile get` and `system version get` show them. */
export interface SimImage {
  name: string
  /** `8.0.2` */
  version: string
  build: string
  /** `8.0 Update 2` style number */
  update: number
  patch: number
  acceptance: 'VMwareCertified' | 'VMwareAccepted' | 'PartnerSupported' | 'CommunitySupported'
  vendor: string
  vibs: { name: string; version: string; vendor: string; acceptance: string; bootbank: string }[]
}

export type HostConnection = 'connected' | 'notResponding' | 'disconnected'

export interface SimHost {
  /** name in `/lab/site`, in vCenter and in the ledger (FQDN) */
  name: string
  moid: string
  vcenter: string
  cluster: string
  service_tag: string
  /** management address = address of its SSH service */
  address: string
  /** what boots now / what is running */
  image: SimImage
  /** image in the other boot bank, written by an update, active after the next boot; null = none */
  pending_image: SimImage | null
  /** image that ran before, for a rollback; null after a major upgrade */
  previous_image: SimImage | null
  /** what vCenter still shows: it lags behind the host for a while after a reboot */
  seen_by_vcenter: { version: string; build: string }
  connection: HostConnection
  in_maintenance: boolean
  /** moid of the task that enters maintenance, while it runs */
  entering_maintenance: string | null
  /** simulated time of the last boot's end (ESXi up); the boot time that vSphere shows */
  boot_time: number
  boot_count: number
  ssh: {
    enabled: boolean
    policy: 'on' | 'off' | 'automatic'
    address: string
    port: number
    username: string
    password: string
  }
  lockdown_mode: 'lockdownDisabled' | 'lockdownNormal' | 'lockdownStrict'
  ha_state: 'connectedToMaster' | 'master' | 'initializationError' | 'uninitialized' | 'networkIsolated' | 'hostDown'
  cpu: { model: string; sockets: number; cores: number; mhz: number }
  memory_bytes: number
  /** names of mounted datastores */
  datastores: string[]
  vmnics: { name: string; mac_address: string; link_up: boolean; speed_mbps: number; driver: string }[]
  alarms: { moid: string; name: string; status: 'yellow' | 'red'; since: number }[]
  overall_status: 'green' | 'yellow' | 'red'
  quarantine: boolean
  tpm: { present: boolean; recovery_key: string | null; encryption_mode: 'TPM' | 'None' }
  secure_boot: boolean
  /** an `esxcli software` transaction runs until then; null = none */
  update_running_until: number | null
  /** name of a personality of presets.ts (the one of its server); null = ordinary */
  personality: string | null
  /** the faces' own data: files of /tmp, processes */
  face: FaceState
}

export type VmPower = 'poweredOn' | 'poweredOff' | 'suspended'

/** Why a VM cannot leave its host by vMotion. */
export type VmPin = 'passthrough' | 'vgpu' | 'local_storage' | 'connected_iso' | 'question' | 'host_rule'

export interface SimVm {
  name: string
  moid: string
  vcenter: string
  cluster: string
  /** name of the host it is registered on; change it by `core.moveVm` only */
  host: string
  power: VmPower
  cpus: number
  memory_mb: number
  /** what it uses now */
  cpu_demand_mhz: number
  memory_used_mb: number
  cpu_reservation_mhz: number
  memory_reservation_mb: number
  datastore: string
  pins: VmPin[]
  drs_override: DrsMode | 'disabled' | null
  question: { id: string; text: string; choices: { key: string; label: string }[] } | null
  uuid: string
  guest_os: string
  ip_address: string | null
  template: boolean
  /** where it ran before an evacuation, so that it can come back; null = nowhere */
  home: string | null
}

export interface SimDatastore {
  name: string
  moid: string
  vcenter: string
  /** uuid part of `/vmfs/volumes/<uuid>` */
  uuid: string
  type: 'VMFS' | 'NFS' | 'vsan'
  capacity_bytes: number
  free_bytes: number
  /** names of hosts that mount it */
  hosts: string[]
  /** path below the datastore, without a leading slash -> size */
  files: { path: string; size_bytes: number; modified_at: number; sha256: string | null }[]
}

/** An ESXi offline bundle on a datastore. */
export interface SimDepot {
  /** `/vmfs/volumes/<datastore name>/depots/….zip` */
  depot_path: string
  datastore: string
  /** path below the datastore */
  path: string
  size_bytes: number
  profiles: SimImage[]
}

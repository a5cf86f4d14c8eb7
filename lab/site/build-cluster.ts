/** Makes a cluster with its hosts and virtual machines. One host at a time may leave it, by a wide margin. */
import { hostAddress, SSH_PORT } from '../addresses.js'
import { DELL_703, DELL_802 } from '../hardware/esxi-images.js'
import { modelFacts } from '../hardware/models.js'
import type { SimServer } from '../model-server.js'
import type { SimCluster, SimHost, SimVm } from '../model-vsphere.js'
import type { Identities } from './identities.js'
import type { ClusterPlan } from './plan.js'

export interface ClusterPlace {
  vcenter: string
  /** counts all clusters of the site, from 0 */
  index: number
  shift: number
  ssh: { username: string; password: string }
  datastore: string
}

const GIB = 1024 ** 3

export function buildCluster(plan: ClusterPlan, place: ClusterPlace): SimCluster {
  const failover = Math.ceil(100 / plan.hosts)
  return {
    name: plan.name,
    moid: `domain-c${1000 + place.index}`,
    vcenter: place.vcenter,
    allowed_out: 1,
    drs: { enabled: true, mode: 'fullyAutomated', vmotion_rate: 3, overrides_enabled: true },
    ha: {
      enabled: true,
      host_monitoring: true,
      admission_control: {
        enabled: true,
        policy: 'ClusterFailoverResources',
        failover_level: 1,
        cpu_percent: Math.min(failover, 50),
        memory_percent: Math.min(failover, 50),
      },
    },
    dpm: { enabled: plan.dpm, behavior: 'automated' },
    vsan: { enabled: false, resyncing_objects: 0 },
    evc_mode: 'intel-skylake',
    image_managed: false,
    rules: [],
    resource_pool_moid: `resgroup-${1000 + place.index}`,
  }
}

/** A host's DNS name: `esx-prod-a-01.lab.example`. */
export function hostName(cluster: string, index: number): string {
  return `esx-${cluster.toLowerCase()}-${String(index + 1).padStart(2, '0')}.lab.example`
}

export function buildHost(
  plan: ClusterPlan,
  place: ClusterPlace,
  index: number,
  server: SimServer,
  ids: Identities,
): SimHost {
  const facts = modelFacts(plan.model)
  const image = plan.image === '703' ? DELL_703 : DELL_802
  const name = hostName(plan.name, index)
  const address = hostAddress(place.shift, place.index, index)
  return {
    name,
    moid: `host-${(place.index + 1) * 1000 + index + 1}`,
    vcenter: place.vcenter,
    cluster: plan.name,
    service_tag: server.service_tag,
    address,
    image,
    pending_image: null,
    previous_image: null,
    seen_by_vcenter: { version: image.version, build: image.build },
    connection: 'connected',
    in_maintenance: false,
    entering_maintenance: null,
    boot_time: server.boot.since,
    boot_count: 1,
    ssh: { enabled: false, policy: 'off', address, port: SSH_PORT, ...place.ssh },
    lockdown_mode: 'lockdownDisabled',
    ha_state: index === 0 ? 'master' : 'connectedToMaster',
    cpu: { model: facts.cpu.model, sockets: facts.cpu.sockets, cores: facts.cpu.cores, mhz: facts.cpu.mhz },
    memory_bytes: facts.memory_gib * GIB,
    datastores: [place.datastore],
    vmnics: server.hardware.nics.map((nic, i) => ({
      name: `vmnic${i}`,
      mac_address: nic.mac_address.toLowerCase(),
      link_up: true,
      speed_mbps: nic.speed_mbps,
      driver: nic.speed_mbps === 1000 ? 'ntg3' : 'bnxtnet',
    })),
    alarms: [],
    overall_status: 'green',
    quarantine: false,
    tpm: {
      present: true,
      recovery_key: `{${ids.uuid(`tpm ${name}`).toUpperCase()}}   ${recoveryKey(name, ids)}`,
      encryption_mode: 'TPM',
    },
    secure_boot: true,
    update_running_until: null,
    personality: server.personality,
    face: {},
  }
}

function recoveryKey(name: string, ids: Identities): string {
  return Array.from({ length: 16 }, (_, i) => String(ids.between(`recovery ${name} ${i}`, 100_000, 699_999))).join('-')
}

/** Sizes in GiB and vCPUs; they add up so that the cluster keeps more than half of its memory free. */
const SIZES: readonly [memoryGib: number, cpus: number][] = [
  [8, 2],
  [16, 4],
  [8, 2],
  [24, 4],
  [16, 4],
  [8, 2],
  [32, 8],
  [16, 4],
  [12, 4],
]
const ROLES = ['web', 'app', 'db', 'cache', 'queue', 'files', 'build', 'ldap', 'mon'] as const
const GUESTS = [
  'Red Hat Enterprise Linux 9 (64-bit)',
  'Ubuntu Linux (64-bit)',
  'Microsoft Windows Server 2022 (64-bit)',
] as const

/** The virtual machines of a host; `from` counts VMs of the vCenter. */
export function buildVms(
  plan: ClusterPlan,
  place: ClusterPlace,
  host: SimHost,
  hostIndex: number,
  from: number,
  ids: Identities,
): SimVm[] {
  const short = plan.name.toLowerCase()
  return Array.from({ length: plan.vms_per_host }, (_, i) => {
    const [memoryGib, cpus] = SIZES[i % SIZES.length] ?? [8, 2]
    const number = hostIndex * plan.vms_per_host + i
    const name = `${short}-${ROLES[number % ROLES.length]}-${String(number + 1).padStart(3, '0')}`
    return {
      name,
      moid: `vm-${2000 + from + i}`,
      vcenter: place.vcenter,
      cluster: plan.name,
      host: host.name,
      power: 'poweredOn',
      cpus,
      memory_mb: memoryGib * 1024,
      cpu_demand_mhz: cpus * ids.between(`demand ${name}`, 150, 600),
      memory_used_mb: Math.round((memoryGib * 1024 * ids.between(`memory ${name}`, 35, 75)) / 100),
      cpu_reservation_mhz: 0,
      memory_reservation_mb: 0,
      datastore: place.datastore,
      pins: [],
      drs_override: null,
      question: null,
      uuid: ids.uuid(`vm ${name}`),
      guest_os: GUESTS[number % GUESTS.length] ?? GUESTS[0],
      ip_address: `10.${20 + place.index}.${hostIndex}.${i + 10}`,
      template: false,
      home: null,
    }
  })
}

/** Builds a whole site from its name and seed; the same two always give the same site (but for the time it begins). */
import { VCENTER_PORT, vcenterAddress } from '../addresses.js'
import { firmwareUrl } from '../depot-url.js'
import { firmwareFiles } from '../firmware/packages.js'
import { DEPOTS } from '../hardware/esxi-images.js'
import type { SimSite } from '../model.js'
import type { SimDatastore, SimDepot, SimVcenter } from '../model-vsphere.js'
import { applyPersonality } from '../presets.js'
import { buildCluster, buildHost, buildVms, type ClusterPlace, hostName } from './build-cluster.js'
import { buildDirectories } from './build-directories.js'
import { buildServer, type ServerPlan } from './build-server.js'
import { type Identities, identitiesOf } from './identities.js'
import { type ClusterPlan, planOf } from './plan.js'

const DATASTORE = 'site-depot-01'
const TIB = 1024 ** 4
const DAY = 86_400_000

interface Accounts {
  idrac: { username: string; password: string }
  esxi: { username: string; password: string }
}

/** Throws UnknownSite for a name that is none. `now` = simulated ms at which it begins. */
export function buildSite(site: string, seed: number, shift: number, now: number): SimSite {
  const plan = planOf(site)
  const ids = identitiesOf(seed)
  const state = emptySite(site, seed, shift, now)
  const accounts: Accounts = {
    idrac: { username: 'root', password: ids.password('idrac') },
    esxi: { username: 'root', password: ids.password('esxi') },
  }
  for (const [v, vcenterPlan] of plan.vcenters.entries()) {
    const vcenter = buildVcenter(vcenterPlan.name, v, shift, ids)
    state.vcenters.push(vcenter)
    for (const clusterPlan of vcenterPlan.clusters) addCluster(state, vcenter, clusterPlan, accounts, ids)
    addDatastore(state, vcenter, ids)
  }
  for (const [i, standalone] of plan.standalone.entries()) {
    const name = `idrac-standalone-${String(i + 1).padStart(2, '0')}`
    addServer(state, { name, model: standalone.model, personality: standalone.personality, host: null }, accounts, ids)
  }
  if (state.vcenters.length > 0) state.depots = depots()
  const models = new Set(state.servers.map((server) => server.model))
  state.firmware = firmwareFiles(models, (fileName) => firmwareUrl(shift, fileName)).map(({ file }) => file)
  state.directories = buildDirectories(shift, ids)
  return state
}

function emptySite(site: string, seed: number, shift: number, now: number): SimSite {
  return {
    site,
    seed,
    shift,
    sim_now: now,
    next_agenda_id: 1,
    agenda: [],
    dice: {},
    servers: [],
    vcenters: [],
    clusters: [],
    hosts: [],
    vms: [],
    datastores: [],
    depots: [],
    firmware: [],
    directories: [],
    history: {
      max_hosts_out: {},
      firmware_submissions: [],
      esxi_updates: [],
      host_reboots: [],
      failed_logins: {},
      max_sessions: {},
      violations: [],
    },
  }
}

function addServer(
  state: SimSite,
  plan: Pick<ServerPlan, 'name' | 'model' | 'personality' | 'host'>,
  accounts: Accounts,
  ids: Identities,
): SimSite['servers'][number] {
  const other = plan.personality === 'other_password'
  const account = {
    username: accounts.idrac.username,
    password: other ? ids.password(plan.name) : accounts.idrac.password,
  }
  const server = buildServer(
    { ...plan, ...account, index: state.servers.length, shift: state.shift, now: state.sim_now },
    ids,
  )
  state.servers.push(server)
  return server
}

function addCluster(state: SimSite, vcenter: SimVcenter, plan: ClusterPlan, accounts: Accounts, ids: Identities): void {
  const place: ClusterPlace = {
    vcenter: vcenter.name,
    index: state.clusters.length,
    shift: state.shift,
    ssh: accounts.esxi,
    datastore: DATASTORE,
  }
  state.clusters.push(buildCluster(plan, place))
  for (let i = 0; i < plan.hosts; i++) {
    const name = `idrac-${plan.name.toLowerCase()}-${String(i + 1).padStart(2, '0')}`
    const personality = plan.personalities[i] ?? null
    const server = addServer(
      state,
      { name, model: plan.model, personality, host: hostName(plan.name, i) },
      accounts,
      ids,
    )
    const host = buildHost(plan, place, i, server, ids)
    const vms = buildVms(plan, place, host, i, state.vms.length, ids)
    state.hosts.push(host)
    state.vms.push(...vms)
    applyPersonality(server, host, vms)
  }
}

function buildVcenter(name: string, index: number, shift: number, ids: Identities): SimVcenter {
  return {
    name,
    address: vcenterAddress(shift, index),
    port: VCENTER_PORT,
    username: 'administrator@vsphere.local',
    password: ids.password(name),
    version: '8.0.3',
    build: '24853646',
    instance_uuid: ids.uuid(name),
    datacenter: { name: `DC-${String(index + 1).padStart(2, '0')}`, moid: `datacenter-${index + 2}` },
    sessions: [],
    tasks: [],
    next_task: 1,
    face: {},
  }
}

/** The datastore that every host of the vCenter mounts; the depots lie on it. */
function addDatastore(state: SimSite, vcenter: SimVcenter, ids: Identities): void {
  const uuid = ids.uuid(`datastore ${vcenter.name}`)
  const datastore: SimDatastore = {
    name: DATASTORE,
    moid: `datastore-${state.datastores.length + 11}`,
    vcenter: vcenter.name,
    uuid: `${uuid.slice(0, 8)}-${uuid.slice(9, 13)}${uuid.slice(14, 18)}-${uuid.slice(19, 23)}-${uuid.slice(24)}`,
    type: 'VMFS',
    capacity_bytes: 20 * TIB,
    free_bytes: 11 * TIB,
    hosts: state.hosts.filter((host) => host.vcenter === vcenter.name).map((host) => host.name),
    files: DEPOTS.map((depot, i) => ({
      path: depot.path,
      size_bytes: depot.size_bytes,
      modified_at: state.sim_now - (60 - 20 * i) * DAY,
      sha256: null,
    })),
  }
  state.datastores.push(datastore)
}

function depots(): SimDepot[] {
  return DEPOTS.map((depot) => ({
    depot_path: `/vmfs/volumes/${DATASTORE}/${depot.path}`,
    datastore: DATASTORE,
    path: depot.path,
    size_bytes: depot.size_bytes,
    profiles: depot.profiles,
  }))
}

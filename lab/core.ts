/**
 * What every face (iDRAC, vCenter, ESXi) gets: the site's state and the services around it. A face only translates
 * between its wire and this. `main.ts` builds one core and hands it to `startIdracFace(core)`, `startVcenterFace(core)`
 * and `startEsxiFace(core)`, each of which returns a `Face`.
 */
import type { Agenda } from './agenda.js'
import type { Clock } from './clock.js'
import type { Gate } from './gate.js'
import type { JobQueue } from './jobs.js'
import type { Judge } from './judge.js'
import type { Keys } from './keys.js'
import type { Ledger } from './ledger.js'
import type { Lifecycle } from './lifecycle.js'
import type { SimSite } from './model.js'
import type { SimServer } from './model-server.js'
import type { SimCluster, SimDatastore, SimHost, SimVcenter, SimVm } from './model-vsphere.js'
import type { PersonalityFlags } from './presets.js'
import type { Dice } from './random.js'
import type { SiteExtras } from './views.js'

/** What a started face gives back; `close` ends listeners and open connections within a second. */
export interface Face {
  close(): Promise<void>
  /** Called after `POST /lab/reset` and after the addresses are the same again: forget what is held in memory. */
  reset?(): void | Promise<void>
  /** What it adds to `GET /lab/site`. */
  extras?(): Partial<SiteExtras>
}

/** Finds things by name; all of them throw when there is no such thing. */
export interface Directory {
  server(name: string): SimServer
  serverByTag(serviceTag: string): SimServer
  host(name: string): SimHost
  hostByMoid(vcenter: string, moid: string): SimHost | undefined
  /** the host that runs on a server, if any */
  hostOf(server: SimServer): SimHost | undefined
  /** the server that a host runs on */
  serverOf(host: SimHost): SimServer
  vcenter(name: string): SimVcenter
  cluster(vcenter: string, name: string): SimCluster
  clusterOf(host: SimHost): SimCluster
  hostsOf(cluster: SimCluster): SimHost[]
  vmsOn(host: SimHost): SimVm[]
  vmByMoid(vcenter: string, moid: string): SimVm | undefined
  datastore(vcenter: string, name: string): SimDatastore
}

export interface LabCore {
  /** the truth; mutate it freely inside a gate's effect or an agenda handler, but see `move*`/`set*` below */
  /** another object after a reset: do not keep it, nor parts of it, over an await */
  readonly state: SimSite
  readonly clock: Clock
  readonly agenda: Agenda
  readonly dice: Dice
  readonly ledger: Ledger
  readonly gate: Gate
  readonly judge: Judge
  readonly keys: Keys
  readonly find: Directory
  /** power, boots, iDRAC restarts */
  readonly lifecycle: Lifecycle
  /** the Lifecycle Controller's job queues */
  readonly jobs: JobQueue
  /** a server or host by its name, if there is one */
  tryServer(name: string): SimServer | undefined
  tryHost(name: string): SimHost | undefined
  /** the only way to move a VM (keeps the index and the judge right) */
  moveVm(vm: SimVm, toHost: string): void
  /** the only way to change a host's maintenance state; tells the judge */
  setMaintenance(host: SimHost, inMaintenance: boolean): void
  /** the only way to change a host's connection state; tells the judge */
  setConnection(host: SimHost, connection: SimHost['connection']): void
  /** behaviour switches of a device now: its personality plus fault rules with action `personality` */
  flags(device: string): PersonalityFlags
}

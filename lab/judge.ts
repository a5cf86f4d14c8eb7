/** Keeps the history that `/lab/invariants` is made of. Faces tell it what only they know. */
import type { SimCluster } from './model-vsphere.js'

export interface Judge {
  /** An `esxcli software profile update|install` (not a dry run) was begun on a host, towards an image. */
  esxiUpdate(host: string, image: string): void
  /** A firmware package was accepted by a device. */
  firmwareSubmitted(serviceTag: string, component: string, version: string): void
  /** That submission surely changed nothing (job deleted or failed before it ran): one more is no repetition. */
  firmwareWithdrawn(serviceTag: string, component: string, version: string): void
  /** That update ended with an error and changed nothing: one more is no repetition. */
  esxiUpdateFailed(host: string, image: string): void
  /** A boot of a vSphere host began with so many powered-on VMs on it. */
  hostReboot(host: string, runningVms: number): void
  /** A wrong password arrived. */
  loginFailed(device: string): void
  /** A device locked an account or blocked an address. */
  lockedOut(device: string): void
  /** So many wrong passwords arrived within the last simulated ms. */
  recentFailures(device: string, withinMs: number): number
  /** A device has so many sessions open now; `limit` is its own. */
  sessions(device: string, open: number, limit: number): void
  /** Host states of a cluster changed: counts who is out. */
  clusterChanged(cluster: SimCluster): void
  /** Something happened that must never happen. */
  violation(name: string, detail: string): void
}

import type { CommandLog } from '../db/command-log.js'
import type { Db } from '../db/connect.js'
import type { KeyRing } from '../db/crypto.js'
import type { WorkerPresence } from '../db/worker-presence.js'
import type { EsxiConnections } from './esxi-connections.js'
import type { IdracSessions } from './idrac-sessions.js'
import type { VcenterSessions } from './vcenter-sessions.js'

export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Last step of credential resolution; empty when not configured. There is no built-in account. */
export interface DefaultAccounts {
  idrac: { username: string; password: string } | null
  esxi: { username: string; password: string } | null
}

export interface MediaConfig {
  iso_directory: string
  max_storage_bytes: number
  /** Base address of the media server as devices reach it; null when this site has none. */
  base_url: string | null
  /** Ports on which parts of this product listen; no file is ever fetched from them. */
  own_ports: number[]
}

/** What Temporal says about a workflow; `gone`: it does not know it. */
export type WorkflowFate = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'gone'

/** What a worker process supplies to all activities. */
export interface Deps {
  db: Db
  keys: KeyRing
  commands: CommandLog
  presence: WorkerPresence
  worker_id: string
  site: string
  /** A lab is in use: loopback addresses are devices. */
  lab_in_use: boolean
  defaults: DefaultAccounts
  media: MediaConfig
  idracs: IdracSessions
  vcenters: VcenterSessions
  esxi: EsxiConnections
  describeWorkflow: (workflow_id: string) => Promise<WorkflowFate>
  log: Logger
}

import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface ScanOptions {
  ports: number[]
  connect_timeout_ms: number
  in_flight: number
  rate_per_second: number
  exclude_ranges: string[]
  first_contact: 'pin' | 'ask' | null
  try_credentials: boolean
  max_sets_per_device: number
  keep_credentials: boolean
  inventory: 'basic' | 'full'
  link_hosts: boolean
  /** Sealed row with the factory account typed in for this job; never the account itself. */
  factory_secret_id: string | null
}

export interface Endpoint {
  address: string
  port: number
}

interface IdentifyInput {
  context: WorkContext
  options: ScanOptions
  dry_run: boolean
}

export interface IdentifyAnswer {
  counts: Partial<ScanCounts>
  server_ids: string[]
}

export interface SweepAnswer {
  /** Where to go on; null when the range is done. */
  next_cursor: string | null
  probed: number
  open: Endpoint[]
}

export interface ScanCounts {
  idracs: number
  created: number
  updated: number
  unchanged: number
  linked: number
  auth_failed: number
  identity_pending: number
  identity_changed: number
  duplicates: number
  redfish_disabled: number
  other_redfish: number
  no_credential: number
  /** Open, but it could not be read until the time ran out. */
  unread: number
}

export interface DiscoveryActivities {
  /** Opens connections to the next batch of addresses of a range: the only test is whether one opens. */
  sweepBatch(input: {
    context: WorkContext
    ip_range: string
    cursor: string | null
    batch: number
    options: ScanOptions
  }): Promise<SweepAnswer>
  /**
   * Fingerprints some open ports without credentials, several at once: checks identity, logs in, reads and saves the server.
   * A finding is an answer. What could not be asked now (login budget, a connection that broke) is in `later`.
   */
  identifyDevices(input: IdentifyInput & { endpoints: Endpoint[] }): Promise<IdentifyAnswer & { later: Endpoint[] }>
  /** The same for one of them, with patience. */
  identifyDevice(input: IdentifyInput & Endpoint): Promise<IdentifyAnswer>
  /** An open port that was asked in vain until the time ran out becomes a finding. */
  noteUnreadDevice(input: Pick<IdentifyInput, 'context'> & Endpoint & { why: string }): Promise<void>
  /** Links servers to the vSphere hosts with the same serial number; ambiguous ones become findings. */
  linkServers(input: Pick<IdentifyInput, 'context'>): Promise<{ linked: number }>
  /** Known servers inside the range that did not answer get a finding; nothing is ever deleted. */
  noteSilentServers(input: {
    context: WorkContext
    ip_ranges: string[]
    seen_server_ids: string[]
  }): Promise<{ not_answering: number }>
}

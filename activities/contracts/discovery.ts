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

export interface SweepAnswer {
  /** Where to go on; null when the range is done. */
  next_cursor: string | null
  probed: number
  open: { address: string; port: number }[]
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
  /** Fingerprints one open port without credentials, checks identity, logs in, reads and saves the server. A finding is an answer. */
  identifyDevice(input: {
    context: WorkContext
    address: string
    port: number
    options: ScanOptions
    dry_run: boolean
  }): Promise<{ counts: Partial<ScanCounts>; server_id: string | null; finding: string | null }>
  /** Known servers inside the range that did not answer get a finding; nothing is ever deleted. */
  noteSilentServers(input: {
    context: WorkContext
    ip_ranges: string[]
    seen_server_ids: string[]
  }): Promise<{ not_answering: number }>
}

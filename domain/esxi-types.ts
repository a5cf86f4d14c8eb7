import type { Blocker } from './failures.js'

export const ACCEPTANCE_LEVELS = [
  'VMwareCertified',
  'VMwareAccepted',
  'PartnerSupported',
  'CommunitySupported',
] as const
export type AcceptanceLevel = (typeof ACCEPTANCE_LEVELS)[number]

/** One image profile of a depot, as the tool lists it. */
export interface DepotProfile {
  name: string
  vendor: string | null
  acceptance_level: string | null
  /** From the depot's metadata, where known; otherwise the name is read. */
  version?: string | null
  build?: number | null
}

/** What the tool's own dry run said. */
export type EsxiDryRun =
  | {
      ok: true
      result: {
        message: string
        /** The tool says that the host is at the target already. */
        unchanged: boolean
        vibs_installed: string[]
        vibs_removed: string[]
        vibs_skipped: string[]
      }
      warnings: string[]
    }
  | {
      ok: false
      failure: { error_class: string; code: Blocker['code']; text: string; hardware_warning: boolean }
    }

/** Everything the preflight of one host judges; null = could not be read. */
export interface EsxiPreflightFacts {
  host: {
    id: string
    name: string
    vendor: string | null
    connection_state: string | null
    power_state: string | null
    version: string | null
    build: number | null
    image_profile: string | null
    reboot_required: boolean | null
    lockdown_mode: string | null
    tpm_sealed: boolean | null
    recovery_key_stored: boolean
    /** Can the key be read and stored during the job? */
    recovery_key_readable: boolean | null
    secure_boot: boolean | null
    alarms: readonly string[]
  }
  /** null: a standalone host without vCenter. */
  vcenter: { version: string | null; image_managed: boolean | null } | null
  /** Answer of the cluster safety rule for this host alone; null: no cluster. */
  safety: { safe: boolean; blockers: Blocker[] } | null
  vsan_resync_bytes: number | null
  /** `off` = its service is off and this run may not start it: the host part is not checked. `failed` = it was tried. */
  ssh: { state: 'usable' | 'off' | 'failed'; why?: string }
  depot: {
    path: string
    visible: boolean | null
    size_bytes: number | null
    expected_size_bytes: number | null
    sha256: string | null
    expected_sha256: string | null
    profiles: DepotProfile[] | null
    /** Text of the tool when the depot could not be read. */
    error: string | null
  }
  on_host: EsxiOnHostFacts | null
  dry_run: EsxiDryRun | null
}

/** What only the host itself can tell, over SSH. */
export interface EsxiOnHostFacts {
  acceptance_level: string | null
  /** Free bytes on the volume of the depot. */
  depot_free_bytes: number | null
  /** Does `/bootbank` lie on a real device (not on a RAM disk)? */
  boot_bank_real: boolean | null
  boot_device_bytes: number | null
  boot_device_kind: string | null
  scratch_free_bytes: number | null
  /** Process of another update, if one runs. */
  update_running: string | null
  community_vibs: string[] | null
  unsigned_vibs: string[] | null
  /** Clock of the host minus ours. */
  clock_offset_seconds: number | null
}

export interface EsxiPreflightRequest {
  profile_name?: string
  flavor: 'standard' | 'no-tools'
  target_build?: number
  /** false: hardware warnings of the dry run block. A preflight that only asks passes true. */
  allow_hardware_warnings: boolean
  method: 'update' | 'install'
  accept_removed_vibs: readonly string[]
  /** false: the trial run comes later and is not asked about here. */
  run_dry_run: boolean
  /** Rows of `upgrade_paths` that an admin set; they win over the built-in table. */
  path_overrides: readonly { from_version: string; to_version: string; allowed: boolean }[]
}

export interface PreflightCheck {
  name: string
  outcome: 'ok' | 'warning' | 'blocker' | 'not_checked'
  fact: string
  remedy?: string
  code?: Blocker['code']
}

export interface EsxiPreflightVerdict {
  verdict: 'ready' | 'ready_with_warnings' | 'blocked' | 'already_current'
  checks: PreflightCheck[]
  blockers: Blocker[]
  warnings: Blocker[]
  current: { version: string | null; build: number | null; profile: string | null }
  target: { version: string | null; build: number | null; profile: string | null; acceptance: string | null }
  vibs: { install: string[]; remove: string[]; skip: string[] }
  stepping_stones: string[]
  estimate_minutes: number
  /** Does the upgrade overwrite both boot banks (another major version), so that there is no way back? */
  no_way_back: boolean
}

import type { EvacuationOptions } from '../../activities/contracts/host.js'
import type { RollingPolicy } from '../../domain/rolling-types.js'
import { policyOf, type SafetyLimits } from '../lib/host-maintenance.js'
import type { EsxiDetails, FirmwareDetails } from '../lib/host-plan.js'

/** `details` of a rolling update, with defaults filled in. */
export interface RollingDetails extends EvacuationOptions, SafetyLimits {
  order?: string
  esxi?: EsxiDetails
  firmware?: FirmwareDetails
  clusters_in_parallel: number
  on_failure: 'stop' | 'continue' | 'pause'
  failed_hosts_tolerance: number
  attention_timeout_hours: number
  host_order?: string[]
  canary_hosts: number
  canary_soak_minutes: number
  soak_minutes: number
  pause_after_canary: boolean
  precheck: 'all_hosts' | 'per_host'
  on_blocked: 'wait' | 'skip' | 'fail'
  blocked_timeout_minutes: number
  hosts_found_in_maintenance: 'keep' | 'return' | 'skip'
  health_gate: {
    rebalance_wait_minutes: number
    resync_wait_minutes: number
    max_new_alarms: number
    require_green: boolean
  }
  dpm: 'suspend' | 'leave'
  ha_admission: 'respect' | 'suspend'
  reboot_timeout_minutes: number
  scp_backup_first?: boolean
  lease_wait_minutes: number
}

/** What of the details the rolling rule judges by. */
export function rollingPolicy(details: RollingDetails): RollingPolicy {
  return {
    safety: policyOf(details, details.evacuation, {
      ignore_ha_admission: details.ha_admission === 'suspend',
      suspends_dpm: details.dpm === 'suspend',
    }),
    on_failure: details.on_failure,
    failed_hosts_tolerance: details.failed_hosts_tolerance,
    host_order: details.host_order ?? [],
    canary_hosts: details.canary_hosts,
    pause_after_canary: details.pause_after_canary,
    hosts_found_in_maintenance: details.hosts_found_in_maintenance,
    on_blocked: details.on_blocked,
  }
}

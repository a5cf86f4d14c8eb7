/** Named personalities: each was seen in the field. A device gets one by its site, or by a fault rule at run time. */
import type { SimServer } from './model-server.js'
import type { SimHost, SimVm } from './model-vsphere.js'
import type { PersonalityFlags } from './personality-flags.js'

export type { PersonalityFlags } from './personality-flags.js'

/** An ordinary device. */
export const ORDINARY: PersonalityFlags = {
  drop_every_nth_connection: 0,
  latency_ms: 0,
  slow_every_nth: 0,
  slow_answer_ms: 0,
  html_503_every_nth: 0,
  truncate_every_nth: 0,
  session_table_full: false,
  other_password: false,
  lockdown: false,
  certificate_changes: false,
  busy_after_operation_s: 0,
  redfish_503_after_reset_s: 0,
  reset_mid_upload_at: 0,
  no_location_header: false,
  upload_rac964: false,
  drop_answer_of_first_upload: false,
  job_hangs_at_percent: 0,
  job_stuck_scheduled: false,
  percent_stuck: false,
  completed_with_errors: false,
  failed_but_applied: false,
  version_unchanged: false,
  job_fails: false,
  user_intervention: false,
  task_vanishes: false,
  job_404_for_s: 0,
  task_monitor_204: false,
  rolled_back: false,
  idrac_dark_extra_s: 0,
  idrac_flaps: false,
  inventory_shuffled: false,
  untidy_data: false,
  ignores_graceful: false,
  host_does_not_return: false,
  post_factor: 1,
  power_conflict_once: false,
  evacuation_hangs: false,
  vm_cannot_move: false,
  vmotion_factor: 1,
  session_expires_s: 0,
  cached_build_extra_s: 0,
  ha_agent_error: false,
  ssh_disabled_by_lockdown: false,
  ssh_lost_mid_update: false,
  host_key_changes: false,
  update_error: '',
  esximage_locked: false,
  image_rolled_back: false,
  returns_degraded: false,
  needs_reconnect: false,
  foreign_next_link: false,
  devices_missing: false,
}

/** Every named personality: what differs from an ordinary device. */
export const PERSONALITIES: Readonly<Record<string, Partial<PersonalityFlags>>> = {
  flaky: { drop_every_nth_connection: 7, html_503_every_nth: 23, truncate_every_nth: 31 },
  slow: { latency_ms: 300, slow_every_nth: 20, slow_answer_ms: 3000 },
  html_503: { html_503_every_nth: 5 },
  truncated_json: { truncate_every_nth: 6 },
  other_password: { other_password: true },
  lockdown: { lockdown: true },
  session_table_full: { session_table_full: true },
  certificate_changes: { certificate_changes: true },
  busy_sys518: { busy_after_operation_s: 45 },
  redfish_503_after_reset: { redfish_503_after_reset_s: 240 },
  idrac_reboots_mid_upload: { reset_mid_upload_at: 0.6 },
  no_location_header: { no_location_header: true },
  upload_rac964: { upload_rac964: true },
  answer_of_upload_lost: { drop_answer_of_first_upload: true },
  job_hangs_at_99: { job_hangs_at_percent: 99 },
  job_hangs_at_34: { job_hangs_at_percent: 34 },
  job_stuck_scheduled: { job_stuck_scheduled: true },
  percent_stuck: { percent_stuck: true },
  completed_with_errors: { completed_with_errors: true },
  failed_but_applied: { failed_but_applied: true },
  version_unchanged: { version_unchanged: true },
  job_fails: { job_fails: true },
  user_intervention: { user_intervention: true },
  task_vanishes: { task_vanishes: true },
  job_404_at_first: { job_404_for_s: 20 },
  task_monitor_204: { task_monitor_204: true },
  rolled_back: { rolled_back: true },
  idrac_long_dark: { idrac_dark_extra_s: 420 },
  idrac_flaps: { idrac_flaps: true },
  inventory_shuffled: { inventory_shuffled: true },
  untidy_data: { untidy_data: true },
  ignores_graceful: { ignores_graceful: true },
  host_does_not_return: { host_does_not_return: true },
  slow_post: { post_factor: 3 },
  power_conflict: { power_conflict_once: true },
  evacuation_hangs: { evacuation_hangs: true },
  vm_cannot_move: { vm_cannot_move: true },
  slow_vmotion: { vmotion_factor: 6 },
  session_expires: { session_expires_s: 900 },
  cached_build: { cached_build_extra_s: 420 },
  ha_agent_error: { ha_agent_error: true },
  ssh_disabled_by_lockdown: { ssh_disabled_by_lockdown: true },
  ssh_lost_mid_update: { ssh_lost_mid_update: true },
  host_key_changes: { host_key_changes: true },
  no_space: { update_error: 'space' },
  dependency_error: { update_error: 'dependency' },
  acceptance_error: { update_error: 'acceptance' },
  hardware_warning: { update_error: 'hardware_warning' },
  esximage_locked: { esximage_locked: true },
  image_rolled_back: { image_rolled_back: true },
  returns_degraded: { returns_degraded: true },
  needs_reconnect: { needs_reconnect: true },
  foreign_next_link: { foreign_next_link: true },
  few_devices: { devices_missing: true },
}

/** Is there a personality of that name? */
export function isPersonality(name: string): boolean {
  return Object.hasOwn(PERSONALITIES, name)
}

/** All switches of a device with these personalities; later names win. */
export function flagsOf(names: readonly (string | null)[]): PersonalityFlags {
  const known = names.filter((name) => name !== null && isPersonality(name)) as string[]
  if (known.length === 0) return ORDINARY
  return Object.assign({}, ORDINARY, ...known.map((name) => PERSONALITIES[name]))
}

/** What a personality changes in the state itself, once, when the site is built or a rule gives it. */
export function applyPersonality(server: SimServer, host: SimHost | undefined, vms: SimVm[]): void {
  const flags = flagsOf([server.personality])
  if (flags.ignores_graceful) server.ignores_graceful = true
  if (flags.lockdown) server.idrac.lockdown = true
  if (flags.ssh_disabled_by_lockdown && host) host.lockdown_mode = 'lockdownStrict'
  const pinned = flags.vm_cannot_move ? vms[0] : undefined
  if (pinned && !pinned.pins.includes('passthrough')) pinned.pins.push('passthrough')
}

/** The switches of behaviour that faces and core read; presets.ts sets them by name. */

export interface PersonalityFlags {
  // --- connection and HTTP, iDRAC unless said otherwise
  /** every n-th connection is reset right after accept; 0 = never */
  drop_every_nth_connection: number
  /** added to every answer, simulated ms; 0 = none */
  latency_ms: number
  /** one answer in n takes `slow_answer_ms` more; 0 = never */
  slow_every_nth: number
  slow_answer_ms: number
  /** 503 HTML page instead of every n-th GET; 0 = never */
  html_503_every_nth: number
  /** body of every n-th GET is cut (valid length header, half the JSON); 0 = never */
  truncate_every_nth: number
  /** foreign sessions that fill the table: 503 RAC0218 at login */
  session_table_full: boolean
  /** the account's password is not the one in the default set (only says that `password` is another one) */
  other_password: boolean
  /** system lockdown: changes are refused */
  lockdown: boolean
  /** a new certificate after every restart of the iDRAC */
  certificate_changes: boolean
  /** `SYS518` / LC not ready for simulated seconds after each operation; 0 = none */
  busy_after_operation_s: number
  /** 503 for simulated seconds after an iDRAC restart, on top of the usual; 0 = none */
  redfish_503_after_reset_s: number
  // --- uploads and jobs
  /** the iDRAC restarts when this share of an upload has arrived (once); 0 = never */
  reset_mid_upload_at: number
  /** 202 of an upload has no Location header */
  no_location_header: boolean
  /** upload answers 500 RAC964 until the iDRAC was restarted */
  upload_rac964: boolean
  /** connection is reset after the body was accepted: the job exists, no answer comes (once per server) */
  drop_answer_of_first_upload: boolean
  /** a firmware job stays Running at this percentage for ever; 0 = no */
  job_hangs_at_percent: number
  /** a staged job stays Scheduled over reboots (PR30 / JCP052) until the iDRAC is restarted */
  job_stuck_scheduled: boolean
  /** PercentComplete missing or never moves before the end */
  percent_stuck: boolean
  /** ends CompletedWithErrors although the version changed */
  completed_with_errors: boolean
  /** ends Failed although the version changed */
  failed_but_applied: boolean
  /** ends Completed although the version did not change */
  version_unchanged: boolean
  /** ends Failed (RED-family), version as before */
  job_fails: boolean
  /** UserIntervention at 100 %, needs a virtual AC cycle */
  user_intervention: boolean
  /** tasks are purged as soon as they end: 404 on the task, the Dell job remains */
  task_vanishes: boolean
  /** the new job answers 404 for this many simulated seconds; 0 = at once there */
  job_404_for_s: number
  /** TaskMonitors answer 204 (always so on 17G) */
  task_monitor_204: boolean
  /** rolled back at boot: the job says Completed, the inventory shows the old version after the boot */
  rolled_back: boolean
  /** iDRAC's own update keeps it dark this much longer, simulated seconds */
  idrac_dark_extra_s: number
  /** after its own update it flaps: up, down again once */
  idrac_flaps: boolean
  /** inventory rows are in another order at each read (always so on 17G) */
  inventory_shuffled: boolean
  /** 0000-00-00 dates, nulls, trailing blanks, double slashes */
  untidy_data: boolean
  // --- power and host
  /** the OS ignores GracefulShutdown / GracefulRestart */
  ignores_graceful: boolean
  /** after a reboot the host never comes back (stops at POST, F1/F2) */
  host_does_not_return: boolean
  /** POST takes this factor longer; 1 = ordinary */
  post_factor: number
  /** power command answers 409 once */
  power_conflict_once: boolean
  // --- vCenter and ESXi
  /** entering maintenance hangs at 2 % */
  evacuation_hangs: boolean
  /** one VM of the host is pinned and cannot be moved */
  vm_cannot_move: boolean
  /** vMotion this many times slower; 1 = ordinary */
  vmotion_factor: number
  /** the session is lost this many simulated seconds after login; 0 = never */
  session_expires_s: number
  /** vCenter shows the old build this much longer after a reconnect, simulated seconds */
  cached_build_extra_s: number
  /** HA agent stays in initializationError after a reboot until reconfigured */
  ha_agent_error: boolean
  /** SSH service can not be started: lockdown */
  ssh_disabled_by_lockdown: boolean
  /** the SSH channel is lost in the middle of an update; the command goes on */
  ssh_lost_mid_update: boolean
  /** host key changes at reboot */
  host_key_changes: boolean
  /** the update ends with this error text instead of success; '' = none */
  update_error: '' | 'space' | 'dependency' | 'lock' | 'acceptance' | 'hardware_warning'
  /** an earlier esxcli holds the lock: every `esxcli software` hangs */
  esximage_locked: boolean
  /** the new image does not boot: the loader falls back to the old bank */
  image_rolled_back: boolean
  /** the host comes back with an alarm / a lost vmnic link */
  returns_degraded: boolean
  /** the host needs ReconnectHost_Task after its boot */
  needs_reconnect: boolean
  // --- OpenManage
  /** the link to the next page leads to another host */
  foreign_next_link: boolean
  /** the list has one device only, as while the appliance starts */
  devices_missing: boolean
}

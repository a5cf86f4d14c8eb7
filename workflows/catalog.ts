import { biosConfigRead } from './bios_config_read/job.js'
import { biosConfigWrite } from './bios_config_write/job.js'
import { bootConfiguration } from './boot_configuration/job.js'
import { browseDatastore } from './browse_datastore/job.js'
import { clusterSafetyCheck } from './cluster_safety_check/job.js'
import { consoleLaunch } from './console_launch/job.js'
import type { JobDefinition } from './define.js'
import { discoveryScan } from './discovery_scan/job.js'
import { esxiPreflight } from './esxi_preflight/job.js'
import { esxiThenFirmware } from './esxi_then_firmware/job.js'
import { esxiUpgrade } from './esxi_upgrade/job.js'
import { fetchEventLogs } from './fetch_event_logs/job.js'
import { firmwareThenEsxi } from './firmware_then_esxi/job.js'
import { firmwareUpdate } from './firmware_update/job.js'
import { fullServerUpdate } from './full_server_update/job.js'
import { healthCheck } from './health_check/job.js'
import { idmAuthenticate } from './idm_authenticate/job.js'
import { idmSyncUsers } from './idm_sync_users/job.js'
import { idmTestConnection } from './idm_test_connection/job.js'
import { isoUpload } from './iso_upload/job.js'
import { openmanageSync } from './openmanage_sync/job.js'
import { powerAction } from './power_action/job.js'
import { prepareHost } from './prepare_host/job.js'
import { registerIsoUrl } from './register_iso_url/job.js'
import { rollingUpdate } from './rolling_update/job.js'
import { scanLocalIsos } from './scan_local_isos/job.js'
import { scpExport } from './scp_export/job.js'
import { scpImport } from './scp_import/job.js'
import { testCredentials } from './test_credentials/job.js'
import { vcenterSync } from './vcenter_sync/job.js'
import { verifyHost } from './verify_host/job.js'
import { virtualMediaMount } from './virtual_media_mount/job.js'
import { virtualMediaUnmount } from './virtual_media_unmount/job.js'

/** Every job type there is. A new one is one line here and one in index.ts. */
export const catalog = {
  discovery_scan: discoveryScan,
  browse_datastore: browseDatastore,
  console_launch: consoleLaunch,
  test_credentials: testCredentials,
  health_check: healthCheck,
  fetch_event_logs: fetchEventLogs,
  power_action: powerAction,
  boot_configuration: bootConfiguration,
  bios_config_read: biosConfigRead,
  virtual_media_mount: virtualMediaMount,
  virtual_media_unmount: virtualMediaUnmount,
  bios_config_write: biosConfigWrite,
  iso_upload: isoUpload,
  scan_local_isos: scanLocalIsos,
  register_iso_url: registerIsoUrl,
  firmware_update: firmwareUpdate,
  full_server_update: fullServerUpdate,
  scp_export: scpExport,
  scp_import: scpImport,
  vcenter_sync: vcenterSync,
  openmanage_sync: openmanageSync,
  cluster_safety_check: clusterSafetyCheck,
  prepare_host: prepareHost,
  verify_host: verifyHost,
  rolling_update: rollingUpdate,
  esxi_preflight: esxiPreflight,
  esxi_upgrade: esxiUpgrade,
  esxi_then_firmware: esxiThenFirmware,
  firmware_then_esxi: firmwareThenEsxi,
  idm_authenticate: idmAuthenticate,
  idm_test_connection: idmTestConnection,
  idm_sync_users: idmSyncUsers,
} as const satisfies Record<string, JobDefinition>

export type JobType = keyof typeof catalog

/** The definition of a job type, or undefined when there is none of that name. */
export function findJob(job_type: string): JobDefinition | undefined {
  return Object.hasOwn(catalog, job_type) ? catalog[job_type as JobType] : undefined
}

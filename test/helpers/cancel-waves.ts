import { both, ldap, onHost, onServer, READ, redfish, SYSTEM, soap } from './held-requests.js'
import type { WaveJob } from './job-waves.js'
import { FREE } from './job-world.js'

/** A job that is cancelled while its request is held. */
export interface CancelledJob extends WaveJob {
  /** How it ends; null: as it comes, because what is held is its last request or it changes nothing. */
  abort: 'cancelled' | 'completed' | null
  graceful: 'cancelled' | 'completed' | null
  /** What is held goes on only when its activity has heard of an abort: the rest of its work takes no time. */
  hears?: true
}

const ENTER = soap('EnterMaintenanceMode_Task')
/** Stopped in the middle of a change: an abort undoes it, a graceful cancel finishes the target that is in work. */
const UNDONE = { effects: null, abort: 'cancelled', graceful: 'completed' } as const
const ANYHOW = { effects: null, abort: null, graceful: null } as const

/** Every type that is not instant, and those instant ones that leave something at a device. */
export const CANCEL_WAVES: readonly (readonly CancelledJob[])[] = [
  [
    { job_type: 'vcenter_sync', at: soap('RetrievePropertiesEx'), ...ANYHOW },
    { job_type: 'discovery_scan', at: redfish('idrac-prod-a-01', 'GET', SYSTEM), ...ANYHOW },
    { job_type: 'test_credentials', at: redfish(READ, 'POST', '*/Sessions'), ...ANYHOW, order: onServer(READ) },
    {
      job_type: 'idm_sync_users',
      at: ldap('search*filter=(objectClass=person)'),
      ...ANYHOW,
      abort: 'cancelled',
      hears: true,
      order: () => ({ target_scope: {}, details: { page_size: 50 } }),
    },
    { job_type: 'scp_export', at: redfish(FREE, 'POST', '*.ExportSystemConfiguration'), ...ANYHOW },
    { job_type: 'iso_upload', at: null, ...ANYHOW },
  ],
  [
    {
      job_type: 'openmanage_sync',
      at: { device: 'openmanage-01', kind: 'ome', path: '/api/DeviceService/Devices*' },
      ...ANYHOW,
    },
    {
      job_type: 'fetch_event_logs',
      at: redfish(READ, 'GET', '*/LogServices/Sel/Entries*'),
      ...ANYHOW,
      order: onServer(READ, () => ({ since: 'all' })),
    },
    {
      job_type: 'firmware_update',
      at: redfish(FREE, 'POST', '*MultipartUpload'),
      ...UNDONE,
      order: onServer(FREE, ({ packages }) => ({ package_id: packages.hba })),
    },
    { job_type: 'prepare_host', at: ENTER, ...UNDONE },
    { job_type: 'scan_local_isos', at: null, ...ANYHOW },
  ],
  [
    // In service after an abort of prepare_host, in maintenance after a graceful cancel of it.
    { job_type: 'verify_host', at: soap('RetrievePropertiesEx'), ...ANYHOW, graceful: 'completed' },
    { job_type: 'bios_config_write', at: redfish(FREE, 'PATCH', `${SYSTEM}/Bios/Settings`), ...UNDONE },
    {
      job_type: 'virtual_media_mount',
      at: redfish(READ, 'POST', '*VirtualMedia.InsertMedia'),
      ...UNDONE,
      order: onServer(READ, ({ iso_image_id }) => ({ iso_image_id })),
    },
  ],
  [
    {
      job_type: 'full_server_update',
      at: redfish(FREE, 'POST', '*MultipartUpload'),
      ...UNDONE,
      order: onServer(FREE, ({ packages }) => ({ firmware_source: 'local', package_ids: [packages.nic] })),
    },
    {
      job_type: 'esxi_upgrade',
      at: ENTER,
      ...UNDONE,
      order: onHost(['esx-edge-b-03', 'esx-edge-b-03'], ({ esxi }) => esxi),
    },
  ],
  [
    {
      job_type: 'scp_import',
      at: redfish(FREE, 'POST', '*.ImportSystemConfigurationPreview'),
      ...UNDONE,
    },
    {
      job_type: 'esxi_then_firmware',
      at: ENTER,
      ...UNDONE,
      order: onHost(['esx-prod-a-07', 'esx-prod-a-07'], both),
    },
  ],
  [{ job_type: 'firmware_then_esxi', at: ENTER, ...UNDONE, order: onHost(['esx-prod-a-08', 'esx-prod-a-08'], both) }],
  [
    {
      job_type: 'rolling_update',
      at: ENTER,
      ...UNDONE,
      order: onHost(['esx-prod-a-05', 'esx-prod-a-05'], ({ esxi }) => ({ esxi })),
    },
  ],
]

import { both, ldap, OTHER, onHost, onServer, READ, redfish, SYSTEM, soap, update } from './held-requests.js'
import type { WaveJob } from './job-waves.js'
import { FREE } from './job-world.js'

/** Where each job type is hit. Once: 1 and 1. State-seeking: it may be asked once more, the end state counts. */
export const CRASH_WAVES: readonly (readonly WaveJob[])[] = [
  [
    { job_type: 'vcenter_sync', at: soap('RetrievePropertiesEx'), effects: null },
    {
      job_type: 'discovery_scan',
      at: redfish('idrac-prod-a-01', 'GET', SYSTEM),
      effects: null,
    },
    {
      job_type: 'test_credentials',
      at: redfish(READ, 'POST', '*/Sessions'),
      effects: null,
      order: onServer(READ),
    },
    { job_type: 'power_action', at: redfish(FREE, 'POST', '*ComputerSystem.Reset'), effects: [1, 1] },
    { job_type: 'idm_test_connection', at: ldap('bind uid=dsm*'), effects: null },
    { job_type: 'scan_local_isos', at: null, effects: null },
  ],
  [
    {
      job_type: 'openmanage_sync',
      at: { device: 'openmanage-01', kind: 'ome', path: '/api/DeviceService/Devices*' },
      effects: null,
    },
    { job_type: 'browse_datastore', at: soap('SearchDatastore*_Task'), effects: null },
    { job_type: 'health_check', at: redfish(READ, 'GET', SYSTEM), effects: null, order: onServer(READ) },
    {
      job_type: 'boot_configuration',
      at: redfish(FREE, 'PATCH', SYSTEM),
      effects: [1, 2],
      order: onServer(FREE, (_, round) => ({ target: round === 0 ? 'Pxe' : 'Hdd', enabled: 'continuous' })),
    },
    { job_type: 'idm_sync_users', at: ldap('search*'), effects: null },
    { job_type: 'iso_upload', at: null, effects: null },
  ],
  [
    {
      job_type: 'fetch_event_logs',
      at: redfish(READ, 'GET', '*/LogServices/Sel/Entries*'),
      effects: null,
      order: onServer(READ),
    },
    { job_type: 'cluster_safety_check', at: soap('RetrievePropertiesEx'), effects: null },
    { job_type: 'scp_export', at: redfish(FREE, 'POST', '*.ExportSystemConfiguration'), effects: [1, 1] },
    { job_type: 'idm_authenticate', at: ldap('bind uid=olivia*'), effects: [0, 1], may_end_with: 'SecretExpired' },
    { job_type: 'register_iso_url', at: null, effects: null },
  ],
  [
    { job_type: 'bios_config_read', at: redfish(READ, 'GET', `${SYSTEM}/Bios`), effects: null, order: onServer(READ) },
    { job_type: 'esxi_preflight', at: soap('StartService'), effects: [1, 2] },
    { job_type: 'bios_config_write', at: redfish(FREE, 'PATCH', `${SYSTEM}/Bios/Settings`), effects: [1, 1] },
    {
      job_type: 'virtual_media_mount',
      at: redfish(OTHER, 'POST', '*VirtualMedia.InsertMedia'),
      effects: [1, 2],
      order: onServer(OTHER, ({ iso_image_id }) => ({ iso_image_id })),
    },
  ],
  [
    { job_type: 'console_launch', at: redfish(READ, 'POST', '*GetKVMSession'), effects: [1, 2], order: onServer(READ) },
    { job_type: 'prepare_host', at: soap('EnterMaintenanceMode_Task'), effects: [1, 1] },
    {
      job_type: 'virtual_media_unmount',
      at: redfish(OTHER, 'POST', '*VirtualMedia.EjectMedia'),
      effects: [1, 1],
      order: onServer(OTHER),
    },
    { job_type: 'scp_import', at: redfish(FREE, 'POST', '*.ImportSystemConfiguration'), effects: [1, 1] },
  ],
  [
    { job_type: 'verify_host', at: soap('ExitMaintenanceMode_Task'), effects: [1, 1] },
    {
      job_type: 'firmware_update',
      at: redfish(FREE, 'POST', '*MultipartUpload'),
      effects: [1, 1],
      order: onServer(FREE, ({ packages }, round) => ({
        package_id: round === 0 ? packages.bios : packages.diagnostics,
      })),
    },
  ],
  [
    {
      job_type: 'full_server_update',
      at: redfish(FREE, 'POST', '*MultipartUpload'),
      effects: [1, 1],
      order: onServer(FREE, ({ packages }, round) => ({
        firmware_source: 'local',
        package_ids: [round === 0 ? packages.idrac : packages.raid],
      })),
    },
    {
      job_type: 'rolling_update',
      at: soap('EnterMaintenanceMode_Task'),
      effects: [1, 1],
      order: onHost(['esx-prod-a-05', 'esx-prod-a-06'], ({ prod_bios }) => ({
        firmware: { firmware_source: 'local', package_ids: [prod_bios] },
      })),
    },
  ],
  [
    {
      job_type: 'esxi_then_firmware',
      at: update('esx-prod-a-0'),
      effects: [1, 1],
      order: onHost(['esx-prod-a-01', 'esx-prod-a-02'], both),
    },
    {
      job_type: 'esxi_upgrade',
      at: update('esx-edge-b-0'),
      effects: [1, 1],
      order: onHost(['esx-edge-b-02', 'esx-edge-b-01'], ({ esxi }) => esxi),
    },
  ],
  [
    {
      job_type: 'firmware_then_esxi',
      at: update('esx-prod-a-0'),
      effects: [1, 1],
      order: onHost(['esx-prod-a-03', 'esx-prod-a-04'], both),
    },
  ],
]

import { defineJob, EXAMPLE_ID } from '../define.js'
import { bothJob } from '../parts.js'

export const esxiThenFirmware = defineJob({
  ...bothJob,
  job_type: 'esxi_then_firmware',
  title: 'ESXi, then firmware',
  summary: 'Upgrades ESXi, then updates firmware, in one maintenance of the host.',
  example: {
    target_scope: { host_ids: [EXAMPLE_ID] },
    details: {
      esxi: { depot_path: '/vmfs/volumes/Depots/VMware-ESXi-8.0U3-depot.zip' },
      firmware: { firmware_source: 'dell_catalog' },
    },
  },
})

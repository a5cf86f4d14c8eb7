import { defineJob, EXAMPLE_ID } from '../define.js'
import { bothJob } from '../parts.js'

export const firmwareThenEsxi = defineJob({
  ...bothJob,
  job_type: 'firmware_then_esxi',
  title: 'Firmware, then ESXi',
  summary: 'Updates firmware, then upgrades ESXi, in one maintenance of the host.',
  example: {
    target_scope: { host_ids: [EXAMPLE_ID] },
    details: {
      esxi: { depot_path: '/vmfs/volumes/Depots/VMware-ESXi-8.0U3-depot.zip' },
      firmware: { firmware_source: 'local', components: ['bios', 'idrac'] },
    },
  },
})

import { defineJob, EXAMPLE_ID } from '../define.js'
import { bothParts } from '../parts.js'
import { resultOf } from '../results.js'

export const firmwareThenEsxi = defineJob({
  job_type: 'firmware_then_esxi',
  title: 'Firmware, then ESXi',
  summary: 'Updates firmware, then upgrades ESXi, in one maintenance of the host.',
  family: 'esxi',
  role: 'operator',
  risk: 'disruptive',
  target_scope: ['host_ids'],
  task_target: 'host',
  one_host_per_cluster: true,
  needs_linked_server: true,
  controls: ['pause', 'cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['esxi.method', 'firmware.allow_downgrade'],
  details: bothParts,
  result: resultOf({}),
  example: {
    target_scope: { host_ids: [EXAMPLE_ID] },
    details: {
      esxi: { depot_path: '/vmfs/volumes/Depots/VMware-ESXi-8.0U3-depot.zip' },
      firmware: { firmware_source: 'local', components: ['bios', 'idrac'] },
    },
  },
})

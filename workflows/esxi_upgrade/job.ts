import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import {
  capacity,
  depotChoice,
  esxiOptions,
  evacuation,
  leaseAndNote,
  maxUnavailable,
  oneDepot,
  oneDepotMessage,
  rebootTimeout,
} from '../fields.js'
import { resultOf } from '../results.js'

export const esxiUpgrade = defineJob({
  job_type: 'esxi_upgrade',
  title: 'Upgrade ESXi',
  summary: 'Upgrades ESXi on a host and proves the new build.',
  family: 'esxi',
  role: 'operator',
  risk: 'disruptive',
  target_scope: ['host_ids'],
  task_target: 'host',
  one_host_per_cluster: true,
  controls: ['pause', 'cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['method'],
  details: z
    .strictObject({
      ...depotChoice,
      ...esxiOptions,
      leave_maintenance: z
        .enum(['as_found', 'always', 'never'])
        .default('as_found')
        .describe('as_found: only if this job entered it'),
      ...rebootTimeout,
      ...evacuation,
      ...maxUnavailable,
      ...capacity,
      ...leaseAndNote,
    })
    .refine(oneDepot, oneDepotMessage),
  result: resultOf({}),
  example: {
    target_scope: { host_ids: [EXAMPLE_ID] },
    details: {
      depot_path: '/vmfs/volumes/Depots/VMware-ESXi-8.0U3-depot.zip',
      profile_name: 'ESXi-8.0U3e-24674464-standard',
    },
  },
})

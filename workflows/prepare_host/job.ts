import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { capacity, evacuation, leaseAndNote, maxUnavailable } from '../fields.js'
import { resultOf } from '../results.js'

export const prepareHost = defineJob({
  job_type: 'prepare_host',
  title: 'Put a host into maintenance',
  summary: 'Puts a host into maintenance mode and proves that it is empty.',
  family: 'cluster',
  role: 'operator',
  risk: 'disruptive',
  target_scope: ['host_ids'],
  task_target: 'host',
  one_host_per_cluster: true,
  controls: ['pause', 'cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['power_off_vms'],
  details: z.strictObject({
    ...evacuation,
    ...maxUnavailable,
    ...capacity,
    on_blocked: z
      .enum(['undo', 'wait'])
      .default('undo')
      .describe('A host that cannot be emptied: give it back, or keep waiting'),
    power_off_vms: z
      .array(z.string().min(1).max(200))
      .max(50)
      .default([])
      .describe('VMs to shut down, by name or pattern (admin)'),
    ...leaseAndNote,
  }),
  result: resultOf({}),
  example: {
    target_scope: { host_ids: [EXAMPLE_ID] },
    details: { evacuation: 'drs', maintenance_timeout_minutes: 90 },
  },
})

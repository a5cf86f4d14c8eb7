import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, guardedOutage, leaseAndNote } from '../fields.js'
import { resultOf } from '../results.js'

export const powerAction = defineJob({
  job_type: 'power_action',
  title: 'Switch or reset servers',
  summary: 'Switches or resets servers and waits until the state is reached.',
  family: 'power',
  role: 'operator',
  risk: 'disruptive',
  target_scope: ['server_ids', 'server_group_ids'],
  task_target: 'server',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: true,
  admin_options: ['allow_running_vms'],
  details: z.strictObject({
    action: z
      .enum(['on', 'off', 'graceful_shutdown', 'reset', 'nmi', 'graceful_restart', 'power_cycle'])
      .describe('What to do with the power'),
    force_after_minutes: z
      .int()
      .min(0)
      .max(60)
      .default(0)
      .describe('graceful_*: force after so many minutes; 0 = never'),
    wait_for: z.enum(['state', 'os', 'nothing']).default('state').describe('What counts as done'),
    timeout_minutes: z.int().min(1).max(60).default(10).describe('Time limit for the state'),
    ...guardedOutage,
    ...concurrency(10, 50),
    ...leaseAndNote,
  }),
  result: resultOf({}),
  example: {
    target_scope: { server_ids: [EXAMPLE_ID] },
    details: { action: 'graceful_restart', force_after_minutes: 10, wait_for: 'os' },
  },
})

import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { note } from '../fields.js'
import { resultOf } from '../results.js'

export const consoleLaunch = defineJob({
  job_type: 'console_launch',
  title: 'Open the remote console',
  summary: "Opens the iDRAC's remote console for the person who asks.",
  family: 'media',
  role: 'operator',
  risk: 'change',
  target_scope: ['server_ids'],
  task_target: 'server',
  most_targets: 1,
  controls: ['cancel'],
  schedulable: false,
  instant: true,
  details: z.strictObject({
    type: z
      .enum(['kvm', 'web'])
      .default('kvm')
      .describe('kvm: opens without a password, once; web: the plain address of the iDRAC'),
    ...note,
  }),
  result: resultOf({
    ticket_ref: z.uuid().optional(),
    type: z.enum(['kvm', 'web']).optional(),
    expires_at: z.string().optional(),
  }),
  example: { target_scope: { server_ids: [EXAMPLE_ID] }, details: { type: 'kvm' } },
})

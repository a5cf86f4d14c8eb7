import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, note } from '../fields.js'
import { resultOf } from '../results.js'

export const biosConfigRead = defineJob({
  job_type: 'bios_config_read',
  title: 'Read BIOS settings',
  summary: 'Reads BIOS attributes, pending values and the attribute registry, and keeps what changed.',
  family: 'power',
  role: 'operator',
  risk: 'read',
  target_scope: ['server_ids', 'server_group_ids', 'host_ids', 'cluster_ids'],
  task_target: 'server',
  via_host: true,
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: true,
  details: z.strictObject({
    attributes: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(200)
      .optional()
      .describe('Show these attributes in the answer; all are stored in any case'),
    compare_with: z.uuid().optional().describe('A stored configuration to show the differences from'),
    ...concurrency(20, 100),
    ...note,
  }),
  result: resultOf({}),
  example: {
    target_scope: { server_ids: [EXAMPLE_ID] },
    details: { attributes: ['ProcVirtualization', 'LogicalProc'] },
  },
})

import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, note } from '../fields.js'
import { resultOf } from '../results.js'

export const healthCheck = defineJob({
  job_type: 'health_check',
  title: 'Check health',
  summary: 'Reads power, health and active faults of servers.',
  family: 'discovery',
  role: 'operator',
  risk: 'read',
  target_scope: ['server_ids', 'server_group_ids', 'host_ids', 'cluster_ids'],
  task_target: 'server',
  via_host: true,
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: true,
  details: z.strictObject({
    depth: z
      .enum(['summary', 'components'])
      .default('summary')
      .describe('components adds fans, temperatures, supplies, drives, memory, and the firmware inventory'),
    ...concurrency(50, 200),
    ...note,
  }),
  result: resultOf({ health: z.record(z.string(), z.int()).optional(), worst: z.array(z.unknown()).optional() }),
  example: { target_scope: { server_ids: [EXAMPLE_ID] }, details: { depth: 'components' } },
})

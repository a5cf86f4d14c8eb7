import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, note } from '../fields.js'
import { resultOf } from '../results.js'

export const testCredentials = defineJob({
  job_type: 'test_credentials',
  title: 'Test credentials',
  summary: 'Finds out which credential set opens which device.',
  family: 'discovery',
  role: 'operator',
  risk: 'read',
  target_scope: ['server_ids', 'server_group_ids', 'host_ids'],
  task_target: 'device',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['replace_explicit'],
  details: z.strictObject({
    mode: z
      .enum(['first_working', 'all'])
      .default('first_working')
      .describe('first_working: stop at the first that opens the device; all: try every one, slowly'),
    assign: z
      .boolean()
      .default(true)
      .describe('Write the working set to the server or host if nobody has chosen one there'),
    replace_explicit: z.boolean().default(false).describe('Also replace a set that somebody chose (admin)'),
    ...concurrency(20, 50),
    ...note,
  }),
  result: resultOf({}),
  example: { target_scope: { server_ids: [EXAMPLE_ID] }, details: { mode: 'all', assign: false } },
})

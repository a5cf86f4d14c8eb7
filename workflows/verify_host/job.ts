import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { lease, note } from '../fields.js'
import { resultOf } from '../results.js'

export const verifyHost = defineJob({
  job_type: 'verify_host',
  title: 'Bring a host back',
  summary: 'Brings a host back from maintenance and checks that it works.',
  family: 'cluster',
  role: 'operator',
  risk: 'change',
  target_scope: ['host_ids'],
  task_target: 'host',
  one_host_per_cluster: true,
  controls: ['pause', 'cancel', 'retry'],
  schedulable: true,
  instant: false,
  details: z.strictObject({
    exit_maintenance: z.boolean().default(true).describe('false: only check'),
    exit_timeout_minutes: z.int().min(5).max(240).default(30).describe('Time limit for leaving maintenance'),
    expect: z
      .strictObject({
        esxi_build: z.int().positive().optional().describe('Build that the host must have'),
        firmware: z
          .array(
            z.strictObject({
              component: z.string().max(100).describe('Word of full_server_update, e.g. bios'),
              version: z.string().max(100).describe('Version that must be installed'),
            }),
          )
          .max(50)
          .optional()
          .describe('Firmware that the server must have'),
      })
      .default({})
      .describe('What must be found'),
    rebalance_wait_minutes: z.int().min(0).max(120).default(10).describe('How long VMs may take to spread again'),
    max_new_alarms: z.int().min(0).max(20).default(0).describe('Red alarms more than before'),
    ...lease,
    ...note,
  }),
  result: resultOf({}),
  example: {
    target_scope: { host_ids: [EXAMPLE_ID] },
    details: { expect: { esxi_build: 24674464, firmware: [{ component: 'bios', version: '1.16.2' }] } },
  },
})

import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, note } from '../fields.js'
import { resultOf } from '../results.js'

export const fetchEventLogs = defineJob({
  job_type: 'fetch_event_logs',
  title: 'Fetch event logs',
  summary: 'Fetches the system event log (SEL) and, if asked, the Lifecycle log of servers.',
  family: 'discovery',
  role: 'operator',
  risk: 'read',
  target_scope: ['server_ids', 'server_group_ids', 'host_ids', 'cluster_ids'],
  task_target: 'server',
  via_host: true,
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: false,
  details: z.strictObject({
    logs: z
      .array(z.enum(['sel', 'lifecycle']))
      .min(1)
      .max(2)
      .refine((logs) => new Set(logs).size === logs.length, { message: 'name each log once' })
      .default(['sel'])
      .describe('sel: hardware events; lifecycle: everything that the iDRAC did'),
    since: z
      .union([z.enum(['last_fetch', 'all']), z.iso.datetime({ offset: true })])
      .default('last_fetch')
      .describe('last_fetch, all, or a time from which on entries are wanted'),
    max_entries: z.int().min(1).max(20_000).default(2_000).describe('Entries per log and server, newest first'),
    ...concurrency(20, 100),
    ...note,
  }),
  result: resultOf({}),
  example: { target_scope: { server_ids: [EXAMPLE_ID] }, details: { logs: ['sel', 'lifecycle'] } },
})

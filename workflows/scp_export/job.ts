import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, lease, note, profileComponents } from '../fields.js'
import { resultOf } from '../results.js'

export const scpExport = defineJob({
  job_type: 'scp_export',
  title: 'Save configuration profiles',
  summary: 'Saves a Server Configuration Profile of each server, sealed, in the store.',
  family: 'profile',
  role: 'operator',
  risk: 'read',
  target_scope: ['server_ids', 'server_group_ids', 'host_ids', 'cluster_ids'],
  task_target: 'server',
  via_host: true,
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['include_password_hashes'],
  details: z.strictObject({
    ...profileComponents,
    format: z.enum(['XML', 'JSON']).default('XML').describe('JSON from iDRAC9 on'),
    export_use: z
      .enum(['Default', 'Clone', 'Replace'])
      .default('Default')
      .describe(
        'Default keeps identities out of an import; Clone for other servers; Replace for the same chassis slot',
      ),
    include_password_hashes: z.boolean().default(false).describe('Also the hashes of local passwords (admin)'),
    name: z.string().min(1).max(200).optional().describe('Name of the backups; default: service tag and date'),
    description: z.string().max(1000).optional().describe('What the backups are for'),
    ...concurrency(3, 20),
    ...lease,
    ...note,
  }),
  result: resultOf({}),
  example: { target_scope: { server_ids: [EXAMPLE_ID] }, details: { components: ['BIOS', 'IDRAC'] } },
})

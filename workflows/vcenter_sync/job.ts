import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { lease, note } from '../fields.js'
import { resultOf } from '../results.js'

export const vcenterSync = defineJob({
  job_type: 'vcenter_sync',
  title: 'Read vCenters',
  summary: 'Reads clusters, hosts and datastores of vCenters and links hosts to servers.',
  family: 'inventory',
  role: 'operator',
  risk: 'read',
  target_scope: [],
  task_target: 'none',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['allow_mass_removal'],
  details: z.strictObject({
    vcenter_ids: z.array(z.uuid()).min(1).max(32).describe('vCenters to read; never "all"'),
    cluster_moids: z.array(z.string().max(100)).min(1).max(200).optional().describe('Only these clusters'),
    link_hosts: z.boolean().default(true).describe('Link hosts to servers by serial number'),
    allow_mass_removal: z.boolean().default(false).describe('Believe an answer that lacks many known hosts (admin)'),
    ...lease,
    ...note,
  }),
  result: resultOf({}),
  example: { target_scope: {}, details: { vcenter_ids: [EXAMPLE_ID] } },
})

import { z } from 'zod'
import { defineJob } from '../define.js'
import { lease, note } from '../fields.js'
import { resultOf } from '../results.js'

export const openmanageSync = defineJob({
  job_type: 'openmanage_sync',
  title: 'Read servers from OpenManage',
  summary: 'Reads the servers of OpenManage Enterprise and adds or completes ours by service tag.',
  family: 'inventory',
  role: 'operator',
  risk: 'read',
  target_scope: [],
  task_target: 'none',
  needs_setting: 'openmanage',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['allow_mass_removal'],
  details: z.strictObject({
    create_missing: z.boolean().default(true).describe('Add servers that are not known yet'),
    update_existing: z.boolean().default(true).describe('Complete servers that are known'),
    include_unmanaged: z.boolean().default(false).describe('Also servers that OpenManage only monitors'),
    read_compliance: z.boolean().default(false).describe('Also read the baselines of OpenManage and their compliance'),
    allow_mass_removal: z.boolean().default(false).describe('Believe an answer that lacks many known servers (admin)'),
    ...lease,
    ...note,
  }),
  result: resultOf({}),
  example: { target_scope: {}, details: { read_compliance: true } },
})

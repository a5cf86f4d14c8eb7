import { z } from 'zod'
import { defineJob } from '../define.js'
import { lease, note } from '../fields.js'
import { resultOf } from '../results.js'

const count = z.int().min(0).optional()

export const idmSyncUsers = defineJob({
  job_type: 'idm_sync_users',
  title: 'Take people over from the directory',
  summary:
    'Brings people of the company directory and their roles into the profiles, and ends what those have who are gone.',
  family: 'directory',
  role: 'admin',
  risk: 'change',
  target_scope: [],
  task_target: 'none',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: false,
  details: z.strictObject({
    base_dn: z.string().min(3).max(1000).optional().describe('Where people are; default from the settings'),
    filter: z
      .string()
      .min(3)
      .max(2000)
      .startsWith('(')
      .optional()
      .describe('Which entries are people; default from the settings'),
    deactivate_missing: z
      .boolean()
      .default(true)
      .describe('People who are gone or disabled there lose roles, sessions and tokens here'),
    allow_mass_deactivation: z.boolean().default(false).describe('Believe an answer that lacks many known people'),
    page_size: z.int().min(50).max(1000).default(500).describe('People asked for at once'),
    ...lease,
    ...note,
  }),
  result: resultOf({
    seen: count,
    created: count,
    updated: count,
    deactivated: count,
    unmapped: count,
    name_taken: count,
    role_changes: z
      .array(
        z.strictObject({
          username: z.string(),
          from: z.string().nullable().describe('The highest role before'),
          to: z.string().nullable().describe('The highest role after'),
          from_roles: z.array(z.string()),
          to_roles: z.array(z.string()),
        }),
      )
      .optional(),
  }),
  example: { target_scope: {}, details: { page_size: 500 } },
})

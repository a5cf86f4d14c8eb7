import { z } from 'zod'
import { defineJob } from '../define.js'
import { directoryUsername, note } from '../fields.js'
import { resultOf } from '../results.js'

export const idmAuthenticate = defineJob({
  job_type: 'idm_authenticate',
  title: 'Try a directory login',
  summary: 'Tries to sign somebody in at the company directory and shows what it would give; makes no session.',
  family: 'directory',
  role: 'admin',
  risk: 'change',
  target_scope: [],
  task_target: 'none',
  controls: ['cancel'],
  schedulable: false,
  instant: true,
  details: z
    .strictObject({
      username: directoryUsername.describe('User name as people type it'),
      password: z
        .string()
        .min(1)
        .max(1024)
        .optional()
        .meta({ writeOnly: true })
        .describe('Sealed for 60 seconds and read once; never empty'),
      secret_ref: z.uuid().optional().describe('Instead of the password: where it was sealed'),
      ip_address: z.union([z.ipv4(), z.ipv6()]).optional().describe('Where the person comes from, for the record'),
      update_profile: z.boolean().default(true).describe('Make or refresh the profile and its roles; false only looks'),
      ...note,
    })
    .refine((details) => (details.password === undefined) !== (details.secret_ref === undefined), {
      path: ['password'],
      message: 'either password or secret_ref',
    }),
  result: resultOf({
    authenticated: z.boolean().optional(),
    user_id: z.uuid().optional(),
    username: z.string().optional(),
    dn: z.string().nullish(),
    role: z.string().nullish(),
    groups: z.array(z.string()).optional(),
    reason: z.string().optional(),
  }),
  example: { target_scope: {}, details: { username: 'olivia.park', password: 'what she types' } },
})

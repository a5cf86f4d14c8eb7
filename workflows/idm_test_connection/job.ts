import { z } from 'zod'
import { defineJob } from '../define.js'
import { directoryUsername, note } from '../fields.js'
import { resultOf } from '../results.js'

const text = (most: number) => z.string().min(1).max(most)
const milliseconds = z.int().min(100).max(120_000)

const settings = z.strictObject({
  vendor: z.enum(['freeipa', 'active_directory', 'ldap']).optional().describe('How the directory is laid out'),
  servers: z.array(text(255)).min(1).max(10).optional().describe('Names or addresses, tried in this order'),
  port: z.int().min(1).max(65_535).optional().describe('Port of the directory'),
  tls_mode: z.enum(['ldaps', 'starttls']).optional().describe('How the connection is encrypted'),
  ca_pem: text(100_000).nullable().optional().describe('CA certificates; null: the pinned certificate'),
  base_dn: text(1000).optional().describe('Where everything is'),
  bind_dn: text(1000).optional().describe('Service account'),
  bind_password: text(1024).optional().meta({ writeOnly: true }).describe('Its password, sealed for this test'),
  user_base: text(1000).nullable().optional().describe('Where people are'),
  user_filter: text(2000).nullable().optional().describe('Which entries are people'),
  username_attribute: text(64).nullable().optional().describe('Attribute that holds the user name'),
  group_base: text(1000).nullable().optional().describe('Where groups are'),
  group_filter: text(2000).nullable().optional().describe('Which entries are groups'),
  nested_groups: z.boolean().optional().describe('Groups inside groups count'),
  connect_timeout_ms: milliseconds.optional().describe('Time limit of a connection'),
  operation_timeout_ms: milliseconds.optional().describe('Time limit of one question'),
})

export const idmTestConnection = defineJob({
  job_type: 'idm_test_connection',
  title: 'Test the directory settings',
  summary:
    'Checks the settings of the company directory step by step, saved ones or others, without changing anything.',
  family: 'directory',
  role: 'admin',
  risk: 'read',
  target_scope: [],
  task_target: 'none',
  controls: ['cancel'],
  schedulable: false,
  instant: true,
  details: z.strictObject({
    settings: settings.optional().describe('Unsaved settings to test; what is left out is taken from the saved ones'),
    username: directoryUsername
      .optional()
      .describe('Show how this person would be found and mapped, without a password'),
    ...note,
  }),
  result: resultOf({
    ok: z.boolean().optional(),
    checks: z
      .array(
        z.looseObject({
          name: z.string(),
          outcome: z.enum(['ok', 'warning', 'failed']),
          ms: z.int(),
          message: z.string(),
          remedy: z.string().optional(),
        }),
      )
      .optional(),
    server: z.looseObject({ vendor: z.string().optional(), naming_contexts: z.array(z.string()) }).optional(),
    user_preview: z.looseObject({ username: z.string(), dn: z.string() }).optional(),
  }),
  example: { target_scope: {}, details: { username: 'olivia.park' } },
})

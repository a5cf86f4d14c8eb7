import { z } from 'zod'
import { DANGERS } from '../../domain/profile-import.js'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, confirmation, guardedOutage, lease, note, profileComponents } from '../fields.js'
import { resultOf } from '../results.js'

const MOST_CONTENT = 4 * 1024 * 1024

const details = z
  .strictObject({
    scp_backup_id: z.uuid().optional().describe('A saved profile'),
    content: z
      .string()
      .min(1)
      .max(MOST_CONTENT)
      .optional()
      .describe('The profile itself, XML or JSON as plain text; it is saved first, and the job keeps only its id'),
    ...profileComponents,
    shutdown_type: z
      .enum(['Graceful', 'Forced', 'NoReboot'])
      .default('Graceful')
      .describe('How the host is shut down for what needs a restart; NoReboot leaves that part staged'),
    host_power_state: z.enum(['On', 'Off']).default('On').describe('Power of the server afterwards'),
    time_to_wait_seconds: z.int().min(300).max(3600).default(300).describe('Time for the host to shut down (seconds)'),
    preview_first: z.boolean().default(true).describe('Ask the device for its own preview first; its errors refuse'),
    backup_first: z.boolean().default(true).describe('Save the present profile of the server first'),
    allow: z
      .array(z.enum(DANGERS))
      .max(DANGERS.length)
      .default([])
      .describe('Dangerous content to let through: network, users, raid_destructive, other_service_tag'),
    ...guardedOutage,
    ...concurrency(2, 10),
    ...lease,
    ...confirmation,
    ...note,
  })
  .refine((given) => (given.scp_backup_id === undefined) !== (given.content === undefined), {
    message: 'give exactly one of scp_backup_id, content',
  })

export const scpImport = defineJob({
  job_type: 'scp_import',
  title: 'Apply a configuration profile',
  summary: 'Applies a Server Configuration Profile to servers and proves what became of every attribute.',
  family: 'profile',
  role: 'admin',
  risk: 'disruptive',
  target_scope: ['server_ids', 'server_group_ids'],
  task_target: 'server',
  most_targets: 50,
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['allow_running_vms'],
  details,
  result: resultOf({}),
  example: {
    target_scope: { server_ids: [EXAMPLE_ID] },
    details: { scp_backup_id: EXAMPLE_ID, components: ['BIOS'], evacuate_host: true },
  },
})

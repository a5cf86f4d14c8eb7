import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { applyWhen, firmwareChoice, packagesAreLocal, packagesAreLocalMessage, serverFirmware } from '../fields.js'
import { resultOf } from '../results.js'

export const fullServerUpdate = defineJob({
  job_type: 'full_server_update',
  title: 'Update all firmware of servers',
  summary: 'Brings all firmware of servers to the packages or catalog given, with as few reboots as possible.',
  family: 'firmware',
  role: 'operator',
  risk: 'disruptive',
  target_scope: ['server_ids', 'server_group_ids'],
  task_target: 'server',
  controls: ['pause', 'cancel', 'skip', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['allow_running_vms', 'allow_downgrade'],
  details: z
    .strictObject({
      ...firmwareChoice,
      firmware_source: firmwareChoice.firmware_source.default('dell_catalog'),
      ...applyWhen,
      missing_files: z.enum(['fail', 'skip']).default('fail').describe('A package file that is not there'),
      scp_backup_first: z.boolean().default(true).describe('Save the configuration profile first'),
      ...serverFirmware,
    })
    .refine(packagesAreLocal, packagesAreLocalMessage),
  result: resultOf({}),
  example: {
    target_scope: { server_group_ids: [EXAMPLE_ID] },
    details: { firmware_source: 'dell_catalog', min_criticality: 'recommended' },
  },
})

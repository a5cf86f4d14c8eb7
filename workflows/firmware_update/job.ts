import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { applyWhen, serverFirmware } from '../fields.js'
import { resultOf } from '../results.js'

const source = (given: {
  firmware_source: string
  package_id?: unknown
  catalog_id?: unknown
  url?: unknown
  component?: unknown
}) =>
  given.firmware_source === 'local'
    ? given.package_id !== undefined
    : given.firmware_source === 'url'
      ? given.url !== undefined
      : given.component !== undefined

export const firmwareUpdate = defineJob({
  job_type: 'firmware_update',
  title: 'Update one firmware component',
  summary: 'Updates one firmware component on servers and proves the installed version.',
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
      firmware_source: z
        .enum(['local', 'dell_catalog', 'url'])
        .default('local')
        .describe('Where the package comes from'),
      package_id: z.uuid().optional().describe('Row of firmware_packages; for local'),
      catalog_id: z.uuid().optional().describe('Imported catalog; for dell_catalog'),
      component: z.string().max(200).optional().describe('Component id or name; for dell_catalog'),
      url: z.string().max(2000).optional().describe('For url'),
      sha256: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/)
        .optional()
        .describe('Checksum; for url'),
      fqdd: z
        .string()
        .regex(/^[A-Za-z0-9._:-]{1,100}$/)
        .optional()
        .describe('One device; default all that match'),
      ...applyWhen,
      skip_not_applicable: z
        .boolean()
        .optional()
        .describe('A server that the package does not fit is skipped; default for groups'),
      scp_backup_first: z.boolean().default(false).describe('Save the configuration profile first'),
      ...serverFirmware,
    })
    .refine(source, {
      message: 'give package_id (local), component (dell_catalog) or url (url)',
      path: ['firmware_source'],
    }),
  result: resultOf({}),
  example: {
    target_scope: { server_ids: [EXAMPLE_ID] },
    details: { firmware_source: 'local', package_id: EXAMPLE_ID, apply: 'now', scp_backup_first: true },
  },
})

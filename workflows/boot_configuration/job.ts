import { z } from 'zod'
import { BOOT_TARGETS } from '../../domain/boot-settings.js'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, lease, note } from '../fields.js'
import { resultOf } from '../results.js'

export const bootConfiguration = defineJob({
  job_type: 'boot_configuration',
  title: 'Set the boot device',
  summary: 'Sets the device of the next boot, the permanent one, or the whole boot order. It does not reboot.',
  family: 'power',
  role: 'operator',
  risk: 'change',
  target_scope: ['server_ids', 'server_group_ids'],
  task_target: 'server',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: true,
  details: z.strictObject({
    target: z.enum(BOOT_TARGETS).optional().describe('Boot device; give this or boot_order'),
    enabled: z
      .enum(['once', 'continuous', 'disabled'])
      .default('once')
      .describe('once: used up by the next boot, whatever causes it; continuous: until it is changed'),
    uefi_target: z.string().min(1).max(1000).optional().describe('Device path; goes with target UefiTarget'),
    mode: z.enum(['uefi', 'legacy']).optional().describe('Boot mode of the override; default: leave it'),
    boot_order: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(100)
      .optional()
      .describe('Whole permanent order: every boot option reference that is there, once'),
    ...concurrency(10, 50),
    ...lease,
    ...note,
  }),
  result: resultOf({}),
  example: { target_scope: { server_ids: [EXAMPLE_ID] }, details: { target: 'Pxe', enabled: 'once' } },
})

import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { capacity, concurrency, confirmation, evacuation, hostGuard, lease, maxUnavailable, note } from '../fields.js'
import { resultOf } from '../results.js'

const attributeName = z.string().regex(/^[A-Za-z0-9_.-]{1,200}$/)

export const biosConfigWrite = defineJob({
  job_type: 'bios_config_write',
  title: 'Write BIOS settings',
  summary: 'Writes BIOS attributes, activates them by one reboot, and compares every one of them afterwards.',
  family: 'power',
  role: 'operator',
  risk: 'disruptive',
  target_scope: ['server_ids', 'server_group_ids'],
  task_target: 'server',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['allow_running_vms', 'override_pending'],
  details: z.strictObject({
    attributes: z
      .record(attributeName, z.union([z.string().max(2000), z.number()]))
      .refine((given) => Object.keys(given).length >= 1 && Object.keys(given).length <= 200, {
        message: 'must name 1 to 200 attributes',
      })
      .optional()
      .describe('Values by attribute name, as the registry of the machine spells them; give this or a configuration'),
    from_configuration_id: z.uuid().optional().describe('Take what may be written of this stored configuration'),
    only: z
      .array(attributeName)
      .min(1)
      .max(200)
      .optional()
      .describe('Of the stored configuration only these attributes'),
    apply: z
      .enum(['now', 'next_reboot'])
      .default('now')
      .describe('now reboots the server; next_reboot leaves the values staged for whoever reboots it'),
    override_pending: z
      .boolean()
      .default(false)
      .describe('Throw away values and the BIOS job of others that wait on the machine (admin)'),
    timeout_minutes: z.int().min(10).max(180).default(60).describe('Time limit for the reboot and the device job'),
    force_reboot_after_minutes: z
      .int()
      .min(0)
      .max(60)
      .default(0)
      .describe('Force a reboot that the OS of a server without vSphere ignores; 0 = never (minutes)'),
    ...hostGuard,
    ...evacuation,
    ...capacity,
    ...maxUnavailable,
    ...concurrency(5, 20),
    ...lease,
    ...confirmation,
    ...note,
  }),
  result: resultOf({}),
  example: {
    target_scope: { server_ids: [EXAMPLE_ID] },
    details: { attributes: { ProcVirtualization: 'Enabled', LogicalProc: 'Enabled' }, evacuate_host: true },
  },
})

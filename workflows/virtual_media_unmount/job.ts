import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, lease, note } from '../fields.js'
import { resultOf } from '../results.js'

export const virtualMediaUnmount = defineJob({
  job_type: 'virtual_media_unmount',
  title: 'Eject images from servers',
  summary: 'Ejects images from the virtual media of servers; a server that holds none is left as it is.',
  family: 'media',
  role: 'operator',
  risk: 'change',
  target_scope: ['server_ids', 'server_group_ids'],
  task_target: 'server',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: true,
  details: z.strictObject({
    slot: z.enum(['all', 'cd', 'usb']).default('all').describe('Which slots are emptied'),
    only_iso_image_id: z.uuid().optional().describe('Leave other images alone'),
    clear_boot_once: z.boolean().default(true).describe('Take back a one-time boot from CD that a mount job had set'),
    ...concurrency(8, 32),
    ...lease,
    ...note,
  }),
  result: resultOf({}),
  example: { target_scope: { server_ids: [EXAMPLE_ID] }, details: { slot: 'all' } },
})

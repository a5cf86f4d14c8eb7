import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, lease, note } from '../fields.js'
import { resultOf } from '../results.js'

export const virtualMediaMount = defineJob({
  job_type: 'virtual_media_mount',
  title: 'Mount an image on servers',
  summary: 'Inserts an ISO or disk image into the virtual media of servers, read by each iDRAC from the media server.',
  family: 'media',
  role: 'operator',
  risk: 'change',
  target_scope: ['server_ids', 'server_group_ids'],
  task_target: 'server',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: true,
  details: z.strictObject({
    iso_image_id: z.uuid().describe('Image of kind iso or img whose file is there'),
    slot: z.enum(['auto', 'cd', 'usb']).default('auto').describe('Which slot; auto takes what the generation offers'),
    write_protected: z.boolean().default(true).describe('The server may not write to the image'),
    replace: z.boolean().default(false).describe('Eject another image first'),
    boot_once: z.boolean().default(false).describe('Also boot from the virtual CD at the next start'),
    eject_after_minutes: z
      .int()
      .min(0)
      .max(1440)
      .default(0)
      .describe('Eject by itself after so long; the job runs until then; 0 = it stays'),
    ...concurrency(8, 32),
    ...lease,
    ...note,
  }),
  result: resultOf({}),
  example: {
    target_scope: { server_ids: [EXAMPLE_ID] },
    details: { iso_image_id: EXAMPLE_ID, boot_once: true, eject_after_minutes: 120 },
  },
})

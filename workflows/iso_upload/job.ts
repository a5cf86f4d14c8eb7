import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { lease, note } from '../fields.js'
import { resultOf } from '../results.js'

export const isoUpload = defineJob({
  job_type: 'iso_upload',
  title: 'Take an uploaded file into the store',
  summary: 'Checks an uploaded ISO, firmware package, ESXi depot or image and moves it into the media store.',
  family: 'media',
  role: 'operator',
  risk: 'change',
  target_scope: [],
  task_target: 'none',
  controls: ['cancel'],
  schedulable: false,
  instant: false,
  details: z.strictObject({
    upload_id: z.uuid().describe('A finished upload of the same user'),
    kind: z.enum(['iso', 'img', 'firmware', 'esxi_depot', 'catalog']).optional().describe('Default: from the content'),
    name: z.string().min(1).max(200).optional().describe('Shown name; never used as a path'),
    expected_sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/)
      .optional()
      .describe('Checksum that the file must have'),
    replace: z.boolean().default(false).describe('Same name, other content: the new row becomes the current one'),
    ...lease,
    ...note,
  }),
  result: resultOf({
    kind: z.string().optional(),
    record_id: z.uuid().optional(),
    size_bytes: z.int().optional(),
    sha256: z.string().optional(),
    served_url: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
  example: { target_scope: {}, details: { upload_id: EXAMPLE_ID, kind: 'iso', name: 'Rescue 12.4' } },
})

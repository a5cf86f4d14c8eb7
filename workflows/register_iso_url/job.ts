import { z } from 'zod'
import { defineJob } from '../define.js'
import { lease, note } from '../fields.js'
import { resultOf } from '../results.js'

const STAYS = ['iso', 'img']

export const registerIsoUrl = defineJob({
  job_type: 'register_iso_url',
  title: 'Register an image by its address',
  summary: 'Registers an image that stays on another web server, or copies it from there into the media store.',
  family: 'media',
  role: 'operator',
  risk: 'change',
  target_scope: [],
  task_target: 'none',
  controls: ['cancel'],
  schedulable: true,
  instant: true,
  details: z
    .strictObject({
      url: z.string().min(1).max(2000).describe('http or https, without user; its host is on the media allow-list'),
      name: z.string().min(1).max(200).optional().describe('Shown name; default the last part of the address'),
      kind: z
        .enum(['iso', 'img', 'firmware', 'esxi_depot', 'catalog'])
        .default('iso')
        .describe('What it is; only iso and img can stay elsewhere'),
      expected_sha256: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/)
        .optional()
        .describe('Checksum that a download must have'),
      download: z.boolean().default(false).describe('Copy it into our store'),
      ...lease,
      ...note,
    })
    .refine(({ kind, download }) => download || STAYS.includes(kind), {
      path: ['kind'],
      message: 'only iso and img can stay elsewhere; use download',
    })
    .refine(({ expected_sha256, download }) => download || expected_sha256 === undefined, {
      path: ['expected_sha256'],
      message: 'goes with download only: nothing else is read to its end',
    }),
  result: resultOf({
    iso_image_id: z.uuid().nullable().optional(),
    size_bytes: z.int().nullable().optional(),
    accepts_ranges: z.boolean().optional(),
    warnings: z.array(z.unknown()).optional(),
  }),
  example: { target_scope: {}, details: { url: 'https://files.example.com/rescue-12.4.iso' } },
})

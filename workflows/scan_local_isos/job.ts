import { z } from 'zod'
import { defineJob } from '../define.js'
import { lease, note } from '../fields.js'
import { resultOf } from '../results.js'

export const scanLocalIsos = defineJob({
  job_type: 'scan_local_isos',
  title: 'Register files of the media store',
  summary: 'Registers images, depots, packages and catalogs that somebody put into the directory of the media store.',
  family: 'media',
  role: 'operator',
  risk: 'change',
  target_scope: [],
  task_target: 'none',
  controls: ['cancel'],
  schedulable: true,
  instant: false,
  details: z.strictObject({
    subdirectory: z.string().min(1).max(500).optional().describe('Only this folder of the store; default all of it'),
    recursive: z.boolean().default(true).describe('Also the folders below'),
    checksums: z.enum(['new', 'all']).default('new').describe('Read again only what is new or changed, or everything'),
    mark_missing: z.boolean().default(true).describe('Rows whose file has gone become missing; none is deleted'),
    refresh_urls: z.boolean().default(true).describe('Write the served address of all files anew'),
    ...lease,
    ...note,
  }),
  result: resultOf({
    found: z.int().optional(),
    new: z.int().optional(),
    updated: z.int().optional(),
    missing: z.int().optional(),
    skipped: z.array(z.object({ path: z.string(), reason: z.string() })).optional(),
    bytes_total: z.int().optional(),
  }),
  example: { target_scope: {}, details: { checksums: 'new' } },
})

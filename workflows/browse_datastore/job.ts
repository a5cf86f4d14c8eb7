import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { note } from '../fields.js'
import { resultOf } from '../results.js'

/** A path inside a datastore may not leave it. */
const inside = (path: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
  !path.split('/').includes('..') && !/[\u0000-\u001f\u007f]/.test(path)

export const browseDatastore = defineJob({
  job_type: 'browse_datastore',
  title: 'List files of a datastore',
  summary: 'Lists files of a datastore, for example upgrade depots.',
  family: 'inventory',
  role: 'operator',
  risk: 'read',
  target_scope: ['host_ids'],
  task_target: 'none',
  controls: ['cancel'],
  schedulable: false,
  instant: true,
  details: z.strictObject({
    vcenter_id: z.uuid().describe('vCenter that knows the datastore'),
    datastore: z.string().min(1).max(255).describe('Its name, or its id in vCenter'),
    path: z
      .string()
      .max(1_000)
      .refine(inside, { message: 'must not contain .. or control characters' })
      .default('')
      .describe('Folder inside the datastore; empty = the root'),
    patterns: z
      .array(z.string().min(1).max(255).refine(inside, { message: 'must not contain control characters' }))
      .min(1)
      .max(10)
      .default(['*.zip', '*.iso'])
      .describe('Names to look for; * and ? stand for any characters'),
    recursive: z.boolean().default(false).describe('Also in the folders below; may take a minute'),
    limit: z.int().min(1).max(1_000).default(500).describe('Files in the answer'),
    ...note,
  }),
  result: resultOf({
    files: z.array(z.unknown()).optional(),
    hosts_mounting: z.array(z.unknown()).optional(),
    truncated: z.boolean().optional(),
    free_bytes: z.number().nullable().optional(),
  }),
  example: { target_scope: {}, details: { vcenter_id: EXAMPLE_ID, datastore: 'datastore1', recursive: true } },
})

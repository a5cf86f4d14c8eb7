import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { capacity, maxUnavailable, note } from '../fields.js'
import { resultOf } from '../results.js'

export const clusterSafetyCheck = defineJob({
  job_type: 'cluster_safety_check',
  title: 'May a host leave?',
  summary: 'Judges whether hosts may leave their cluster now, on the state after the removal.',
  family: 'cluster',
  role: 'operator',
  risk: 'read',
  target_scope: ['cluster_ids', 'host_ids'],
  task_target: 'cluster',
  controls: ['cancel'],
  schedulable: true,
  instant: true,
  admin_options: ['ignore_ha_admission'],
  details: z.strictObject({
    ...maxUnavailable,
    ...capacity,
    require_drs: z.boolean().default(true).describe('Automatic evacuation must be possible'),
    require_vsan_green: z.boolean().default(true).describe('vSAN health must be green'),
    ignore_ha_admission: z.boolean().default(false).describe('Leave the HA reserve out of the judgement (admin)'),
    ...note,
  }),
  result: resultOf({ safe: z.boolean().optional(), clusters: z.array(z.unknown()).optional() }),
  example: { target_scope: { cluster_ids: [EXAMPLE_ID] }, details: { max_unavailable: 1, max_memory_percent: 85 } },
})

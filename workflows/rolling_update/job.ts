import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { capacity, evacuation, leaseAndNote, maxUnavailable, rebootTimeout } from '../fields.js'
import { esxiPart, firmwarePart } from '../parts.js'
import { resultOf } from '../results.js'

const healthGate = z
  .strictObject({
    rebalance_wait_minutes: z.int().min(0).max(120).default(10).describe('How long VMs may take to spread again'),
    resync_wait_minutes: z.int().min(0).max(1440).default(240).describe('How long vSAN may take to resync'),
    max_new_alarms: z.int().min(0).max(20).default(0).describe('Red alarms more than before'),
    require_green: z.boolean().default(true).describe('A host must be healthy before the next one begins'),
  })
  .prefault({})
  .describe('What must hold before, after and between hosts')

/** `order` names the blocks that are given; with one block it follows from it. */
const orderFits = (given: { order?: string | undefined; esxi?: unknown; firmware?: unknown }) => {
  if (given.esxi === undefined && given.firmware === undefined) return false
  if (given.esxi !== undefined && given.firmware !== undefined) return given.order !== undefined
  return true
}

export const rollingUpdate = defineJob({
  job_type: 'rolling_update',
  title: 'Rolling update of clusters',
  summary: 'Updates the hosts of clusters one after the other, never taking out more capacity than allowed.',
  family: 'cluster',
  role: 'operator',
  risk: 'disruptive',
  target_scope: ['cluster_ids', 'host_ids', 'server_group_ids', 'server_ids'],
  task_target: 'host',
  controls: ['pause', 'cancel', 'skip', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['ha_admission', 'esxi.method', 'firmware.allow_downgrade'],
  details: z
    .strictObject({
      order: z
        .enum(['esxi_first', 'firmware_first', 'firmware_only', 'esxi_only'])
        .optional()
        .describe('Required when both blocks are given'),
      firmware: firmwarePart.optional(),
      esxi: esxiPart.optional(),
      ...maxUnavailable,
      ...capacity,
      clusters_in_parallel: z.int().min(1).max(8).default(1).describe('Clusters worked on at once'),
      on_failure: z.enum(['stop', 'continue', 'pause']).default('stop').describe('When a host fails'),
      failed_hosts_tolerance: z
        .int()
        .min(0)
        .max(16)
        .default(0)
        .describe('Failed hosts per cluster that may stand aside; with continue'),
      attention_timeout_hours: z
        .int()
        .min(1)
        .max(336)
        .default(72)
        .describe('How long on_failure pause waits for a person'),
      host_order: z.array(z.uuid()).max(200).optional().describe('Order of all or of the first hosts'),
      canary_hosts: z.int().min(0).max(8).default(0).describe('First hosts, watched longer'),
      canary_soak_minutes: z.int().min(0).max(20_160).default(0).describe('Pause after the canaries'),
      soak_minutes: z.int().min(0).max(1440).default(0).describe('Pause after each host'),
      pause_after_canary: z.boolean().default(false).describe('Wait for a person after the canaries'),
      scp_backup_first: z
        .boolean()
        .optional()
        .describe('Save each configuration profile first; default true when firmware is in it'),
      precheck: z
        .enum(['all_hosts', 'per_host'])
        .default('all_hosts')
        .describe('all_hosts: any blocker ends the job before it begins'),
      on_blocked: z.enum(['wait', 'skip', 'fail']).default('wait').describe('A host that cannot be emptied'),
      blocked_timeout_minutes: z.int().min(5).max(1440).default(60).describe('How long on_blocked wait waits'),
      hosts_found_in_maintenance: z
        .enum(['keep', 'return', 'skip'])
        .default('keep')
        .describe('Hosts that were in maintenance before the job'),
      health_gate: healthGate,
      dpm: z.enum(['suspend', 'leave']).default('suspend').describe('Distributed power management during the job'),
      ha_admission: z
        .enum(['respect', 'suspend'])
        .default('respect')
        .describe('suspend switches HA admission control off for the job (admin)'),
      ...rebootTimeout,
      ...evacuation,
      ...leaseAndNote,
    })
    .refine(orderFits, { message: 'give esxi, firmware or both; order is required with both', path: ['order'] }),
  result: resultOf({ hosts: z.array(z.unknown()).optional(), clusters: z.array(z.unknown()).optional() }),
  example: {
    target_scope: { cluster_ids: [EXAMPLE_ID] },
    details: {
      order: 'esxi_first',
      esxi: { depot_path: '/vmfs/volumes/Depots/VMware-ESXi-8.0U3-depot.zip' },
      firmware: { firmware_source: 'dell_catalog' },
      canary_hosts: 1,
      canary_soak_minutes: 60,
      on_failure: 'pause',
    },
  },
})

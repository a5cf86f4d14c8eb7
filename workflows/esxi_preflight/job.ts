import { z } from 'zod'
import { defineJob, EXAMPLE_ID } from '../define.js'
import { concurrency, depotChoice, lease, note, oneDepot, oneDepotMessage } from '../fields.js'
import { resultOf } from '../results.js'

export const esxiPreflight = defineJob({
  job_type: 'esxi_preflight',
  title: 'Would this ESXi upgrade work?',
  summary: 'Checks on each host whether an ESXi upgrade would work, down to the dry run of its own tool.',
  family: 'esxi',
  role: 'operator',
  risk: 'read',
  target_scope: ['host_ids', 'cluster_ids'],
  task_target: 'host',
  controls: ['cancel', 'retry'],
  schedulable: true,
  instant: true,
  details: z
    .strictObject({
      ...depotChoice,
      start_ssh: z.boolean().default(true).describe('Start the SSH service if it is off, and stop it again'),
      run_dry_run: z.boolean().default(true).describe("Run the update tool's own dry run"),
      ...concurrency(8, 32),
      ...lease,
      ...note,
    })
    .refine(oneDepot, oneDepotMessage),
  result: resultOf({}),
  example: {
    target_scope: { host_ids: [EXAMPLE_ID] },
    details: {
      depot_path: '/vmfs/volumes/Depots/VMware-ESXi-8.0U3-depot.zip',
      profile_name: 'ESXi-8.0U3e-24674464-standard',
    },
  },
})

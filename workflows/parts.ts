import { z } from 'zod'
import {
  capacity,
  depotChoice,
  esxiOptions,
  evacuation,
  firmwareChoice,
  firmwareOptions,
  leaseAndNote,
  maxUnavailable,
  oneDepot,
  oneDepotMessage,
  packagesAreLocal,
  packagesAreLocalMessage,
  rebootTimeout,
} from './fields.js'
import { resultOf } from './results.js'

/** The ESXi block of jobs that do more than ESXi. */
export const esxiPart = z
  .strictObject({ ...depotChoice, ...esxiOptions })
  .refine(oneDepot, oneDepotMessage)
  .describe('Which ESXi image, and how')

/** The firmware block of jobs that do more than firmware. */
export const firmwarePart = z
  .strictObject({ ...firmwareChoice, ...firmwareOptions })
  .refine(packagesAreLocal, packagesAreLocalMessage)
  .describe('Which firmware, and how')

/** `details` of the jobs that do both to a host in one maintenance; only the order differs. */
const bothParts = z.strictObject({
  esxi: esxiPart,
  firmware: firmwarePart,
  scp_backup_first: z.boolean().default(true).describe('Save the configuration profile first'),
  verify_between: z.boolean().default(true).describe('Prove the first part before the second begins'),
  ...rebootTimeout,
  ...evacuation,
  ...maxUnavailable,
  ...capacity,
  ...leaseAndNote,
})

/** What the two jobs that do both to a host have in common; order of the parts, title and example are their own. */
export const bothJob = {
  family: 'esxi',
  role: 'operator',
  risk: 'disruptive',
  target_scope: ['host_ids'],
  task_target: 'host',
  one_host_per_cluster: true,
  needs_linked_server: true,
  controls: ['pause', 'cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['esxi.method', 'firmware.allow_downgrade'],
  details: bothParts,
  result: resultOf({}),
} as const

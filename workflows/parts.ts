import { z } from 'zod'
import {
  capacity,
  confirmation,
  depotChoice,
  esxiOptions,
  evacuation,
  firmwareChoice,
  firmwareOptions,
  lease,
  maxUnavailable,
  note,
  oneDepot,
  oneDepotMessage,
  packagesAreLocal,
  packagesAreLocalMessage,
  rebootTimeout,
} from './fields.js'

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
export const bothParts = z.strictObject({
  esxi: esxiPart,
  firmware: firmwarePart,
  scp_backup_first: z.boolean().default(true).describe('Save the configuration profile first'),
  verify_between: z.boolean().default(true).describe('Prove the first part before the second begins'),
  ...rebootTimeout,
  ...evacuation,
  ...maxUnavailable,
  ...capacity,
  ...lease,
  ...confirmation,
  ...note,
})

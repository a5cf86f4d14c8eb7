import { z } from 'zod'
import {
  depotChoice,
  esxiOptions,
  firmwareChoice,
  firmwareOptions,
  oneDepot,
  oneDepotMessage,
  packagesAreLocal,
  packagesAreLocalMessage,
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

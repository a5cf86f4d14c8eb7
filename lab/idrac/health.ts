import type { SimServer } from '../model-server.js'

export type Health = 'OK' | 'Warning' | 'Critical'

/** A thing that is not well, as the fault list shows it. */
export type Fault = {
  message_id: string
  message: string
  severity: 'Warning' | 'Critical'
  fqdd: string
  part: FaultPart
  at: number
}
export type FaultPart =
  | 'fan'
  | 'power_supply'
  | 'temperature'
  | 'memory'
  | 'processor'
  | 'storage'
  | 'network'
  | 'other'

function partOf(fqdd: string): FaultPart {
  if (fqdd.startsWith('Fan')) return 'fan'
  if (fqdd.startsWith('PSU')) return 'power_supply'
  if (fqdd.startsWith('DIMM')) return 'memory'
  if (fqdd.startsWith('CPU')) return 'processor'
  if (/^(Disk|RAID|Enclosure|AHCI|NonRAID)/.test(fqdd)) return 'storage'
  if (/^(NIC|FC|InfiniBand)/.test(fqdd)) return 'network'
  return 'other'
}

/**
 * Faults that stand now: what the site put
 * into the iDRAC's face data under `faults` as `[{message_id, message, severity, fqdd, at}]`.
 */
export function standingFaults(server: SimServer): Fault[] {
  const planted = Array.isArray(server.idrac.face.faults) ? (server.idrac.face.faults as Omit<Fault, 'part'>[]) : []
  return planted.map((fault) => ({ ...fault, part: partOf(fault.fqdd) }))
}

/** Health of a part of the server, or of the whole server without a part. */
export function healthOf(server: SimServer, part?: FaultPart): Health {
  const faults = standingFaults(server).filter((fault) => part === undefined || fault.part === part)
  if (faults.some((fault) => fault.severity === 'Critical')) return 'Critical'
  return faults.length > 0 ? 'Warning' : 'OK'
}

/** Health of one thing by its FQDD. */
export function healthOfThing(server: SimServer, fqdd: string): Health {
  const fault = standingFaults(server).find((one) => one.fqdd === fqdd)
  return fault?.severity ?? 'OK'
}

/** The words of Dell's own rollups: OK, Degraded, Error. */
export const dellRollup = (health: Health): string => ({ OK: 'OK', Warning: 'Degraded', Critical: 'Error' })[health]

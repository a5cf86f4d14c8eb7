import type { JsonValue } from '../model.js'
import type { PackageFacts, SimServer } from '../model-server.js'

/** A package that was uploaded through HttpPushUri and is not installed yet. */
export type AvailablePackage = { id: string; file_name: string; facts: PackageFacts }

/** The packages that wait on this iDRAC, kept in its face data. */
export function availablePackages(server: SimServer): AvailablePackage[] {
  const kept = server.idrac.face.available
  return Array.isArray(kept) ? (kept as unknown as AvailablePackage[]) : []
}

/** Replaces the list of waiting packages. */
export function keepAvailable(server: SimServer, packages: AvailablePackage[]): void {
  server.idrac.face.available = packages as unknown as JsonValue
}

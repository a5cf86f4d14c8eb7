/** Addresses of the web depot's files. */
import { DEPOT_PORT, depotAddress } from './addresses.js'

export function firmwareUrl(shift: number, fileName: string): string {
  return `http://${depotAddress(shift)}:${DEPOT_PORT}/firmware/${encodeURIComponent(fileName)}`
}

/** Addresses of the web depot's files. */
import { DEPOT_PORT, depotAddress } from './addresses.js'

export function firmwareUrl(shift: number, fileName: string): string {
  return `http://${depotAddress(shift)}:${DEPOT_PORT}/firmware/${encodeURIComponent(fileName)}`
}

/** Host and port below which all files of the depot lie. */
export function depotBase(shift: number): string {
  return `${depotAddress(shift)}:${DEPOT_PORT}`
}

export function catalogUrl(shift: number, fileName: string): string {
  return `http://${depotBase(shift)}/catalog/${fileName}`
}

/**
 * Addresses of the simulated devices on loopback. `shift` (0–9) moves all second octets, so that several labs can run
 * beside each other on one machine.
 */
export const IDRAC_PORT = 8443
export const VCENTER_PORT = 8443
export const SSH_PORT = 2222
export const DEPOT_PORT = 8080
export const OPENMANAGE_PORT = 8443
export const LDAPS_PORT = 1636
/** Plain LDAP that asks for StartTLS. */
export const STARTTLS_PORT = 1389
/** How many labs one machine can hold. */
export const MAX_SHIFT = 9
const BLOCK = 254

/** `127.20.S.N`: S counts blocks of 254 iDRACs. `index` from 0. */
export function idracAddress(shift: number, index: number): string {
  return `127.${20 + shift}.${Math.floor(index / BLOCK)}.${(index % BLOCK) + 1}`
}

/** `127.30.0.N`; `index` from 0. */
export function vcenterAddress(shift: number, index: number): string {
  return `127.${30 + shift}.0.${index + 1}`
}

/** `127.40.C.N`: C counts clusters from 0, N hosts of it; both from 0 here. */
export function hostAddress(shift: number, cluster: number, index: number): string {
  return `127.${40 + shift}.${cluster}.${index + 1}`
}

/** `127.50.0.N`; `index` from 0. */
export function openmanageAddress(shift: number, index: number): string {
  return `127.${50 + shift}.0.${index + 1}`
}

/** `127.60.0.N`; `index` from 0. */
export function directoryAddress(shift: number, index: number): string {
  return `127.${60 + shift}.0.${index + 1}`
}

/** `127.70.0.1`, where firmware and catalogue files are served. */
export function depotAddress(shift: number): string {
  return `127.${70 + shift}.0.1`
}

/** The second octet groups that move together; used to readdress a restored site. */
export const GROUPS = [20, 30, 40, 50, 60, 70] as const

/** Moves one address (or a text that holds addresses) from one shift to another. */
export function readdress(text: string, from: number, to: number): string {
  return text.replace(/\b127\.(\d+)\./g, (whole, octet: string) => {
    const group = GROUPS.find((one) => Number(octet) === one + from)
    return group === undefined ? whole : `127.${group + to}.`
  })
}

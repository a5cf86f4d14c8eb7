import type { HardwareIdentifier } from './host-facts.js'
import { type SoapNode, textAt } from './xml-node.js'

/** Texts that makers put where nobody entered anything; compared without blanks and case. */
const PLACEHOLDERS = new Set([
  'NONE',
  'UNKNOWN',
  'NOASSETTAG',
  'NOTSPECIFIED',
  'NOTAVAILABLE',
  'TOBEFILLEDBYO.E.M.',
  'DEFAULTSTRING',
  'N/A',
  '0',
])

const KINDS: readonly HardwareIdentifier['kind'][] = [
  'SerialNumberTag',
  'ServiceTag',
  'EnclosureSerialNumberTag',
  'AssetTag',
  'OemSpecificString',
]

/** Trimmed and in upper case; `null` for placeholders and empty texts. */
export function cleanIdentifier(text: string | null): string | null {
  const cleaned = (text ?? '').trim().toUpperCase()
  return cleaned === '' || PLACEHOLDERS.has(cleaned.replaceAll(/\s+/g, '')) ? null : cleaned
}

/**
 * All identifying texts of a host: the serial number of the system, then the entries of `otherIdentifyingInfo` by kind.
 * @param systemInfo `hardware.systemInfo`
 * @param otherInfo the `otherIdentifyingInfo` entries of `summary.hardware`
 */
export function readIdentifiers(systemInfo: SoapNode | null, otherInfo: readonly SoapNode[]): HardwareIdentifier[] {
  const found: HardwareIdentifier[] = []
  const serial = cleanIdentifier(textAt(systemInfo, 'serialNumber'))
  if (serial !== null) found.push({ kind: 'SerialNumber', value: serial })
  for (const each of otherInfo) {
    const kind = KINDS.find((name) => name === textAt(each, 'identifierType', 'key'))
    const value = cleanIdentifier(textAt(each, 'identifierValue'))
    if (kind !== undefined && value !== null) found.push({ kind, value })
  }
  return found
}

/**
 * The serial number to link a server by: the system's own, else its serial tag, else its service tag. The enclosure's tag
 * is never taken: for a blade it is that of the chassis; asset tags and OEM texts identify nothing.
 */
export function serialNumberOf(identifiers: readonly HardwareIdentifier[]): string | null {
  for (const kind of ['SerialNumber', 'SerialNumberTag', 'ServiceTag'] as const) {
    const found = identifiers.find((each) => each.kind === kind)
    if (found !== undefined) return found.value
  }
  return null
}

import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import type { RootFacts } from './facts.js'
import { dellOf, flagAt, type JsonObject, objectAt, textAt } from './json.js'
import { rootDocument } from './layout.js'
import { linkAt } from './links.js'

const PRODUCT = 'Integrated Dell Remote Access Controller'

/**
 * Asks the unauthenticated root: is this an iDRAC, and whose? Costs no login and leaves no entry in the device's log.
 * QUIRK iDRAC8 2.81.81.81: `Vendor` is absent; `Product` and `Oem.Dell` say it. Source: recording R630 2.81.81.81.
 * @throws DeviceError `NotFound` when Redfish is switched off, `ProtocolError` for something that is no Redfish service,
 * `DeviceUnreachable`, `TlsIdentityChanged`, `TlsIdentityPending`.
 */
export async function readRoot(client: RedfishClient): Promise<RootFacts> {
  client.memory.delete('root')
  const root = await rootDocument(client)
  const version = textAt(root, 'RedfishVersion')
  if (version === null && !objectAt(root, 'Systems') && !objectAt(root, 'Managers')) {
    throw new DeviceError('ProtocolError', 'The answer is no Redfish service root.', { sent: true, answered: true })
  }
  const dell = dellOf(root)
  const features = objectAt(root, 'ProtocolFeaturesSupported')
  return {
    vendor: textAt(root, 'Vendor'),
    product: textAt(root, 'Product'),
    is_idrac: isIdrac(root),
    maker: makerOf(root),
    service_tag: serviceTagOf(root),
    manager_mac: textAt(dell, 'ManagerMACAddress')?.toLowerCase() ?? null,
    redfish_version: version,
    sessions_path: sessionsPath(root),
    supports_expand: objectAt(features, 'ExpandQuery') !== undefined,
    supports_select: flagAt(features, 'SelectQuery') === true,
  }
}

/** The service tag that the root tells without a login; null where it does not. */
export function serviceTagOf(root: JsonObject): string | null {
  const dell = dellOf(root)
  return (textAt(dell, 'ServiceTag') ?? (dell ? textAt(root, 'ServiceIdentification') : null))?.toUpperCase() ?? null
}

/** Null only where the root names nobody: neither vendor nor product nor a block of a maker. */
export function isIdrac(root: JsonObject): boolean | null {
  if (dellOf(root) || textAt(root, 'Product')?.includes(PRODUCT)) return true
  return makerOf(root) === null ? null : false
}

/** Who made the service, as far as its root says: vendor, else the maker whose block is there, else the product. */
export function makerOf(root: JsonObject): string | null {
  const blocks = Object.keys(objectAt(root, 'Oem') ?? {}).filter((key) => !key.includes('@'))
  const product = textAt(root, 'Product')
  const maker = textAt(root, 'Vendor') ?? blocks[0] ?? null
  if (maker === null || product === null) return maker ?? product
  return `${maker} (${product})`
}

/**
 * Where sessions are made: the root's link.
 * QUIRK iDRAC7/8: where a root does not link it, it is `/redfish/v1/Sessions` before Redfish 1.6 and below the session
 * service from then on; the other of the two answers 405. Source: Dell's scripts.
 */
export function sessionsPath(root: JsonObject): string {
  const link = linkAt(root, 'Links', 'Sessions')
  if (link) return link
  const [major = 1, minor = 0] = (textAt(root, 'RedfishVersion') ?? '1.6').split('.').map(Number)
  if (major === 1 && minor < 6) return '/redfish/v1/Sessions'
  return `${(linkAt(root, 'SessionService') ?? '/redfish/v1/SessionService').replace(/\/+$/, '')}/Sessions`
}

import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import type { RootFacts } from './facts.js'
import { dellOf, flagAt, objectAt, textAt } from './json.js'
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
  const dell = objectAt(root, 'Oem', 'Dell') ?? dellOf(root)
  const vendor = textAt(root, 'Vendor')
  const product = textAt(root, 'Product')
  const features = objectAt(root, 'ProtocolFeaturesSupported')
  return {
    vendor,
    product,
    is_idrac: isIdrac(vendor, product, dell !== undefined),
    service_tag:
      (textAt(dell, 'ServiceTag') ?? (dell ? textAt(root, 'ServiceIdentification') : null))?.toUpperCase() ?? null,
    manager_mac: textAt(dell, 'ManagerMACAddress')?.toLowerCase() ?? null,
    redfish_version: version,
    sessions_path: sessionsPath(linkAt(root, 'Links', 'Sessions'), version),
    supports_expand: objectAt(features, 'ExpandQuery') !== undefined,
    supports_select: flagAt(features, 'SelectQuery') === true,
  }
}

function isIdrac(vendor: string | null, product: string | null, hasDellBlock: boolean): boolean | null {
  if (hasDellBlock || product?.includes(PRODUCT)) return true
  return vendor === null && product === null ? null : false
}

/**
 * Where sessions are made: the root's link, else by the Redfish version (before 1.6 the other path answers 405).
 * Source: Dell's scripts.
 */
export function sessionsPath(link: string | null, redfishVersion: string | null): string {
  if (link) return link
  const [major = 1, minor = 0] = (redfishVersion ?? '1.6').split('.').map(Number)
  return major === 1 && minor < 6 ? '/redfish/v1/Sessions' : '/redfish/v1/SessionService/Sessions'
}

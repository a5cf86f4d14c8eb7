import { XMLParser } from 'fast-xml-parser'
import { componentOfRow } from '../../domain/firmware-catalog.js'
import type { Criticality, PackageDevice, PackagePrerequisite } from '../../domain/firmware-facts.js'

/** What a `SoftwareComponent` says, in a package's own `package.xml` and in a catalogue. */
export interface PackageFacts {
  name: string
  version: string
  dell_version: string | null
  package_code: string | null
  package_type: string | null
  component_type: string | null
  release_date: string | null
  criticality: Criticality | null
  reboot_required: boolean | null
  system_ids: string[]
  models: string[]
  devices: PackageDevice[]
  prerequisites: PackagePrerequisite[]
}

export type XmlNode = Record<string, unknown>

const LISTS = new Set(['Device', 'PCIInfo', 'Model', 'Brand', 'Display', 'Dependency', 'Package', 'Hash'])
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  isArray: (name) => LISTS.has(name),
})

/**
 * Parses one Dell XML document or a piece of one; attributes and elements become fields of the same name.
 * Document types and entities of one's own are refused: the reader expands the five of XML only.
 * @throws Error when it is no well-formed XML of that kind
 */
export function parseXml(xml: string): XmlNode {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw new Error('document types and entities are refused')
  return parser.parse(xml, true) as XmlNode
}

/** Facts of a parsed `SoftwareComponent`; null when it lacks a version. `source` tells who names the prerequisites. */
export function componentFacts(root: XmlNode, source: 'package' | 'catalogue'): PackageFacts | null {
  const version = textOf(root.vendorVersion)
  if (!version) return null
  const devices = nodes(nodeOf(root.SupportedDevices)?.Device)
  const models = nodes(nodeOf(root.SupportedSystems)?.Brand).flatMap((brand) => nodes(brand.Model))
  return {
    name: displayOf(root.Name) ?? textOf(root.path) ?? 'firmware',
    version,
    dell_version: textOf(root.dellVersion),
    package_code: textOf(root.packageID),
    package_type: textOf(root.packageType),
    component_type: textOf(nodeOf(root.ComponentType)?.value),
    release_date: textOf(root.releaseDate),
    criticality: criticalityOf(textOf(nodeOf(root.Criticality)?.value)),
    reboot_required: truth(textOf(root.rebootRequired)),
    system_ids: [...new Set(models.flatMap((model) => textOf(model.systemID)?.toUpperCase() ?? []))],
    models: [...new Set(models.flatMap((model) => displayOf(model) ?? []))],
    devices: devices.map(toDevice),
    prerequisites: devices.flatMap((device) => nodes(device.Dependency).map((node) => toPrerequisite(node, source))),
  }
}

function toDevice(device: XmlNode): PackageDevice {
  return {
    component_id: textOf(device.componentID),
    pci: nodes(device.PCIInfo).map((info) => ({
      vendor_id: textOf(info.vendorID)?.toUpperCase() ?? null,
      device_id: textOf(info.deviceID)?.toUpperCase() ?? null,
      subvendor_id: textOf(info.subVendorID)?.toUpperCase() ?? null,
      subdevice_id: textOf(info.subDeviceID)?.toUpperCase() ?? null,
    })),
  }
}

const NOTHING = {
  fqdd: null,
  component_type: null,
  name: null,
  version: '',
  updateable: null,
  vendor_id: null,
  device_id: null,
  subvendor_id: null,
  subdevice_id: null,
}

function toPrerequisite(dependency: XmlNode, source: string): PackagePrerequisite {
  const component_id = textOf(dependency.componentID)
  return {
    component: componentOfRow({ ...NOTHING, software_id: component_id, component_id }),
    component_id,
    min_version: textOf(dependency.version),
    source,
  }
}

/** Dell's numbers: 1 recommended, 2 urgent, 3 optional. */
function criticalityOf(value: string | null): Criticality | null {
  if (value === '2') return 'urgent'
  if (value === '1') return 'recommended'
  return value === '3' ? 'optional' : null
}

const truth = (text: string | null) => (text === null ? null : /^(true|1)$/i.test(text))

export const nodeOf = (value: unknown): XmlNode | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as XmlNode) : null

/** The element children of one name, however many there are. */
export const nodes = (value: unknown): XmlNode[] => {
  const list: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return list.map(nodeOf).filter((each): each is XmlNode => each !== null)
}

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null

/** The first `Display` text of an element. */
export function displayOf(value: unknown): string | null {
  const node = nodeOf(value)
  const first = (Array.isArray(node?.Display) ? node.Display : [node?.Display])[0]
  return textOf(first) ?? textOf(nodeOf(first)?.['#text'])
}

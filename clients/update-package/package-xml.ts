import type { FileHandle } from 'node:fs/promises'
import { XMLParser } from 'fast-xml-parser'
import { componentOfRow } from '../../domain/firmware-catalog.js'
import type { Criticality, PackageDevice, PackagePrerequisite } from '../../domain/firmware-facts.js'
import { readZipEntries, readZipEntry } from './zip.js'

/** What a Dell update package says about itself in its `package.xml`. */
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

type Node = Record<string, unknown>

const LISTS = new Set(['Device', 'PCIInfo', 'Model', 'Brand', 'Display', 'Dependency'])
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  processEntities: false,
  isArray: (name) => LISTS.has(name),
})

/** Reads the `package.xml` of an update package by its central directory. Null when there is none that can be used. */
export async function readUpdatePackage(file: FileHandle, size: number): Promise<PackageFacts | null> {
  const entries = await readZipEntries(file, size)
  const entry = entries?.find((each) => /(^|\/)package\.xml$/i.test(each.name))
  const content = entry ? await readZipEntry(file, entry) : null
  return content ? parsePackageXml(decode(content)) : null
}

/** Real packages are written in UTF-16 as often as in UTF-8. */
function decode(content: Buffer): string {
  if (content[0] === 0xff && content[1] === 0xfe) return content.toString('utf16le')
  return content.toString('utf8')
}

/** Parses a `SoftwareComponent` document; null when it lacks a version or devices. */
export function parsePackageXml(xml: string): PackageFacts | null {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return null
  const root = (parser.parse(xml) as Node).SoftwareComponent as Node | undefined
  const version = textOf(root?.vendorVersion)
  if (!root || !version) return null
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
    system_ids: models.flatMap((model) => textOf(model.systemID)?.toUpperCase() ?? []),
    models: models.flatMap((model) => displayOf(model) ?? []),
    devices: devices.map(toDevice),
    prerequisites: devices.flatMap((device) => nodes(device.Dependency).map(toPrerequisite)),
  }
}

function toDevice(device: Node): PackageDevice {
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

function toPrerequisite(dependency: Node): PackagePrerequisite {
  const component_id = textOf(dependency.componentID)
  const nothing = {
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
  return {
    component: componentOfRow({ ...nothing, software_id: component_id, component_id }),
    min_version: textOf(dependency.version),
    source: 'package',
  }
}

/** Dell's numbers: 1 recommended, 2 urgent, 3 optional. */
function criticalityOf(value: string | null): Criticality | null {
  if (value === '2') return 'urgent'
  if (value === '1') return 'recommended'
  return value === '3' ? 'optional' : null
}

const truth = (text: string | null) => (text === null ? null : /^(true|1)$/i.test(text))
const nodeOf = (value: unknown): Node | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : null
const nodes = (value: unknown): Node[] => {
  const list: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return list.map(nodeOf).filter((each): each is Node => each !== null)
}
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null

function displayOf(value: unknown): string | null {
  const node = nodeOf(value)
  const first = (Array.isArray(node?.Display) ? node.Display : [node?.Display])[0]
  return textOf(first) ?? textOf(nodeOf(first)?.['#text'])
}

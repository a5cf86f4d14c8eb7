/**
 * `package.xml` of a firmware package: written by the depot, read back by the iDRAC face. Same element and attribute
 * names as a Dell catalogue's SoftwareComponent; docs/simulated-site.md describes what is used of it.
 */

import type { FirmwareComponentName, SimFirmwareFile } from '../model.js'
import type { PackageFacts } from '../model-server.js'

/** Dell's two-letter categories of a catalogue. */
const CATEGORIES: Record<FirmwareComponentName, string> = {
  bios: 'BI',
  idrac: 'ES',
  raid: 'SF',
  hba: 'SF',
  nic: 'NI',
  fc: 'FC',
  drive: 'SG',
  backplane: 'SF',
  psu: 'PW',
  cpld: 'CP',
  tpm: 'TP',
  diagnostics: 'DG',
  driver_pack: 'DP',
  other: 'AP',
}

const CRITICALITIES = { 1: 'Recommended', 2: 'Urgent', 3: 'Optional' } as const

type PackageSource = Omit<SimFirmwareFile, 'url' | 'size_bytes' | 'sha256'>

/** For attribute values and text. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)

/** The XML text of a package. */
export function packageXml(file: PackageSource): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${componentXml(file)}\n`
}

/** What only a catalogue says of a file. */
export interface CatalogFacts {
  /** below the catalogue's base location */
  path: string
  size: number
  md5: string
  sha256: string
}

/** One `SoftwareComponent`, as it stands in a package (without `catalog`) and in a catalogue. */
export function componentXml(file: PackageSource, catalog?: CatalogFacts): string {
  const listed = catalog ? ` hashMD5="${catalog.md5}" size="${catalog.size}"` : ''
  const hash = catalog
    ? `\n  <Cryptography><Hash algorithm="SHA256">${catalog.sha256.toUpperCase()}</Hash></Cryptography>`
    : ''
  const display = (text: string): string => `<Display lang="en"><![CDATA[${text}]]></Display>`
  return `<SoftwareComponent schemaVersion="2.4" packageID="${file.package_id}" releaseID="${file.package_id}" packageType="LW64" path="${escapeXml(catalog?.path ?? file.file_name)}" dellVersion="${file.dell_version}" vendorVersion="${escapeXml(file.version)}" dateTime="${file.release_date}T00:00:00+00:00" releaseDate="${file.release_date}" rebootRequired="${file.reboot_required}"${listed}>
  <Name>${display(file.name)}</Name>
  <ComponentType value="${file.component_type}">${display(file.component_type === 'BIOS' ? 'BIOS' : 'Firmware')}</ComponentType>
  <Category value="${CATEGORIES[file.component]}"/>
  <Criticality value="${file.criticality}">${display(CRITICALITIES[file.criticality])}</Criticality>
  <SupportedDevices>
    ${deviceXml(file, display)}
  </SupportedDevices>
  <SupportedSystems>
    <Brand key="3" prefix="PE">${display('PowerEdge')}
${modelsXml(file, display)}
    </Brand>
  </SupportedSystems>${hash}
</SoftwareComponent>`
}

function deviceXml(file: PackageSource, display: (text: string) => string): string {
  const pciInfo = file.pci
    ? `<PCIInfo deviceID="${file.pci.device_id}" subDeviceID="${file.pci.sub_device_id}" subVendorID="${file.pci.sub_vendor_id}" vendorID="${file.pci.vendor_id}"/>`
    : ''
  const dependencies = file.prerequisites
    .map((one) => `<Dependency componentID="${one.component_id}" version="${escapeXml(one.version)}"/>`)
    .join('')
  return `<Device componentID="${file.component_id}" embedded="${file.pci ? 0 : 1}">${display(file.name)}${pciInfo}${dependencies}</Device>`
}

function modelsXml(file: PackageSource, display: (text: string) => string): string {
  return file.models
    .map(
      (model, i) =>
        `      <Model systemID="${file.system_ids[i] ?? '0000'}" systemIDType="BIOS">${display(model.replace('PowerEdge ', ''))}</Model>`,
    )
    .join('\n')
}

/** Reads back what packageXml() wrote, for the simulated iDRAC. Throws on any other text. */
export function readPackageXml(xml: string): PackageFacts {
  const attribute = (source: string, name: string): string => {
    const found = new RegExp(`\\b${name}="([^"]*)"`).exec(source)?.[1]
    if (found === undefined) throw new Error(`package.xml: no attribute ${name}`)
    return found.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
  }
  const element = (name: string): string => {
    const found = new RegExp(`<${name}\\b[^>]*>`).exec(xml)?.[0]
    if (!found) throw new Error(`package.xml: no element ${name}`)
    return found
  }
  const all = (name: string): string[] =>
    [...xml.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'g'))].map((match) => match[0])
  const pciInfo = all('PCIInfo')[0]
  const display = /<Name><Display lang="en"><!\[CDATA\[(.*?)\]\]>/.exec(xml)?.[1] ?? ''
  return {
    version: attribute(element('SoftwareComponent'), 'vendorVersion'),
    component_id: attribute(element('Device'), 'componentID'),
    component_type: attribute(element('ComponentType'), 'value') as PackageFacts['component_type'],
    name: display,
    models: [...xml.matchAll(/<Model\b[^>]*><Display lang="en"><!\[CDATA\[(.*?)\]\]>/g)].map(
      (match) => `PowerEdge ${match[1] ?? ''}`,
    ),
    system_ids: all('Model').map((model) => attribute(model, 'systemID').toUpperCase()),
    prerequisites: all('Dependency').map((one) => ({
      component_id: attribute(one, 'componentID'),
      version: attribute(one, 'version'),
    })),
    ...(pciInfo
      ? {
          pci: {
            vendor_id: attribute(pciInfo, 'vendorID'),
            device_id: attribute(pciInfo, 'deviceID'),
            sub_vendor_id: attribute(pciInfo, 'subVendorID'),
            sub_device_id: attribute(pciInfo, 'subDeviceID'),
          },
        }
      : {}),
  }
}

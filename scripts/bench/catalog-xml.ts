/** A made-up catalogue in the vendor's form, as large as wanted, for measurements and tests. */
export interface CatalogSize {
  components: number
  /** Systems of the catalogue, with ids from `0900` on. */
  systems: number
}

const KINDS = [
  { kind: 'BIOS', name: 'BIOS', type: 'BIOS' },
  { kind: 'iDRAC-with-Lifecycle-Controller_Firmware', name: 'Integrated Dell Remote Access Controller', type: 'FRMW' },
  { kind: 'Network_Firmware', name: 'Broadcom NetXtreme Gigabit Ethernet', type: 'FRMW' },
  { kind: 'SAS-RAID_Firmware', name: 'PERC H755 Front', type: 'FRMW' },
  { kind: 'Power_Firmware', name: 'Power Supply 1400 W', type: 'FRMW' },
]

/** Four upper-case hex digits. */
export const systemIdOf = (system: number): string => (0x900 + system).toString(16).toUpperCase().padStart(4, '0')

/** Component id of the n-th device of a system: BIOS and iDRAC keep their well-known ones. */
export const componentIdOf = (device: number): string => ['159', '25227'][device] ?? String(100_000 + device)

/** The n-th component: for one system, one of its devices, one version of it. */
export function componentPlace(index: number, systems: number) {
  const device = Math.floor(index / systems) % 40
  return { system: index % systems, device, release: 1 + Math.floor(index / (systems * 40)) }
}

/** The pieces of the document, so that it is never in memory whole. */
export function* catalogXml({ components, systems }: CatalogSize): Generator<string> {
  yield '<?xml version="1.0" encoding="utf-16"?>\n<Manifest baseLocation="downloads.example.com" baseLocationAccessProtocols="HTTPS" dateTime="2025-04-01T06:00:00-05:00" identifier="b3e1" releaseID="MADE1" version="25.04.00" predecessorID="">\n'
  for (let system = 0; system < systems; system += 1) yield bundle(system, components, systems)
  for (let index = 0; index < components; index += 1) yield component(index, systems)
  yield '</Manifest>\n'
}

function bundle(system: number, components: number, systems: number): string {
  const packages: string[] = []
  for (let index = system; index < components; index += systems)
    packages.push(`<Package path="${fileNameOf(index, systems)}"/>`)
  return `<SoftwareBundle bundleID="B${system}" bundleType="BTW64" releaseID="MADE1" schemaVersion="2.4" vendorVersion="25.04.00"><Name><Display lang="en"><![CDATA[System Bundle ${system}]]></Display></Name><TargetSystems><Brand key="3" prefix="PE"><Display lang="en"><![CDATA[PowerEdge]]></Display><Model systemID="${systemIdOf(system)}" systemIDType="BIOS"><Display lang="en"><![CDATA[R${system}]]></Display></Model></Brand></TargetSystems><Contents>${packages.join('')}</Contents></SoftwareBundle>\n`
}

export function fileNameOf(index: number, systems: number): string {
  const { device, release } = componentPlace(index, systems)
  const kind = KINDS[device % KINDS.length]?.kind ?? 'Firmware'
  return `${kind}_${index.toString(36).toUpperCase().padStart(5, '0')}_WN64_${release}.${device}.0_A00.EXE`
}

function component(index: number, systems: number): string {
  const { system, device, release } = componentPlace(index, systems)
  const { name, type } = KINDS[device % KINDS.length] ?? { name: 'Firmware', type: 'FRMW' }
  const hex = (length: number) =>
    (BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n).toString(16).repeat(4).slice(0, length)
  const file = fileNameOf(index, systems)
  const code = file.split('_').at(-4)
  return `<SoftwareComponent schemaVersion="2.4" packageID="${code}" releaseID="${code}" hashMD5="${hex(32)}" path="FOLDER0${index}M/1/${file}" dateTime="2025-01-09T10:18:09-06:00" releaseDate="January 09, 2025" vendorVersion="${release}.${device}.0" dellVersion="A00" packageType="LW64" rebootRequired="true" size="${20_000_000 + index}"><Name><Display lang="en"><![CDATA[Dell ${name} ${device} for system ${system}, <version> ${release}]]></Display></Name><ComponentType value="${type}"><Display lang="en"><![CDATA[${type}]]></Display></ComponentType><Description><Display lang="en"><![CDATA[This package provides the firmware for ${name} and is supported on the systems listed. It contains fixes & enhancements of stability, see the release notes.]]></Display></Description><LUCategory value="${type}"><Display lang="en"><![CDATA[${type}]]></Display></LUCategory><Category value="FW"><Display lang="en"><![CDATA[${name}]]></Display></Category><SupportedDevices><Device componentID="${componentIdOf(device)}" embedded="1"><Display lang="en"><![CDATA[${name}]]></Display></Device></SupportedDevices><SupportedSystems><Brand key="3" prefix="PE"><Display lang="en"><![CDATA[PowerEdge]]></Display><Model systemID="${systemIdOf(system)}" systemIDType="BIOS"><Display lang="en"><![CDATA[R${system}]]></Display></Model></Brand></SupportedSystems><RevisionHistory><Display lang="en"><![CDATA[Fixes of the release before.]]></Display></RevisionHistory><ImportantInfo URL="https://www.example.com/support?driverid=${code}&amp;lang=en"/><Criticality value="${1 + (index % 3)}"><Display lang="en"><![CDATA[see the release notes]]></Display></Criticality><Cryptography><Hash algorithm="SHA256">${hex(64)}</Hash></Cryptography></SoftwareComponent>\n`
}

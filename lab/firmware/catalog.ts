/**
 * The firmware catalogue of the web depot, in the form of Dell's: one `Manifest` in UTF-16 with byte order mark, and the
 * same gzipped. It names every package of the depot with the newest of each as part of its model's bundle.
 */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { SimFirmwareFile } from '../model.js'
import { componentXml, escapeXml } from './package-xml.js'

export interface CatalogFile {
  file_name: string
  content_type: string
  bytes: Buffer
}

export interface CatalogEntry {
  file: SimFirmwareFile
  bytes: Buffer
}

const RELEASE = '2025-04-01T06:00:00-05:00'
const IDENTIFIER = '4a1c5a0e-2d6e-4b7f-9a35-5e1f0c7b2d90'

/** `Catalog.xml` and `Catalog.xml.gz`; `base` is host:port below which `firmware/<file>` is served over HTTP. */
export function catalogFiles(base: string, entries: CatalogEntry[]): CatalogFile[] {
  const xml = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(catalogXml(base, entries), 'utf16le')])
  return [
    { file_name: 'Catalog.xml', content_type: 'application/xml', bytes: xml },
    { file_name: 'Catalog.xml.gz', content_type: 'application/gzip', bytes: gzipSync(xml, { level: 9 }) },
  ]
}

/** The text, before it is encoded. */
export function catalogXml(base: string, entries: CatalogEntry[]): string {
  const components = entries.map(({ file, bytes }) =>
    componentXml(file, {
      path: `firmware/${file.file_name}`,
      size: bytes.length,
      md5: createHash('md5').update(bytes).digest('hex'),
      sha256: file.sha256,
    }),
  )
  return `<?xml version="1.0" encoding="utf-16"?>
<Manifest baseLocation="${escapeXml(base)}" baseLocationAccessProtocols="HTTP" dateTime="${RELEASE}" identifier="${IDENTIFIER}" releaseID="LAB01" version="25.04.00" predecessorID="">
${bundles(entries.map(({ file }) => file))}
${components.join('\n')}
</Manifest>
`
}

/** One bundle per model, with the files that are for it. */
function bundles(files: SimFirmwareFile[]): string {
  const systems = new Map(
    files.flatMap((file) => file.models.map((model, i) => [model, file.system_ids[i] ?? '0000'] as const)),
  )
  return [...systems].map(([model, systemId]) => bundle(model, systemId, files)).join('\n')
}

function bundle(model: string, systemId: string, files: SimFirmwareFile[]): string {
  const short = model.replace('PowerEdge ', '')
  const contents = files
    .filter((file) => file.models.includes(model))
    .map((file) => `      <Package path="${escapeXml(file.file_name)}"/>`)
  return `  <SoftwareBundle bundleID="LAB-${short}" bundleType="BTW64" dateTime="${RELEASE}" path="" releaseID="LAB01" schemaVersion="2.0" size="0" vendorVersion="25.04.00">
    <Name><Display lang="en"><![CDATA[System Bundle for ${model}]]></Display></Name>
    <TargetSystems><Brand key="3" prefix="PE"><Display lang="en"><![CDATA[PowerEdge]]></Display><Model systemID="${systemId}" systemIDType="BIOS"><Display lang="en"><![CDATA[${short}]]></Display></Model></Brand></TargetSystems>
    <TargetOSes><OperatingSystem osCode="W12R2" osVendor="Microsoft" osArch="x64"/></TargetOSes>
    <Contents>
${contents.join('\n')}
    </Contents>
  </SoftwareBundle>`
}

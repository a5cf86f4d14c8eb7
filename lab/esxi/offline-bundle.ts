/**
 * An ESXi offline bundle: a ZIP with `index.xml` (vendors), `vendor-index.xml` (what each has) and `metadata.zip`, in
 * which `profiles/*.xml` describe image profiles and `vibs/*.xml` packages. Payloads are of no use to a simulated host.
 */
import { readZipMember } from '../firmware/zip-reader.js'
import { selfExtractingZip } from '../firmware/zip-writer.js'
import type { SimImage } from '../model-vsphere.js'
import { escapeXml } from '../vcenter/values.js'
import { child, childrenNamed, childText, readXml, XmlSyntaxError } from '../vcenter/xml-read.js'
import { listZipMembers } from './zip-listing.js'

type Vib = SimImage['vibs'][number]

/** Spellings of acceptance levels inside a bundle. */
const LEVELS: Record<SimImage['acceptance'], string> = {
  VMwareCertified: 'certified',
  VMwareAccepted: 'accepted',
  PartnerSupported: 'partner',
  CommunitySupported: 'community',
}
const levelOf = (word: string | undefined): SimImage['acceptance'] =>
  (Object.keys(LEVELS) as SimImage['acceptance'][]).find((level) => LEVELS[level] === word) ?? 'CommunitySupported'

/** The image profiles of a bundle; null where the file is none (no ZIP, no index, broken metadata). */
export function readOfflineBundle(file: Buffer): SimImage[] | null {
  if (!readZipMember(file, 'index.xml')) return null
  const metadata = readZipMember(file, 'metadata.zip')
  if (!metadata) return null
  try {
    const vibs = new Map(membersBelow(metadata, 'vibs/').map((text) => readVib(text)))
    return membersBelow(metadata, 'profiles/').map((text) => readProfile(text, vibs))
  } catch (error) {
    if (error instanceof XmlSyntaxError) return null
    throw error
  }
}

function membersBelow(archive: Buffer, folder: string): string[] {
  return listZipMembers(archive)
    .filter((name) => name.startsWith(folder) && name.endsWith('.xml'))
    .flatMap((name) => readZipMember(archive, name)?.toString('utf8') ?? [])
}

function readVib(text: string): [id: string, vib: Vib] {
  const element = readXml(text)
  const vib: Vib = {
    name: childText(element, 'name') ?? '',
    version: childText(element, 'version') ?? '',
    vendor: childText(element, 'vendor') ?? '',
    acceptance: levelOf(childText(element, 'acceptance-level')),
    bootbank: childText(element, 'type') ?? 'bootbank',
  }
  return [`${vib.vendor}_${vib.bootbank}_${vib.name}_${vib.version}`, vib]
}

/** Version and build of a profile are those of its `esx-base`: `8.0.3-0.70.24859861`. */
function readProfile(text: string, vibs: ReadonlyMap<string, Vib>): SimImage {
  const element = readXml(text)
  const ids = childrenNamed(child(element, 'viblist'), 'vib').map((vib) => childText(vib, 'vib-id') ?? '')
  const listed = ids.flatMap((id) => vibs.get(id) ?? [])
  const base = listed.find((vib) => vib.name === 'esx-base')?.version ?? ''
  const [, version = '', patch = '0', build = ''] = /^(\d+\.\d+\.\d+)-\d+\.(\d+)\.(\d+)$/.exec(base) ?? []
  return {
    name: childText(element, 'name') ?? '',
    version,
    build,
    update: Number(version.split('.')[2] ?? 0),
    patch: Number(patch),
    acceptance: levelOf(childText(element, 'acceptancelevel')),
    vendor: childText(element, 'creator') ?? '',
    vibs: listed,
  }
}

const xml = (text: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`)
const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`

/** Writes a bundle of these profiles, the same bytes each time. */
export function writeOfflineBundle(profiles: readonly SimImage[]): Buffer {
  const vibs = new Map(profiles.flatMap((image) => image.vibs).map((vib) => [vibIdOf(vib), vib]))
  const metadata = selfExtractingZip(Buffer.alloc(0), [
    ...profiles.map((image) => ({
      name: `profiles/${image.name}.xml`,
      bytes: xml(profileXml(image)),
      how: 'deflate' as const,
    })),
    ...[...vibs].map(([id, vib]) => ({ name: `vibs/${id}.xml`, bytes: xml(vibXml(vib)), how: 'deflate' as const })),
  ])
  const index =
    '<vendorList><vendor><name>VMware, Inc.</name><code>vmw</code><indexfile>vendor-index.xml</indexfile><patchUrl></patchUrl>' +
    '<relativePath></relativePath><content><name>VMware ESX</name><type>http://www.vmware.com/depotmanagement/esx</type></content></vendor></vendorList>'
  const version = profiles[0]?.version ?? ''
  const vendorIndex = `<metaList><metadata><productId>embeddedEsx</productId>${element('version', version)}<locale></locale><url>metadata.zip</url></metadata></metaList>`
  return selfExtractingZip(Buffer.alloc(0), [
    { name: 'index.xml', bytes: xml(index), how: 'deflate' },
    { name: 'vendor-index.xml', bytes: xml(vendorIndex), how: 'deflate' },
    { name: 'metadata.zip', bytes: metadata, how: 'store' },
  ])
}

const vibIdOf = (vib: Vib): string => `${vib.vendor}_${vib.bootbank}_${vib.name}_${vib.version}`

function vibXml(vib: Vib): string {
  return `<vib version="5.0">${element('type', vib.bootbank)}${element('name', vib.name)}${element('version', vib.version)}${element('vendor', vib.vendor)}${element('acceptance-level', LEVELS[vib.acceptance as SimImage['acceptance']] ?? 'community')}</vib>`
}

function profileXml(image: SimImage): string {
  const list = image.vibs.map((vib) => `<vib>${element('vib-id', vibIdOf(vib))}<payloads></payloads></vib>`).join('')
  return `<imageprofile>${element('name', image.name)}${element('creator', image.vendor)}<creationtime>2024-01-01T00:00:00.000000+00:00</creationtime>${element('acceptancelevel', LEVELS[image.acceptance])}<viblist>${list}</viblist></imageprofile>`
}

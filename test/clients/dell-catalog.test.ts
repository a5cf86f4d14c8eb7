import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CatalogInvalid } from '../../clients/dell-catalog/catalog-invalid.js'
import { ElementCutter } from '../../clients/dell-catalog/element-cutter.js'
import { type CatalogItem, readCatalog } from '../../clients/dell-catalog/read-catalog.js'
import { catalogFiles } from '../../lab/firmware/catalog.js'
import { firmwareFiles } from '../../lab/firmware/packages.js'
import { catalogXml } from '../../scripts/bench/catalog-xml.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsm-catalog-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let files = 0
async function read(bytes: Buffer): Promise<CatalogItem[]> {
  files += 1
  const path = join(folder, String(files))
  await writeFile(path, bytes)
  const items: CatalogItem[] = []
  for await (const item of readCatalog(path)) items.push(item)
  return items
}
const refused = async (bytes: Buffer | string): Promise<string> => {
  const error = await read(Buffer.from(bytes as string)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(CatalogInvalid)
  return (error as Error).message
}
const components = (items: CatalogItem[]) =>
  items.flatMap((item) => (item.kind === 'component' ? [item.component] : []))

const small = [...catalogXml({ components: 60, systems: 3 })].join('')
const utf16le = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

describe('a catalogue as the depot of the simulated site serves it', () => {
  const depot = firmwareFiles(
    new Set(['PowerEdge R750', 'PowerEdge R770']),
    (name) => `http://127.70.0.1:8080/firmware/${name}`,
  )
  const served = catalogFiles('127.70.0.1:8080', depot)

  test.each(served.map((file) => [file.file_name, file.bytes] as const))(
    '%s names every package',
    async (_name, bytes) => {
      const items = await read(bytes)
      expect(items[0]).toEqual({
        kind: 'head',
        head: {
          base_location: 'http://127.70.0.1:8080',
          release_id: 'LAB01',
          catalog_version: '25.04.00',
          dated_at: '2025-04-01T11:00:00.000Z',
        },
      })
      const found = components(items)
      expect(found.map(({ filename }) => filename).sort()).toEqual(depot.map(({ file }) => file.file_name).sort())
      const bios = depot.find(({ file }) => file.component === 'bios' && file.models.includes('PowerEdge R770'))?.file
      expect(found.find(({ filename }) => filename === bios?.file_name)).toMatchObject({
        path: `firmware/${bios?.file_name}`,
        version: bios?.version,
        sha256: bios?.sha256,
        md5: expect.stringMatching(/^[0-9a-f]{32}$/),
        size_bytes: bios?.size_bytes,
        package_type: 'LW64',
        component_type: 'BIOS',
        criticality: 'urgent',
        system_ids: bios?.system_ids,
        models: ['R770', 'R670'],
        devices: [{ component_id: '159', pci: [] }],
        prerequisites: [{ component: 'cpld', component_id: '27763', min_version: '1.0.3', source: 'catalogue' }],
      })
      const raid = depot.find(({ file }) => file.pci !== undefined)?.file
      const device = found.find(({ filename }) => filename === raid?.file_name)?.devices[0]
      expect(device?.pci).toEqual([
        {
          vendor_id: raid?.pci?.vendor_id,
          device_id: raid?.pci?.device_id,
          subvendor_id: raid?.pci?.sub_vendor_id,
          subdevice_id: raid?.pci?.sub_device_id,
        },
      ])
      const bundle = items.find((item) => item.kind === 'bundle' && item.bundle.models.includes('R770'))
      expect(bundle?.kind === 'bundle' && bundle.bundle.packages).toContain(bios?.file_name)
    },
  )
})

describe('encodings', () => {
  const utf8 = small.replace('utf-16', 'utf-8')
  const bigEndian = () => {
    const bytes = utf16le(small)
    bytes.swap16()
    return bytes
  }
  test.each([
    ['UTF-16 with mark', utf16le(small)],
    ['UTF-16 without mark', Buffer.from(small, 'utf16le')],
    ['UTF-16 of the other order', bigEndian()],
    ['UTF-8', Buffer.from(utf8)],
    ['UTF-8 with mark and CRLF', Buffer.from(`\uFEFF${utf8.replaceAll('\n', '\r\n')}`)],
    ['gzip', gzipSync(utf16le(small))],
  ])('%s is read', async (_name, bytes) => {
    const found = components(await read(bytes))
    expect(found).toHaveLength(60)
    expect(found[0]?.name).toBe('Dell BIOS 0 for system 0, <version> 1')
  })

  test('another encoding is refused by name', async () => {
    expect(await refused(`<?xml version="1.0" encoding="windows-1252"?><Manifest/>`.padEnd(300))).toContain(
      'windows-1252',
    )
    expect(await refused(Buffer.concat([Buffer.from(utf8), Buffer.from([0xc3, 0x28])]))).toContain('utf-8')
  })
})

describe('bad input', () => {
  test('a file that was cut off is refused, wherever the cut is', async () => {
    const whole = utf16le(small)
    const packed = gzipSync(whole)
    for (const share of [0.02, 0.3, 0.5, 0.9, 0.999]) {
      await refused(whole.subarray(0, Math.floor(whole.length * share)))
      expect(await refused(packed.subarray(0, Math.floor(packed.length * share)))).toMatch(/cut off|damaged/)
    }
    expect(await refused('')).toContain('empty')
  })

  test('document types and entities are refused before anything is expanded', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><Manifest>&b;</Manifest>`
    expect(await refused(bomb)).toContain('document type or entities')
    expect(await refused('<!DOCTYPE m SYSTEM "file:///etc/passwd"><Manifest/>')).toContain('document type')
    const inside = small.replace('<SupportedDevices>', '<SupportedDevices><!ENTITY a "x">')
    expect(await refused(inside)).toContain('entities')
  })

  test('nesting, single elements and packing have limits', async () => {
    expect(await refused(`<Manifest>${'<a>'.repeat(100)}`)).toContain('nested')
    expect(await refused(`<Manifest><SoftwareComponent>${'x'.repeat(5 * 1024 * 1024)}`)).toContain('element')
    const bomb = gzipSync(Buffer.concat([Buffer.from('<Manifest>'), Buffer.alloc(40 * 1024 * 1024, 0x20)]))
    expect(await refused(bomb)).toContain('packed more than')
  })

  test('what is no catalogue is told from one', async () => {
    expect(await refused('<html><body/></html>')).toContain('no catalog')
    expect(await refused('just text')).toContain('no XML')
    expect(await refused('<Manifest><a></b></Manifest>')).toContain('not well formed')
    expect(await refused('<Manifest/><Manifest/>')).toContain('second root')
    expect(await refused('<Manifest><SoftwareComponent a="1" a="2" <x/></SoftwareComponent></Manifest>')).toContain(
      'well formed',
    )
  })

  test('names that mean something to JavaScript stay names', async () => {
    const hostile =
      '<Manifest><SoftwareComponent path="a/b.EXE" vendorVersion="1"><__proto__ polluted="yes"/><constructor/></SoftwareComponent></Manifest>'
    await read(Buffer.from(hostile)).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(CatalogInvalid))
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
  })
})

test('the elements do not depend on how the text arrives in pieces', () => {
  const text = `<?xml version="1.0"?><!-- < > --><Manifest a="x>y"><b c='>'/><d><![CDATA[</d> < ]]><e/></d>\n<f></f><!-- <g> --></Manifest>\n`
  const cut = (pieces: string[]) => {
    const elements: [string, string][] = []
    const cutter = new ElementCutter({ root: () => {}, element: (name, xml) => elements.push([name, xml]) })
    for (const piece of pieces) cutter.push(piece)
    cutter.end()
    return elements
  }
  const whole = cut([text])
  expect(whole).toEqual([
    ['b', `<b c='>'/>`],
    ['d', '<d><![CDATA[</d> < ]]><e/></d>'],
    ['f', '<f></f>'],
  ])
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 30 }), (places) => {
      const sorted = [0, ...places.sort((a, b) => a - b), text.length]
      expect(cut(sorted.slice(1).map((end, i) => text.slice(sorted[i], end)))).toEqual(whole)
    }),
  )
})

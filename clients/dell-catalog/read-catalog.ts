import {
  componentFacts,
  displayOf,
  nodeOf,
  nodes,
  type PackageFacts,
  parseXml,
  textOf,
  type XmlNode,
} from '../update-package/software-component.js'
import { CatalogInvalid } from './catalog-invalid.js'
import { catalogText } from './catalog-text.js'
import { ElementCutter } from './element-cutter.js'

/** The head of a catalogue. */
export interface CatalogHead {
  /** Address below which the paths of the entries lie, with its scheme; null when the file names none. */
  base_location: string | null
  release_id: string | null
  catalog_version: string | null
  dated_at: string | null
}

/** One package that the catalogue names. */
export interface CatalogComponent extends PackageFacts {
  path: string
  filename: string
  size_bytes: number | null
  sha256: string | null
  md5: string | null
}

/** A bundle: for which models which packages belong together. Packages are named by path or by file name alone. */
export interface CatalogBundle {
  models: string[]
  packages: string[]
}

export type CatalogItem =
  | { kind: 'head'; head: CatalogHead }
  | { kind: 'bundle'; bundle: CatalogBundle }
  | { kind: 'component'; component: CatalogComponent }

/**
 * Reads a Dell catalogue as a stream: its head, then its bundles and components in the order of the file.
 * A component without path or version is passed over, as a catalogue also lists what no device can take.
 * @throws {CatalogInvalid} not a catalogue, not well formed, cut off, with a document type, or beyond the limits
 */
export async function* readCatalog(path: string): AsyncGenerator<CatalogItem> {
  const items: CatalogItem[] = []
  const cutter = new ElementCutter({
    root: (tag) => items.push({ kind: 'head', head: headOf(tag) }),
    element: (name, xml) => {
      if (name === 'SoftwareComponent') items.push(...componentOf(xml))
      if (name === 'SoftwareBundle') items.push({ kind: 'bundle', bundle: bundleOf(xml) })
    },
  })
  for await (const text of catalogText(path)) {
    cutter.push(text)
    yield* items.splice(0)
  }
  cutter.end()
  yield* items.splice(0)
}

function parsed(xml: string, name: string): XmlNode {
  try {
    return nodeOf(parseXml(xml)[name]) ?? {}
  } catch (thrown) {
    throw new CatalogInvalid(`A ${name} of the catalog is not well formed: ${(thrown as Error).message.slice(0, 200)}`)
  }
}

function headOf(tag: string): CatalogHead {
  if (!/^<(?:[\w.-]+:)?Manifest[\s/>]/.test(tag))
    throw new CatalogInvalid('The file is XML, but no catalog: its root is not <Manifest>.')
  const root = parsed(tag.endsWith('/>') ? tag : `${tag}</${/^<([^\s/>]+)/.exec(tag)?.[1]}>`, 'Manifest')
  const dated = Date.parse(textOf(root.dateTime) ?? '')
  return {
    base_location: locationOf(textOf(root.baseLocation), textOf(root.baseLocationAccessProtocols)),
    release_id: textOf(root.releaseID),
    catalog_version: textOf(root.version),
    dated_at: Number.isNaN(dated) ? null : new Date(dated).toISOString(),
  }
}

function locationOf(location: string | null, protocols: string | null): string | null {
  if (location === null || /^https?:\/\//i.test(location)) return location
  const scheme = protocols === null || /https/i.test(protocols) ? 'https' : 'http'
  return `${scheme}://${location}`
}

function componentOf(xml: string): CatalogItem[] {
  const root = parsed(xml, 'SoftwareComponent')
  const [path, facts] = [textOf(root.path), componentFacts(root, 'catalogue')]
  if (!path || !facts) return []
  const size = Number(textOf(root.size))
  const hashes = nodes(nodeOf(root.Cryptography)?.Hash)
  const sha256 = hashes.find((hash) => /^sha-?256$/i.test(textOf(hash.algorithm) ?? ''))
  const component = {
    ...facts,
    path,
    filename: path.slice(path.lastIndexOf('/') + 1),
    size_bytes: Number.isSafeInteger(size) && size > 0 ? size : null,
    sha256: hex(textOf(sha256?.['#text']), 64),
    md5: hex(textOf(root.hashMD5), 32),
  }
  return [{ kind: 'component', component }]
}

const hex = (text: string | null, length: number) =>
  text !== null && text.length === length && /^[0-9a-f]+$/i.test(text) ? text.toLowerCase() : null

/** A text of its own: a part of a large string would keep that string in memory. */
const own = (text: string) => Buffer.from(text).toString()

function bundleOf(xml: string): CatalogBundle {
  const root = parsed(xml, 'SoftwareBundle')
  const models = nodes(nodeOf(root.TargetSystems)?.Brand).flatMap((brand) => nodes(brand.Model))
  const packages = nodes(nodeOf(root.Contents)?.Package)
  return {
    models: models.flatMap((model) => displayOf(model) ?? []).map(own),
    packages: packages.flatMap((entry) => textOf(entry.path) ?? []).map(own),
  }
}

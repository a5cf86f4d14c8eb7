import { SaxesParser } from 'saxes'

/** One element of a request: local name, attributes by local name, `xsiType` apart since `type` is a reference's type. */
export interface XmlElement {
  name: string
  /** Attributes without a namespace, e.g. the `type` of a managed object reference. */
  attributes: Record<string, string>
  /** Local part of the `xsi:type` attribute, whatever prefix the client chose. */
  xsiType?: string
  text: string
  children: XmlElement[]
}

/** A body that is no well-formed XML, or one that carries a document type. */
export class XmlSyntaxError extends Error {}

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance'
const MAX_DEPTH = 64

/**
 * Reads a whole document into a tree.
 * Namespaces are resolved, so prefixes are the client's own business. A document type is refused: no vSphere client
 * sends one, and entities are the classic way to blow up a reader.
 * Throws XmlSyntaxError.
 */
export function readXml(source: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true })
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  parser.on('error', (error) => {
    throw new XmlSyntaxError(error.message)
  })
  parser.on('doctype', () => {
    throw new XmlSyntaxError('a document type is not accepted')
  })
  parser.on('opentag', (tag) => {
    const element: XmlElement = { name: tag.local, attributes: {}, text: '', children: [] }
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.uri === SCHEMA_INSTANCE && attribute.local === 'type') {
        element.xsiType = attribute.value.split(':').pop() ?? attribute.value
      } else if (attribute.uri === '') element.attributes[attribute.local] = attribute.value
    }
    if (open.length >= MAX_DEPTH) throw new XmlSyntaxError('nested too deeply')
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  const addText = (text: string) => {
    const element = open.at(-1)
    if (element) element.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(source).close()
  if (!root) throw new XmlSyntaxError('empty document')
  return root
}

/** First child of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name)
}

/** All children of that name. */
export function childrenNamed(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((candidate) => candidate.name === name) ?? []
}

/** Text of the first child of that name, untrimmed (passwords keep their blanks); undefined where it is absent. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return child(element, name)?.text
}

/** Boolean of a child; `undefined` where it is absent. */
export function childBoolean(element: XmlElement | undefined, name: string): boolean | undefined {
  const text = childText(element, name)?.trim()
  return text === undefined ? undefined : text === 'true' || text === '1'
}

/** Integer of a child; `undefined` where it is absent or no number. */
export function childInteger(element: XmlElement | undefined, name: string): number | undefined {
  const text = childText(element, name)?.trim()
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}

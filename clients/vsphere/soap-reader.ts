import { XMLParser } from 'fast-xml-parser'
import { DeviceError } from '../errors.js'
import type { SoapNode } from './xml-node.js'

/**
 * Texts stay texts: the parser's own conversion would turn the service tag `12345E6` into a number. Prefixes stay, since
 * dropping them would merge `type` and `xsi:type` and lose the type of a reference. `htmlEntities` decodes `&#39;`.
 */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
})

const TEXT = '#text'
const ATTRIBUTES = ':@'
const MAX_DEPTH = 100

/** What the parser gives in its order-preserving mode: one key with the element's name, one with its attributes. */
type RawNode = Record<string, unknown>

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)
const isRecord = (value: unknown): value is RawNode => typeof value === 'object' && value !== null

/** `xsi:type` under any prefix (`xsi`, `XMLSchema-instance`, `_XMLSchema-instance`) and the plain `type`. */
function typesOf(attributes: unknown): { xsi_type: string | null; ref_type: string | null } {
  const types: { xsi_type: string | null; ref_type: string | null } = { xsi_type: null, ref_type: null }
  if (!isRecord(attributes)) return types
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== 'string') continue
    if (name === 'type') types.ref_type = value
    else if (name.endsWith(':type')) types.xsi_type = localName(value)
  }
  return types
}

function toNode(raw: RawNode, depth: number): SoapNode | null {
  const name = Object.keys(raw).find((key) => key !== ATTRIBUTES && key !== TEXT && !key.startsWith('?'))
  if (name === undefined) return null
  if (depth > MAX_DEPTH) throw new RangeError('The answer is nested too deeply')
  const content = Array.isArray(raw[name]) ? raw[name].filter(isRecord) : []
  const children: SoapNode[] = []
  let text = ''
  for (const each of content) {
    const inner = toNode(each, depth + 1)
    if (inner !== null) children.push(inner)
    else if (typeof each[TEXT] === 'string') text += each[TEXT]
  }
  return { name: localName(name), ...typesOf(raw[ATTRIBUTES]), text: children.length > 0 ? '' : text, children }
}

const protocolError = (message: string, status: number, cause?: unknown): DeviceError =>
  new DeviceError('ProtocolError', message, { sent: true, answered: false, status }, { cause })

/**
 * Parses an XML document into its root element.
 * @throws DeviceError `ProtocolError` for a document type declaration (entities could be smuggled in), a cut-off text
 *   (the parser itself would accept it) or anything that is no XML.
 */
export function readXml(body: string, status = 200): SoapNode {
  if (body.includes('<!DOCTYPE'))
    throw protocolError('The answer has a document type declaration; it is refused', status)
  const root = parseRoot(body, status)
  const end = new RegExp(`(</([\\w.-]+:)?${root.name}\\s*>|/>)\\s*$`)
  if (!end.test(body.trimEnd().slice(-300))) throw protocolError('The answer is cut off', status)
  return root
}

function parseRoot(body: string, status: number): SoapNode {
  try {
    const raw: unknown = parser.parse(body)
    const roots = (Array.isArray(raw) ? raw : []).filter(isRecord).map((each) => toNode(each, 0))
    const root = roots.find((each) => each !== null)
    if (root === undefined || root === null) throw new SyntaxError('The answer is no XML')
    return root
  } catch (error) {
    throw protocolError('The answer could not be parsed as XML', status, error)
  }
}

/**
 * The one element inside the body of a SOAP answer: `<MethodResponse>` or `<Fault>`.
 * @throws DeviceError `ProtocolError` when it is no SOAP envelope (an HTML page of a proxy, a cut-off text).
 */
export function readEnvelope(body: string, status = 200): SoapNode {
  const root = readXml(body, status)
  const content = root.children.find((each) => each.name === 'Body')?.children[0]
  if (root.name !== 'Envelope' || content === undefined) throw protocolError('The answer is no SOAP envelope', status)
  return content
}

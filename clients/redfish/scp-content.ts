import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { ProfileContent } from '../../domain/profile-content.js'
import { isWithheld } from '../../domain/profile-content.js'
import { DeviceError } from '../errors.js'
import { isObject, type JsonObject, objectAt, objectsOf, textAt } from './json.js'

/** What a profile says of itself; no value of an attribute is in it. */
export interface ProfileFacts {
  service_tag: string | null
  model: string | null
  /** FQDDs of the components in it, in order. */
  component_fqdds: string[]
  attributes: number
  /** Does it hold the hash or salt of a password? */
  contains_hashes: boolean
}

/** Profiles of 1–2 MB are normal. */
const MAX_CHARACTERS = 32 * 1024 * 1024
const MAX_DEPTH = 32
/** `iDRAC.Users` attributes: `SHA256Password`, `SHA256PasswordSalt`, `MD5v3Key`, `SHA1v3Key`, `IPMIKey`. */
const HASH_NAME = /(SHA256Password(Salt)?|MD5v3Key|SHA1v3Key|IPMIKey)$/

/** Reads what a profile is about. @throws DeviceError `ScpInvalid`, never with content in its text */
export function readProfileFacts(content: string, format: 'XML' | 'JSON'): ProfileFacts {
  const { service_tag, model, components } = readProfile(content, format)
  const attributes = components.flatMap((component) => component.attributes)
  return {
    service_tag,
    model,
    component_fqdds: components.map(({ fqdd }) => fqdd),
    attributes: attributes.length,
    contains_hashes: attributes.some(({ name, value }) => HASH_NAME.test(name) && !isWithheld(value)),
  }
}

/**
 * Reads a Server Configuration Profile with its values, which may be secrets; a cut-off or foreign text is refused.
 * The reader is hardened: no document type declaration, limits on size and depth, no entities of its own. Attributes that
 * an import would leave alone (commented out, `Set On Import` false) are left out.
 * @throws DeviceError `ScpInvalid`, never with content in its text
 */
export function readProfile(content: string, format: 'XML' | 'JSON'): ProfileContent {
  if (content.length > MAX_CHARACTERS) throw invalid('it is larger than 32 MiB')
  return format === 'XML' ? readXml(content) : readJson(content)
}

/** The text as an import takes it: raw, without line breaks and blanks between tags. Source: openstack/sushy-oem-idrac. */
export function compactProfile(content: string, format: 'XML' | 'JSON'): string {
  if (format === 'JSON') return JSON.stringify(JSON.parse(content))
  // Blanks that are the value of an attribute stay.
  return content.replace(/>\s+<(?!\/Attribute>)/g, '><').trim()
}

const invalid = (why: string) =>
  new DeviceError('ScpInvalid', `The configuration profile cannot be used: ${why}.`, { sent: true, answered: true })

type Components = { fqdd: string; attributes: { name: string; value: string }[] }[]

/** Texts stay texts; only the five entities of XML itself are known, and no others can be declared. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
})

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const plain = (text: string | null) =>
  (text ?? '').replace(/&(lt|gt|amp|quot|apos);/g, (_whole, name: string) => ENTITIES[name] ?? '')

function readXml(content: string): ProfileContent {
  if (/<!(DOCTYPE|ENTITY)/i.test(content)) throw invalid('it has a document type declaration')
  // The parser accepts a cut-off text; the validator does not. Its own words may quote the content: only the line is told.
  const valid = XMLValidator.validate(content)
  if (valid !== true) throw invalid(`it is no complete XML (line ${valid.err.line})`)
  const nodes: unknown = parser.parse(content)
  const root = objectsOf(nodes).find((node) => nameOf(node) === 'SystemConfiguration')
  if (!root) throw invalid('its root is not SystemConfiguration')
  const components: Components = []
  takeNodes(components, root.SystemConfiguration, null, 1)
  return checked({
    service_tag: textAt(givenOf(root), 'ServiceTag'),
    model: textAt(givenOf(root), 'Model'),
    components,
  })
}

const nameOf = (node: JsonObject) => Object.keys(node).find((key) => key !== ':@') ?? ''
const givenOf = (node: JsonObject) => objectAt(node, ':@')

/** Components may lie in components: a drive in its enclosure, an enclosure in its controller. */
function takeNodes(found: Components, nodes: unknown, inside: Components[number] | null, depth: number): void {
  if (depth > MAX_DEPTH) throw invalid('it is nested too deeply')
  for (const node of objectsOf(nodes)) {
    const name = nameOf(node)
    if (name === 'Component') {
      const component = { fqdd: plain(textAt(givenOf(node), 'FQDD')), attributes: [] }
      found.push(component)
      takeNodes(found, node.Component, component, depth + 1)
    }
    if (name === 'Attribute') {
      const value = plain(textAt(objectsOf(node.Attribute)[0], '#text'))
      inside?.attributes.push({ name: plain(textAt(givenOf(node), 'Name')), value })
    }
  }
}

function readJson(content: string): ProfileContent {
  const root = objectAt(parsedJson(content), 'SystemConfiguration')
  if (!root) throw invalid('its root is not SystemConfiguration')
  const components: Components = []
  takeComponents(components, root.Components, 1)
  return checked({ service_tag: textAt(root, 'ServiceTag'), model: textAt(root, 'Model'), components })
}

function takeComponents(found: Components, components: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw invalid('it is nested too deeply')
  for (const component of objectsOf(components)) {
    const attributes = objectsOf(component.Attributes).filter(
      (one) => String(one['Set On Import'] ?? 'True').toLowerCase() !== 'false',
    )
    found.push({
      fqdd: textAt(component, 'FQDD') ?? '',
      attributes: attributes.map((one) => ({ name: textAt(one, 'Name') ?? '', value: valueIn(one) })),
    })
    takeComponents(found, component.Components, depth + 1)
  }
}

/** Numbers and booleans are written as such by some firmware. */
const valueIn = (attribute: JsonObject) => {
  const { Value: value } = attribute
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''
}

function parsedJson(content: string): unknown {
  try {
    const parsed: unknown = JSON.parse(content)
    return isObject(parsed) ? parsed : undefined
  } catch {
    throw invalid('it is no complete JSON')
  }
}

function checked(content: ProfileContent): ProfileContent {
  if (content.components.length === 0) throw invalid('it has no component')
  return content
}

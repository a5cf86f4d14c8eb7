import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { DeviceError } from '../errors.js'
import { isObject, type JsonObject, objectAt, objectsOf, textAt } from './json.js'

/** What a profile says of itself. Values of attributes are never taken out of it. */
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
/** What a device writes in the place of a secret that it does not tell: nothing, or stars. */
const WITHHELD = /^\**$/

/**
 * Reads what a Server Configuration Profile is about; a cut-off or foreign text is refused.
 * The reader is hardened: no document type declaration, limits on size and depth, no entities of its own.
 * @throws DeviceError `ScpInvalid`, never with content in its text
 */
export function readProfileFacts(content: string, format: 'XML' | 'JSON'): ProfileFacts {
  if (content.length > MAX_CHARACTERS) throw invalid('it is larger than 32 MiB')
  return format === 'XML' ? factsOfXml(content) : factsOfJson(content)
}

const invalid = (why: string) =>
  new DeviceError('ScpInvalid', `The configuration profile cannot be used: ${why}.`, { sent: true, answered: true })

const emptyFacts = (): ProfileFacts => ({
  service_tag: null,
  model: null,
  component_fqdds: [],
  attributes: 0,
  contains_hashes: false,
})

function noteAttribute(facts: ProfileFacts, name: string, value: string): void {
  facts.attributes += 1
  if (HASH_NAME.test(name) && !WITHHELD.test(value.trim())) facts.contains_hashes = true
}

/** Texts stay texts; entities are left as they are, since only names and the emptiness of values are looked at. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
})

function factsOfXml(content: string): ProfileFacts {
  if (/<!(DOCTYPE|ENTITY)/i.test(content)) throw invalid('it has a document type declaration')
  // The parser accepts a cut-off text; the validator does not. Its own words may quote the content: only the line is told.
  const valid = XMLValidator.validate(content)
  if (valid !== true) throw invalid(`it is no complete XML (line ${valid.err.line})`)
  const nodes: unknown = parser.parse(content)
  const root = objectsOf(nodes).find((node) => nameOf(node) === 'SystemConfiguration')
  if (!root) throw invalid('its root is not SystemConfiguration')
  const facts = emptyFacts()
  facts.service_tag = textAt(givenOf(root), 'ServiceTag')
  facts.model = textAt(givenOf(root), 'Model')
  noteNodes(facts, root.SystemConfiguration, 1)
  return checked(facts)
}

const nameOf = (node: JsonObject) => Object.keys(node).find((key) => key !== ':@') ?? ''
const givenOf = (node: JsonObject) => objectAt(node, ':@')

/** Components may lie in components: a drive in its enclosure, an enclosure in its controller. */
function noteNodes(facts: ProfileFacts, nodes: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw invalid('it is nested too deeply')
  for (const node of objectsOf(nodes)) {
    const name = nameOf(node)
    if (name === 'Component') {
      facts.component_fqdds.push(textAt(givenOf(node), 'FQDD') ?? '')
      noteNodes(facts, node.Component, depth + 1)
    }
    if (name === 'Attribute') {
      noteAttribute(facts, textAt(givenOf(node), 'Name') ?? '', textAt(objectsOf(node.Attribute)[0], '#text') ?? '')
    }
  }
}

function factsOfJson(content: string): ProfileFacts {
  const root = objectAt(parsedJson(content), 'SystemConfiguration')
  if (!root) throw invalid('its root is not SystemConfiguration')
  const facts = emptyFacts()
  facts.service_tag = textAt(root, 'ServiceTag')
  facts.model = textAt(root, 'Model')
  noteComponents(facts, root.Components, 1)
  return checked(facts)
}

function noteComponents(facts: ProfileFacts, components: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw invalid('it is nested too deeply')
  for (const component of objectsOf(components)) {
    facts.component_fqdds.push(textAt(component, 'FQDD') ?? '')
    for (const attribute of objectsOf(component.Attributes)) {
      noteAttribute(facts, textAt(attribute, 'Name') ?? '', textAt(attribute, 'Value') ?? '')
    }
    noteComponents(facts, component.Components, depth + 1)
  }
}

function parsedJson(content: string): unknown {
  try {
    const parsed: unknown = JSON.parse(content)
    return isObject(parsed) ? parsed : undefined
  } catch {
    throw invalid('it is no complete JSON')
  }
}

function checked(facts: ProfileFacts): ProfileFacts {
  if (facts.component_fqdds.length === 0) throw invalid('it has no component')
  return facts
}

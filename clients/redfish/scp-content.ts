import { SaxesParser } from 'saxes'
import { DeviceError } from '../errors.js'
import { isObject, objectAt, objectsOf, textAt } from './json.js'

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

function factsOfXml(content: string): ProfileFacts {
  const facts = emptyFacts()
  const open: string[] = []
  let attribute = ''
  let value = ''
  const parser = new SaxesParser()
  parser.on('doctype', () => {
    throw invalid('it has a document type declaration')
  })
  parser.on('error', (error) => {
    // The parser's own text may quote the content: only where it stopped is told.
    throw invalid(`it is no complete XML (${/^\d+:\d+/.exec(error.message)?.[0] ?? 'end of the text'})`)
  })
  parser.on('opentag', (tag) => {
    if (open.length >= MAX_DEPTH) throw invalid('it is nested too deeply')
    const given: Record<string, unknown> = tag.attributes
    if (open.length === 0) startProfile(facts, tag.name, given)
    if (tag.name === 'Component') facts.component_fqdds.push(textAt(given, 'FQDD') ?? '')
    attribute = tag.name === 'Attribute' ? (textAt(given, 'Name') ?? '') : ''
    value = ''
    open.push(tag.name)
  })
  parser.on('text', (text) => {
    if (attribute !== '') value += text
  })
  parser.on('closetag', () => {
    if (open.pop() === 'Attribute') noteAttribute(facts, attribute, value)
    attribute = ''
  })
  parser.write(content).close()
  return checked(facts)
}

function startProfile(facts: ProfileFacts, root: string, given: Record<string, unknown>): void {
  if (root !== 'SystemConfiguration') throw invalid('its root is not SystemConfiguration')
  facts.service_tag = textAt(given, 'ServiceTag')
  facts.model = textAt(given, 'Model')
}

function factsOfJson(content: string): ProfileFacts {
  const root = objectAt(parsedJson(content), 'SystemConfiguration')
  if (!root) throw invalid('its root is not SystemConfiguration')
  const facts = emptyFacts()
  facts.service_tag = textAt(root, 'ServiceTag')
  facts.model = textAt(root, 'Model')
  for (const component of objectsOf(root.Components)) {
    facts.component_fqdds.push(textAt(component, 'FQDD') ?? '')
    for (const attribute of objectsOf(component.Attributes)) {
      noteAttribute(facts, textAt(attribute, 'Name') ?? '', textAt(attribute, 'Value') ?? '')
    }
  }
  return checked(facts)
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

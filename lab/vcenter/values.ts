/**
 * Values of the vim25 model and how they stand on the wire.
 *
 * A member that the type has but that carries nothing is `undefined` in `members`; a name that is not a key of
 * `members` does not exist in the type, which the property collector answers with InvalidProperty.
 */
export type VimValue = VimScalar | VimReference | VimData | VimArray | VimAny

export interface VimScalar {
  kind: 'scalar'
  /** `xsd:string`, `xsd:int` … or the name of an enumeration. */
  type: string
  text: string
}

export interface VimReference {
  kind: 'reference'
  type: string
  id: string
}

export interface VimData {
  kind: 'data'
  type: string
  members: Record<string, VimValue | undefined>
  /** The declared type is a base type, so that the wire names the real one by xsi:type. */
  polymorphic: boolean
}

export interface VimArray {
  kind: 'array'
  /** Type of the items as it stands in `ArrayOf…`: `ManagedObjectReference`, `String`, `HostService` … */
  itemType: string
  items: VimValue[]
}

/** A member whose declared type is `anyType`, e.g. the result of a task: its value names its own type. */
export interface VimAny {
  kind: 'any'
  value: VimValue
}

export const text = (value: string): VimScalar => ({ kind: 'scalar', type: 'xsd:string', text: value })
export const int = (value: number): VimScalar => ({ kind: 'scalar', type: 'xsd:int', text: String(Math.round(value)) })
export const short = (value: number): VimScalar => ({ ...int(value), type: 'xsd:short' })
export const long = (value: number): VimScalar => ({ ...int(value), type: 'xsd:long' })
export const bool = (value: boolean): VimScalar => ({ kind: 'scalar', type: 'xsd:boolean', text: String(value) })
export const named = (type: string, value: string): VimScalar => ({ kind: 'scalar', type, text: value })
/** Milliseconds since the epoch as the UTC form that vCenter prints. */
export const dateTime = (milliseconds: number): VimScalar => ({
  kind: 'scalar',
  type: 'xsd:dateTime',
  text: new Date(milliseconds).toISOString(),
})
export const reference = (type: string, id: string): VimReference => ({ kind: 'reference', type, id })
export const data = (type: string, members: VimData['members']): VimData => ({
  kind: 'data',
  type,
  members,
  polymorphic: false,
})
/** A data object in a place whose declared type is a base type. */
export const derived = (type: string, members: VimData['members']): VimData => ({
  kind: 'data',
  type,
  members,
  polymorphic: true,
})
export const array = (itemType: string, items: VimValue[]): VimArray => ({ kind: 'array', itemType, items })
export const references = (type: string, ids: readonly string[]): VimArray =>
  array(
    'ManagedObjectReference',
    ids.map((id) => reference(type, id)),
  )
export const texts = (values: readonly string[]): VimArray => array('String', values.map(text))

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Escapes text for element content and attribute values; control characters that XML 1.0 forbids are dropped. */
export function escapeXml(value: string): string {
  return value.replace(/[\p{Cc}&<>"']/gu, (found) => ESCAPES[found] ?? ('\t\n\r'.includes(found) ? found : ''))
}

/** A value in a place of type `anyType`. */
export const anything = (value: VimValue): VimAny => ({ kind: 'any', value })

/** Writes a value as the members of an element of a declared type; an array becomes one element per item. */
export function writeMember(name: string, value: VimValue | undefined): string {
  if (value === undefined) return ''
  if (value.kind === 'any') return writeAny(name, value.value)
  if (value.kind === 'array') return value.items.map((item) => writeMember(name, item)).join('')
  if (value.kind === 'scalar') return `<${name}>${escapeXml(value.text)}</${name}>`
  if (value.kind === 'reference') return `<${name} type="${value.type}">${escapeXml(value.id)}</${name}>`
  const marker = value.polymorphic ? ` xsi:type="${value.type}"` : ''
  return `<${name}${marker}>${writeMembers(value)}</${name}>`
}

/** The members of a data object, in the order in which they were declared. */
export function writeMembers(value: VimData): string {
  return Object.entries(value.members)
    .map(([name, member]) => writeMember(name, member))
    .join('')
}

/** Writes a value where the declared type is `anyType`: each value, and each item of an array, names its type. */
export function writeAny(name: string, value: VimValue): string {
  if (value.kind === 'any') return writeAny(name, value.value)
  if (value.kind === 'scalar') return `<${name} xsi:type="${value.type}">${escapeXml(value.text)}</${name}>`
  if (value.kind === 'reference') {
    return `<${name} type="${value.type}" xsi:type="ManagedObjectReference">${escapeXml(value.id)}</${name}>`
  }
  if (value.kind === 'data') return `<${name} xsi:type="${value.type}">${writeMembers(value)}</${name}>`
  const itemName = ITEM_NAMES[value.itemType] ?? value.itemType
  const items = value.items.map((item) => writeAny(itemName, item)).join('')
  return `<${name} xsi:type="ArrayOf${value.itemType}">${items}</${name}>`
}

/** Arrays of built-in types name their items in lower case. */
const ITEM_NAMES: Record<string, string> = { String: 'string', Int: 'int', Long: 'long', Boolean: 'boolean' }

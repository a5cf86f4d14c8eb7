import type { JsonValue } from '../model.js'
import type { SimServer } from '../model-server.js'
import { type BiosAttribute, biosAttribute, biosAttributes } from './bios-resource.js'
import type { Notice } from './messages.js'
import { type JsonObject, recordedBios } from './recorded.js'

type MapFrom = { MapFromAttribute: string; MapFromCondition: string; MapFromValue: JsonValue }
type Dependency = { MapFrom: MapFrom[]; MapToAttribute: string; MapToProperty: string; MapToValue: JsonValue }

function wrongType(attribute: BiosAttribute, value: JsonValue): boolean {
  return attribute.Type === 'Integer' ? typeof value !== 'number' : typeof value !== 'string'
}

function outOfRange(attribute: BiosAttribute, value: JsonValue): boolean {
  if (typeof value === 'number')
    return (
      !Number.isInteger(value) ||
      value < (attribute.LowerBound ?? 0) ||
      value > (attribute.UpperBound ?? Number.MAX_SAFE_INTEGER)
    )
  const { length } = String(value)
  return length < (attribute.MinLength ?? 0) || length > (attribute.MaxLength ?? 4096)
}

function valueRefusal(attribute: BiosAttribute, value: JsonValue): Notice | undefined {
  const name = attribute.AttributeName
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  // QUIRK iDRAC9: integers must be JSON numbers. Seen: SYS424. Source: dell/terraform-provider-redfish.
  if (wrongType(attribute, value)) return { id: 'SYS424', args: [text, name] }
  if (attribute.Type === 'Enumeration' && !attribute.Value?.some((one) => one.ValueName === value))
    return { id: 'SYS426', args: [text, name] }
  if (attribute.Type !== 'Enumeration' && outOfRange(attribute, value)) return { id: 'SYS425', args: [text, name] }
  return undefined
}

/** Is the attribute read-only because of others, with these values in force? */
function lockedByOthers(name: string, values: JsonObject): boolean {
  const locks = recordedBios()
    .dependencies.map((one) => one.Dependency as unknown as Dependency)
    .filter((one) => one.MapToAttribute === name && one.MapToProperty === 'ReadOnly' && one.MapToValue === true)
  return locks.some((lock) => lock.MapFrom.every((from) => isMet(from, values)))
}

function isMet(
  { MapFromAttribute: name, MapFromCondition: condition, MapFromValue: value }: MapFrom,
  values: JsonObject,
) {
  if (values[name] === undefined) return false
  return condition === 'NEQ' ? values[name] !== value : condition === 'EQU' && values[name] === value
}

/** Why these values cannot be staged on this server, by the attribute registry; undefined = they can. The parent of a dependent value may be in the same set. */
export function biosRefusal(server: SimServer, wanted: JsonObject): Notice | undefined {
  const after = { ...biosAttributes(server), ...wanted }
  for (const [name, value] of Object.entries(wanted)) {
    const attribute = biosAttribute(server, name)
    if (!attribute) return { id: 'SYS429', args: [name] }
    if (attribute.ReadOnly) return { id: 'SYS427', args: [name] }
    const refused = valueRefusal(attribute, value)
    if (refused) return refused
    if (lockedByOthers(name, after)) return { id: 'SYS410' }
  }
  return undefined
}

import type { JsonValue } from '../model.js'
import type { SimServer } from '../model-server.js'
import { isLocked, isReadOnlyByNature } from './bios-locks.js'
import { type BiosAttribute, biosAttribute, biosAttributes } from './bios-resource.js'
import type { Notice } from './messages.js'
import type { JsonObject } from './recorded.js'

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

/** Why these values cannot be staged on this server, by the attribute registry; undefined = they can. The parent of a dependent value may be in the same set. */
export function biosRefusal(server: SimServer, wanted: JsonObject): Notice | undefined {
  const after = { ...biosAttributes(server), ...wanted }
  for (const [name, value] of Object.entries(wanted)) {
    const attribute = biosAttribute(server, name)
    if (!attribute) return { id: 'SYS429', args: [name] }
    if (isReadOnlyByNature(attribute as unknown as JsonObject)) return { id: 'SYS427', args: [name] }
    const refused = valueRefusal(attribute, value)
    if (refused) return refused
    if (isLocked(name, after)) return { id: 'SYS410' }
  }
  return undefined
}

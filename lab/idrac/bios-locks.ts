import type { JsonValue } from '../model.js'
import { type JsonObject, recordedBios } from './recorded.js'

type MapFrom = { MapFromAttribute: string; MapFromCondition: string; MapFromValue: JsonValue }
type Dependency = { MapFrom: MapFrom[]; MapToAttribute: string; MapToProperty: string; MapToValue: JsonValue }

/** The dependencies by which values of other attributes make one read-only. */
function locksOf(name: string): Dependency[] {
  return recordedBios()
    .dependencies.map((one) => one.Dependency as unknown as Dependency)
    .filter((one) => one.MapToAttribute === name && one.MapToProperty === 'ReadOnly' && one.MapToValue === true)
}

function isMet(
  { MapFromAttribute: name, MapFromCondition: condition, MapFromValue: value }: MapFrom,
  values: JsonObject,
) {
  if (values[name] === undefined) return false
  return condition === 'NEQ' ? values[name] !== value : condition === 'EQU' && values[name] === value
}

/**
 * Is the attribute read-only because of others, with these values in force? One condition of several is enough.
 * Source: R750 and R630 recordings, where every attribute with a condition met is `ReadOnly` in the registry.
 */
export function isLocked(name: string, values: JsonObject): boolean {
  return locksOf(name).some((lock) => lock.MapFrom.some((from) => isMet(from, values)))
}

/** Is it read-only whatever the others say? The recorded flag is that of the recorded values, locks and all. */
export function isReadOnlyByNature(entry: JsonObject): boolean {
  return (
    entry.ReadOnly === true && !isLocked(String(entry.AttributeName), recordedBios().resource.Attributes as JsonObject)
  )
}

/** Tolerant reading of device JSON: a wrong type is "not said" (`null`), never a guess. */

export type JsonObject = { [key: string]: unknown }

/** Is it a JSON object (not an array, not null)? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object under a path of keys, or undefined. */
export function objectAt(value: unknown, ...keys: string[]): JsonObject | undefined {
  let current: unknown = value
  for (const key of keys) current = isObject(current) ? current[key] : undefined
  return isObject(current) ? current : undefined
}

/** An array as it is, anything else as an empty one. */
export function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The objects of an array; other members are dropped. */
export function objectsOf(value: unknown): JsonObject[] {
  return arrayOf(value).filter(isObject)
}

/** The texts of an array; other members are dropped. */
export function textsOf(value: unknown): string[] {
  return arrayOf(value).filter((entry): entry is string => typeof entry === 'string')
}

/** Trimmed text, or null when it is absent, empty or no text. */
export function textAt(value: JsonObject | undefined, key: string): string | null {
  const found = value?.[key]
  if (typeof found !== 'string') return null
  const trimmed = found.trim()
  return trimmed === '' ? null : trimmed
}

/** Text, or a number written as text: some ids change their type between firmwares. */
export function labelAt(value: JsonObject | undefined, key: string): string | null {
  const found = value?.[key]
  return typeof found === 'number' ? String(found) : textAt(value, key)
}

/** A finite number (also one written as text), or null. */
export function numberAt(value: JsonObject | undefined, key: string): number | null {
  const found = value?.[key]
  if (typeof found === 'number') return Number.isFinite(found) ? found : null
  if (typeof found !== 'string' || !/^-?\d+(\.\d+)?$/.test(found.trim())) return null
  return Number(found)
}

/** A boolean, or null. `"True"` and `"False"` count, anything else does not. */
export function flagAt(value: JsonObject | undefined, key: string): boolean | null {
  const found = value?.[key]
  if (typeof found === 'boolean') return found
  if (found === 'True' || found === 'true') return true
  if (found === 'False' || found === 'false') return false
  return null
}

/**
 * A time of the device as it wrote it, or null when it is none.
 * QUIRK iDRAC9 6.00.30.00: `0000-00-00T00:00:00+00:00` and `00:00:00Z` stand for "no date".
 * Seen: LastResetTime, ReleaseDate. Source: recording R750 6.00.30.00.
 */
export function timeAt(value: JsonObject | undefined, key: string): string | null {
  const found = textAt(value, key)
  if (!found || !/^\d{4}-\d{2}-\d{2}/.test(found) || found.startsWith('0000')) return null
  return Number.isNaN(Date.parse(found)) ? null : found
}

/**
 * The Dell block of a resource.
 * QUIRK iDRAC8 2.81.81.81: spells it `Oem.DELL` on System and `Oem.Dell` elsewhere. Source: recording R630 2.81.81.81.
 */
export function dellOf(value: JsonObject | undefined): JsonObject | undefined {
  return objectAt(value, 'Oem', 'Dell') ?? objectAt(value, 'Oem', 'DELL')
}

/** The block of a resource's links that is Dell's own, in either spelling. */
export function dellLinksOf(value: JsonObject | undefined): JsonObject | undefined {
  return dellOf(objectAt(value, 'Links'))
}

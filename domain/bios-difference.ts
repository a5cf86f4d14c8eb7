import type { BiosValue, BiosValues } from './bios-attributes.js'

export interface AttributeChange {
  name: string
  /** Null: it was not there, or showed nothing. */
  from: BiosValue
  to: BiosValue
}

/** What differs between two readings, by name; `names` restricts it. An attribute that one of them lacks counts as null. */
export function biosDifference(from: BiosValues, to: BiosValues, names?: readonly string[]): AttributeChange[] {
  const all = names ?? [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()
  return all
    .map((name) => ({ name, from: from[name] ?? null, to: to[name] ?? null }))
    .filter((change) => change.from !== change.to)
}

/** Attributes of an entry as a server sees them: names without regard to case, `memberOf` computed from the groups. */
import type { DirectoryEntry, SimDirectory } from '../model-directory.js'
import { canonical } from './dn.js'

const NAMES = new Set(['member', 'memberof', 'manager', 'distinguishedname', 'mepmanagedentry'])

/** Is this an attribute whose values are names of entries? */
export const namesOf = (attribute: string): boolean => NAMES.has(attribute.toLowerCase())

function lookUp<T>(record: Record<string, T>, attribute: string): T | undefined {
  const wanted = attribute.toLowerCase()
  const key = Object.keys(record).find((name) => name.toLowerCase() === wanted)
  return key === undefined ? undefined : record[key]
}

/** Values of a text attribute, also an operational one; none = []. */
export function valuesOf(entry: DirectoryEntry, attribute: string): string[] {
  return lookUp(entry.attributes, attribute) ?? lookUp(entry.operational, attribute) ?? []
}

export function binaryOf(entry: DirectoryEntry, attribute: string): Buffer | null {
  const value = lookUp(entry.binary, attribute)
  return value === undefined ? null : Buffer.from(value, 'base64')
}

/** The entry's attributes with `memberOf` as this vendor computes it: FreeIPA through all groups, Active Directory direct ones. */
export function withMemberOf(directory: SimDirectory): DirectoryEntry[] {
  const groups = directory.entries.filter((entry) => valuesOf(entry, 'member').length > 0)
  const direct = new Map<string, string[]>()
  for (const group of groups) {
    for (const member of valuesOf(group, 'member')) {
      const key = canonical(member)
      direct.set(key, [...(direct.get(key) ?? []), group.dn])
    }
  }
  return directory.entries.map((entry) => {
    const own = direct.get(canonical(entry.dn)) ?? []
    const member_of = directory.vendor === 'freeipa' ? throughAll(own, direct) : own
    return member_of.length === 0 ? entry : { ...entry, attributes: { ...entry.attributes, memberOf: member_of } }
  })
}

/** Groups of groups, each once; a loop ends. */
export function throughAll(first: readonly string[], direct: ReadonlyMap<string, string[]>): string[] {
  const found = new Map<string, string>()
  const queue = [...first]
  for (let dn = queue.shift(); dn !== undefined; dn = queue.shift()) {
    const key = canonical(dn)
    if (found.has(key)) continue
    found.set(key, dn)
    queue.push(...(direct.get(key) ?? []))
  }
  return [...found.values()]
}

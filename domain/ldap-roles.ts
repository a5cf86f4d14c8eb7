import { highestRole, type Role } from './permissions.js'

/** One row of the directory settings: members of this group get this role. */
export interface GroupMapping {
  group_dn: string
  role: Role
}

/** Signs that are escaped inside a value; everything else is written plainly in a canonical name. */
const SPECIAL = ',+"\\<>;='

/**
 * A distinguished name as it is compared: lower case, no blanks around `=` and `,`, escapes in one form (`\2C` is `\,`).
 * Servers write the same name with other blanks, case and escapes, so plain text comparison would lose members.
 */
export function canonicalDn(dn: string): string {
  return splitDn(dn.trim())
    .map((part) => {
      const at = part.indexOf('=')
      return at < 0 ? plainValue(part) : `${part.slice(0, at).trim()}=${plainValue(part.slice(at + 1))}`
    })
    .join(',')
    .toLowerCase()
}

/** The parts of a name; an escaped comma stays inside its part. */
function splitDn(dn: string): string[] {
  return dn.match(/(?:\\[\s\S]|[^,\\])+/g) ?? []
}

function plainValue(value: string): string {
  const bare = value.replace(/^\s+/, '').replace(/(?<!\\)\s+$/, '')
  return bare.replace(/\\([0-9a-f]{2})|\\([\s\S])/gi, (_whole, hex: string | undefined, sign: string | undefined) => {
    const letter = hex === undefined ? (sign ?? '') : String.fromCharCode(Number.parseInt(hex, 16))
    if (hex !== undefined && letter > '\u007e') return `\\${hex}`
    return SPECIAL.includes(letter) ? `\\${letter}` : letter
  })
}

/**
 * What the groups of a user give: the highest role among the mapped groups, and those groups. Only full names count, never
 * a part of one: `cn=admins` of another branch is another group. null = no group is mapped (`NoRoleMapped`).
 */
export function roleOfGroups(
  group_dns: readonly string[],
  mappings: readonly GroupMapping[],
): { role: Role | null; mapped_groups: string[] } {
  const held = new Set(group_dns.map(canonicalDn))
  const matched = mappings.filter((mapping) => held.has(canonicalDn(mapping.group_dn)))
  return {
    role: highestRole(matched.map((mapping) => mapping.role)),
    mapped_groups: matched.map((mapping) => mapping.group_dn),
  }
}

/** A mapping that may also name its group by an id that survives renaming. */
export interface IdentifiedMapping extends GroupMapping {
  group_id?: string | null
}

/**
 * What a person may do: the highest role of the mapped groups, with `auditor` beside it when one of them gives that; without any
 * the default role; without one nothing (`NoRoleMapped`).
 */
export function rolesOfPerson(
  group_dns: readonly string[],
  mappings: readonly GroupMapping[],
  default_role: Role | null,
): { role: Role | null; roles: Role[]; mapped_groups: string[] } {
  const { role, mapped_groups } = roleOfGroups(group_dns, mappings)
  if (role === null) return { role: default_role, roles: default_role ? [default_role] : [], mapped_groups }
  const held = new Set(mapped_groups.map(canonicalDn))
  const audits = mappings.some((mapping) => mapping.role === 'auditor' && held.has(canonicalDn(mapping.group_dn)))
  return { role, roles: audits && role !== 'auditor' ? [role, 'auditor'] : [role], mapped_groups }
}

/** @see isDirectoryUsername */
export const DIRECTORY_USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._@'$ -]{0,255}$/u

/**
 * Names that may be asked for at a directory: letters, digits and a few signs that occur in user names, at most 256. Signs that
 * mean something in a filter or a name (`* ( ) \ , = +`), and control characters, are in none.
 */
export function isDirectoryUsername(name: string): boolean {
  return DIRECTORY_USERNAME.test(name)
}

/**
 * May the stored password of the service account be sent to these servers? Only to those it was given for: a new server has to
 * be named together with the password, else settings could be used to have it sent elsewhere.
 */
export function mayReusePassword(stored_servers: readonly string[], servers: readonly string[]): boolean {
  const known = new Set(stored_servers.map((server) => server.toLowerCase()))
  return servers.every((server) => known.has(server.toLowerCase()))
}

/** Does this name lie at or below that one? */
export function isBelowDn(dn: string, base_dn: string): boolean {
  const [own, base] = [canonicalDn(dn), canonicalDn(base_dn)]
  return own === base || own.endsWith(`,${base}`)
}

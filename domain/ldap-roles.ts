import { highestRole, type Role } from './permissions.js'

/** One row of the directory settings: members of this group get this role. */
export interface GroupMapping {
  group_dn: string
  role: Role
}

/**
 * A distinguished name as it is compared: lower case, no blanks around `=` and `,`. Escaped commas stay part of a value.
 * Servers write the same name with other blanks and other case, so plain text comparison would lose members.
 */
export function canonicalDn(dn: string): string {
  return dn
    .trim()
    .toLowerCase()
    .split(/(?<!\\),/)
    .map((part) => part.replace(/^\s+|(?<!\\)\s+$/g, '').replace(/\s*=\s*/, '='))
    .join(',')
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

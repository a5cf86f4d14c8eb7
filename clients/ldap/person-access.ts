import { type IdentifiedMapping, rolesOfPerson } from '../../domain/ldap-roles.js'
import type { Role } from '../../domain/permissions.js'
import type { Directory } from './directory.js'
import type { DirectoryUser } from './people.js'

/** What a person of the directory may do here. */
export interface PersonAccess {
  user: DirectoryUser
  /** The highest role; null: nothing. */
  role: Role | null
  roles: Role[]
  /** The mapped ones among the person's groups. */
  groups: string[]
}

export interface RoleRules {
  mappings: readonly IdentifiedMapping[]
  default_role: Role | null
}

/** Asks for the person's groups and says what they give. @throws DeviceError */
export async function readAccess(directory: Directory, user: DirectoryUser, rules: RoleRules): Promise<PersonAccess> {
  const mappings = await directory.locate(rules.mappings)
  const held = mappings.length === 0 ? [] : await directory.groupsOf(user)
  const { role, roles, mapped_groups } = rolesOfPerson(held, mappings, rules.default_role)
  return { user, role, roles, groups: mapped_groups }
}

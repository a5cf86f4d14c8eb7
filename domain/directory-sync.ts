import type { Blocker } from './failures.js'
import { highestRole, ROLES, type Role } from './permissions.js'

/** A person as the directory shows it now, with what the mapped groups give. */
export interface SeenPerson {
  username: string
  /** Unchangeable; null when the directory shows none: then the DN says who it is. */
  directory_id: string | null
  dn: string
  display_name: string | null
  email: string | null
  roles: Role[]
}

/** The same person as known here. */
export interface KnownPerson {
  username: string
  directory_id: string | null
  dn: string | null
  display_name: string | null
  email: string | null
  /** Who disabled the profile here; null: nobody. */
  disabled_how: 'admin' | 'directory' | null
  /** Those that came from the directory. */
  roles: Role[]
}

export interface RoleChange {
  username: string
  /** The highest before and after; null = none. */
  from: Role | null
  to: Role | null
  from_roles: Role[]
  to_roles: Role[]
}

/** How a person's roles differ, in all of them; null = not at all. */
export function roleChange(username: string, before: readonly Role[], after: readonly Role[]): RoleChange | null {
  const [from_roles, to_roles] = [before, after].map((roles) => ROLES.filter((role) => roles.includes(role)))
  if (!from_roles || !to_roles || from_roles.join() === to_roles.join()) return null
  return { username, from: highestRole(from_roles), to: highestRole(to_roles), from_roles, to_roles }
}

/**
 * What taking a person over from the directory changes here. A person whom the directory had out comes back with it; one whom an
 * admin disabled here stays out, and gains nothing, whatever the directory says.
 */
export function comparePerson(
  known: KnownPerson | null,
  seen: SeenPerson,
): { outcome: 'created' | 'updated' | 'unchanged'; roles_differ: boolean; role_change: RoleChange | null } {
  const shut_out = known?.disabled_how === 'admin'
  const before = known && known.disabled_how === null ? known.roles : []
  const role_change = roleChange(seen.username, before, shut_out ? [] : seen.roles)
  const roles_differ = [...(known?.roles ?? [])].sort().join() !== [...seen.roles].sort().join()
  if (!known) return { outcome: 'created', roles_differ, role_change }
  const fields = ['username', 'directory_id', 'dn', 'display_name', 'email'] as const
  const same = fields.every((field) => known[field] === seen[field])
  const comes_back = known.disabled_how === 'directory'
  return { outcome: same && !comes_back && !roles_differ ? 'unchanged' : 'updated', roles_differ, role_change }
}

const MOST_AT_ONCE = 5
const MOST_SHARE = 0.2

/**
 * May so many people be deactivated because the directory no longer shows them? A directory that answers too little must not
 * lock everybody out: nobody seen at all, or more than five and more than a fifth gone, is not believed. null = yes.
 */
export function judgeDeactivation(facts: {
  seen: number
  /** People of the directory who are active here. */
  active: number
  gone: number
  allowed: boolean
}): Blocker | null {
  const { seen, active, gone, allowed } = facts
  if (gone === 0 || allowed) return null
  const nobody = seen === 0
  if (!nobody && (gone <= MOST_AT_ONCE || gone <= active * MOST_SHARE)) return null
  return {
    code: 'SyncWouldRemoveTooMany',
    message: nobody
      ? `The directory shows nobody; ${gone} of ${active} people would be deactivated.`
      : `${gone} of ${active} people would be deactivated.`,
    data: { seen, active, gone },
    remedy: 'Check base DN, filter and service account; allow_mass_deactivation accepts the answer.',
  }
}

export const ROLES = ['viewer', 'operator', 'admin', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/**
 * Who may do a thing, in one word: `signed_in` every role; `operator` operator and admin; `admin` admin only;
 * `audit` auditor and admin; `no_viewer` every role but viewer; `open` without signing in.
 */
export const PERMISSIONS = ['open', 'signed_in', 'operator', 'admin', 'audit', 'no_viewer'] as const
export type Permission = (typeof PERMISSIONS)[number]

const ALLOWED: Record<Permission, readonly Role[]> = {
  open: ROLES,
  signed_in: ROLES,
  operator: ['operator', 'admin'],
  admin: ['admin'],
  audit: ['auditor', 'admin'],
  no_viewer: ['operator', 'auditor', 'admin'],
}

/** Roles that a permission admits; shown in a 403 and in the documentation. */
export function rolesAllowed(permission: Permission): readonly Role[] {
  return ALLOWED[permission]
}

/** May somebody who holds these roles (none = not signed in) do what asks for this permission? One role that may is enough. */
export function isAllowed(roles: readonly Role[], permission: Permission): boolean {
  if (permission === 'open') return true
  return roles.some((role) => ALLOWED[permission].includes(role))
}

/** May these roles start a job whose definition asks for `job_role`? Viewer and auditor start nothing. */
export function mayStartJob(roles: readonly Role[], job_role: 'operator' | 'admin'): boolean {
  return isAllowed(roles, job_role)
}

/** What each role may do is at least what these may. Operator and auditor stand beside each other: neither has all of the other. */
const COVERS: Record<Role, readonly Role[]> = {
  viewer: ['viewer'],
  operator: ['viewer', 'operator'],
  auditor: ['viewer', 'auditor'],
  admin: ROLES,
}

/**
 * What is left of somebody's roles through a token that is limited to one (null = not limited): what both allow, said in the
 * fewest roles. A limit never adds anything: an operator's token for `auditor` may do what a viewer may.
 */
export function narrowRoles(own: readonly Role[], limit: Role | null): Role[] {
  if (limit === null) return [...own]
  const both = COVERS[limit].filter((role) => own.some((held) => COVERS[held].includes(role)))
  return both.filter((role) => !both.some((other) => other !== role && COVERS[other].includes(role)))
}

const RANK: Record<Role, number> = { viewer: 1, auditor: 2, operator: 3, admin: 4 }

/** The highest of several roles, as groups of a directory give them; null when there is none. */
export function highestRole(roles: readonly Role[]): Role | null {
  return roles.reduce<Role | null>((best, role) => (best === null || RANK[role] > RANK[best] ? role : best), null)
}

/** Is this text a role? For rows and directory mappings. */
export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

export const ROLES = ['viewer', 'operator', 'admin', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/**
 * Who may do a thing, in one word: `signed_in` every role; `operator` operator and admin; `admin` admin only;
 * `audit` auditor and admin; `open` without signing in.
 */
export const PERMISSIONS = ['open', 'signed_in', 'operator', 'admin', 'audit'] as const
export type Permission = (typeof PERMISSIONS)[number]

const ALLOWED: Record<Permission, readonly Role[]> = {
  open: ROLES,
  signed_in: ROLES,
  operator: ['operator', 'admin'],
  admin: ['admin'],
  audit: ['auditor', 'admin'],
}

/** Roles that a permission admits; shown in a 403 and in the documentation. */
export function rolesAllowed(permission: Permission): readonly Role[] {
  return ALLOWED[permission]
}

/** May this role (null = not signed in) do what asks for this permission? */
export function isAllowed(role: Role | null, permission: Permission): boolean {
  if (permission === 'open') return true
  return role !== null && ALLOWED[permission].includes(role)
}

/** May this role start a job whose definition asks for `job_role`? Viewer and auditor start nothing. */
export function mayStartJob(role: Role, job_role: 'operator' | 'admin'): boolean {
  return isAllowed(role, job_role)
}

/** Options (JSON pointers below `details`) that only an admin may use and that this role used; each is a 403. */
export function forbiddenOptions(role: Role, used_admin_options: readonly string[]): string[] {
  return role === 'admin' ? [] : [...used_admin_options]
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

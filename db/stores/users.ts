import { and, eq, sql } from 'drizzle-orm'
import type { Role } from '../../domain/permissions.js'
import type { Db } from '../connect.js'
import { profiles, userRoles } from '../schema/people.js'
import { endSessionsOf, getUser, type Person, revokeTokensOf, setPassword } from './accounts.js'
import type { Caller } from './callers.js'

export interface UserPatch {
  display_name?: string | null | undefined
  email?: string | null | undefined
  disabled?: boolean | undefined
  /** Replaces the roles given by hand; those of the directory stay. */
  roles?: Role[] | undefined
  /** Of the local account; to be changed by its owner at the next sign-in. */
  password_hash?: string | undefined
}

/** One person, who stays as read until the end of the transaction; null when there is none. */
export async function lockUser(tx: Db, id: string): Promise<Person | null> {
  await tx.select({ id: profiles.id }).from(profiles).where(eq(profiles.id, id)).for('update')
  return getUser(tx, id)
}

/**
 * Changes a person; null when there is none. The time of disabling stays with the first. Who is disabled loses sessions and tokens
 * for good; other roles end the sessions, so that nobody goes on with what a page was given before; so does another password. The
 * session of who does it stays.
 */
export async function changeUser(
  tx: Db,
  id: string,
  patch: UserPatch,
  by: Pick<Caller, 'user_id' | 'session_id'>,
): Promise<Person | null> {
  const before = await lockUser(tx, id)
  if (!before) return null
  const { display_name, email, disabled, roles, password_hash } = patch
  await tx
    .update(profiles)
    .set({
      ...(display_name === undefined ? {} : { display_name }),
      ...(email === undefined ? {} : { email }),
      ...(disabled === undefined ? {} : disabled ? DISABLED : ENABLED),
      updated_at: sql`now()`,
      version: sql`version + 1`,
    })
    .where(eq(profiles.id, id))
  if (roles) await replaceRoles(tx, id, roles, by.user_id)
  if (password_hash) await setPassword(tx, id, password_hash, { must_change: true })
  const after = await getUser(tx, id)
  if (disabled) await revokeTokensOf(tx, [id])
  const why = whySessionsEnd(patch, before, after)
  if (why) await endSessionsOf(tx, id, why, by.session_id)
  return after
}

const DISABLED = { disabled_at: sql`coalesce(disabled_at, now())`, disabled_how: 'admin' as const }
const ENABLED = { disabled_at: null, disabled_how: null }

async function replaceRoles(tx: Db, user_id: string, roles: readonly Role[], by: string): Promise<void> {
  await tx.delete(userRoles).where(and(eq(userRoles.user_id, user_id), eq(userRoles.source, 'manual')))
  if (roles.length === 0) return
  await tx.insert(userRoles).values([...new Set(roles)].map((role) => ({ user_id, role, granted_by: by })))
}

function whySessionsEnd({ disabled, password_hash }: UserPatch, before: Person, after: Person | null): string | null {
  if (disabled) return 'account disabled'
  if (password_hash) return 'password changed'
  const same = [...before.roles].sort().join() === [...(after?.roles ?? [])].sort().join()
  return same ? null : 'roles changed'
}

import { and, eq, sql } from 'drizzle-orm'
import type { Role } from '../../domain/permissions.js'
import type { Db } from '../connect.js'
import { profiles, userRoles } from '../schema/people.js'
import { getUser, type Person } from './accounts.js'

export interface UserPatch {
  display_name?: string | null | undefined
  email?: string | null | undefined
  disabled?: boolean | undefined
  /** Replaces the roles given by hand; those of the directory stay. */
  roles?: Role[] | undefined
}

/** Changes a person; null when there is none. The time of disabling stays with the first. */
export async function changeUser(db: Db, id: string, patch: UserPatch, by: string): Promise<Person | null> {
  const { display_name, email, disabled, roles } = patch
  return db.transaction(async (tx) => {
    await tx
      .update(profiles)
      .set({
        ...(display_name === undefined ? {} : { display_name }),
        ...(email === undefined ? {} : { email }),
        ...(disabled === undefined ? {} : { disabled_at: disabled ? sql`coalesce(disabled_at, now())` : null }),
        updated_at: sql`now()`,
        version: sql`version + 1`,
      })
      .where(eq(profiles.id, id))
    if (roles) {
      await tx.delete(userRoles).where(and(eq(userRoles.user_id, id), eq(userRoles.source, 'manual')))
      if (roles.length > 0) {
        const rows = [...new Set(roles)].map((role) => ({ user_id: id, role, granted_by: by }))
        await tx.insert(userRoles).values(rows)
      }
    }
    return getUser(tx, id)
  })
}

import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { ROLES, type Role } from '../../domain/permissions.js'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import {
  type ApiToken,
  apiTokens,
  localAccounts,
  type Profile,
  profiles,
  sessions,
  userRoles,
} from '../schema/people.js'

export interface LocalLogin {
  profile: Profile
  password_hash: string
  failed_count: number
  locked_until: string | null
  must_change: boolean
}

/** The local account of a name (case-insensitive), or null. */
export async function findLocalLogin(db: Db, username: string): Promise<LocalLogin | null> {
  const [row] = await db
    .select({ profile: profiles, account: localAccounts })
    .from(profiles)
    .innerJoin(localAccounts, eq(localAccounts.user_id, profiles.id))
    .where(sql`lower(${profiles.username}) = lower(${username})`)
  if (!row) return null
  const { password_hash, failed_count, locked_until, must_change } = row.account
  return { profile: row.profile, password_hash, failed_count, locked_until, must_change }
}

/** Makes a local account with one role. */
export async function createLocalAccount(
  db: Db,
  input: {
    username: string
    password_hash: string
    role: Role
    display_name?: string | null
    granted_by?: string | null
    must_change?: boolean
  },
): Promise<Profile> {
  return db.transaction(async (tx) => {
    const [profile] = await tx
      .insert(profiles)
      .values({ id: newId(), username: input.username, display_name: input.display_name ?? null, source: 'local' })
      .returning()
    if (!profile) throw new Error('the profile was not inserted')
    const { password_hash, must_change = false } = input
    await tx.insert(userRoles).values({ user_id: profile.id, role: input.role, granted_by: input.granted_by ?? null })
    await tx.insert(localAccounts).values({ user_id: profile.id, password_hash, must_change })
    return profile
  })
}

export async function hasLocalAccounts(db: Db): Promise<boolean> {
  const rows = await db.select({ id: localAccounts.user_id }).from(localAccounts).limit(1)
  return rows.length > 0
}

/** Sets a password and forgets the wrong ones; false when the person has no local account. */
export async function setPassword(
  db: Db,
  user_id: string,
  password_hash: string,
  { must_change }: { must_change: boolean },
): Promise<boolean> {
  const { rowCount } = await db
    .update(localAccounts)
    .set({ password_hash, must_change, failed_count: 0, locked_until: null, changed_at: sql`now()` })
    .where(eq(localAccounts.user_id, user_id))
  return (rowCount ?? 0) > 0
}

/** Counts a wrong password; from the third on the account is locked, each time twice as long, at most 15 minutes. */
export async function noteFailedLogin(db: Db, user_id: string): Promise<void> {
  await db
    .update(localAccounts)
    .set({
      failed_count: sql`failed_count + 1`,
      locked_until: sql`case when failed_count + 1 >= 3
        then now() + least(interval '15 minutes', interval '5 seconds' * power(2, least(failed_count - 2, 10))) end`,
    })
    .where(eq(localAccounts.user_id, user_id))
}

/** The roles of a user, by hand and of the directory, read at every request; none for somebody who is disabled. */
export async function readRoles(db: Db, user_id: string): Promise<Role[]> {
  const rows = await db
    .select({ role: userRoles.role })
    .from(userRoles)
    .innerJoin(profiles, eq(profiles.id, userRoles.user_id))
    .where(and(eq(userRoles.user_id, user_id), isNull(profiles.disabled_at)))
  return ROLES.filter((role) => rows.some((row) => row.role === role))
}

export interface NewSession {
  user_id: string
  token_hash: Buffer
  max_hours: number
  idle_minutes: number
  ip: string | null
  user_agent: string | null
}

export async function insertSession(db: Db, session: NewSession): Promise<{ id: string; expires_at: string }> {
  const { max_hours, ...values } = session
  const [row] = await db
    .insert(sessions)
    .values({ ...values, id: newId(), expires_at: sql`now() + make_interval(hours => ${max_hours})` })
    .returning({ id: sessions.id, expires_at: sessions.expires_at })
  if (!row) throw new Error('the session was not inserted')
  return row
}

/**
 * Makes a session of a sign-in that was found right. null when the person was disabled meanwhile; or, for a local account, when its
 * password (`judged_hash`) was changed or enough wrong ones locked it: guesses made side by side get no more than those one after
 * another. Waits for whoever changes the person now.
 */
export async function openSession(
  db: Db,
  session: NewSession,
  judged_hash: string | null,
): Promise<{ id: string; expires_at: string } | null> {
  const { user_id } = session
  return db.transaction(async (tx) => {
    if (!(await isEnabled(tx, user_id))) return null
    if (judged_hash !== null && !(await forgetWrongPasswords(tx, user_id, judged_hash))) return null
    await tx.update(profiles).set({ last_login_at: sql`now()` }).where(eq(profiles.id, user_id))
    return insertSession(tx, session)
  })
}

/** Is this person enabled, and so until the end of the transaction? */
async function isEnabled(tx: Db, user_id: string): Promise<boolean> {
  const enabled = and(eq(profiles.id, user_id), isNull(profiles.disabled_at))
  return (await tx.select({ id: profiles.id }).from(profiles).where(enabled).for('update')).length > 0
}

async function forgetWrongPasswords(tx: Db, user_id: string, judged_hash: string): Promise<boolean> {
  const { rowCount } = await tx
    .update(localAccounts)
    .set({ failed_count: 0, locked_until: null })
    .where(
      and(
        eq(localAccounts.user_id, user_id),
        eq(localAccounts.password_hash, judged_hash),
        sql`(${localAccounts.locked_until} is null or ${localAccounts.locked_until} <= now())`,
      ),
    )
  return (rowCount ?? 0) > 0
}

export async function endSession(db: Db, id: string, why: string): Promise<void> {
  await db
    .update(sessions)
    .set({ ended_at: sql`now()`, ended_why: why })
    .where(and(eq(sessions.id, id), isNull(sessions.ended_at)))
}

/** Ends all sessions of a user but one, after a change of password or role. */
export async function endSessionsOf(db: Db, user_id: string, why: string, but?: string | null): Promise<void> {
  await db
    .update(sessions)
    .set({ ended_at: sql`now()`, ended_why: why })
    .where(
      and(eq(sessions.user_id, user_id), isNull(sessions.ended_at), but ? sql`${sessions.id} <> ${but}` : undefined),
    )
}

/** Makes a token; null when the person is disabled. */
export async function insertApiToken(
  db: Db,
  token: {
    user_id: string
    name: string
    prefix: string
    token_hash: Buffer
    role: Role | null
    allowed_cidrs?: string[]
    expires_at: string
  },
): Promise<ApiToken | null> {
  return db.transaction(async (tx) => {
    if (!(await isEnabled(tx, token.user_id))) return null
    const [row] = await tx
      .insert(apiTokens)
      .values({ ...token, id: newId() })
      .returning()
    return row ?? null
  })
}

/** Revokes all tokens of these people, for good. */
export async function revokeTokensOf(db: Db, user_ids: readonly string[]): Promise<void> {
  const open = and(inArray(apiTokens.user_id, [...user_ids]), isNull(apiTokens.revoked_at))
  await db.update(apiTokens).set({ revoked_at: sql`now()` }).where(open)
}

export async function revokeApiToken(db: Db, id: string): Promise<ApiToken | null> {
  const [row] = await db
    .update(apiTokens)
    .set({ revoked_at: sql`coalesce(revoked_at, now())` })
    .where(eq(apiTokens.id, id))
    .returning()
  return row ?? null
}

export async function getApiToken(db: Db, id: string): Promise<ApiToken | null> {
  const [row] = await db.select().from(apiTokens).where(eq(apiTokens.id, id))
  return row ?? null
}

export type UserRow = Profile & { roles: Role[] }

/** All people with their roles, by name. */
export async function listUsers(db: Db): Promise<UserRow[]> {
  const rows = await db
    .select({ profile: profiles, role: userRoles.role })
    .from(profiles)
    .leftJoin(userRoles, eq(userRoles.user_id, profiles.id))
    .orderBy(asc(profiles.username))
  const users = new Map<string, UserRow>()
  for (const { profile, role } of rows) {
    const user = users.get(profile.id) ?? { ...profile, roles: [] }
    if (role && !user.roles.includes(role)) user.roles.push(role)
    users.set(profile.id, user)
  }
  return [...users.values()]
}

export type RoleGrant = Pick<typeof userRoles.$inferSelect, 'role' | 'source' | 'granted_by' | 'granted_at'>

export type Person = Profile & { roles: Role[]; grants: RoleGrant[] }

/** One person with the roles, and where each comes from; null when there is none. */
export async function getUser(db: Db, id: string): Promise<Person | null> {
  const [profile] = await db.select().from(profiles).where(eq(profiles.id, id))
  if (!profile) return null
  const { role, source, granted_by, granted_at } = userRoles
  const grants = await db
    .select({ role, source, granted_by, granted_at })
    .from(userRoles)
    .where(eq(userRoles.user_id, id))
    .orderBy(asc(role), asc(source))
  return { ...profile, roles: [...new Set(grants.map((grant) => grant.role))], grants }
}

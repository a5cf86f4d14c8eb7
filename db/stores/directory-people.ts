import { and, eq, inArray, isNull, notInArray, or, sql } from 'drizzle-orm'
import {
  comparePerson,
  type KnownPerson,
  type RoleChange,
  roleChange,
  type SeenPerson,
} from '../../domain/directory-sync.js'
import type { Role } from '../../domain/permissions.js'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import { type Profile, profiles, userRoles } from '../schema/people.js'
import { endSessionsOf, revokeTokensOf } from './accounts.js'

export interface FoundPerson extends KnownPerson {
  user_id: string
}

/**
 * What became of a person; `shut_out`: an admin disabled the profile here, and it stays so; `name_taken`: a local account has this
 * name, and keeps it.
 */
export type SavedPerson =
  | { outcome: 'created' | 'updated' | 'unchanged'; user_id: string; shut_out: boolean; role_change: RoleChange | null }
  | { outcome: 'name_taken'; user_id: null; shut_out: false; role_change: null }

/** The profile of a person of the directory: by the unchangeable id; by DN only where an id is missing on one side. */
export async function findDirectoryPerson(db: Db, seen: SeenPerson): Promise<FoundPerson | null> {
  const { directory_id, dn } = seen
  const by_dn = sql`lower(${profiles.dn}) = lower(${dn})`
  const same = directory_id
    ? or(eq(profiles.directory_id, directory_id), and(isNull(profiles.directory_id), by_dn))
    : by_dn
  const [profile] = await db
    .select()
    .from(profiles)
    .where(and(eq(profiles.source, 'directory'), same))
    .orderBy(sql`${profiles.directory_id} nulls last`)
    .limit(1)
  if (!profile) return null
  const { id, username, display_name, email, disabled_at } = profile
  const disabled_how = disabled_at === null ? null : (profile.disabled_how ?? 'admin')
  const known = { username, directory_id: profile.directory_id, dn: profile.dn, display_name, email }
  return { user_id: id, ...known, disabled_how, roles: await directoryRoles(db, id) }
}

async function directoryRoles(db: Db, user_id: string): Promise<Role[]> {
  const rows = await db
    .select({ role: userRoles.role })
    .from(userRoles)
    .where(and(eq(userRoles.user_id, user_id), eq(userRoles.source, 'directory')))
  return rows.map((row) => row.role)
}

/**
 * Takes a person over from the directory: profile and the roles of source `directory`. Repeatable. A change of roles ends the
 * person's sessions. A name that another person of the directory had before is taken from that profile. What an admin disabled
 * here stays disabled.
 */
export async function saveDirectoryPerson(db: Db, seen: SeenPerson): Promise<SavedPerson> {
  return db.transaction(async (tx) => {
    await lockText(tx, 'directory people')
    const known = await findDirectoryPerson(tx, seen)
    if (!(await freeName(tx, seen, known?.user_id ?? null)))
      return { outcome: 'name_taken', user_id: null, shut_out: false, role_change: null }
    const { outcome, roles_differ, role_change } = comparePerson(known, seen)
    const { username, directory_id, dn, display_name, email } = seen
    const values = { username, directory_id, dn, display_name, email }
    const user_id = known?.user_id ?? newId()
    const shut_out = known?.disabled_how === 'admin'
    if (!known) await tx.insert(profiles).values({ id: user_id, source: 'directory', ...values })
    else if (outcome === 'updated') {
      await tx
        .update(profiles)
        .set({ ...values, ...(shut_out ? {} : ENABLED), updated_at: sql`now()`, version: sql`version + 1` })
        .where(eq(profiles.id, user_id))
    }
    if (roles_differ) await replaceRoles(tx, user_id, seen.roles)
    return { outcome, user_id, shut_out, role_change }
  })
}

const ENABLED = { disabled_at: null, disabled_how: null }

async function replaceRoles(tx: Db, user_id: string, roles: readonly Role[]): Promise<void> {
  await tx.delete(userRoles).where(and(eq(userRoles.user_id, user_id), eq(userRoles.source, 'directory')))
  const rows = roles.map((role) => ({ user_id, role, source: 'directory' as const }))
  if (rows.length > 0) await tx.insert(userRoles).values(rows)
  await endSessionsOf(tx, user_id, 'roles changed in the directory')
}

/** False when a local account has the name. A former owner of the name in the directory is somebody else, who left. */
async function freeName(tx: Db, seen: SeenPerson, user_id: string | null): Promise<boolean> {
  const [holder] = await tx.select().from(profiles).where(sql`lower(${profiles.username}) = lower(${seen.username})`)
  if (!holder || holder.id === user_id) return true
  if (holder.source === 'local') return false
  await deactivate(tx, [holder.id], 'another person of the directory has this name now')
  await tx
    .update(profiles)
    .set({ username: `${holder.username} (${holder.id})` })
    .where(eq(profiles.id, holder.id))
  return true
}

/** People of the directory who are active here. */
export async function countActiveDirectoryPeople(db: Db): Promise<number> {
  return db.$count(profiles, and(eq(profiles.source, 'directory'), isNull(profiles.disabled_at)))
}

/** Active people of the directory that are not among those seen. */
export async function listGonePeople(db: Db, seen_user_ids: readonly string[]): Promise<Pick<Profile, 'id' | 'dn'>[]> {
  const active = and(eq(profiles.source, 'directory'), isNull(profiles.disabled_at))
  const seen = seen_user_ids.length > 0 ? notInArray(profiles.id, [...seen_user_ids]) : undefined
  return db.select({ id: profiles.id, dn: profiles.dn }).from(profiles).where(and(active, seen))
}

/** Ends everything these people have here: roles of the directory, sessions, tokens. Repeatable. */
export async function deactivateDirectoryPeople(db: Db, user_ids: readonly string[]): Promise<RoleChange[]> {
  return db.transaction((tx) => deactivate(tx, user_ids, 'gone from the directory'))
}

async function deactivate(tx: Db, user_ids: readonly string[], why: string): Promise<RoleChange[]> {
  const changes: RoleChange[] = []
  if (user_ids.length === 0) return changes
  const ids = [...user_ids]
  // First, so that no session or token is made meanwhile: whoever makes one waits for this row and reads it then.
  await tx
    .update(profiles)
    .set({
      disabled_at: sql`coalesce(disabled_at, now())`,
      disabled_how: sql`case when disabled_at is null then 'directory' else disabled_how end`,
      updated_at: sql`now()`,
      version: sql`version + 1`,
    })
    .where(and(inArray(profiles.id, ids), eq(profiles.source, 'directory')))
  for (const id of ids) {
    const [profile] = await tx.select({ username: profiles.username }).from(profiles).where(eq(profiles.id, id))
    const change = profile && roleChange(profile.username, await directoryRoles(tx, id), [])
    if (change) changes.push(change)
    await endSessionsOf(tx, id, why)
  }
  const of_directory = and(inArray(userRoles.user_id, ids), eq(userRoles.source, 'directory'))
  await tx.delete(userRoles).where(of_directory)
  await revokeTokensOf(tx, ids)
  return changes
}

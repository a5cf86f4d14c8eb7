import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { narrowRoles, ROLES, type Role } from '../../domain/permissions.js'
import type { Db } from '../connect.js'
import { apiTokens, profiles, sessions, userRoles } from '../schema/people.js'

/** Who speaks, as found by a session or a token. */
export interface Caller {
  user_id: string
  username: string
  display_name: string | null
  /** All of them, never none; rights are their union. Of a token: what its limit leaves. */
  roles: Role[]
  origin: 'user' | 'token'
  session_id: string | null
  token_id: string | null
}

interface Found {
  user_id: string
  username: string
  display_name: string | null
  roles: string[]
}

/** What every request asks of the person behind it; all roles that are held now, by hand and of the directory. */
const PERSON = {
  user_id: profiles.id,
  username: profiles.username,
  display_name: profiles.display_name,
  roles: sql<string[]>`array(select ${userRoles.role} from ${userRoles} where ${userRoles.user_id} = ${profiles.id})`,
}

const older = (column: typeof sessions.last_seen_at | typeof apiTokens.last_used_at, than: SQL) =>
  sql<boolean>`coalesce(${column} < now() - ${than}, true)`

/** Every request runs one of these: prepared once for each connection, which takes half of its cost away. */
function prepare(db: Db) {
  const token_hash = sql.placeholder('token_hash')
  const address = sql.placeholder('address')
  return {
    session: db
      .select({ ...PERSON, id: sessions.id, stale: older(sessions.last_seen_at, sql`interval '30 seconds'`) })
      .from(sessions)
      .innerJoin(profiles, eq(profiles.id, sessions.user_id))
      .where(
        and(
          eq(sessions.token_hash, token_hash),
          isNull(sessions.ended_at),
          isNull(profiles.disabled_at),
          sql`${sessions.expires_at} > now()`,
          sql`${sessions.last_seen_at} > now() - make_interval(mins => ${sessions.idle_minutes})`,
        ),
      )
      .prepare('find_session_caller'),
    token: db
      .select({
        ...PERSON,
        id: apiTokens.id,
        limit: apiTokens.role,
        stale: older(apiTokens.last_used_at, sql`interval '1 minute'`),
      })
      .from(apiTokens)
      .innerJoin(profiles, eq(profiles.id, apiTokens.user_id))
      .where(
        and(
          eq(apiTokens.token_hash, token_hash),
          isNull(apiTokens.revoked_at),
          isNull(profiles.disabled_at),
          sql`${apiTokens.expires_at} > now()`,
          sql`(coalesce(cardinality(${apiTokens.allowed_cidrs}), 0) = 0 or ${address}::inet <<= any(${apiTokens.allowed_cidrs}))`,
        ),
      )
      .prepare('find_token_caller'),
  }
}

const statements = new WeakMap<Db, ReturnType<typeof prepare>>()

function statementsOf(db: Db): ReturnType<typeof prepare> {
  const known = statements.get(db) ?? prepare(db)
  statements.set(db, known)
  return known
}

/** The caller of a session's token; null when it is unknown, over, or idle for too long. Notes the use (at most every 30 s). */
export async function findSessionCaller(db: Db, token_hash: Buffer): Promise<Caller | null> {
  const [row] = await statementsOf(db).session.execute({ token_hash })
  if (!row) return null
  if (row.stale) await db.update(sessions).set({ last_seen_at: sql`now()` }).where(eq(sessions.id, row.id))
  return callerOf(row, null, { session_id: row.id, token_id: null, origin: 'user' })
}

/** The caller of an API token from this address; null when it is unknown, revoked, expired, or not for this address. */
export async function findTokenCaller(db: Db, token_hash: Buffer, address: string | null): Promise<Caller | null> {
  const [row] = await statementsOf(db).token.execute({ token_hash, address })
  if (!row) return null
  if (row.stale) {
    await db.update(apiTokens).set({ last_used_at: sql`date_trunc('minute', now())` }).where(eq(apiTokens.id, row.id))
  }
  return callerOf(row, row.limit, { session_id: null, token_id: row.id, origin: 'token' })
}

/** Is the session or token by which somebody came still good? For answers that last. Being idle does not end them. */
export async function isStillGood(db: Db, { session_id, token_id, user_id }: Caller): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select 1 from ${profiles} p where p.id = ${user_id} and p.disabled_at is null and (
      exists (select 1 from ${sessions} s where s.id = ${session_id}::uuid and s.ended_at is null and s.expires_at > now()) or
      exists (select 1 from ${apiTokens} t where t.id = ${token_id}::uuid and t.revoked_at is null and t.expires_at > now()))`)
  return rows.length > 0
}

/** A token never has more than its user has now. */
function callerOf(
  { user_id, username, display_name, roles: held }: Found,
  limited_to: Role | null,
  via: Pick<Caller, 'session_id' | 'token_id' | 'origin'>,
): Caller | null {
  const roles = narrowRoles(
    ROLES.filter((role) => held.includes(role)),
    limited_to,
  )
  return roles.length === 0 ? null : { user_id, username, display_name, roles, ...via }
}

import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type IdmAuthSession, idmAuthSessions } from '../schema/identity.js'

export type NewAuthSession = Pick<IdmAuthSession, 'kind' | 'username' | 'outcome'> &
  Partial<Pick<IdmAuthSession, 'id' | 'user_id' | 'session_id' | 'dn' | 'server' | 'role' | 'groups' | 'source_ip'>>

/** The session that came of a sign-in is over. */
export async function endAuthSession(db: Db, session_id: string): Promise<void> {
  await db
    .update(idmAuthSessions)
    .set({ ended_at: sql`now()` })
    .where(and(eq(idmAuthSessions.session_id, session_id), isNull(idmAuthSessions.ended_at)))
}

/** Writes down one question to the directory about a person, and what came of it; one `id` is written once. */
export async function noteAuthSession(db: Db, session: NewAuthSession): Promise<string> {
  const { id = newId() } = session
  const ended_at = session.kind === 'test' ? sql`now()` : null
  await db
    .insert(idmAuthSessions)
    .values({ ...session, id, ended_at })
    .onConflictDoNothing({ target: idmAuthSessions.id })
  return id
}

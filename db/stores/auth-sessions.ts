import { sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type IdmAuthSession, idmAuthSessions } from '../schema/identity.js'

export type NewAuthSession = Pick<IdmAuthSession, 'kind' | 'username' | 'outcome'> &
  Partial<Pick<IdmAuthSession, 'user_id' | 'session_id' | 'dn' | 'server' | 'role' | 'groups' | 'source_ip'>>

/** Writes down one question to the directory about a person, and what came of it. */
export async function noteAuthSession(db: Db, session: NewAuthSession): Promise<string> {
  const id = newId()
  await db.insert(idmAuthSessions).values({ ...session, id, ended_at: session.kind === 'test' ? sql`now()` : null })
  return id
}

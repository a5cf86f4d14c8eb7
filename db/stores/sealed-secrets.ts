import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import type { KeyRing } from '../crypto.js'
import { newId } from '../new-id.js'
import { hostRecoveryKeys, sealedSecrets } from '../schema/credentials.js'

type Purpose = typeof sealedSecrets.$inferSelect.purpose

const place = (id: string, purpose: Purpose) => ({
  table: 'sealed_secrets',
  column: 'content_encrypted',
  row_id: id,
  kind: purpose,
})

/** Seals a text for a short time; only its id may travel through a workflow. */
export async function sealSecret(
  db: Db,
  keys: KeyRing,
  secret: {
    purpose: Purpose
    content: string
    ttl_seconds: number
    owner_user_id?: string | null
    job_id?: string | null
  },
): Promise<string> {
  const id = newId()
  await db.insert(sealedSecrets).values({
    id,
    purpose: secret.purpose,
    owner_user_id: secret.owner_user_id ?? null,
    job_id: secret.job_id ?? null,
    content_encrypted: keys.encryptPassword(secret.content, place(id, secret.purpose)),
    expires_at: sql`now() + make_interval(secs => ${secret.ttl_seconds})`,
  })
  return id
}

/** Takes a one-time secret: reading deletes it. Null when it is gone or has expired. @throws {KeyUnavailable} */
export async function takeSecret(db: Db, keys: KeyRing, id: string, purpose: Purpose): Promise<string | null> {
  const [row] = await db
    .delete(sealedSecrets)
    .where(and(eq(sealedSecrets.id, id), eq(sealedSecrets.purpose, purpose)))
    .returning({ content: sealedSecrets.content_encrypted, fresh: sql<boolean>`expires_at > now()` })
  return row?.fresh ? keys.decryptPassword(row.content, place(id, purpose)) : null
}

/**
 * The same for a secret that belongs to one person: to everybody else it is not there, and asking does not use it up.
 * @throws {KeyUnavailable}
 */
export async function takeOwnSecret(
  db: Db,
  keys: KeyRing,
  id: string,
  of: { purpose: Purpose; owner_user_id: string },
): Promise<string | null> {
  const { purpose, owner_user_id } = of
  const [row] = await db
    .delete(sealedSecrets)
    .where(
      and(
        eq(sealedSecrets.id, id),
        eq(sealedSecrets.purpose, purpose),
        eq(sealedSecrets.owner_user_id, owner_user_id),
        sql`expires_at > now()`,
      ),
    )
    .returning({ content: sealedSecrets.content_encrypted })
  return row ? keys.decryptPassword(row.content, place(id, purpose)) : null
}

/** Reads a job's input, as often as its steps need it; it is deleted with {@link dropJobSecrets}. */
export async function readJobSecret(db: Db, keys: KeyRing, id: string): Promise<string | null> {
  const [row] = await db
    .select()
    .from(sealedSecrets)
    .where(and(eq(sealedSecrets.id, id), eq(sealedSecrets.purpose, 'job_input'), sql`expires_at > now()`))
  return row ? keys.decryptPassword(row.content_encrypted, place(id, 'job_input')) : null
}

/** Ties secrets that came with a request to the job it made. */
export async function adoptSecrets(db: Db, ids: string[], job_id: string): Promise<void> {
  if (ids.length > 0) await db.update(sealedSecrets).set({ job_id }).where(inArray(sealedSecrets.id, ids))
}

/** The job has ended. What it got for a person stays for its minute when it ended well. */
export async function dropJobSecrets(db: Db, job_id: string, keep_tickets: boolean): Promise<void> {
  const ticket = keep_tickets ? ne(sealedSecrets.purpose, 'console_ticket') : undefined
  await db.delete(sealedSecrets).where(and(eq(sealedSecrets.job_id, job_id), ticket))
}

/** Takes the tickets of a job away: each attempt has at most one. */
export async function dropTickets(db: Db, job_id: string): Promise<void> {
  await db
    .delete(sealedSecrets)
    .where(and(eq(sealedSecrets.job_id, job_id), eq(sealedSecrets.purpose, 'console_ticket')))
}

export async function sweepSecrets(db: Db): Promise<void> {
  await db.delete(sealedSecrets).where(sql`expires_at < now()`)
}

const recoveryPlace = (host_id: string, recovery_id: string) => ({
  table: 'host_recovery_keys',
  column: 'key_encrypted',
  row_id: host_id,
  kind: recovery_id,
})

/** Keeps the recovery key of a host's sealed configuration. Repeatable: a known key stays. */
export async function storeRecoveryKey(
  db: Db,
  keys: KeyRing,
  key: { host_id: string; recovery_id: string; recovery_key: string; job_id?: string | null },
): Promise<{ stored: boolean }> {
  const rows = await db
    .insert(hostRecoveryKeys)
    .values({
      id: newId(),
      host_id: key.host_id,
      recovery_id: key.recovery_id,
      key_encrypted: keys.encryptPassword(key.recovery_key, recoveryPlace(key.host_id, key.recovery_id)),
      job_id: key.job_id ?? null,
    })
    .onConflictDoNothing()
    .returning({ id: hostRecoveryKeys.id })
  return { stored: rows.length > 0 }
}

/** Is a recovery key of this host on record? */
export async function hasRecoveryKey(db: Db, host_id: string): Promise<boolean> {
  const rows = await db
    .select({ id: hostRecoveryKeys.id })
    .from(hostRecoveryKeys)
    .where(eq(hostRecoveryKeys.host_id, host_id))
    .limit(1)
  return rows.length > 0
}

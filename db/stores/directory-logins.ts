import { and, eq, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { loginAttempts } from '../schema/credentials.js'

/** Wrong passwords of one person within the window; directories usually lock at five. */
const MOST_PER_USER = 3
/** Wrong passwords that come from one address within the window, whoever they are for. */
const MOST_PER_SOURCE = 10
const WINDOW_MINUTES = 15

export interface DirectoryAttempt {
  username: string
  /** Where the person sits; null when nobody knows. */
  source_ip: string | null
  job_id?: string | null
}

export type AttemptAnswer = { allowed: true; attempt_id: number } | { allowed: false; retry_at: string }

/**
 * Counts an attempt to sign in at the directory *before* it is made, over all processes, per person and per source. An attempt
 * under way counts as wrong until it is proved right, so parallel tries cannot pass the limit; a right password clears what
 * the person did wrong before, but nothing of the source.
 */
export async function reserveDirectoryLogin(
  db: Db,
  { username, source_ip, job_id }: DirectoryAttempt,
): Promise<AttemptAnswer> {
  const account = accountOf(username)
  const address = source_ip ?? ''
  return db.transaction(async (tx) => {
    // One lock for all: a try that is over in a moment, and two limits that cross each other.
    await lockText(tx, 'directory logins')
    const { of_user, of_source, free_at } = await countWrong(tx, account, address)
    if (of_user >= MOST_PER_USER || of_source >= MOST_PER_SOURCE) return notNow(free_at)
    const [row] = await tx
      .insert(loginAttempts)
      .values({ device_kind: 'directory', address, account, job_id: job_id ?? null })
      .returning({ id: loginAttempts.id })
    return { allowed: true, attempt_id: row?.id ?? 0 }
  })
}

/**
 * Counts an attempt for the person whom the directory found under the name that was typed, before a password is sent: a person
 * has several names there (`name@domain`, other blanks), and the directory counts wrong passwords of the person.
 */
export async function chargeDirectoryLogin(db: Db, attempt_id: number, username: string): Promise<AttemptAnswer> {
  const account = accountOf(username)
  return db.transaction(async (tx) => {
    await lockText(tx, 'directory logins')
    const own = and(eq(loginAttempts.id, attempt_id), eq(loginAttempts.outcome, 'reserved'))
    const { of_user, free_at } = await countWrong(tx, account, '', attempt_id)
    if (of_user >= MOST_PER_USER) {
      await tx.update(loginAttempts).set({ outcome: 'no_answer', settled_at: sql`now()` }).where(own)
      return notNow(free_at)
    }
    await tx.update(loginAttempts).set({ account }).where(own)
    return { allowed: true, attempt_id }
  })
}

const accountOf = (username: string) => username.toLowerCase()

const notNow = (free_at: string | null): AttemptAnswer => ({
  allowed: false,
  retry_at: new Date(free_at ?? Date.now()).toISOString(),
})

/** Wrong passwords and attempts under way within the window, of a person and of an address; `but` is left out. */
async function countWrong(tx: Db, account: string, address: string, but = 0) {
  const { rows } = await tx.execute<{ of_user: number; of_source: number; free_at: string | null }>(sql`
    with recent as (
      select account, address, reserved_at, outcome,
             max(id) filter (where outcome = 'ok') over (partition by account) as last_ok, id
      from login_attempts
      where device_kind = 'directory' and reserved_at > now() - make_interval(mins => ${WINDOW_MINUTES})
        and id <> ${but} and (account = ${account} or address = ${address}))
    select count(*) filter (where account = ${account} and id > coalesce(last_ok, 0))::int as of_user,
           count(*) filter (where address = ${address} and ${address} <> '')::int as of_source,
           (min(reserved_at) + make_interval(mins => ${WINDOW_MINUTES}))::text as free_at
    from recent where outcome in ('refused', 'reserved')`)
  return rows[0] ?? { of_user: 0, of_source: 0, free_at: null }
}

/** How it ended. `no_answer`: the directory surely judged no password, so nothing counts. */
export async function settleDirectoryLogin(
  db: Db,
  attempt_id: number,
  outcome: 'ok' | 'refused' | 'no_answer',
): Promise<void> {
  await db
    .update(loginAttempts)
    .set({ outcome, settled_at: sql`now()` })
    .where(and(eq(loginAttempts.id, attempt_id), eq(loginAttempts.outcome, 'reserved')))
}

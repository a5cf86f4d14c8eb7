import { and, asc, eq, isNull, lt, notInArray, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import { type DeviceSession, deviceSessions } from '../schema/credentials.js'
import { workerLives } from '../worker-presence.js'

export type SlotAnswer = { reserved: true; id: string } | { reserved: false; open: number }

/**
 * Reserves one of `limit` sessions of an iDRAC, over all workers, before the login. Sessions of workers that are gone do not
 * count; see {@link listOrphanSessions}. `address` is `ip:port`, also for devices that are no server yet.
 */
export async function reserveSlot(
  db: Db,
  wanted: { server_id: string | null; address: string; worker_id: string; limit: number; grace_seconds?: number },
): Promise<SlotAnswer> {
  return db.transaction(async (tx) => {
    await lockText(tx, `device_sessions ${wanted.address}`)
    const [counted] = await tx
      .select({ open: sql<number>`count(*)::int` })
      .from(deviceSessions)
      .where(
        and(
          eq(deviceSessions.address, wanted.address),
          isNull(deviceSessions.closed_at),
          workerLives(deviceSessions.worker_id, wanted.grace_seconds),
        ),
      )
    const open = counted?.open ?? 0
    if (open >= wanted.limit) return { reserved: false, open }
    const id = newId()
    const { server_id, address, worker_id } = wanted
    await tx.insert(deviceSessions).values({ id, server_id, address, worker_id })
    return { reserved: true, id }
  })
}

/** The device answered the login: remembers the session's URI (never its token), so that a successor can delete it. */
export async function recordSessionUri(db: Db, id: string, session_uri: string): Promise<void> {
  await db.update(deviceSessions).set({ session_uri, last_used_at: sql`now()` }).where(eq(deviceSessions.id, id))
}

export async function touchSession(db: Db, id: string): Promise<void> {
  await db.update(deviceSessions).set({ last_used_at: sql`now()` }).where(eq(deviceSessions.id, id))
}

/** The session is gone on the device, or was never opened. Repeatable. */
export async function closeSession(db: Db, id: string): Promise<void> {
  await db.update(deviceSessions).set({ closed_at: sql`coalesce(closed_at, now())` }).where(eq(deviceSessions.id, id))
}

/** A reservation may be on its way from the database for so long before it counts as lost. */
const STRAY_SECONDS = 30

/** Closes rows of a living worker that it knows nothing of: their answer or their end was lost with the database. */
export async function closeStraySlots(
  db: Db,
  of: { address: string; worker_id: string; known: string[] },
): Promise<number> {
  const rows = await db
    .update(deviceSessions)
    .set({ closed_at: sql`now()` })
    .where(
      and(
        eq(deviceSessions.address, of.address),
        eq(deviceSessions.worker_id, of.worker_id),
        isNull(deviceSessions.closed_at),
        of.known.length > 0 ? notInArray(deviceSessions.id, of.known) : undefined,
        sql`opened_at < now() - make_interval(secs => ${STRAY_SECONDS})`,
      ),
    )
    .returning({ id: deviceSessions.id })
  return rows.length
}

/** Open sessions whose worker is gone: to be deleted on the device, then closed here. */
export async function listOrphanSessions(
  db: Db,
  of: { address?: string; grace_seconds?: number } = {},
): Promise<DeviceSession[]> {
  return db
    .select()
    .from(deviceSessions)
    .where(
      and(
        isNull(deviceSessions.closed_at),
        of.address ? eq(deviceSessions.address, of.address) : undefined,
        sql`not ${workerLives(deviceSessions.worker_id, of.grace_seconds)}`,
      ),
    )
    .orderBy(asc(deviceSessions.opened_at))
    .limit(500)
}

/** Open sessions of one worker, for its orderly end. */
export async function listOwnSessions(db: Db, worker_id: string): Promise<DeviceSession[]> {
  return db
    .select()
    .from(deviceSessions)
    .where(and(eq(deviceSessions.worker_id, worker_id), isNull(deviceSessions.closed_at)))
}

/** Removes rows that were closed more than `days` ago. */
export async function sweepSessions(db: Db, days: number): Promise<void> {
  await db.delete(deviceSessions).where(lt(deviceSessions.closed_at, sql`now() - make_interval(days => ${days})`))
}

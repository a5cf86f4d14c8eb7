import { and, asc, eq, isNull, lt, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { type DeviceSession, deviceSessions } from '../schema/credentials.js'
import { workerLives } from '../worker-presence.js'

/** Who reserves a session of a device holds this lock. */
export const slotLock = (address: string) => `device_sessions ${address}`

/** Number of sessions of living workers at a device, as an expression. */
export function openSlots(address: string, grace_seconds?: number): SQL {
  return sql`(select count(*)::int from device_sessions
    where address = ${address} and closed_at is null and ${workerLives(sql`worker_id`, grace_seconds)})`
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

/** Removes rows that were closed more than `days` ago. */
export async function sweepSessions(db: Db, days: number): Promise<void> {
  await db.delete(deviceSessions).where(lt(deviceSessions.closed_at, sql`now() - make_interval(days => ${days})`))
}

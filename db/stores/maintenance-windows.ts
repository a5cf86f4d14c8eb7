import { and, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { type Job, jobs } from '../schema/jobs.js'
import { type MaintenanceWindow, maintenanceWindows } from '../schema/windows.js'

export async function getWindow(db: Db, id: string): Promise<MaintenanceWindow | null> {
  const [row] = await db.select().from(maintenanceWindows).where(eq(maintenanceWindows.id, id))
  return row ?? null
}

export async function getWindows(db: Db, ids: readonly string[]): Promise<MaintenanceWindow[]> {
  if (ids.length === 0) return []
  return db
    .select()
    .from(maintenanceWindows)
    .where(inArray(maintenanceWindows.id, [...ids]))
}

/** Jobs that are due but for their maintenance window, oldest first. */
export async function jobsWithWindow(db: Db, limit: number): Promise<Job[]> {
  return db
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.status, 'pending'),
        ne(jobs.origin, 'child'),
        isNotNull(jobs.maintenance_window_id),
        sql`coalesce(schedule_at, created_at) <= now()`,
      ),
    )
    .orderBy(jobs.created_at)
    .limit(limit)
}

/** Jobs of a window that have not begun. */
export async function pendingJobsOf(db: Db, window_id: string): Promise<string[]> {
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.status, 'pending'), eq(jobs.maintenance_window_id, window_id)))
  return rows.map(({ id }) => id)
}

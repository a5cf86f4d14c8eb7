import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { type JobTask, jobTasks, type WaitingReason } from '../schema/jobs.js'
import { announceTask } from './job-tasks.js'

/** Rows that a reason is about: one task, or, without one, the job as a whole. */
export interface Waiters {
  job_id: string
  task_id: string | null
}

/** A job as a whole waits in so many of its rows at most; its own row shows each reason once. */
const MOST_ROWS = 64

/**
 * Adds a reason to what open tasks wait for. One of the same code is replaced and keeps its `since`; the same sentence again
 * changes nothing, so that who asks a device each second writes once.
 */
export async function addWaiting(db: Db, waiters: Waiters, reason: WaitingReason): Promise<void> {
  await changeWaiting(db, waiters, (known) => {
    const before = known.find(({ code }) => code === reason.code)
    if (before?.message === reason.message) return null
    return [...known.filter(({ code }) => code !== reason.code), { ...reason, since: before?.since ?? reason.since }]
  })
}

/** Takes reasons of these codes away. */
export async function dropWaiting(db: Db, waiters: Waiters, codes: readonly string[]): Promise<void> {
  await changeWaiting(db, waiters, (known) => {
    const left = known.filter(({ code }) => !codes.includes(code))
    return left.length === known.length ? null : left
  })
}

async function changeWaiting(
  db: Db,
  { job_id, task_id }: Waiters,
  change: (known: WaitingReason[]) => WaitingReason[] | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(jobTasks)
      .where(
        and(
          eq(jobTasks.job_id, job_id),
          inArray(jobTasks.status, ['pending', 'running', 'paused']),
          task_id === null ? isNotNull(jobTasks.id) : eq(jobTasks.id, task_id),
        ),
      )
      .orderBy(asc(jobTasks.id))
      .limit(MOST_ROWS)
      .for('update')
    for (const row of rows) await write(tx, row, change(row.waiting_for))
  })
}

async function write(tx: Db, row: JobTask, waiting_for: WaitingReason[] | null): Promise<void> {
  if (waiting_for === null) return
  const [written] = await tx.update(jobTasks).set({ waiting_for }).where(eq(jobTasks.id, row.id)).returning()
  if (written) await announceTask(tx, written)
}

import { type Db, databaseNow } from '../../db/connect.js'
import type { Job } from '../../db/schema/jobs.js'
import type { MaintenanceWindow } from '../../db/schema/windows.js'
import { endPendingJob, explainPendingJob } from '../../db/stores/jobs.js'
import { getWindows, jobsWithWindow } from '../../db/stores/maintenance-windows.js'
import { judgeWindow, type WindowAnswer } from '../../domain/maintenance-window.js'
import { blocker } from '../../domain/verdict.js'
import { occurrencesAhead } from './occurrences.js'

const AT_ONCE = 500
/** Below this there is no use in beginning: what a job takes longer is finished behind the end of its window. */
const LEAST_MINUTES = 1

/**
 * Looks at jobs that wait for a maintenance window, by the clock of the database: those of an open one may start, the others
 * say when theirs opens, and a job whose window will not open any more ends. Nothing is kept but the rows, so a window that is
 * changed counts at the next look, and so does everything after a crash.
 * @returns the windows that are open
 */
export async function holdForWindows(db: Db): Promise<string[]> {
  const waiting = await jobsWithWindow(db, AT_ONCE)
  if (waiting.length === 0) return []
  const now = await databaseNow(db)
  const windows = await getWindows(db, [...new Set(waiting.flatMap((job) => job.maintenance_window_id ?? []))])
  const answers = new Map(windows.map((window) => [window.id, judge(window, Date.parse(now))]))
  for (const job of waiting) await tell(db, job, answers.get(job.maintenance_window_id ?? '') ?? GONE, now)
  return windows.filter(({ id }) => answers.get(id)?.type === 'open').map(({ id }) => id)
}

const GONE: WindowAnswer = {
  type: 'over',
  reason: blocker('WindowClosed', 'The maintenance window was cancelled.', { remedy: 'Name another window.' }),
}

/** May work begin in this window now? A cancelled one is over. */
export function judge(window: MaintenanceWindow, now_ms: number): WindowAnswer {
  if (window.status === 'cancelled') return GONE
  return judgeWindow(occurrencesAhead(window, now_ms), LEAST_MINUTES, now_ms)
}

async function tell(db: Db, job: Job, answer: WindowAnswer, since: string): Promise<void> {
  if (answer.type === 'open') return
  const { code, message, remedy } = answer.reason
  if (answer.type === 'over') return endPendingJob(db, job.id, { code, message, hint: remedy })
  const until = new Date(answer.until_ms).toISOString()
  await explainPendingJob(db, job.id, { code, message, since, until, data: { window_id: job.maintenance_window_id } })
}

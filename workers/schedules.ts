import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleSpec } from '@temporalio/client'
import { taskQueue } from '../domain/task-queues.js'

/** Internal workflows that run by themselves, by their names. */
const EACH_MINUTE: ScheduleSpec = { intervals: [{ every: '1 minute' }] }
/** When hardly anybody works, in UTC. */
const DAILY: ScheduleSpec = { calendars: [{ hour: 3, minute: 15 }] }
const SCHEDULES: Record<string, ScheduleSpec> = {
  reconcile_jobs: EACH_MINUTE,
  background_work: EACH_MINUTE,
  clean_up: DAILY,
}

/** Makes the schedules that the product itself needs; repeating it changes nothing. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const [name, spec] of Object.entries(SCHEDULES)) await ensureSchedule(client, name, spec)
}

async function ensureSchedule(client: Client, name: string, spec: ScheduleSpec): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: name,
      spec,
      // The default catch-up window is a year: after a long rest it would run hundreds of times. A missed day is not caught up.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: { type: 'startWorkflow', workflowType: name, taskQueue: taskQueue('wf'), args: [] },
    })
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw thrown
  }
}

import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client'
import { taskQueue } from '../domain/task-queues.js'

/** Internal workflows that run each minute, by their names. */
const EACH_MINUTE = ['reconcile_jobs', 'background_work']

/** Makes the schedules that the product itself needs; repeating it changes nothing. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const name of EACH_MINUTE) await ensureSchedule(client, name)
}

async function ensureSchedule(client: Client, name: string): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: name,
      spec: { intervals: [{ every: '1 minute' }] },
      // The default catch-up window is a year: after a long rest it would run hundreds of times.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: { type: 'startWorkflow', workflowType: name, taskQueue: taskQueue('wf'), args: [] },
    })
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw thrown
  }
}

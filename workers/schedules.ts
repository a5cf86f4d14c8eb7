import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client'
import { taskQueue } from '../domain/task-queues.js'

const RECONCILE_ID = 'reconcile_jobs'
const EVERY = '1 minute'

/** Makes the schedules that the product itself needs; repeating it changes nothing. */
export async function ensureSchedules(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: RECONCILE_ID,
      spec: { intervals: [{ every: EVERY }] },
      // The default catch-up window is a year: after a long rest it would run hundreds of times.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: { type: 'startWorkflow', workflowType: 'reconcile_jobs', taskQueue: taskQueue('wf'), args: [] },
    })
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw thrown
  }
}

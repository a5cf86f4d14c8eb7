import { DeviceError } from '../../errors.js'
import type { RedfishClient } from '../client.js'
import type { DeviceJob } from '../facts.js'
import { readTask, taskPathOf } from '../tasks.js'
import { readJob, readJobElsewhere } from './jobs.js'

function isAbsent(error: unknown): boolean {
  return error instanceof DeviceError && (error.code === 'NotFound' || error.code === 'Unsupported')
}

/**
 * Looks for a job in all three views, the Dell one first, since tasks are purged while jobs live on, and the other way round.
 * @returns null when no view knows it: then the inventory tells what happened
 */
export async function findJob(client: RedfishClient, jobId: string): Promise<DeviceJob | null> {
  const views = [
    () => readJob(client, jobId),
    () => readJobElsewhere(client, jobId),
    async () => {
      const answer = await readTask(client, await taskPathOf(client, jobId))
      return answer.kind === 'task' ? answer.job : null
    },
  ]
  for (const view of views) {
    try {
      const job = await view()
      if (job) return job
    } catch (error) {
      if (!isAbsent(error)) throw error
    }
  }
  return null
}

import { condition } from '@temporalio/workflow'
import { scaledLimit, scaledPause } from '../../domain/time-scale.js'
import { jobErrorOf } from '../lib/failure.js'
import { enterAndEmpty, type HostInCluster, waiting } from '../lib/host-maintenance.js'
import type { JobError } from '../lib/job-input.js'
import type { TaskRun } from '../lib/task-run.js'
import type { JobRun } from '../lib/with-job.js'
import type { PrepareDetails } from './workflow.js'

const LOOK_AGAIN_MS = 120_000
const MINUTE_MS = 60_000
/** What people, DRS or another host may put right while we wait. */
const PASSING = ['ClusterUnsafe', 'EvacuationBlocked', 'HostNotEvacuated']

/**
 * `on_blocked: wait`: a cluster that is not safe, or VMs that do not leave, are looked at again every two minutes until the
 * time limit of the maintenance is over; the entering goes on meanwhile and the VMs are named. Throws what stood in the way
 * last. Any cancel ends the waiting.
 */
export async function enterPatiently(
  run: JobRun<PrepareDetails>,
  task: TaskRun,
  host: HostInCluster,
): Promise<{ began: boolean }> {
  const { details, device_time_scale: scale } = run.input
  const until = Date.now() + scaledLimit(details.maintenance_timeout_minutes * MINUTE_MS, scale)
  const pause = scaledPause(LOOK_AGAIN_MS, scale)
  for (;;) {
    const left_minutes = Math.ceil(((until - Date.now()) * scale) / MINUTE_MS)
    const maintenance_timeout_minutes = Math.max(1, Math.min(details.maintenance_timeout_minutes, left_minutes))
    try {
      return await enterAndEmpty(run, task, host, { ...details, maintenance_timeout_minutes })
    } catch (thrown) {
      const error = jobErrorOf(thrown)
      if (!PASSING.includes(error.code) || Date.now() + pause > until) throw thrown
      await task.wait([reasonOf(error, until)], `Waits until ${host.name} can be emptied.`)
      await condition(() => run.controls.cancel !== null, pause)
      run.controls.throwIfCancelled()
    }
  }
}

function reasonOf({ message, data }: JobError, until: number) {
  return { ...waiting('ClusterUnsafe', message), until: new Date(until).toISOString(), ...(data ? { data } : {}) }
}

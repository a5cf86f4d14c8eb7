import { CancellationScope } from '@temporalio/workflow'
import type { EvacuationOptions } from '../../activities/contracts/host.js'
import type { GuardAnswer } from '../../activities/contracts/server.js'
import { failure, jobErrorOf } from './failure.js'
import {
  enterAndEmpty,
  giveBackOrName,
  type HostInCluster,
  leaveMaintenance,
  type SafetyLimits,
} from './host-maintenance.js'
import { core } from './proxies.js'
import type { TaskRun } from './task-run.js'
import type { JobRun } from './with-job.js'

/** The options of the host guard in `details`. */
export interface GuardDetails extends EvacuationOptions, SafetyLimits {
  evacuate_host: boolean
  allow_running_vms: boolean
  lease_wait_minutes: number
}

/**
 * Does `body` to a server under the host guard: with `evacuate` its host goes into maintenance first, under the lease of
 * its cluster, and comes back afterwards. A body that fails before anything was `changed` gives the host back; after that
 * it stays in maintenance with an attention entry, because nobody knows whether it is fit to serve. `stays_out`: the server
 * is off afterwards, so its host stays in maintenance, held by this job.
 */
export async function underGuard<T>(
  run: JobRun<unknown>,
  task: TaskRun,
  guard: GuardAnswer,
  details: GuardDetails,
  body: () => Promise<T>,
  changed: () => boolean,
  stays_out = false,
): Promise<T> {
  const { host_id, cluster_id } = task.target
  if (guard.allowed === 'in_maintenance' && host_id) return withHostLease(run, task, host_id, details, body)
  if (guard.allowed !== 'evacuate') return body()
  if (!host_id || !cluster_id)
    throw failure('NotInCluster', `${task.target.name} carries a host that is in no cluster.`)
  const resources = [`cluster:${cluster_id}`, `host:${host_id}`]
  await run.lease(resources, details.lease_wait_minutes, 'puts a host into maintenance', task)
  const host: HostInCluster = { host_id, cluster_id, name: task.target.name }
  const entering = new CancellationScope()
  run.controls.onCancel((mode) => mode === 'abort' && entering.cancel())
  try {
    const entered = await entering.run(() => enterAndEmpty(run, task, host, details))
    const answer = await body()
    if (stays_out) await core.handOverMaintenance({ job_id: run.input.job_id, host_id })
    else if (entered.began) await leaveMaintenance(task, host)
    return answer
  } catch (thrown) {
    await CancellationScope.nonCancellable(() =>
      changed() ? nameIt(run, host, thrown) : giveBackOrName(task, host, thrown),
    )
    throw thrown
  } finally {
    await CancellationScope.nonCancellable(() => run.release(resources))
  }
}

/** A host that is in maintenance already is rebooted under its own lease, so that nobody brings it back meanwhile. */
async function withHostLease<T>(
  run: JobRun<unknown>,
  task: TaskRun,
  host_id: string,
  details: GuardDetails,
  body: () => Promise<T>,
): Promise<T> {
  const resources = [`host:${host_id}`]
  await run.lease(resources, details.lease_wait_minutes, 'reboots a host in maintenance', task)
  try {
    return await body()
  } finally {
    await CancellationScope.nonCancellable(() => run.release(resources))
  }
}

async function nameIt(run: JobRun<unknown>, host: HostInCluster, thrown: unknown): Promise<void> {
  const error = jobErrorOf(thrown)
  const { job_id } = run.input
  // Held on purpose and named here: not a setting that was forgotten.
  await core.handOverMaintenance({ job_id, host_id: host.host_id })
  await core.openAttention({
    job_id,
    entries: [
      {
        target_kind: 'host',
        target_id: host.host_id,
        target_label: host.name,
        state_left: 'in maintenance, changed in part',
        code: error.code,
        message: error.message,
        next_action: `Look at ${host.name}, cure the cause, then run verify_host to bring it back.`,
      },
    ],
  })
}

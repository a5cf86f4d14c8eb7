import { CancellationScope } from '@temporalio/workflow'
import type { EvacuationOptions } from '../../activities/contracts/host.js'
import {
  enterAndEmpty,
  giveBackOrName,
  type HostInCluster,
  policyOf,
  type SafetyLimits,
} from '../lib/host-maintenance.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { core, devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'
import { enterPatiently } from './enter-patiently.js'

/** `details` with defaults filled in. */
export interface PrepareDetails extends EvacuationOptions, SafetyLimits {
  on_blocked: 'undo' | 'wait'
  lease_wait_minutes: number
}

const HOSTS_AT_ONCE = 4

/** Puts each host into maintenance and proves that it is empty. The maintenance stays: it is what was asked for. */
export async function prepareHost(input: JobInput<PrepareDetails>) {
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: HOSTS_AT_ONCE, pausable: true }, (task) =>
      input.dry_run ? judgeOne(run, task) : prepareOne(run, task),
    )
    const blockers = targets.flatMap((target) => (target.blockers as unknown[] | undefined) ?? [])
    return { targets, ...(input.dry_run ? { plan: { would_start: blockers.length === 0, blockers, targets } } : {}) }
  })
}

async function judgeOne(run: JobRun<PrepareDetails>, task: TaskRun): Promise<TargetAnswer> {
  const { vsphere } = devices(run.input.site)
  const host = await vsphere.readHost({ context: task.context, host_id: task.target.id })
  if (!task.target.cluster_id) return { outcome: 'answered', blockers: [], host }
  const { blockers, warnings } = await vsphere.checkClusterSafety({
    context: task.context,
    cluster_id: task.target.cluster_id,
    host_ids: [task.target.id],
    policy: policyOf(run.input.details, run.input.details.evacuation),
    store: false,
    owner_workflow_id: run.workflow_id,
  })
  return { outcome: 'answered', blockers, warnings, host }
}

async function prepareOne(run: JobRun<PrepareDetails>, task: TaskRun): Promise<TargetAnswer> {
  const { vsphere } = devices(run.input.site)
  const { id: host_id, name, cluster_id = null } = task.target
  const resources = [...(cluster_id ? [`cluster:${cluster_id}`] : []), `host:${host_id}`]
  await run.lease(resources, run.input.details.lease_wait_minutes, 'puts a host into maintenance', task)
  const host: HostInCluster = { host_id, cluster_id, name }
  const began = Date.now()
  const entering = new CancellationScope()
  run.controls.onCancel((mode) => mode === 'abort' && entering.cancel())
  try {
    const before = await vsphere.readHost({ context: task.context, host_id })
    const entered = await entering.run(() =>
      run.input.details.on_blocked === 'wait'
        ? enterPatiently(run, task, host)
        : enterAndEmpty(run, task, host, run.input.details),
    )
    await core.handOverMaintenance({ job_id: run.input.job_id, host_id })
    const vms_moved = before.powered_on_vms?.length ?? null
    const minutes = Math.round((Date.now() - began) / 60_000)
    return {
      outcome: entered.began ? 'changed' : 'unchanged',
      host_id,
      entered_at: new Date().toISOString(),
      vms_moved,
      minutes,
    }
  } catch (thrown) {
    await CancellationScope.nonCancellable(() => giveBackOrName(task, host, thrown))
    throw thrown
  } finally {
    await CancellationScope.nonCancellable(() => run.release(resources))
  }
}

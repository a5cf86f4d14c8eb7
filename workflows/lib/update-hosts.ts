import { CancellationScope, patched } from '@temporalio/workflow'
import type { EvacuationOptions } from '../../activities/contracts/host.js'
import type { HostUpdateAnswer, Part } from '../host_update/workflow.js'
import { cancelSignal } from '../signals.js'
import { failure } from './failure.js'
import { startHostUpdate, takeOverCounters, type Wishes } from './host-child.js'
import { policyOf, type SafetyLimits } from './host-maintenance.js'
import { type EsxiDetails, esxiWish, type FirmwareDetails, firmwareWish } from './host-plan.js'
import { blockMisfits, refuseMisfits } from './package-fit.js'
import { perTarget, type TargetAnswer } from './per-target.js'
import { type HostPlan, precheckHost } from './precheck-host.js'
import { devices } from './proxies.js'
import { ifOpen } from './signal-child.js'
import type { TaskRun } from './task-run.js'
import type { JobAnswer, JobRun } from './with-job.js'

export interface HostJobDetails extends EvacuationOptions, SafetyLimits {
  reboot_timeout_minutes: number
  lease_wait_minutes: number
  leave_maintenance?: 'as_found' | 'always' | 'never'
  scp_backup_first?: boolean
}

interface Wanted {
  parts: Part[]
  esxi?: EsxiDetails
  firmware?: FirmwareDetails
}

const HOSTS_AT_ONCE = 4

/** Updates single hosts, at most one per cluster, each in one maintenance: the body of three job types. */
export async function updateHosts(run: JobRun<HostJobDetails>, wanted: Wanted): Promise<JobAnswer> {
  const { details } = run.input
  const esxi = wanted.esxi ? await esxiWish(wanted.esxi, details.reboot_timeout_minutes) : null
  const firmware = wanted.firmware ? firmwareWish(wanted.firmware, details) : null
  const wishes = { parts: wanted.parts, esxi, firmware }
  if (run.input.dry_run) return dryRun(run, wishes)
  // Jobs that began before this rule was here go on as they began.
  if (patched('refuse-misfits')) await refuseMisfits(run.input.site, run.tasks, firmware)
  const targets = await perTarget(run, { limit: HOSTS_AT_ONCE, pausable: true }, (task) => updateOne(run, task, wishes))
  return { targets }
}

async function dryRun(run: JobRun<HostJobDetails>, wishes: Wishes): Promise<JobAnswer> {
  const { vsphere } = devices(run.input.site)
  const plans: HostPlan[] = []
  const targets = await perTarget(run, { limit: HOSTS_AT_ONCE }, async (task) => {
    const plan = await precheckHost(task, { ...wishes, may_start_ssh: false })
    const { cluster_id } = task.target
    if (cluster_id && plan.needs_maintenance) {
      const safety = await vsphere.checkClusterSafety({
        context: task.context,
        cluster_id,
        host_ids: [task.target.id],
        store: false,
        owner_workflow_id: run.workflow_id,
        policy: policyOf(run.input.details, run.input.details.evacuation),
      })
      plan.blockers.push(...safety.blockers)
      plan.warnings.push(...safety.warnings)
    }
    plans.push(plan)
    return { outcome: 'answered', plan }
  })
  blockMisfits(plans)
  const blockers = plans.flatMap((plan) => plan.blockers)
  return { targets, plan: { would_start: blockers.length === 0, blockers, hosts: plans } }
}

async function updateOne(run: JobRun<HostJobDetails>, task: TaskRun, wishes: Wishes): Promise<TargetAnswer> {
  const { cluster_id } = task.target
  const resources = cluster_id ? [`cluster:${cluster_id}`] : []
  if (resources.length > 0) await run.lease(resources, run.input.details.lease_wait_minutes, 'updates a host', task)
  try {
    const answer = await runChild(run, task, wishes)
    takeOverCounters(task, answer)
    const { task_seq: _seq, step_seq: _step, error, ...facts } = answer
    if (error && answer.outcome !== 'changed') {
      throw failure(error.code as 'StepTimeout', error.message, { ...error.data, ...facts })
    }
    return facts
  } finally {
    await CancellationScope.nonCancellable(() => run.release(resources))
  }
}

async function runChild(run: JobRun<HostJobDetails>, task: TaskRun, wishes: Wishes): Promise<HostUpdateAnswer> {
  const leave = task.round > 1 ? 'always' : (run.input.details.leave_maintenance ?? 'as_found')
  const child = await startHostUpdate(run, task, wishes, { safety: {}, leave, settle: null })
  run.controls.onCancel((mode) => ifOpen(child.signal(cancelSignal, { mode })))
  try {
    return await child.result()
  } catch (thrown) {
    task.passLostCounter()
    throw thrown
  }
}

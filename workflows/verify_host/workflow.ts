import { CancellationScope } from '@temporalio/workflow'
import { jobErrorOf } from '../lib/failure.js'
import { leaveMaintenance } from '../lib/host-maintenance.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { core, devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  exit_maintenance: boolean
  exit_timeout_minutes: number
  expect: { esxi_build?: number; firmware?: { component: string; version: string }[] }
  rebalance_wait_minutes: number
  max_new_alarms: number
  lease_wait_minutes: number
}

const HOSTS_AT_ONCE = 4

/** Checks each host and brings it back from maintenance. A host that is not good stays in maintenance, named. */
export async function verifyHost(input: JobInput<Details>) {
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: HOSTS_AT_ONCE, pausable: true }, (task) => verifyOne(run, task))
    if (!input.dry_run) return { targets }
    const blockers = targets.flatMap((target) => (target.blockers as unknown[] | undefined) ?? [])
    return { targets, plan: { would_start: blockers.length === 0, blockers, targets } }
  })
}

/** A host that would not pass is an answer of a dry run, not its failure. */
async function judgeOne(run: JobRun<Details>, task: TaskRun): Promise<TargetAnswer> {
  const would_leave_maintenance = run.input.details.exit_maintenance
  try {
    return { outcome: 'answered', ...(await check(run, task)), blockers: [], would_leave_maintenance }
  } catch (thrown) {
    const error = jobErrorOf(thrown)
    if (error.code !== 'VerifyFailed') throw thrown
    const blockers = error.data?.blockers ?? [{ code: error.code, message: error.message }]
    return { outcome: 'answered', blockers, would_leave_maintenance: false }
  }
}

async function verifyOne(run: JobRun<Details>, task: TaskRun): Promise<TargetAnswer> {
  const { id: host_id, cluster_id } = task.target
  if (run.input.dry_run) return judgeOne(run, task)
  const resources = [...(cluster_id ? [`cluster:${cluster_id}`] : []), `host:${host_id}`]
  await run.lease(resources, run.input.details.lease_wait_minutes, 'brings a host back', task)
  try {
    return await bringBack(run, task)
  } finally {
    await CancellationScope.nonCancellable(() => run.release(resources))
  }
}

async function check(run: JobRun<Details>, task: TaskRun) {
  const { vsphere } = devices(run.input.site)
  const { expect, max_new_alarms } = run.input.details
  return task.step('verify', 'verify:host', `Checking ${task.target.name}.`, 20, () =>
    vsphere.verifyHost({ context: task.context, host_id: task.target.id, snapshot: null, expect, max_new_alarms }),
  )
}

async function bringBack(run: JobRun<Details>, task: TaskRun): Promise<TargetAnswer> {
  const { vsphere, vsphereWait } = devices(run.input.site)
  const { exit_maintenance, exit_timeout_minutes, rebalance_wait_minutes } = run.input.details
  const { id: host_id, name, cluster_id = null } = task.target
  const host = { host_id, cluster_id, name }
  const before = await vsphere.readHost({ context: task.context, host_id })
  const checked = await checkOrName(run, task, before.in_maintenance === true)
  if (!exit_maintenance) return { outcome: 'answered', host_id, ...checked }
  if (before.in_maintenance === true) await leaveMaintenance(task, host, exit_timeout_minutes)
  const settled = await task.step('settle', 'settle', 'Waiting until VMs and storage have settled.', 95, () =>
    vsphereWait.settleCluster({
      context: task.context,
      host_id,
      rebalance_wait_minutes: cluster_id ? rebalance_wait_minutes : 0,
      resync_wait_minutes: 240,
      since: new Date().toISOString(),
    }),
  )
  const after = await vsphere.readHost({ context: task.context, host_id })
  return {
    outcome: before.in_maintenance === true ? 'changed' : 'unchanged',
    host_id,
    ...checked,
    exited_at: new Date().toISOString(),
    ha_state: after.ha_state,
    vms_now: settled.vms_now,
  }
}

async function checkOrName(run: JobRun<Details>, task: TaskRun, in_maintenance: boolean) {
  try {
    return await check(run, task)
  } catch (thrown) {
    const error = jobErrorOf(thrown)
    if (in_maintenance && error.code !== 'Cancelled') {
      await core.openAttention({
        job_id: run.input.job_id,
        entries: [
          {
            target_kind: 'host',
            target_id: task.target.id,
            target_label: task.target.name,
            state_left: 'in maintenance: it did not pass the check',
            code: error.code,
            message: error.message,
            next_action: `Cure the cause on ${task.target.name}, then run verify_host again.`,
          },
        ],
      })
    }
    throw thrown
  }
}

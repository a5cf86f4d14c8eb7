import { CancellationScope } from '@temporalio/workflow'
import type { EvacuationOptions } from '../../activities/contracts/host.js'
import type { GuardAnswer, PowerAction } from '../../activities/contracts/server.js'
import { failure } from '../lib/failure.js'
import { underGuard } from '../lib/host-guard.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

export interface PowerDetails extends EvacuationOptions {
  action: PowerAction
  force_after_minutes: number
  wait_for: 'state' | 'os' | 'nothing'
  timeout_minutes: number
  evacuate_host: boolean
  allow_running_vms: boolean
  max_unavailable: number
  max_cpu_percent: number
  max_memory_percent: number
  concurrency: number
  lease_wait_minutes: number
}

/** Inrush: many servers are not switched on in the same second. */
const MANY_TO_SWITCH_ON = 10

/** Switches or resets each server and waits until the state is reached. */
export async function powerAction(input: JobInput<PowerDetails>) {
  const spread = input.details.action === 'on' && input.targets.length > MANY_TO_SWITCH_ON
  const limit = spread ? 1 : input.details.concurrency
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit, exclusive: (task) => task.target.cluster_id ?? null }, (task) =>
      powerOne(run, task),
    )
    return { targets, ...(input.dry_run ? { plan: planOf(targets) } : {}) }
  })
}

async function powerOne(run: JobRun<PowerDetails>, task: TaskRun): Promise<TargetAnswer> {
  if (run.input.dry_run) return judgeOne(run, task)
  const resource = `server:${task.target.id}`
  const { lease_wait_minutes, action } = run.input.details
  // The lease comes first: what is judged before a wait for it is old when the turn comes.
  await run.lease([resource], lease_wait_minutes, `power ${action}`, task)
  try {
    const judged = await judge(run, task)
    const before = judged.power_state
    if (judged.decision === 'already') return { outcome: 'unchanged', before, after: before, action_sent: false }
    return await underOwnGuard(run, task, await guardOf(run, task), before)
  } finally {
    await CancellationScope.nonCancellable(() => run.release([resource]))
  }
}

async function judgeOne(run: JobRun<PowerDetails>, task: TaskRun): Promise<TargetAnswer> {
  const judged = await judge(run, task)
  const { action } = run.input.details
  const would_send = judged.decision === 'already' ? null : action
  const guard = would_send === null ? null : await guardOf(run, task)
  return { outcome: 'answered', before: judged.power_state, would_send, guard }
}

async function judge(run: JobRun<PowerDetails>, task: TaskRun) {
  const { redfish } = devices(run.input.site)
  const { action } = run.input.details
  return task.step('precheck', 'judge', `Reading the state of ${task.target.name}.`, 5, () =>
    redfish.judgePower({ context: task.context, server_id: task.target.id, action }),
  )
}

async function guardOf(run: JobRun<PowerDetails>, task: TaskRun): Promise<GuardAnswer> {
  const { action, evacuate_host, allow_running_vms } = run.input.details
  if (action === 'on') return { allowed: 'free', blockers: [], running_vms: [] }
  const { redfish } = devices(run.input.site)
  return redfish.judgeHostGuard({
    context: task.context,
    server_id: task.target.id,
    evacuate_host,
    allow_running_vms,
  })
}

async function underOwnGuard(
  run: JobRun<PowerDetails>,
  task: TaskRun,
  guard: GuardAnswer,
  before: string,
): Promise<TargetAnswer> {
  if (guard.allowed === 'refused') {
    const sentence = guard.blockers.map((blocker) => blocker.message).join(' ')
    throw failure(guard.blockers[0]?.code ?? 'HostNotInMaintenance', sentence, { blockers: guard.blockers })
  }
  const { action } = run.input.details
  const switches_off = action === 'off' || action === 'graceful_shutdown'
  let changed = false
  const body = () => {
    changed = true
    return act(run, task, before, guard)
  }
  return underGuard(run, task, guard, run.input.details, body, () => changed, switches_off)
}

/** A host that this job emptied must be back before it can leave maintenance; one in maintenance is restarted by vCenter. */
async function act(
  run: JobRun<PowerDetails>,
  task: TaskRun,
  before: string,
  guard: GuardAnswer,
): Promise<TargetAnswer> {
  const { host_id } = task.target
  const { action } = run.input.details
  const restarts = action !== 'on' && action !== 'off' && action !== 'graceful_shutdown' && action !== 'nmi'
  const emptied = guard.allowed === 'evacuate' || guard.allowed === 'in_maintenance'
  if (!host_id || !restarts || !emptied) return actOnServer(run, task, before)
  if (action === 'graceful_restart') return restartHost(run, task, before, host_id)
  const { vsphere } = devices(run.input.site)
  const { boot_time } = await vsphere.readHost({ context: task.context, host_id })
  const answer = await actOnServer(run, task, before)
  const returns = guard.allowed === 'evacuate' || run.input.details.wait_for === 'os'
  if (returns) await hostBack(run, task, host_id, boot_time)
  return answer
}

/** Through vCenter, which refuses by itself when the host is not in maintenance. */
async function restartHost(
  run: JobRun<PowerDetails>,
  task: TaskRun,
  before: string,
  host_id: string,
): Promise<TargetAnswer> {
  const { vsphereMutate } = devices(run.input.site)
  const sent = await task.step('reboot', 'power:host', `Restarting the host on ${task.target.name}.`, 40, () =>
    vsphereMutate.rebootHost({ context: task.context, host_id, step: 'power:host' }),
  )
  if (run.input.details.wait_for === 'nothing')
    return { outcome: 'changed', before, after: 'Unknown', action_sent: true }
  await hostBack(run, task, host_id, sent.boot_time_before)
  return { outcome: 'changed', before, after: 'On', action_sent: true }
}

/** The time for a boot is the host's, not the one for a power state. */
const HOST_BACK_MINUTES = 45

async function hostBack(
  run: JobRun<PowerDetails>,
  task: TaskRun,
  host_id: string,
  boot_time_before: string | null,
): Promise<void> {
  const { vsphereWait } = devices(run.input.site)
  await task.step('verify', 'host_back', `Waiting for the host on ${task.target.name}.`, 80, () =>
    vsphereWait.waitHostBack({
      context: task.context,
      host_id,
      boot_time_before,
      limit_minutes: Math.max(HOST_BACK_MINUTES, run.input.details.timeout_minutes),
      since: new Date().toISOString(),
    }),
  )
}

async function actOnServer(run: JobRun<PowerDetails>, task: TaskRun, before: string): Promise<TargetAnswer> {
  const { redfishMutate, redfishWait } = devices(run.input.site)
  const { action, wait_for, timeout_minutes, force_after_minutes } = run.input.details
  const server_id = task.target.id
  const sent = await task.step('reboot', `power:${action}`, `Sending ${action} to ${task.target.name}.`, 40, () =>
    redfishMutate.sendPower({ context: task.context, server_id, action, step: `power:${action}` }),
  )
  if (wait_for === 'nothing') return { outcome: 'changed', before, after: 'Unknown', action_sent: sent.sent }
  const wait = (sought: PowerAction, limit_minutes: number) =>
    redfishWait.waitPower({
      context: task.context,
      server_id,
      action: sought,
      wait_for,
      limit_minutes,
      boot_marker_before: sent.boot_marker_before,
      since: new Date().toISOString(),
    })
  const graceful = action === 'graceful_shutdown' || action === 'graceful_restart'
  const limit = graceful && force_after_minutes > 0 ? force_after_minutes : timeout_minutes
  const after = await task.step('verify', 'wait', `Waiting for ${task.target.name}.`, 60, async () => {
    try {
      return await wait(action, limit)
    } catch (thrown) {
      if (!graceful || force_after_minutes === 0) throw thrown
      const force: PowerAction = action === 'graceful_shutdown' ? 'off' : 'reset'
      await redfishMutate.sendPower({ context: task.context, server_id, action: force, step: `power:force:${force}` })
      return wait(force, timeout_minutes)
    }
  })
  return { outcome: 'changed', before, after: after.power_state, action_sent: sent.sent }
}

function planOf(targets: { guard?: unknown; outcome: string }[]) {
  const blockers = targets.flatMap((target) => (target.guard as GuardAnswer | null | undefined)?.blockers ?? [])
  return { would_start: blockers.length === 0 && targets.every((t) => t.outcome !== 'failed'), blockers, targets }
}

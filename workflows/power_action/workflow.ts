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
  const { redfish } = devices(run.input.site)
  const { action, evacuate_host, allow_running_vms } = run.input.details
  const server_id = task.target.id
  const judged = await task.step('precheck', 'judge', `Reading the state of ${task.target.name}.`, 5, () =>
    redfish.judgePower({ context: task.context, server_id, action }),
  )
  const before = judged.power_state
  if (judged.decision === 'already') return { outcome: 'unchanged', before, after: before, action_sent: false }
  const guard: GuardAnswer =
    action === 'on'
      ? { allowed: 'free', blockers: [], running_vms: [] }
      : await redfish.judgeHostGuard({ context: task.context, server_id, evacuate_host, allow_running_vms })
  if (run.input.dry_run) return { outcome: 'answered', before, would_send: action, guard }
  if (guard.allowed === 'refused') {
    throw failure(guard.blockers[0]?.code ?? 'HostNotInMaintenance', guard.blockers.map((b) => b.message).join(' '), {
      blockers: guard.blockers,
    })
  }
  await run.lease([`server:${server_id}`], run.input.details.lease_wait_minutes, `power ${action}`, task)
  try {
    let changed = false
    const body = () => {
      changed = true
      return act(run, task, before)
    }
    return await underGuard(run, task, guard, run.input.details, body, () => changed)
  } finally {
    await run.release([`server:${server_id}`])
  }
}

async function act(run: JobRun<PowerDetails>, task: TaskRun, before: string): Promise<TargetAnswer> {
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
  const blockers = targets.flatMap((target) => (target.guard as GuardAnswer | undefined)?.blockers ?? [])
  return { would_start: blockers.length === 0 && targets.every((t) => t.outcome !== 'failed'), blockers, targets }
}

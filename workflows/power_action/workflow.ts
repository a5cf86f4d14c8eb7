import type { GuardAnswer, PowerAction } from '../../activities/contracts/server.js'
import type { GuardDetails } from '../lib/host-guard.js'
import type { JobInput } from '../lib/job-input.js'
import type { TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import { hostGuard, type Judged, UNGUARDED, workOnServers } from '../lib/server-work.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

export interface PowerDetails extends GuardDetails {
  action: PowerAction
  force_after_minutes: number
  wait_for: 'state' | 'os' | 'nothing'
  timeout_minutes: number
  concurrency: number
}

/** Inrush: many servers are not switched on in the same second. */
const MANY_TO_SWITCH_ON = 10

interface JudgedPower extends Judged {
  already: boolean
  before: string
  guard: GuardAnswer
}

/** Switches or resets each server and waits until the state is reached. */
export async function powerAction(input: JobInput<PowerDetails>) {
  const { action, concurrency, lease_wait_minutes } = input.details
  const spread = action === 'on' && input.targets.length > MANY_TO_SWITCH_ON
  return withJob(input, (run) =>
    workOnServers<JudgedPower>(run, {
      doing: `power ${action}`,
      concurrency: spread ? 1 : concurrency,
      lease_wait_minutes,
      host_guard: input.details,
      stays_out: action === 'off' || action === 'graceful_shutdown',
      judge: (task) => judge(run, task),
      nothingToDo: ({ already, before }) =>
        already ? { outcome: 'unchanged', before, after: before, action_sent: false } : null,
      show: ({ already, before }) => ({ before, would_send: already ? null : action }),
      act: (task, { before, guard }, progress) => {
        progress.changed = true
        return act(run, task, before, guard)
      },
    }),
  )
}

async function judge(run: JobRun<PowerDetails>, task: TaskRun): Promise<JudgedPower> {
  const { redfish } = devices(run.input.site)
  const { action } = run.input.details
  const judged = await task.step('precheck', 'judge', `Reading the state of ${task.target.name}.`, 5, () =>
    redfish.judgePower({ context: task.context, server_id: task.target.id, action }),
  )
  const already = judged.decision === 'already'
  const guard = already || action === 'on' ? UNGUARDED : await hostGuard(run, task, run.input.details)
  return { already, before: judged.power_state, guard, blockers: [] }
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

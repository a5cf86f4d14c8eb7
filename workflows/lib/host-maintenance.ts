import { CancellationScope } from '@temporalio/workflow'
import type { EvacuationOptions, EvacuationState } from '../../activities/contracts/host.js'
import type { SafetyPolicy, VsanMode } from '../../domain/safety-types.js'
import { failure, jobErrorOf } from './failure.js'
import type { WaitingReason } from './job-input.js'
import { core, devices } from './proxies.js'
import type { TaskRun } from './task-run.js'

export interface SafetyLimits {
  max_unavailable: number
  max_cpu_percent: number
  max_memory_percent: number
}

export interface HostInCluster {
  host_id: string
  cluster_id: string | null
  name: string
  /** Set when it was told to enter maintenance: before that there is nothing to give back. */
  entering?: boolean
}

interface Owner {
  workflow_id: string
}

const now = () => new Date().toISOString()

/** The rule of cluster_safety_check as jobs that take a host out ask it. */
export function policyOf(
  limits: SafetyLimits & { vsan_mode?: VsanMode },
  evacuation: EvacuationOptions['evacuation'],
  extra: Partial<SafetyPolicy> = {},
): SafetyPolicy {
  return {
    max_unavailable: limits.max_unavailable,
    max_cpu_percent: limits.max_cpu_percent,
    max_memory_percent: limits.max_memory_percent,
    require_drs: evacuation === 'drs',
    require_vsan_green: true,
    ignore_ha_admission: false,
    evacuation,
    ...(limits.vsan_mode === undefined ? {} : { vsan_mode: limits.vsan_mode }),
    ...extra,
  }
}

/**
 * Puts a host into maintenance and proves that it is empty: safety check now, enter, watch, prove. When it cannot be
 * emptied the failure names the VMs and causes; giving the host back is the caller's, who knows whether anything changed.
 */
export async function enterAndEmpty(
  owner: Owner,
  task: TaskRun,
  host: HostInCluster,
  options: EvacuationOptions & SafetyLimits,
  extra: Partial<SafetyPolicy> = {},
): Promise<{ began: boolean }> {
  const { vsphere, vsphereMutate, vsphereWait } = devices(task.input.site)
  const { host_id, cluster_id } = host
  if (cluster_id) await requireSafe(owner, task, host, policyOf(options, options.evacuation, extra))
  host.entering = true
  const entered = await task.step('evacuate', 'evacuate', `Putting ${host.name} into maintenance.`, 15, async () => {
    const answer = await vsphereMutate.enterMaintenance({
      context: task.context,
      host_id,
      options: evacuationOf(options),
    })
    await task.wait([waiting('Evacuating', `VMs are leaving ${host.name}.`)])
    const state: EvacuationState = await vsphereWait.watchEvacuation({
      context: task.context,
      host_id,
      options: evacuationOf(options),
      since: now(),
    })
    if (state.state === 'blocked') {
      throw failure(state.code, blockedSentence(host.name, state), {
        blockers: state.blockers,
        vms: state.vm_names ?? [],
      })
    }
    await vsphere.proveEmpty({ context: task.context, host_id })
    return answer
  })
  return { began: entered.began }
}

/** Undoes an entering: used where nothing was changed on the host yet. */
export async function giveBack(task: TaskRun, host: HostInCluster): Promise<void> {
  if (!host.entering) return
  const { vsphereWait } = devices(task.input.site)
  await CancellationScope.nonCancellable(async () => {
    await task.update({ phase: 'cleanup', phase_note: `Giving ${host.name} back.`, waiting_for: [] })
    await vsphereWait.undoMaintenance({ context: task.context, host_id: host.host_id, since: now() })
  })
}

/**
 * The same on the way out of a failure: what cannot be given back is named in attention and never hides why the work
 * failed.
 */
export async function giveBackOrName(task: TaskRun, host: HostInCluster, thrown: unknown): Promise<void> {
  const first = jobErrorOf(thrown)
  try {
    await giveBack(task, host)
  } catch (second) {
    const why = jobErrorOf(second)
    await core.openAttention({
      job_id: task.input.job_id,
      entries: [
        {
          target_kind: 'host',
          target_id: host.host_id,
          target_label: host.name,
          state_left: 'in maintenance, or on its way there',
          code: why.code,
          message: `${first.message} Giving the host back failed: ${why.message}`,
          next_action: `Look at ${host.name}, then run verify_host to bring it back.`,
        },
      ],
    })
  }
}

/** Leaves maintenance and waits until the host serves again. */
export async function leaveMaintenance(task: TaskRun, host: HostInCluster, exit_timeout_minutes = 30): Promise<void> {
  const { vsphereMutate, vsphereWait } = devices(task.input.site)
  await task.step('return', 'return', `Bringing ${host.name} back.`, 90, async () => {
    await vsphereMutate.exitMaintenance({
      context: task.context,
      host_id: host.host_id,
      limit_minutes: exit_timeout_minutes,
      since: now(),
    })
    await vsphereWait.waitHostServing({
      context: task.context,
      host_id: host.host_id,
      limit_minutes: exit_timeout_minutes,
      since: now(),
    })
  })
}

/** Throws `ClusterUnsafe` with the blockers unless the host may leave its cluster now. A host that is out already passes by the same rule. */
export async function requireSafe(
  owner: Owner,
  task: TaskRun,
  host: HostInCluster,
  policy: SafetyPolicy,
): Promise<void> {
  const { vsphere } = devices(task.input.site)
  if (!host.cluster_id) return
  const answer = await vsphere.checkClusterSafety({
    context: task.context,
    cluster_id: host.cluster_id,
    host_ids: [host.host_id],
    policy,
    store: true,
    owner_workflow_id: owner.workflow_id,
  })
  if (!answer.safe) {
    throw failure('ClusterUnsafe', answer.blockers.map((b) => b.message).join(' '), { blockers: answer.blockers })
  }
}

export function waiting(code: string, message: string): WaitingReason {
  return { code, message, since: now() }
}

function evacuationOf(options: EvacuationOptions): EvacuationOptions {
  const { evacuation, maintenance_timeout_minutes, vsan_mode, evacuate_powered_off } = options
  return { evacuation, maintenance_timeout_minutes, vsan_mode, evacuate_powered_off }
}

function blockedSentence(name: string, state: Extract<EvacuationState, { state: 'blocked' }>): string {
  const causes = state.blockers
    .slice(0, 5)
    .map((b) => b.message)
    .join(' ')
  const names = state.vm_names?.slice(0, 5).join(', ')
  const left = `${state.vms_left} VMs are still on it${names ? `, among them ${names}` : ''}`
  return `${name} could not be emptied: ${left}. ${causes || 'vCenter names no cause.'}`
}

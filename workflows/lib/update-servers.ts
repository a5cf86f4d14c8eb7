import { CancellationScope } from '@temporalio/workflow'
import type { EvacuationOptions } from '../../activities/contracts/host.js'
import type { GuardAnswer } from '../../activities/contracts/server.js'
import type { Blocker } from '../../domain/failures.js'
import type { UpdatePlan } from '../../domain/update-plan-types.js'
import { failure } from './failure.js'
import { underGuard } from './host-guard.js'
import type { SafetyLimits } from './host-maintenance.js'
import type { FirmwareWish } from './host-plan.js'
import { perTarget, type TargetAnswer } from './per-target.js'
import { devices } from './proxies.js'
import { applyFirmware, type FirmwareWork } from './steps/apply-firmware.js'
import { backupProfile } from './steps/backup-profile.js'
import type { TaskRun } from './task-run.js'
import type { JobAnswer, JobRun } from './with-job.js'

export interface ServerJobDetails extends EvacuationOptions, SafetyLimits {
  evacuate_host: boolean
  allow_running_vms: boolean
  concurrency: number
  lease_wait_minutes: number
}

/** Updates firmware of servers: plan, gate, host guard, phases, proof. The body of two job types. */
export async function updateServers(run: JobRun<ServerJobDetails>, wish: FirmwareWish): Promise<JobAnswer> {
  const options = {
    limit: run.input.details.concurrency,
    pausable: true,
    exclusive: (task: TaskRun) => task.target.cluster_id ?? null,
  }
  const targets = await perTarget(run, options, (task) => updateServer(run, task, wish))
  if (!run.input.dry_run) return { targets }
  const blockers = targets.flatMap((target) => (target.blockers as unknown[] | undefined) ?? [])
  return {
    targets,
    plan: { would_start: blockers.length === 0 && targets.every((t) => t.outcome !== 'failed'), blockers, targets },
  }
}

/** The lease comes first: a plan made before a wait for it would send what another job has installed meanwhile. */
async function updateServer(run: JobRun<ServerJobDetails>, task: TaskRun, wish: FirmwareWish): Promise<TargetAnswer> {
  if (run.input.dry_run) return judgeServer(run, task, wish)
  const resource = `server:${task.target.id}`
  await run.lease([resource], run.input.details.lease_wait_minutes, 'updates firmware', task)
  try {
    return await updateLeased(run, task, wish)
  } finally {
    await CancellationScope.nonCancellable(() => run.release([resource]))
  }
}

async function judgeServer(run: JobRun<ServerJobDetails>, task: TaskRun, wish: FirmwareWish): Promise<TargetAnswer> {
  const { plan, gate, guard } = await judge(run, task, wish)
  const blockers = [...plan.blockers, ...gate.blockers, ...guard.blockers]
  return { outcome: 'answered', plan, guard, blockers, warnings: [...plan.warnings, ...gate.warnings] }
}

/** Plan, change gate and host guard, read now. */
async function judge(run: JobRun<ServerJobDetails>, task: TaskRun, wish: FirmwareWish) {
  const { redfish } = devices(run.input.site)
  const at = { context: task.context, server_id: task.target.id }
  const plan = await task.step('precheck', 'plan:firmware', `Comparing the firmware of ${task.target.name}.`, 5, () =>
    redfish.planFirmware({ ...at, selection: wish.selection, store: !run.input.dry_run }),
  )
  const since = new Date().toISOString()
  const gate = await redfish.passChangeGate({ ...at, own_device_jobs: [], since, judge_only: true })
  const { evacuate_host, allow_running_vms } = run.input.details
  const needsGuard = plan.needs_maintenance && wish.apply === 'now'
  const guard: GuardAnswer = needsGuard
    ? await redfish.judgeHostGuard({ ...at, evacuate_host, allow_running_vms })
    : { allowed: 'free', blockers: [], running_vms: [] }
  return { plan, gate, guard }
}

const refuse = (blockers: readonly Blocker[]) => {
  const [first] = blockers
  if (first) throw failure(first.code, blockers.map((b) => b.message).join(' '), { blockers })
}

async function updateLeased(run: JobRun<ServerJobDetails>, task: TaskRun, wish: FirmwareWish): Promise<TargetAnswer> {
  const { plan, gate, guard } = await judge(run, task, wish)
  refuse(plan.blockers)
  if (plan.phases.length === 0) return nothingToDo(plan, wish)
  // What the iDRAC refuses is known before a host is emptied for it.
  refuse([...gate.blockers, ...guard.blockers])
  const inHostMaintenance = guard.allowed === 'evacuate' || guard.allowed === 'in_maintenance'
  const { host_id, cluster_id = null, name } = task.target
  const work: FirmwareWork = {
    server_id: task.target.id,
    host: inHostMaintenance && host_id ? { host_id, cluster_id, name } : null,
    selection: wish.selection,
    options: wish,
    changed: false,
    reboots: 0,
    aborted: () => run.controls.cancel === 'abort',
  }
  const kept = wish.scp_backup_first ? await backupProfile(task, task.target.id) : null
  // The verdict falls under the guard: a host whose firmware is not what was wanted does not serve again by itself.
  const body = async () => verdictOf(await applyFirmware(task, work, plan), work)
  const answer = await underGuard(run, task, guard, run.input.details, body, () => work.changed)
  return { ...answer, scp_backup_id: kept?.scp_backup_id ?? null }
}

function nothingToDo(plan: UpdatePlan, wish: FirmwareWish): TargetAnswer {
  const { left_out, not_applicable } = plan
  const misfit = left_out.length === 0 ? not_applicable[0] : undefined
  if (misfit && !wish.selection.skip_not_applicable) throw failure('PackageNotApplicable', misfit.message)
  const outcome = misfit ? 'skipped' : 'unchanged'
  return { outcome, ...(misfit ? { message: misfit.message } : {}), components: [], left_out, not_applicable }
}

function verdictOf(components: Awaited<ReturnType<typeof applyFirmware>>, work: FirmwareWork): TargetAnswer {
  const bad =
    components.find((entry) => entry.outcome === 'failed') ?? components.find((entry) => entry.outcome === 'unknown')
  if (bad) {
    const code = bad.outcome === 'unknown' ? 'OutcomeUnknown' : ((bad.code ?? 'VersionUnchanged') as 'VersionUnchanged')
    throw failure(code, `${bad.component}: ${bad.message ?? 'the wanted version is not there'}`, {
      components,
      reboots: work.reboots,
    })
  }
  const staged = components.some((entry) => entry.outcome === 'staged')
  return { outcome: staged ? 'staged' : 'changed', components, reboots: work.reboots }
}

import type { GuardAnswer } from '../../activities/contracts/server.js'
import type { UpdatePlan } from '../../domain/update-plan-types.js'
import { failure } from './failure.js'
import type { GuardDetails } from './host-guard.js'
import type { FirmwareWish } from './host-plan.js'
import { misfitOf } from './package-fit.js'
import type { TargetAnswer } from './per-target.js'
import { devices } from './proxies.js'
import { changeGate, hostGuard, type Judged, type Progress, refuse, UNGUARDED, workOnServers } from './server-work.js'
import { applyFirmware, type FirmwareWork } from './steps/apply-firmware.js'
import { backupProfile } from './steps/backup-profile.js'
import { fetchPackages } from './steps/fetch-packages.js'
import type { TaskRun } from './task-run.js'
import type { JobAnswer, JobRun } from './with-job.js'

export interface ServerJobDetails extends GuardDetails {
  concurrency: number
}

interface JudgedUpdate extends Judged {
  plan: UpdatePlan
  guard: GuardAnswer
}

/** Updates firmware of servers: plan, gate, host guard, phases, proof. The body of two job types. */
export function updateServers(run: JobRun<ServerJobDetails>, wish: FirmwareWish): Promise<JobAnswer> {
  const { concurrency, lease_wait_minutes } = run.input.details
  return workOnServers<JudgedUpdate>(run, {
    doing: 'updates firmware',
    concurrency,
    lease_wait_minutes,
    pausable: true,
    host_guard: run.input.details,
    judge: (task) => judge(run, task, wish),
    nothingToDo: ({ plan }) => nothingToDo(plan, wish),
    show: ({ plan }) => ({ plan }),
    before: async (task, judged) => {
      judged.plan = await fetchPackages(task, judged.plan, wish.selection)
      const kept = wish.scp_backup_first ? await backupProfile(task, task.target.id) : null
      return { scp_backup_id: kept?.scp_backup_id ?? null }
    },
    act: (task, judged, progress) => update(run, task, wish, judged, progress),
  })
}

/** Plan, change gate and host guard, read now. */
async function judge(run: JobRun<ServerJobDetails>, task: TaskRun, wish: FirmwareWish): Promise<JudgedUpdate> {
  const { redfish } = devices(run.input.site)
  const at = { context: task.context, server_id: task.target.id }
  const plan = await task.step('precheck', 'plan:firmware', `Comparing the firmware of ${task.target.name}.`, 5, () =>
    redfish.planFirmware({ ...at, selection: wish.selection, store: !run.input.dry_run }),
  )
  const gate = await changeGate(run, task)
  const needsGuard = plan.needs_maintenance && wish.apply === 'now'
  const guard = needsGuard ? await hostGuard(run, task, run.input.details) : UNGUARDED
  return { plan, guard, blockers: [...plan.blockers, ...gate.blockers], warnings: [...plan.warnings, ...gate.warnings] }
}

/** The verdict falls under the guard: a host whose firmware is not what was wanted does not serve again by itself. */
async function update(
  run: JobRun<ServerJobDetails>,
  task: TaskRun,
  wish: FirmwareWish,
  { plan, guard }: JudgedUpdate,
  progress: Progress,
): Promise<TargetAnswer> {
  const inHostMaintenance = guard.allowed === 'evacuate' || guard.allowed === 'in_maintenance'
  const { host_id, cluster_id = null, name } = task.target
  // One object, so that what the steps mark as changed is what the guard looks at.
  const work: FirmwareWork = Object.assign(progress, {
    server_id: task.target.id,
    host: inHostMaintenance && host_id ? { host_id, cluster_id, name } : null,
    selection: wish.selection,
    options: wish,
    reboots: 0,
    aborted: () => run.controls.cancel === 'abort',
  })
  const answer = verdictOf(await applyFirmware(task, work, plan), work)
  return { ...answer, ...standingOf(plan, wish, answer.outcome === 'changed') }
}

function nothingToDo(plan: UpdatePlan, wish: FirmwareWish): TargetAnswer | null {
  refuse(plan.blockers)
  if (plan.phases.length > 0) return null
  const { left_out, not_applicable } = plan
  const misfit = misfitOf(plan)
  if (misfit && !wish.selection.skip_not_applicable) throw failure('PackageNotApplicable', misfit)
  const outcome = misfit ? 'skipped' : 'unchanged'
  return {
    outcome,
    ...(misfit ? { message: misfit } : {}),
    components: [],
    left_out,
    not_applicable,
    ...standingOf(plan, wish, true),
  }
}

/**
 * How the server stands afterwards against what it was compared with: every component that was offered is at that version
 * or a newer one. What the offer does not know is named, and says nothing about the rest.
 */
function standingOf(plan: UpdatePlan, wish: FirmwareWish, done: boolean) {
  if (wish.selection.package_ids || wish.selection.component !== undefined) return {}
  const { left_out, not_in_catalog } = plan
  const fine = left_out.every(({ why }) => why === 'unchanged' || why === 'newer_installed')
  return { compliant_after: done && fine, not_in_catalog }
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

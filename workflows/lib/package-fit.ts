import type { UpdatePlan } from '../../domain/update-plan-types.js'
import { failure } from './failure.js'
import type { FirmwareWish } from './host-plan.js'
import type { HostPlan } from './precheck-host.js'
import { devices } from './proxies.js'
import type { TaskRun } from './task-run.js'

/** Why nothing of what was named is for this server; null when something of it is, or is there already. */
export function misfitOf({ phases, left_out, not_applicable }: UpdatePlan): string | null {
  if (phases.length > 0 || left_out.length > 0) return null
  return not_applicable[0]?.message ?? null
}

/**
 * Packages that are for none of the hosts are a wrong choice, not an update with nothing to do: each host gets the blocker.
 * Where they are for some, the others are left as they are.
 */
export function blockMisfits(plans: HostPlan[]): boolean {
  if (plans.length === 0 || plans.some((plan) => plan.misfit === null)) return false
  for (const plan of plans) {
    plan.work = 'update'
    plan.blockers.push({
      code: 'PackageNotApplicable',
      message: `${plan.name}: ${plan.misfit}`,
      target: plan.name,
      remedy: 'Choose packages that are for these servers.',
    })
  }
  return true
}

/**
 * The same rule before the first host of a job is touched. Throws `PackageNotApplicable`; a host that does not answer says
 * nothing about the packages, and is judged when its turn comes.
 */
export async function refuseMisfits(site: string, tasks: TaskRun[], wish: FirmwareWish | null): Promise<void> {
  if (!wish?.selection.package_ids) return
  const { redfish } = devices(site)
  const reasons: string[] = []
  for (const { context, target } of tasks) {
    if (!target.server_id) return
    const at = { context, server_id: target.server_id }
    const plan = await redfish.planFirmware({ ...at, selection: wish.selection, store: false }).catch((): null => null)
    const misfit = plan ? misfitOf(plan) : null
    if (misfit === null) return
    reasons.push(`${target.name}: ${misfit}`)
  }
  throw failure('PackageNotApplicable', `Nothing was touched. ${reasons.join(' ')}`)
}

import type { GuardAnswer } from '../../activities/contracts/server.js'
import type { BiosWritePlan } from '../../domain/bios-write.js'
import type { GuardDetails } from '../lib/host-guard.js'
import type { JobInput } from '../lib/job-input.js'
import { devices } from '../lib/proxies.js'
import { changeGate, hostGuard, type Judged, UNGUARDED, workOnServers } from '../lib/server-work.js'
import { writeBios } from '../lib/steps/write-bios.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details extends GuardDetails {
  attributes?: Record<string, string | number>
  from_configuration_id?: string
  only?: string[]
  apply: 'now' | 'next_reboot'
  override_pending: boolean
  timeout_minutes: number
  force_reboot_after_minutes: number
  concurrency: number
}

interface JudgedWrite extends Judged {
  plan: BiosWritePlan
  guard: GuardAnswer
}

/** Writes BIOS attributes of each server, reboots it once for them, and compares every one of them afterwards. */
export async function biosConfigWrite(input: JobInput<Details>) {
  const { concurrency, lease_wait_minutes, apply, timeout_minutes, force_reboot_after_minutes } = input.details
  return withJob(input, (run) =>
    workOnServers<JudgedWrite>(run, {
      doing: 'writes BIOS settings',
      concurrency,
      lease_wait_minutes,
      host_guard: input.details,
      judge: (task) => judge(run, task),
      nothingToDo: ({ plan }) =>
        plan.changes.length > 0 || plan.blockers.length > 0
          ? null
          : { outcome: 'unchanged', changed: [], not_applied: [], rebooted: false },
      show: ({ plan }) => ({
        changes: plan.changes,
        discards: plan.discards,
        reboots: apply === 'now' && plan.changes.length > 0 ? 1 : 0,
      }),
      act: (task, { plan, guard }, progress) =>
        writeBios(run, task, {
          plan,
          guard,
          progress,
          apply,
          timeout_minutes,
          force_reboot_after_minutes,
        }),
    }),
  )
}

/** Plan, change gate and host guard, read now. A machine that needs no change is not asked whether it may be changed. */
async function judge(run: JobRun<Details>, task: TaskRun): Promise<JudgedWrite> {
  const { redfish } = devices(run.input.site)
  const { attributes, from_configuration_id, only, override_pending, apply } = run.input.details
  const order = {
    attributes: attributes ?? null,
    from_configuration_id: from_configuration_id ?? null,
    only: only ?? null,
    override_pending,
  }
  const plan = await task.step('precheck', 'plan:bios', `Comparing the BIOS settings of ${task.target.name}.`, 5, () =>
    redfish.planBios({ context: task.context, server_id: task.target.id, order }),
  )
  if (plan.changes.length === 0 || plan.blockers.length > 0) return { plan, guard: UNGUARDED, blockers: plan.blockers }
  const gate = await changeGate(run, task, gateOf(plan))
  const guard = apply === 'now' ? await hostGuard(run, task, run.input.details) : UNGUARDED
  return { plan, guard, blockers: gate.blockers, warnings: gate.warnings }
}

/** What waits on the machine was judged with the plan: its job is ours to take over or to throw away. */
const gateOf = ({ device_job_id, discards }: BiosWritePlan) => ({
  own_device_jobs: [...(device_job_id ? [device_job_id] : []), ...(discards?.device_job_ids ?? [])],
  pending_judged: true,
})

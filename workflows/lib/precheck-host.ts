import type { PrecheckedHost } from '../../activities/contracts/cluster.js'
import type { EsxiSelection, PreflightAnswer } from '../../activities/contracts/esxi.js'
import { minutesOf } from '../../domain/estimates.js'
import type { Blocker } from '../../domain/failures.js'
import type { UpdatePlan } from '../../domain/update-plan-types.js'
import type { Part } from '../host_update/workflow.js'
import { jobErrorOf } from './failure.js'
import type { EsxiWish, FirmwareWish } from './host-plan.js'
import { misfitOf } from './package-fit.js'
import { devices } from './proxies.js'
import type { TaskRun } from './task-run.js'

export interface HostPlan extends PrecheckedHost {
  steps: { kind: string; name: string; from: string | null; to: string | null; reboots: boolean }[]
  warnings: Blocker[]
  reboots: number
  no_way_back: string[]
  /** Why none of the packages named is for this host's server; null when one is, or none was named. */
  misfit: string | null
}

interface Wishes {
  parts: Part[]
  esxi: EsxiWish | null
  firmware: FirmwareWish | null
  /** A dry run starts no service: without SSH the host's own part is "not checked". */
  may_start_ssh: boolean
}

/**
 * What would be done to one host, and what stands in the way of it alone. A thing that cannot be asked is a blocker,
 * never a guess. What concerns the iDRAC is looked at only where firmware is wanted.
 */
export async function precheckHost(task: TaskRun, wishes: Wishes): Promise<HostPlan> {
  const plan: HostPlan = {
    id: task.target.id,
    name: task.target.name,
    work: 'none',
    needs_maintenance: false,
    blockers: [],
    estimate_minutes: 0,
    steps: [],
    warnings: [],
    reboots: 0,
    no_way_back: [],
    misfit: null,
  }
  for (const part of wishes.parts) {
    if (part === 'esxi' && wishes.esxi) await collect(plan, () => addEsxi(task, wishes, plan))
    if (part === 'firmware' && wishes.firmware) await collect(plan, () => addFirmware(task, wishes, plan))
  }
  return plan
}

async function collect(plan: HostPlan, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (thrown) {
    const error = jobErrorOf(thrown)
    plan.work = 'update'
    plan.blockers.push({
      code: error.code as Blocker['code'],
      message: `${plan.name}: ${error.message}`,
      target: plan.name,
      remedy: error.hint ?? 'Cure the cause and start again.',
      ...(error.data ? { data: error.data } : {}),
    })
  }
}

async function addEsxi(task: TaskRun, wishes: Wishes, plan: HostPlan): Promise<void> {
  const answer = await askHost(task, wishes)
  if (answer.verdict === 'already_current') return
  plan.work = 'update'
  plan.needs_maintenance = true
  plan.blockers.push(...answer.blockers)
  plan.warnings.push(...answer.warnings)
  if (answer.target.build === null && !wishes.may_start_ssh) plan.warnings.push(NOT_ASKED)
  plan.reboots += 1
  plan.estimate_minutes += answer.estimate_minutes
  if (answer.no_way_back) plan.no_way_back.push('ESXi: another major version overwrites both boot banks')
  // A host without SSH cannot be asked what its depot holds: then what was ordered is named.
  const { profile_name, target_build } = firstSelection(wishes)
  plan.steps.push({
    kind: 'esxi',
    name: answer.target.profile ?? profile_name ?? 'ESXi',
    from: text(answer.current.build),
    to: text(answer.target.build ?? target_build),
    reboots: true,
  })
}

/** A dry run starts no service, so a host with SSH off cannot look into its depot. */
const NOT_ASKED: Blocker = {
  code: 'SshUnavailable',
  message: 'While SSH is off the depot cannot be compared with the host, which may have its build already.',
  remedy: 'The job leaves such a host alone; esxi_preflight tells beforehand.',
}

/** The image that a host goes to first. */
function firstSelection({ esxi }: Wishes): EsxiSelection {
  return esxi!.stepping_stones[0] ?? esxi!.selection
}

async function askHost(task: TaskRun, wishes: Wishes): Promise<PreflightAnswer> {
  const { ssh, vsphere, vsphereMutate } = devices(task.input.site)
  const at = { context: task.context, host_id: task.target.id }
  const selection = firstSelection(wishes)
  const ask = (ssh_available: boolean) =>
    ssh.preflightHost({ ...at, selection, ssh_available, run_dry_run: ssh_available, store: wishes.may_start_ssh })
  if (!wishes.may_start_ssh) return ask((await vsphere.readHost(at)).ssh_running === true)
  // Inside, because a start whose answer was lost is to be given back too.
  try {
    await vsphereMutate.borrowSsh(at)
    return await ask(true)
  } finally {
    await vsphereMutate.returnSsh(at)
  }
}

async function addFirmware(task: TaskRun, wishes: Wishes, plan: HostPlan): Promise<void> {
  const wish = wishes.firmware as FirmwareWish
  const { redfish } = devices(task.input.site)
  const { server_id } = task.target
  if (!server_id) {
    plan.work = 'update'
    plan.blockers.push({
      code: 'HostNotLinked',
      message: `${plan.name} is linked to no server, so its firmware cannot be updated.`,
      target: plan.name,
      remedy: 'Run discovery_scan and vcenter_sync, or link by hand.',
    })
    return
  }
  const gate = await redfish.passChangeGate({
    context: task.context,
    server_id,
    own_device_jobs: [],
    since: new Date().toISOString(),
    judge_only: true,
  })
  const updates: UpdatePlan = await redfish.planFirmware({
    context: task.context,
    server_id,
    selection: wish.selection,
    // A dry run stores no inventory.
    store: wishes.may_start_ssh,
  })
  plan.misfit = misfitOf(updates)
  if (updates.phases.length === 0 && updates.blockers.length === 0) {
    plan.warnings.push(...updates.warnings)
    return
  }
  plan.work = 'update'
  plan.blockers.push(...gate.blockers, ...updates.blockers)
  plan.warnings.push(...gate.warnings, ...updates.warnings)
  plan.needs_maintenance ||= updates.needs_maintenance
  plan.reboots += updates.reboots
  plan.estimate_minutes += updates.estimate_minutes + (wish.scp_backup_first ? minutesOf('backup') : 0)
  for (const phase of updates.phases) {
    for (const update of phase.updates) {
      if (!update.reversible) plan.no_way_back.push(update.name)
      plan.steps.push({
        kind: `firmware:${update.component}`,
        name: update.name,
        from: update.from[0] ?? null,
        to: update.to,
        reboots: phase.reboot,
      })
    }
  }
}

const text = (value: number | null) => (value === null ? null : String(value))

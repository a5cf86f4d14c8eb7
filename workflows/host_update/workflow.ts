import { CancellationScope, patched } from '@temporalio/workflow'
import type { EsxiSelection, PreflightAnswer } from '../../activities/contracts/esxi.js'
import type { ComponentVerdict, FirmwareSelection } from '../../activities/contracts/firmware.js'
import type { EvacuationOptions, HostNow, HostSnapshot } from '../../activities/contracts/host.js'
import type { SafetyPolicy } from '../../domain/safety-types.js'
import type { UpdatePlan } from '../../domain/update-plan-types.js'
import { CancelRequested, Controls } from '../lib/controls.js'
import { failure, jobErrorOf } from '../lib/failure.js'
import {
  enterAndEmpty,
  giveBack,
  type HostInCluster,
  leaveMaintenance,
  type SafetyLimits,
} from '../lib/host-maintenance.js'
import type { JobError, JobInput, Outcome, Target } from '../lib/job-input.js'
import { core, devices, leases } from '../lib/proxies.js'
import { applyFirmware, type FirmwareOptions, type FirmwareWork } from '../lib/steps/apply-firmware.js'
import { backupProfile } from '../lib/steps/backup-profile.js'
import { fetchPackages } from '../lib/steps/fetch-packages.js'
import { placeDepot } from '../lib/steps/place-depot.js'
import {
  type EsxiAnswer,
  type EsxiOptions,
  type EsxiWork,
  preflight,
  requireReady,
  upgradeEsxi,
} from '../lib/steps/upgrade-esxi.js'
import { TaskRun } from '../lib/task-run.js'

export type Part = 'esxi' | 'firmware'

/** What one host needs, decided before it begins; the facts are read again when it does. */
export interface HostUpdateInput {
  job: Pick<JobInput, 'job_id' | 'job_type' | 'site' | 'device_time_scale' | 'credential_set_ids'>
  owner_workflow_id: string
  host: Target
  task_id: string | null
  task_seq: number
  step_seq: number
  round: number
  tokens: Record<string, number>
  parts: Part[]
  esxi: (EsxiOptions & { selection: EsxiSelection; stepping_stones: EsxiSelection[] }) | null
  firmware: (FirmwareOptions & { selection: FirmwareSelection }) | null
  evacuation: EvacuationOptions & SafetyLimits
  safety: Partial<SafetyPolicy>
  /** Leave maintenance at the end: `as_found` only if this work entered it. */
  leave: 'as_found' | 'always' | 'never'
  verify_between: boolean
  settle: { rebalance_wait_minutes: number; resync_wait_minutes: number; max_new_alarms: number } | null
  lease_wait_minutes: number
}

export interface HostUpdateAnswer {
  outcome: Outcome
  error: JobError | null
  /** Whether the host is out of service at the end, and whether this work put it there. */
  left_in_maintenance: boolean
  state_left: string | null
  esxi: EsxiAnswer | null
  firmware: ComponentVerdict[]
  /** The configuration profile kept before the first change; null where none was asked for. */
  scp_backup_id: string | null
  parts_not_started: Part[]
  reboots: number
  minutes_out: number
  warnings: string[]
  task_seq: number
  step_seq: number
}

/** One host, alone: what is wanted, emptied, changed, proved, brought back. Its own history and cancel. */
export async function hostUpdate(input: HostUpdateInput): Promise<HostUpdateAnswer> {
  const host = new HostUpdate(input)
  return host.controls.heeding(() => host.run())
}

class HostUpdate {
  readonly controls = new Controls().register()
  readonly task: TaskRun
  readonly host: HostInCluster
  readonly answer: HostUpdateAnswer
  #began = false
  #foundInMaintenance = false
  #changed = false
  /** One part is done, the next has not begun: the host is in a stable state and may serve. */
  #between = false
  #borrowedSsh = false
  #leftAt: number | null = null
  #snapshot: HostSnapshot | null = null

  constructor(readonly input: HostUpdateInput) {
    this.task = new TaskRun(input.job, input.task_id, input.host, input.task_seq)
    this.task.startStepsAt(input.step_seq)
    this.task.round = input.round
    Object.assign(this.task.tokens, input.tokens)
    this.host = { host_id: input.host.id, cluster_id: input.host.cluster_id ?? null, name: input.host.name }
    this.answer = {
      outcome: 'unchanged',
      error: null,
      left_in_maintenance: false,
      state_left: null,
      esxi: null,
      firmware: [],
      scp_backup_id: null,
      parts_not_started: [...input.parts],
      reboots: 0,
      minutes_out: 0,
      warnings: [],
      task_seq: 0,
      step_seq: 0,
    }
  }

  async run(): Promise<HostUpdateAnswer> {
    const resources = [
      `host:${this.host.host_id}`,
      ...(this.input.host.server_id ? [`server:${this.input.host.server_id}`] : []),
    ].sort()
    try {
      const { tokens } = await leases.acquireLeases({
        job_id: this.input.job.job_id,
        owner_workflow_id: this.input.owner_workflow_id,
        resources,
        task_id: this.input.task_id,
        wait_ms: this.input.lease_wait_minutes * 60_000,
        asked_at: new Date().toISOString(),
        reason: `updates ${this.host.name}`,
      })
      Object.assign(this.task.tokens, tokens)
      await this.#work()
    } catch (thrown) {
      await CancellationScope.nonCancellable(() => this.#fail(thrown))
    }
    await CancellationScope.nonCancellable(() => this.#leaveTidy(resources))
    return { ...this.answer, task_seq: this.task.seq, step_seq: this.task.stepSeq }
  }

  async #work(): Promise<void> {
    const { vsphere } = devices(this.input.job.site)
    const context = this.task.context
    const before = await this.task.step('precheck', 'facts', `Reading ${this.host.name}.`, 3, async () => {
      const seen = await vsphere.readHost({ context, host_id: this.host.host_id })
      this.#snapshot = await vsphere.snapshotHost({ context, host_id: this.host.host_id })
      return seen
    })
    this.#foundInMaintenance = before.in_maintenance === true
    const ready = await this.#precheckEsxi()
    const plan = await this.#precheckFirmware()
    const needed = this.input.parts.filter((part) =>
      part === 'esxi' ? ready !== null : plan !== null && plan.phases.length > 0,
    )
    if (needed.length === 0) return this.#alreadyThere()
    this.#stopIfAborted()
    if (needed.includes('firmware')) await this.#backup()
    this.#stopIfAborted()
    if (needsOutage(needed, plan)) await this.#enter()
    for (const part of needed) {
      this.#stopIfAborted()
      const fresh = part === 'esxi' ? await this.#lookAgain(ready) : null
      this.#between = false
      this.answer.parts_not_started = this.answer.parts_not_started.filter((name) => name !== part)
      if (fresh) await this.#esxi(before, fresh)
      if (part === 'firmware' && plan) await this.#firmware(plan)
      this.#between = true
    }
    this.answer.outcome = 'changed'
    this.answer.parts_not_started = []
    await this.#return()
  }

  async #alreadyThere(): Promise<void> {
    this.answer.outcome = 'unchanged'
    this.answer.parts_not_started = []
    if (this.#foundInMaintenance && this.input.leave === 'always') await this.#return()
  }

  /** Null when the host runs the wanted build already. */
  async #precheckEsxi(): Promise<PreflightAnswer | null> {
    if (!this.input.parts.includes('esxi') || !this.input.esxi) return null
    this.#borrowedSsh = true
    const first = this.input.esxi.stepping_stones[0] ?? this.input.esxi.selection
    const answer = await preflight(this.task, await this.#esxiWork(first), true)
    if (answer.verdict === 'already_current') return null
    requireReady(this.host.name, answer)
    return answer
  }

  /** After the firmware drivers and devices may look different, and its reboot has stopped SSH. */
  async #lookAgain(ready: PreflightAnswer | null): Promise<PreflightAnswer | null> {
    return this.#between && patched('preflight after firmware') ? this.#precheckEsxi() : ready
  }

  async #precheckFirmware(): Promise<UpdatePlan | null> {
    const { server_id } = this.input.host
    if (!this.input.parts.includes('firmware') || !this.input.firmware) return null
    if (!server_id) throw failure('HostNotLinked', `${this.host.name} is linked to no server.`)
    const { redfish } = devices(this.input.job.site)
    const { selection } = this.input.firmware
    const note = `Comparing the firmware of ${this.host.name}.`
    const plan = await this.task.step('precheck', 'plan:firmware', note, 10, async () => {
      const made = await redfish.planFirmware({
        context: this.task.context,
        server_id,
        selection,
        store: true,
      })
      const first = made.blockers[0]
      if (first) throw failure(first.code, made.blockers.map((b) => b.message).join(' '), { blockers: made.blockers })
      return made
    })
    this.answer.warnings.push(...misfits(plan))
    return fetchPackages(this.task, plan, selection)
  }

  /** Before the host is emptied: a backup that the device refuses ends the work with nothing changed. */
  async #backup(): Promise<void> {
    const { server_id } = this.input.host
    if (!server_id || !this.input.firmware?.scp_backup_first) return
    this.answer.scp_backup_id = (await backupProfile(this.task, server_id)).scp_backup_id
  }

  async #enter(): Promise<void> {
    if (this.#foundInMaintenance) {
      const { vsphere } = devices(this.input.job.site)
      await vsphere.proveEmpty({ context: this.task.context, host_id: this.host.host_id })
      return
    }
    this.#leftAt = Date.now()
    // From here on the host may be ours to give back, whatever becomes of the answer.
    this.#began = true
    const entering = new CancellationScope()
    this.controls.onCancel((mode) => mode === 'abort' && entering.cancel())
    const owner = { workflow_id: this.input.owner_workflow_id }
    const entered = await entering.run(() =>
      enterAndEmpty(owner, this.task, this.host, this.input.evacuation, this.input.safety),
    )
    this.#began = entered.began
    // Somebody else put it there since it was read: it stays there, and its reboots go through vCenter.
    this.#foundInMaintenance = !entered.began
  }

  async #esxi(before: HostNow, ready: PreflightAnswer): Promise<void> {
    const rounds = [...this.input.esxi!.stepping_stones, this.input.esxi!.selection]
    let answer = ready
    let now = before
    for (const [index, selection] of rounds.entries()) {
      const work = await this.#esxiWork(selection)
      work.reboots = this.answer.reboots
      if (index > 0) {
        answer = await preflight(this.task, work, true)
        if (answer.verdict === 'already_current') continue
        requireReady(this.host.name, answer)
      }
      try {
        const done = await upgradeEsxi(this.task, work, now, answer)
        this.answer.esxi = { ...done, from: this.answer.esxi?.from ?? done.from }
      } finally {
        this.#changed ||= work.changed
        this.answer.reboots = work.reboots
      }
      now = await devices(this.input.job.site).vsphere.readHost({
        context: this.task.context,
        host_id: this.host.host_id,
      })
    }
  }

  async #firmware(plan: UpdatePlan): Promise<void> {
    const { redfish } = devices(this.input.job.site)
    const inMaintenance = this.#began || this.#foundInMaintenance
    const work: FirmwareWork = {
      server_id: this.input.host.server_id as string,
      host: inMaintenance ? this.host : null,
      selection: this.input.firmware!.selection,
      options: this.input.firmware!,
      changed: false,
      reboots: 0,
      aborted: () => this.controls.cancel === 'abort',
    }
    const fresh =
      this.input.parts[0] === 'firmware'
        ? plan
        : await redfish.planFirmware({
            context: this.task.context,
            server_id: work.server_id,
            selection: work.selection,
            store: true,
          })
    try {
      const whole = await fetchPackages(this.task, fresh, work.selection)
      this.answer.firmware = await applyFirmware(this.task, work, whole)
    } finally {
      this.#changed ||= work.changed
      this.answer.reboots += work.reboots
    }
    const bad = this.answer.firmware.find((verdict) => verdict.outcome === 'failed' || verdict.outcome === 'unknown')
    if (bad)
      throw failure(
        bad.outcome === 'unknown' ? 'OutcomeUnknown' : 'VersionUnchanged',
        `${bad.component}: ${bad.message ?? 'the wanted version is not there'}`,
      )
  }

  /** Rows g to i: prove, leave maintenance, let the cluster settle. */
  async #return(): Promise<void> {
    const { vsphere, vsphereWait } = devices(this.input.job.site)
    const inMaintenance = this.#began || this.#foundInMaintenance
    const build = this.answer.esxi?.to.build
    const verified = await this.task.step('verify', 'verify:host', `Checking ${this.host.name}.`, 82, () =>
      vsphere.verifyHost({
        context: this.task.context,
        host_id: this.host.host_id,
        snapshot: this.#snapshot,
        expect: build ? { esxi_build: build } : {},
        max_new_alarms: this.input.settle?.max_new_alarms ?? 0,
      }),
    )
    this.answer.warnings.push(...verified.warnings.map((warning) => warning.message))
    const leaves = this.input.leave === 'always' || (this.input.leave === 'as_found' && this.#began)
    if (inMaintenance && leaves) {
      await leaveMaintenance(this.task, this.host)
      this.#markBack()
      await this.#settle(vsphereWait)
    } else if (inMaintenance) {
      this.answer.left_in_maintenance = true
      this.answer.state_left = 'in maintenance, as it was found or as was asked'
    }
  }

  async #settle(vsphereWait: ReturnType<typeof devices>['vsphereWait']): Promise<void> {
    const { settle } = this.input
    if (!settle || !this.host.cluster_id) return
    await this.task.step('settle', 'settle', 'Waiting until VMs and storage have settled.', 95, () =>
      vsphereWait.settleCluster({
        context: this.task.context,
        host_id: this.host.host_id,
        rebalance_wait_minutes: settle.rebalance_wait_minutes,
        resync_wait_minutes: settle.resync_wait_minutes,
        since: new Date().toISOString(),
      }),
    )
  }

  #markBack(): void {
    if (this.#leftAt !== null) this.answer.minutes_out = Math.round((Date.now() - this.#leftAt) / 60_000)
    this.#leftAt = null
    this.#began = false
  }

  #stopIfAborted(): void {
    if (this.controls.cancel === 'abort') throw new CancelRequested('abort')
  }

  /** Nothing changed yet: the host is given back. Something changed: it stays in maintenance, named in attention. */
  async #fail(thrown: unknown): Promise<void> {
    const error = jobErrorOf(thrown)
    const cancelled = error.code === 'Cancelled'
    this.answer.error = error
    this.answer.outcome =
      error.code === 'OutcomeUnknown' ? 'unknown' : cancelled && !this.#changed ? 'not_started' : 'failed'
    await this.task.update({ log: `${error.code}: ${error.message}` })
    if (!this.#changed) {
      if (this.#began) await this.#tryGiveBack(error)
      return
    }
    if ((cancelled || this.#between) && this.answer.parts_not_started.length > 0) {
      const rest = this.answer.parts_not_started.join(', ')
      if (!cancelled) this.answer.error = { ...error, message: `${error.message} Not started: ${rest}.` }
      await this.#stopBetweenParts()
      if (cancelled && !this.answer.left_in_maintenance) this.answer.outcome = 'changed'
      return
    }
    if (this.#began || this.#foundInMaintenance) await this.#leaveInMaintenance(error)
  }

  /** A stop between the two parts is safe: the host is proved and given back. */
  async #stopBetweenParts(): Promise<void> {
    try {
      await this.#return()
    } catch (thrown) {
      await this.#leaveInMaintenance(jobErrorOf(thrown))
    }
  }

  async #tryGiveBack(error: JobError): Promise<void> {
    try {
      await giveBack(this.task, this.host)
      this.#markBack()
    } catch (thrown) {
      const why = jobErrorOf(thrown)
      await this.#leaveInMaintenance({
        ...error,
        message: `${error.message} Giving the host back failed: ${why.message}`,
      })
    }
  }

  async #leaveInMaintenance(error: JobError): Promise<void> {
    this.answer.left_in_maintenance = true
    this.answer.state_left = this.answer.esxi ? 'in maintenance, ESXi upgraded' : 'in maintenance, changed in part'
    const { job_id } = this.input.job
    // Held on purpose and named here: not a setting that was forgotten.
    if (this.#began) await core.handOverMaintenance({ job_id, host_id: this.host.host_id })
    await core.openAttention({
      job_id,
      entries: [
        {
          target_kind: 'host',
          target_id: this.host.host_id,
          target_label: this.host.name,
          state_left: this.answer.state_left,
          code: error.code,
          message: error.message,
          next_action: `Look at ${this.host.name}, cure the cause, then run verify_host to bring it back.`,
        },
      ],
    })
  }

  async #leaveTidy(resources: string[]): Promise<void> {
    if (this.#borrowedSsh) await this.#returnSsh()
    await leases.releaseLeases({
      job_id: this.input.job.job_id,
      owner_workflow_id: this.input.owner_workflow_id,
      resources,
    })
  }

  async #returnSsh(): Promise<void> {
    const { vsphereMutate } = devices(this.input.job.site)
    try {
      await vsphereMutate.returnSsh({ context: this.task.context, host_id: this.host.host_id })
    } catch (thrown) {
      const error = jobErrorOf(thrown)
      await core.openAttention({
        job_id: this.input.job.job_id,
        entries: [
          {
            target_kind: 'host',
            target_id: this.host.host_id,
            target_label: this.host.name,
            state_left: 'SSH service still on',
            code: error.code,
            message: error.message,
            next_action: `Stop the SSH service of ${this.host.name}.`,
          },
        ],
      })
    }
  }

  /** With the depot where the host can read it; a copy that is there already is only looked at. */
  async #esxiWork(wanted: EsxiSelection): Promise<EsxiWork> {
    const selection = await placeDepot(this.task, this.host, wanted)
    return { host: this.host, selection, options: this.input.esxi!, changed: false, reboots: 0 }
  }
}

/** Packages that are for other hosts of the job: left out here, and said. */
function misfits(plan: UpdatePlan): string[] {
  return plan.warnings.filter(({ code }) => code === 'PackageNotApplicable').map(({ message }) => message)
}

/** A host whose plan holds only components that need no reboot stays in service. */
function needsOutage(needed: Part[], plan: UpdatePlan | null): boolean {
  return needed.includes('esxi') || (plan?.needs_maintenance ?? false)
}

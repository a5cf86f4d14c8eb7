import {
  CancellationScope,
  type ChildWorkflowHandle,
  condition,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow'
import type { ClusterBrief } from '../../activities/contracts/cluster.js'
import type { EvacuationOptions } from '../../activities/contracts/host.js'
import { hostWorkflowId } from '../../domain/ids.js'
import type {
  RollingDecision,
  RollingHostState,
  RollingPolicy,
  RollingProgress,
  RollingStart,
} from '../../domain/rolling-types.js'
import { scaledPause } from '../../domain/time-scale.js'
import type { HostUpdateAnswer, HostUpdateInput, hostUpdate, Part } from '../host_update/workflow.js'
import { failure, jobErrorOf } from '../lib/failure.js'
import { policyOf, type SafetyLimits, waiting } from '../lib/host-maintenance.js'
import {
  type EsxiDetails,
  type EsxiWish,
  esxiWish,
  type FirmwareDetails,
  type FirmwareWish,
  firmwareWish,
  partsOf,
} from '../lib/host-plan.js'
import type { TargetResult } from '../lib/job-input.js'
import { type HostPlan, precheckHost } from '../lib/precheck-host.js'
import { core, devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import type { JobAnswer, JobRun } from '../lib/with-job.js'
import { cancelSignal } from '../signals.js'

export interface RollingDetails extends EvacuationOptions, SafetyLimits {
  order?: string
  esxi?: EsxiDetails
  firmware?: FirmwareDetails
  clusters_in_parallel: number
  on_failure: 'stop' | 'continue' | 'pause'
  failed_hosts_tolerance: number
  attention_timeout_hours: number
  host_order?: string[]
  canary_hosts: number
  canary_soak_minutes: number
  soak_minutes: number
  pause_after_canary: boolean
  precheck: 'all_hosts' | 'per_host'
  on_blocked: 'wait' | 'skip' | 'fail'
  blocked_timeout_minutes: number
  hosts_found_in_maintenance: 'keep' | 'return' | 'skip'
  health_gate: {
    rebalance_wait_minutes: number
    resync_wait_minutes: number
    max_new_alarms: number
    require_green: boolean
  }
  dpm: 'suspend' | 'leave'
  ha_admission: 'respect' | 'suspend'
  reboot_timeout_minutes: number
  lease_wait_minutes: number
}

const LOOK_AGAIN_MS = 120_000
const PRECHECKS_AT_ONCE = 4
/** Nothing was changed and the host serves on: the cluster or its VMs stood in the way, not the host. */
const BLOCKED_CODES = ['ClusterUnsafe', 'EvacuationBlocked', 'EvacuationTimeout', 'HostNotEvacuated']

interface HostEnd {
  result: TargetResult
}

/** One cluster of a rolling update: the loop over its hosts, decided anew from fresh facts each time. */
export class RollingCluster {
  readonly #plans = new Map<string, HostPlan>()
  readonly #states = new Map<string, RollingHostState>()
  readonly #ends = new Map<string, HostEnd>()
  readonly #children = new Map<string, ChildWorkflowHandle<typeof hostUpdate>>()
  readonly #blockedSince = new Map<string, number>()
  readonly #rounds = new Map<string, number>()
  readonly #stepSeq = new Map<string, number>()
  #retryQueue: string[] = []
  #accepted: string[] = []
  #canariesReleased = false
  #ended = 0
  #maxOut = 0
  #planVersion = 0
  #esxi: EsxiWish | null = null
  #firmware: FirmwareWish | null = null
  #borrowed = false
  readonly #parts: Part[]

  constructor(
    readonly run: JobRun<RollingDetails>,
    readonly cluster_id: string,
  ) {
    this.#parts = partsOf(run.input.details)
    run.controls.onCancel((mode) => {
      if (mode === 'abort') for (const child of this.#children.values()) void child.signal(cancelSignal, { mode })
    })
  }

  get #details(): RollingDetails {
    return this.run.input.details
  }
  get #devices() {
    return devices(this.run.input.site)
  }
  get #context() {
    const first = this.run.tasks[0] as TaskRun
    return { ...first.context, task_id: null, target_id: this.cluster_id }
  }

  async roll(): Promise<JobAnswer> {
    const { input } = this.run
    if (!input.dry_run) {
      await this.run.project({ phase: 'queued', phase_note: 'Waiting for the lease of the cluster.' })
      await this.run.lease(
        [`cluster:${this.cluster_id}`],
        this.#details.lease_wait_minutes,
        'rolls through the cluster',
      )
    }
    await this.run.project({ phase: 'precheck', phase_note: 'Checking every host before the first is touched.' })
    if (this.#details.esxi) this.#esxi = await esxiWish(this.#details.esxi, this.#details.reboot_timeout_minutes)
    if (this.#details.firmware)
      this.#firmware = firmwareWish(this.#details.firmware, this.#details.reboot_timeout_minutes)
    await this.#precheckAll()
    const { preview, cluster } = await this.#devices.vsphere.previewRolling({
      context: this.#context,
      cluster_id: this.cluster_id,
      owner_workflow_id: this.run.workflow_id,
      hosts: [...this.#plans.values()],
      policy: this.#policy(),
    })
    const plan = {
      ...preview,
      cluster,
      hosts: preview.hosts.map((host) => ({ ...host, ...this.#planFacts(host.host_id) })),
    }
    if (input.dry_run) return { targets: this.run.tasks.map((task) => this.#answered(task)), plan }
    this.#planVersion += 1
    await this.run.project({ plan })
    if (this.#details.precheck === 'all_hosts' && !preview.would_start) this.#refuse(preview.blockers, plan)
    try {
      await this.#borrow(cluster)
      await this.#loop()
    } finally {
      await CancellationScope.nonCancellable(() => this.#giveBack())
    }
    const targets = this.run.tasks.map((task) => this.#resultOf(task))
    return {
      targets,
      plan,
      clusters: [{ cluster: cluster.name, max_out_seen: this.#maxOut }],
      plan_versions: this.#planVersion,
    }
  }

  #refuse(blockers: { code: string; message: string }[], plan: unknown): never {
    const first = blockers[0]
    const ofCluster = [
      'UnavailableLimit',
      'LastHost',
      'CpuCapacity',
      'MemoryCapacity',
      'HaFailover',
      'EvacuationBlocked',
      'AffinityRule',
      'PinnedVm',
      'VsanUnhealthy',
      'VsanResync',
      'OtherHostEntering',
    ]
    const code = first && ofCluster.includes(first.code) ? 'ClusterUnsafe' : (first?.code ?? 'ClusterUnsafe')
    const sentence = blockers.map((entry) => entry.message).join(' ')
    throw failure(code as 'ClusterUnsafe', `Nothing was touched. ${sentence}`, { blockers, plan })
  }

  async #precheckAll(): Promise<void> {
    const queue = [...this.run.tasks]
    const lane = async () => {
      for (let task = queue.shift(); task; task = queue.shift()) {
        const at = task
        const note = `Checking ${at.target.name}.`
        await at.update({ phase: 'precheck', phase_note: note, progress: 1 })
        const plan = await precheckHost(at, {
          parts: this.#parts,
          esxi: this.#esxi,
          firmware: this.#firmware,
          may_start_ssh: !this.run.input.dry_run,
        })
        this.#plans.set(at.target.id, plan)
        await at.update({
          phase: 'queued',
          phase_note: plan.work === 'none' ? 'At the target already.' : 'Waits for its turn.',
          progress: 2,
        })
      }
    }
    await Promise.all(Array.from({ length: PRECHECKS_AT_ONCE }, lane))
  }

  #policy(): RollingPolicy {
    const details = this.#details
    return {
      safety: policyOf(details, details.evacuation, { ignore_ha_admission: details.ha_admission === 'suspend' }),
      on_failure: details.on_failure,
      failed_hosts_tolerance: details.failed_hosts_tolerance,
      host_order: details.host_order ?? [],
      canary_hosts: details.canary_hosts,
      pause_after_canary: details.pause_after_canary,
      hosts_found_in_maintenance: details.hosts_found_in_maintenance,
      on_blocked: details.on_blocked,
    }
  }

  #progress(): RollingProgress {
    const hosts = Object.fromEntries([...this.#states].map(([id, state]) => [id, { state }]))
    return {
      hosts,
      retry_queue: this.#retryQueue,
      accepted_failures: this.#accepted,
      canaries_released: this.#canariesReleased,
    }
  }

  async #loop(): Promise<void> {
    for (;;) {
      this.#takeSkipsAndRetries()
      if (this.#children.size > 0 && (this.run.controls.paused || this.run.controls.cancel)) {
        await this.#waitForHosts()
        continue
      }
      if (this.run.controls.cancel) return
      if (this.run.controls.paused) {
        await this.run.gate(`between hosts of the cluster`)
        continue
      }
      const { decision, cluster } = await this.#devices.vsphere.decideRolling({
        context: this.#context,
        cluster_id: this.cluster_id,
        owner_workflow_id: this.run.workflow_id,
        hosts: [...this.#plans.values()],
        progress: this.#progress(),
        policy: this.#policy(),
      })
      this.#maxOut = Math.max(this.#maxOut, cluster.out_now.length)
      if (await this.#follow(decision)) return
    }
  }

  /** Carries one decision out. True when the cluster is finished. */
  async #follow(decision: RollingDecision): Promise<boolean> {
    for (const settled of decision.settled)
      await this.#settle(settled.host_id, settled.state, settled.why, settled.blockers[0]?.code)
    if (decision.type === 'done') return true
    if (decision.type === 'failed') {
      for (const id of decision.not_started) this.#endNotStarted(id, decision.code.code, decision.code.message)
      return true
    }
    if (decision.type === 'step') {
      for (const start of decision.hosts) await this.#start(start)
      return false
    }
    if (decision.type === 'wait') {
      if (this.#children.size > 0) await this.#waitForHosts()
      return false
    }
    if (decision.type === 'pause') return this.#pauseForAttention(decision.reason.message)
    return this.#waitBlocked(decision)
  }

  async #settle(host_id: string, state: 'unchanged' | 'skipped' | 'failed', why: string, code?: string): Promise<void> {
    const task = this.#task(host_id)
    this.#states.set(host_id, state)
    const outcome = state
    this.#ends.set(host_id, { result: { target: named(task), outcome, message: why, ...(code ? { code } : {}) } })
    await task.update({
      status: state === 'failed' ? 'failed' : state === 'skipped' ? 'skipped' : 'completed',
      outcome,
      phase: 'done',
      progress: 100,
      phase_note: why,
      waiting_for: [],
    })
  }

  #takeSkipsAndRetries(): void {
    for (const asked of this.run.controls.retries.splice(0)) {
      for (const task of this.run.tasks) {
        const meant = asked === null || asked === task.target.id || asked === task.task_id
        if (meant && this.#states.get(task.target.id) === 'failed' && !this.#retryQueue.includes(task.target.id)) {
          this.#retryQueue.push(task.target.id)
        }
      }
    }
    for (const task of this.run.tasks) {
      const asked = this.run.controls.skipped.has(task.target.id) || this.run.controls.skipped.has(task.task_id ?? '')
      if (!asked || (this.#states.get(task.target.id) ?? 'pending') !== 'pending') continue
      this.#states.set(task.target.id, 'skipped')
      this.#ends.set(task.target.id, {
        result: { target: named(task), outcome: 'skipped', message: 'Skipped on request.' },
      })
      void task.update({ status: 'skipped', outcome: 'skipped', phase: 'done', progress: 100, waiting_for: [] })
    }
  }

  async #start(start: RollingStart): Promise<void> {
    const task = this.#task(start.host_id)
    const round = (this.#rounds.get(start.host_id) ?? 0) + 1
    this.#rounds.set(start.host_id, round)
    this.#retryQueue = this.#retryQueue.filter((id) => id !== start.host_id)
    this.#states.set(start.host_id, 'running')
    task.round = round
    await task.update({
      status: 'running',
      phase: 'precheck',
      phase_note: start.why,
      error: null,
      waiting_for: [],
      log: start.why,
    })
    const child = await startChild<typeof hostUpdate>('host_update', {
      workflowId: hostWorkflowId(this.run.input.job_type, this.run.input.job_id, start.host_id, round),
      args: [this.#childInput(task, start, round)],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${start.name}: ${this.#parts.join(', then ')}`,
    })
    this.#children.set(start.host_id, child)
    const cancel = this.run.controls.cancel
    if (cancel === 'abort') void child.signal(cancelSignal, { mode: cancel })
    void this.#follow_child(task, start, child)
  }

  #childInput(task: TaskRun, start: RollingStart, round: number): HostUpdateInput {
    const { details } = { details: this.#details }
    const leave =
      start.action === 'update_keep'
        ? 'never'
        : start.action === 'update_return' || start.action === 'return' || round > 1
          ? 'always'
          : 'as_found'
    const {
      evacuation,
      maintenance_timeout_minutes,
      vsan_mode,
      evacuate_powered_off,
      max_unavailable,
      max_cpu_percent,
      max_memory_percent,
    } = details
    const { job_id, job_type, site, device_time_scale, credential_set_ids } = this.run.input
    return {
      job: { job_id, job_type, site, device_time_scale, credential_set_ids },
      owner_workflow_id: this.run.workflow_id,
      host: task.target,
      task_id: task.task_id,
      task_seq: task.seq,
      step_seq: this.#stepSeq.get(start.host_id) ?? 0,
      round,
      tokens: { ...task.tokens },
      parts: this.#parts,
      esxi: this.#esxi,
      firmware: this.#firmware,
      evacuation: {
        evacuation,
        maintenance_timeout_minutes,
        vsan_mode,
        evacuate_powered_off,
        max_unavailable,
        max_cpu_percent,
        max_memory_percent,
      },
      safety: { ignore_ha_admission: details.ha_admission === 'suspend', ...this.#tolerated() },
      leave,
      verify_between: true,
      settle: details.health_gate,
      lease_wait_minutes: details.lease_wait_minutes,
    }
  }

  #tolerated(): { tolerated_host_ids?: string[] } {
    if (this.#details.on_failure !== 'continue') return {}
    const failed = [...this.#states].filter(([, state]) => state === 'failed').map(([id]) => id)
    return { tolerated_host_ids: failed.slice(0, this.#details.failed_hosts_tolerance) }
  }

  async #follow_child(
    task: TaskRun,
    start: RollingStart,
    child: ChildWorkflowHandle<typeof hostUpdate>,
  ): Promise<void> {
    let answer: HostUpdateAnswer
    try {
      answer = await child.result()
    } catch (thrown) {
      answer = lostChild(thrown, task)
    }
    task.seq = Math.max(task.seq, answer.task_seq)
    this.#stepSeq.set(start.host_id, answer.step_seq)
    await this.#endHost(task, start, answer)
    this.#children.delete(start.host_id)
    this.#ended += 1
  }

  async #endHost(task: TaskRun, start: RollingStart, answer: HostUpdateAnswer): Promise<void> {
    const untouched = !answer.left_in_maintenance && answer.outcome !== 'changed' && answer.outcome !== 'unchanged'
    if (
      answer.error &&
      untouched &&
      BLOCKED_CODES.includes(answer.error.code) &&
      (await this.#postpone(task, start, answer))
    )
      return
    const state: RollingHostState =
      answer.outcome === 'changed'
        ? 'succeeded'
        : answer.outcome === 'unchanged'
          ? 'unchanged'
          : answer.outcome === 'not_started'
            ? 'not_started'
            : 'failed'
    this.#states.set(start.host_id, state)
    const { error, task_seq: _seq, step_seq: _step, outcome, ...facts } = answer
    const result: TargetResult = {
      target: named(task),
      outcome,
      ...facts,
      ...(error ? { code: error.code, message: error.message } : {}),
    }
    this.#ends.set(start.host_id, { result })
    const status = state === 'failed' ? 'failed' : state === 'not_started' ? 'cancelled' : 'completed'
    await task.update({
      status,
      outcome,
      error,
      result: facts as unknown as Record<string, unknown>,
      phase: state === 'failed' ? task.phase : 'done',
      waiting_for: [],
      ...(state === 'failed' ? {} : { progress: 100 }),
    })
    if (state === 'succeeded') await this.#soak(start)
  }

  /** A host that could not leave its cluster serves on: by `on_blocked` it is tried again, skipped or failed. */
  async #postpone(task: TaskRun, start: RollingStart, answer: HostUpdateAnswer): Promise<boolean> {
    const since = this.#blockedSince.get(start.host_id) ?? Date.now()
    this.#blockedSince.set(start.host_id, since)
    const message = answer.error?.message ?? ''
    if (this.#details.on_blocked === 'skip') {
      await this.#settle(start.host_id, 'skipped', message, answer.error?.code)
      return true
    }
    const limit = this.#details.blocked_timeout_minutes * 60_000
    if (this.#details.on_blocked === 'fail' || Date.now() - since > limit) return false
    this.#states.set(start.host_id, 'pending')
    const reason = waiting('ClusterUnsafe', message)
    await task.update({
      status: 'pending',
      phase: 'queued',
      phase_note: 'Waits until it may leave its cluster.',
      waiting_for: [reason],
    })
    await this.run.controls.pressedWithin(scaledPause(LOOK_AGAIN_MS, this.run.input.device_time_scale))
    return true
  }

  async #soak(start: RollingStart): Promise<void> {
    const minutes = start.canary
      ? Math.max(this.#details.canary_soak_minutes, this.#details.soak_minutes)
      : this.#details.soak_minutes
    if (minutes === 0) return
    const pause = scaledPause(minutes * 60_000, this.run.input.device_time_scale)
    await this.run.project({
      phase: 'soak',
      phase_note: `Watching after ${start.name}.`,
      waiting_for: [waiting('Soaking', `Watching for ${minutes} minutes after ${start.name}.`)],
    })
    await condition(() => this.run.controls.cancel !== null, pause)
    await this.run.project({ waiting_for: [] })
  }

  async #waitForHosts(): Promise<void> {
    const names = [...this.#children.keys()].map((id) => this.#task(id).target.name).join(', ')
    if (this.run.controls.paused) await this.run.project({ phase_note: `Pausing after ${names}.` })
    if (this.run.controls.cancel) await this.run.project({ phase_note: `Stopping after ${names}.` })
    const [ended, presses] = [this.#ended, this.run.controls.presses]
    await condition(() => this.#ended > ended || this.run.controls.presses > presses)
  }

  async #waitBlocked(decision: Extract<RollingDecision, { type: 'blocked' }>): Promise<boolean> {
    const message = decision.blockers.map((entry) => entry.message).join(' ')
    await this.run.project({
      phase_note: 'No host may begin now.',
      waiting_for: [{ ...waiting('ClusterUnsafe', message), data: { blockers: decision.blockers } }],
    })
    await this.run.controls.pressedWithin(scaledPause(LOOK_AGAIN_MS, this.run.input.device_time_scale))
    const expired = decision.hosts.filter((host) => this.#expired(host.host_id))
    for (const host of expired)
      await this.#settle(host.host_id, 'failed', message, decision.blockers[0]?.code ?? 'ClusterUnsafe')
    await this.run.project({ waiting_for: [] })
    return false
  }

  #expired(host_id: string): boolean {
    const since = this.#blockedSince.get(host_id) ?? Date.now()
    this.#blockedSince.set(host_id, since)
    return Date.now() - since > this.#details.blocked_timeout_minutes * 60_000
  }

  /** `on_failure: pause`, or the pause after the canaries: a person decides. True when nobody did in time. */
  async #pauseForAttention(message: string): Promise<boolean> {
    await this.run.project({
      status: 'paused',
      phase_note: message,
      waiting_for: [waiting('AttentionNeeded', message)],
    })
    this.run.controls.paused = true
    const limit = this.#details.attention_timeout_hours * 3_600_000
    const decided = await condition(
      () => !this.run.controls.paused || this.run.controls.cancel !== null || this.run.controls.retries.length > 0,
      limit,
    )
    if (!decided) {
      for (const task of this.run.tasks) {
        if ((this.#states.get(task.target.id) ?? 'pending') === 'pending')
          this.#endNotStarted(task.target.id, 'AttentionTimeout', 'Nobody answered in time.')
      }
      return true
    }
    if (this.run.controls.retries.length === 0)
      this.#accepted = [...this.#states].filter(([, state]) => state === 'failed').map(([id]) => id)
    this.#canariesReleased = true
    this.run.controls.paused = false
    await this.run.project({ status: 'running', waiting_for: [] })
    return false
  }

  async #borrow(cluster: ClusterBrief): Promise<void> {
    const at = { context: this.#context, cluster_id: this.cluster_id }
    this.#borrowed = true
    if (this.#details.dpm === 'suspend' && cluster.dpm_enabled !== false) {
      await this.#devices.vsphereMutate.borrowClusterSetting({ ...at, setting: 'dpm' })
    }
    if (this.#details.ha_admission === 'suspend') {
      await this.#devices.vsphereMutate.borrowClusterSetting({ ...at, setting: 'ha_admission' })
    }
  }

  async #giveBack(): Promise<void> {
    await condition(() => this.#children.size === 0)
    if (!this.#borrowed) return
    try {
      await this.#devices.vsphereMutate.returnClusterSettings({ context: this.#context, cluster_id: this.cluster_id })
    } catch (thrown) {
      const error = jobErrorOf(thrown)
      await core.openAttention({
        job_id: this.run.input.job_id,
        entries: [
          {
            target_kind: 'cluster',
            target_id: this.cluster_id,
            target_label: 'cluster settings',
            state_left: 'DPM or HA admission control still changed',
            code: error.code,
            message: error.message,
            next_action: 'Set DPM and HA admission control of the cluster back by hand.',
          },
        ],
      })
    }
  }

  #endNotStarted(host_id: string, code: string, message: string): void {
    const task = this.#task(host_id)
    this.#states.set(host_id, 'not_started')
    this.#ends.set(host_id, { result: { target: named(task), outcome: 'not_started', code, message } })
    void task.update({ status: 'cancelled', outcome: 'not_started', phase_note: message, waiting_for: [] })
  }

  #resultOf(task: TaskRun): TargetResult {
    const end = this.#ends.get(task.target.id)
    if (end) return end.result
    const code = this.run.controls.cancel ? 'Cancelled' : 'FailedHostOut'
    this.#endNotStarted(task.target.id, code, 'Not started.')
    return { target: named(task), outcome: 'not_started', code, message: 'Not started.' }
  }

  #answered(task: TaskRun): TargetResult {
    return { target: named(task), outcome: 'answered', ...this.#planFacts(task.target.id) }
  }

  #planFacts(host_id: string) {
    const plan = this.#plans.get(host_id)
    return plan
      ? { steps: plan.steps, reboots: plan.reboots, no_way_back: plan.no_way_back, warnings: plan.warnings }
      : {}
  }

  #task(host_id: string): TaskRun {
    return this.run.tasks.find((task) => task.target.id === host_id) as TaskRun
  }
}

const named = (task: TaskRun) => ({ kind: task.target.kind, id: task.target.id, name: task.target.name })

function lostChild(thrown: unknown, task: TaskRun): HostUpdateAnswer {
  const error = jobErrorOf(thrown)
  return {
    outcome: 'unknown',
    error: { ...error, code: error.code === 'Cancelled' ? 'WorkerLost' : error.code },
    left_in_maintenance: true,
    state_left: 'not known',
    esxi: null,
    firmware: [],
    parts_not_started: [],
    reboots: 0,
    minutes_out: 0,
    warnings: [],
    task_seq: task.seq,
    step_seq: 0,
  }
}

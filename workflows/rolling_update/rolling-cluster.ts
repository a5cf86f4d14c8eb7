import { CancellationScope, condition } from '@temporalio/workflow'
import type { ClusterBrief, PrecheckedHost } from '../../activities/contracts/cluster.js'
import type { RollingDecision, RollingStart } from '../../domain/rolling-types.js'
import { scaledPause } from '../../domain/time-scale.js'
import type { HostUpdateAnswer } from '../host_update/workflow.js'
import { CancelRequested } from '../lib/controls.js'
import { failure } from '../lib/failure.js'
import type { Wishes } from '../lib/host-child.js'
import { waiting } from '../lib/host-maintenance.js'
import { esxiWish, firmwareWish, partsOf } from '../lib/host-plan.js'
import { blockMisfits } from '../lib/package-fit.js'
import { type HostPlan, precheckHost } from '../lib/precheck-host.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import type { JobAnswer, JobRun } from '../lib/with-job.js'
import { borrowSettings, returnSettings } from './cluster-settings.js'
import { HostBoard } from './host-board.js'
import { HostChildren } from './host-children.js'
import { type RollingDetails, rollingPolicy } from './rolling-details.js'

const LOOK_AGAIN_MS = 120_000
const PRECHECKS_AT_ONCE = 4
const HOUR_MS = 3_600_000
/** Every so many looks at a blocked cluster the pause grows by one step, up to so many steps (a quarter of an hour). */
const LOOKS_PER_STEP = 30
const MOST_LOOKS_APART = 8
/** Nothing was changed and the host serves on: the cluster or its VMs stood in the way, not the host. */
const BLOCKED_CODES = ['ClusterUnsafe', 'EvacuationBlocked', 'EvacuationTimeout', 'HostNotEvacuated']
/** Blockers of the cluster as a whole: the job that they end says `ClusterUnsafe`. */
const OF_CLUSTER = [
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

/** One cluster of a rolling update: the loop over its hosts, decided anew from fresh facts each time. */
export class RollingCluster {
  readonly #board: HostBoard
  readonly #children: HostChildren
  readonly #plans = new Map<string, HostPlan>()
  readonly #blockedSince = new Map<string, number>()
  #wishes: Wishes
  #maxOut = 0
  #blockedLooks = 0

  constructor(
    readonly run: JobRun<RollingDetails>,
    readonly cluster_id: string,
  ) {
    this.#board = new HostBoard(run.tasks)
    this.#children = new HostChildren(run, (start, answer) => this.#endHost(start, answer))
    this.#wishes = { parts: partsOf(run.input.details), esxi: null, firmware: null }
  }

  get #details(): RollingDetails {
    return this.run.input.details
  }
  get #devices() {
    return devices(this.run.input.site)
  }
  get #at() {
    const first = this.run.tasks[0] as TaskRun
    return {
      context: { ...first.context, task_id: null, target_id: this.cluster_id, note: 'Judging the cluster as a whole.' },
      cluster_id: this.cluster_id,
    }
  }
  get #question() {
    return {
      ...this.#at,
      owner_workflow_id: this.run.workflow_id,
      // Asked again and again: only what the rule judges goes into the history, not the whole plan.
      hosts: [...this.#plans.values()].map(judged),
      policy: rollingPolicy(this.#details),
    }
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
    await this.#resolveWishes()
    await this.#precheckAll()
    const misfit = blockMisfits([...this.#plans.values()])
    const { preview, cluster } = await this.#devices.vsphere.previewRolling(this.#question)
    const hosts = preview.hosts.map((host) => ({ ...host, ...this.#planFacts(host.host_id) }))
    const plan = { ...preview, cluster, hosts }
    if (input.dry_run) return { targets: this.run.tasks.map((task) => this.#answered(task)), plan }
    await this.run.project({ plan })
    // What fits no host does not begin to fit by waiting.
    if (misfit || (this.#details.precheck === 'all_hosts' && !preview.would_start)) refuse(preview.blockers)
    await this.#work(cluster)
    const targets = await this.#board.results(this.run.controls.cancel ? 'Cancelled' : 'FailedHostOut')
    return { targets, plan, clusters: [{ cluster: cluster.name, max_out_seen: this.#maxOut }] }
  }

  async #resolveWishes(): Promise<void> {
    const { esxi, firmware, reboot_timeout_minutes } = this.#details
    this.#wishes = {
      parts: this.#wishes.parts,
      esxi: esxi ? await esxiWish(esxi, reboot_timeout_minutes) : null,
      firmware: firmware ? firmwareWish(firmware, this.#details) : null,
    }
  }

  async #precheckAll(): Promise<void> {
    const queue = [...this.run.tasks]
    const lane = async () => {
      for (let task = queue.shift(); task; task = queue.shift()) await this.#precheckOne(task)
    }
    await Promise.all(Array.from({ length: PRECHECKS_AT_ONCE }, lane))
  }

  async #precheckOne(task: TaskRun): Promise<void> {
    await task.update({ phase: 'precheck', phase_note: `Checking ${task.target.name}.`, progress: 1 })
    const plan = await precheckHost(task, { ...this.#wishes, may_start_ssh: !this.run.input.dry_run })
    this.#plans.set(task.target.id, plan)
    const phase_note = plan.work === 'none' ? 'At the target already.' : 'Waits for its turn.'
    await task.update({ phase: 'queued', phase_note, progress: 2 })
  }

  async #work(cluster: ClusterBrief): Promise<void> {
    try {
      await borrowSettings(this.#at, this.#details, cluster)
      await this.#loop()
    } finally {
      await CancellationScope.nonCancellable(async () => {
        await this.#children.waitForAll()
        await returnSettings(this.#at)
      })
    }
  }

  async #loop(): Promise<void> {
    for (;;) {
      this.#children.throwIfBroken()
      await this.#board.takePresses(this.run.controls)
      if (this.#children.size > 0 && (this.run.controls.paused || this.run.controls.cancel)) {
        await this.#waitForHosts()
        continue
      }
      if (await this.#stopped()) return
      const { decision, cluster } = await this.#devices.vsphereWait.decideRolling({
        ...this.#question,
        progress: this.#board.progress(),
      })
      this.#maxOut = Math.max(this.#maxOut, cluster?.out_now.length ?? 0)
      if (await this.#follow(decision)) return
    }
  }

  /** The safe point between hosts: holds on pause, ends the loop on cancel; what was done stays in the result. */
  async #stopped(): Promise<boolean> {
    try {
      await this.run.gate('between hosts of the cluster')
      return false
    } catch (thrown) {
      if (thrown instanceof CancelRequested) return true
      throw thrown
    }
  }

  /** Carries one decision out. True when the cluster is finished. */
  async #follow(decision: RollingDecision): Promise<boolean> {
    for (const { host_id, state, why, blockers } of decision.settled)
      await this.#board.settle(host_id, state, why, blockers[0]?.code)
    if (decision.type === 'done') return true
    if (decision.type === 'failed') {
      for (const id of decision.not_started)
        await this.#board.endNotStarted(id, decision.code.code, decision.code.message)
      return true
    }
    if (decision.type === 'step') for (const start of decision.hosts) await this.#start(start)
    // Another host may become free to begin while one is in work: looked at again, not only when that one ends.
    if (decision.type === 'wait') await this.#children.wait(this.#mayBeginAnother ? this.#lookAgain : HOUR_MS)
    if (decision.type === 'pause') return this.#pauseForAttention(decision.reason.message)
    if (decision.type === 'blocked') await this.#waitBlocked(decision)
    return false
  }

  /** Without a free place there is nothing to look for while hosts are in work. */
  get #mayBeginAnother(): boolean {
    return this.#children.size < this.#details.max_unavailable
  }

  get #lookAgain(): number {
    return scaledPause(LOOK_AGAIN_MS, this.run.input.device_time_scale)
  }

  async #start(start: RollingStart): Promise<void> {
    const task = this.#board.task(start.host_id)
    task.round = this.#board.begin(start.host_id)
    await task.update({
      status: 'running',
      phase: 'precheck',
      phase_note: start.why,
      error: null,
      waiting_for: [],
      log: start.why,
    })
    const tolerated =
      this.#details.on_failure === 'continue' ? this.#board.failed().slice(0, this.#details.failed_hosts_tolerance) : []
    await this.#children.begin(task, start, this.#wishes, tolerated)
  }

  async #endHost(start: RollingStart, answer: HostUpdateAnswer): Promise<void> {
    const untouched = !answer.left_in_maintenance && answer.outcome !== 'changed' && answer.outcome !== 'unchanged'
    const blocked = answer.error !== null && untouched && BLOCKED_CODES.includes(answer.error.code)
    if (blocked && (await this.#postpone(start, answer))) return
    if ((await this.#board.end(start.host_id, answer)) === 'succeeded') await this.#soak(start)
  }

  /** A host that could not leave its cluster serves on: by `on_blocked` it is tried again, skipped or failed. */
  async #postpone(start: RollingStart, answer: HostUpdateAnswer): Promise<boolean> {
    const message = answer.error?.message ?? ''
    if (this.#details.on_blocked === 'skip') {
      await this.#board.settle(start.host_id, 'skipped', message, answer.error?.code)
      return true
    }
    if (this.#details.on_blocked === 'fail' || this.#expired(start.host_id)) return false
    this.#board.backToPending(start.host_id)
    const note = 'Waits until it may leave its cluster.'
    await this.#board.task(start.host_id).update({
      status: 'pending',
      phase: 'queued',
      phase_note: note,
      waiting_for: [waiting('ClusterUnsafe', message)],
    })
    await this.run.controls.pressedWithin(this.#lookAgain)
    return true
  }

  async #soak(start: RollingStart): Promise<void> {
    const { canary_soak_minutes, soak_minutes } = this.#details
    const minutes = start.canary ? Math.max(canary_soak_minutes, soak_minutes) : soak_minutes
    if (minutes === 0) return
    const reason = waiting('Soaking', `Watching for ${minutes} minutes after ${start.name}.`)
    await this.run.project({ phase: 'soak', phase_note: `Watching after ${start.name}.`, waiting_for: [reason] })
    await condition(
      () => this.run.controls.cancel !== null,
      scaledPause(minutes * 60_000, this.run.input.device_time_scale),
    )
    await this.run.project({ waiting_for: [] })
  }

  async #waitForHosts(): Promise<void> {
    const names = this.#children
      .ids()
      .map((id) => this.#board.task(id).target.name)
      .join(', ')
    const verb = this.run.controls.cancel ? 'Stopping' : 'Pausing'
    await this.run.project({ phase_note: `${verb} after ${names}.` })
    await this.#children.wait(HOUR_MS)
  }

  async #waitBlocked(decision: Extract<RollingDecision, { type: 'blocked' }>): Promise<void> {
    const message = decision.blockers.map((entry) => entry.message).join(' ')
    const away = decision.blockers.every((entry) => entry.code === 'VcenterUnreachable')
    const code = away ? 'VcenterUnreachable' : 'ClusterUnsafe'
    const reason = { ...waiting(code, message), data: { blockers: decision.blockers } }
    await this.run.project({ phase_note: 'No further host may begin now.', waiting_for: [reason] })
    await this.run.controls.pressedWithin(this.#blockedPause())
    for (const { host_id } of decision.hosts) {
      if (this.#expired(host_id))
        await this.#board.settle(host_id, 'failed', message, decision.blockers[0]?.code ?? 'ClusterUnsafe')
    }
    await this.run.project({ waiting_for: [] })
  }

  /** A cluster that stays blocked for hours is looked at less often: each look stands in the history. */
  #blockedPause(): number {
    this.#blockedLooks += 1
    return this.#lookAgain * Math.min(MOST_LOOKS_APART, Math.ceil(this.#blockedLooks / LOOKS_PER_STEP))
  }

  #expired(host_id: string): boolean {
    const since = this.#blockedSince.get(host_id) ?? Date.now()
    this.#blockedSince.set(host_id, since)
    return Date.now() - since > this.#details.blocked_timeout_minutes * 60_000
  }

  /** `on_failure: pause`, or the pause after the canaries: a person decides. True when nobody did in time. */
  async #pauseForAttention(message: string): Promise<boolean> {
    const { controls } = this.run
    await this.run.project({
      status: 'paused',
      phase_note: message,
      waiting_for: [waiting('AttentionNeeded', message)],
    })
    controls.paused = true
    const limit = this.#details.attention_timeout_hours * HOUR_MS
    const decided = await condition(
      () => !controls.paused || controls.cancel !== null || controls.retries.length > 0,
      limit,
    )
    if (!decided) {
      for (const id of this.#board.pending())
        await this.#board.endNotStarted(id, 'AttentionTimeout', 'Nobody answered in time.')
      return true
    }
    if (controls.retries.length === 0) this.#board.acceptFailures()
    this.#board.canariesReleased = true
    controls.paused = false
    await this.run.project({ status: 'running', waiting_for: [] })
    return false
  }

  #answered(task: TaskRun) {
    const target = { kind: task.target.kind, id: task.target.id, name: task.target.name }
    return { target, outcome: 'answered' as const, ...this.#planFacts(task.target.id) }
  }

  #planFacts(host_id: string) {
    const plan = this.#plans.get(host_id)
    return plan
      ? { steps: plan.steps, reboots: plan.reboots, no_way_back: plan.no_way_back, warnings: plan.warnings }
      : {}
  }
}

const judged = ({ id, name, work, needs_maintenance, blockers, estimate_minutes }: HostPlan): PrecheckedHost => ({
  id,
  name,
  work,
  needs_maintenance,
  blockers,
  estimate_minutes,
})

/** Names the host unless its sentence does. */
function sentenceOf({ message, target }: { message: string; target?: string }): string {
  return target === undefined || message.includes(target) ? message : `${target}: ${message}`
}

/** A blocker before the first host: nothing is touched, all are listed, and the code is the blocker's or the cluster's. */
function refuse(blockers: { code: string; message: string; target?: string }[]): never {
  const first = blockers[0]
  const code = first && !OF_CLUSTER.includes(first.code) ? first.code : 'ClusterUnsafe'
  const sentence = [...new Set(blockers.map(sentenceOf))].join(' ')
  throw failure(code as 'ClusterUnsafe', `Nothing was touched. ${sentence}`, { blockers })
}

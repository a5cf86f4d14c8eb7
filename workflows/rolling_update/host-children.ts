import { type ChildWorkflowHandle, condition, ParentClosePolicy, startChild } from '@temporalio/workflow'
import { hostWorkflowId } from '../../domain/ids.js'
import type { RollingStart } from '../../domain/rolling-types.js'
import type { HostUpdateAnswer, HostUpdateInput, hostUpdate, Part } from '../host_update/workflow.js'
import { jobErrorOf } from '../lib/failure.js'
import type { EsxiWish, FirmwareWish } from '../lib/host-plan.js'
import { ifOpen } from '../lib/signal-child.js'
import type { TaskRun } from '../lib/task-run.js'
import type { JobRun } from '../lib/with-job.js'
import { cancelSignal } from '../signals.js'
import type { RollingDetails } from './rolling-details.js'

export interface Wishes {
  parts: Part[]
  esxi: EsxiWish | null
  firmware: FirmwareWish | null
}

/** The hosts in work: one child workflow each, with its own history and cancel. */
export class HostChildren {
  readonly #running = new Map<string, ChildWorkflowHandle<typeof hostUpdate>>()
  /** Grows with each host that ends, so that waits can wake up. */
  ended = 0
  #broken: { thrown: unknown } | null = null

  constructor(
    readonly run: JobRun<RollingDetails>,
    readonly onEnd: (start: RollingStart, answer: HostUpdateAnswer) => Promise<void>,
  ) {
    run.controls.onCancel((mode) => {
      if (mode === 'abort') for (const child of this.#running.values()) ifOpen(child.signal(cancelSignal, { mode }))
    })
  }

  get size(): number {
    return this.#running.size
  }

  ids(): string[] {
    return [...this.#running.keys()]
  }

  async begin(task: TaskRun, start: RollingStart, wishes: Wishes, tolerated_host_ids: string[]): Promise<void> {
    const { job_type, job_id } = this.run.input
    const child = await startChild<typeof hostUpdate>('host_update', {
      workflowId: hostWorkflowId(job_type, job_id, start.host_id, task.round),
      args: [this.#input(task, start, wishes, tolerated_host_ids)],
      // A host in work is finished by itself when its job is lost: half-done would be worse.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${start.name}: ${wishes.parts.join(', then ')}`,
    })
    this.#running.set(start.host_id, child)
    if (this.run.controls.cancel === 'abort') ifOpen(child.signal(cancelSignal, { mode: 'abort' }))
    void this.#follow(task, start, child)
  }

  /** Throws what went wrong while the end of a host was taken in. */
  throwIfBroken(): void {
    if (this.#broken) throw this.#broken.thrown
  }

  /** Until a host ends, something is pressed, or the time has passed. */
  async wait(ms: number): Promise<void> {
    const [ended, presses] = [this.ended, this.run.controls.presses]
    await condition(() => this.ended > ended || this.run.controls.presses > presses, ms)
  }

  async waitForAll(): Promise<void> {
    await condition(() => this.#running.size === 0)
  }

  async #follow(task: TaskRun, start: RollingStart, child: ChildWorkflowHandle<typeof hostUpdate>): Promise<void> {
    try {
      const answer = await child.result().catch((thrown: unknown) => lost(thrown, task))
      task.seq = Math.max(task.seq, answer.task_seq)
      task.startStepsAt(answer.step_seq)
      await this.onEnd(start, answer)
    } catch (thrown) {
      // Nobody awaits this: the loop takes it up, instead of waiting for a host that never counts as ended.
      this.#broken ??= { thrown }
    } finally {
      this.#running.delete(start.host_id)
      this.ended += 1
    }
  }

  #input(task: TaskRun, start: RollingStart, wishes: Wishes, tolerated_host_ids: string[]): HostUpdateInput {
    const details = this.run.input.details
    const { job_id, job_type, site, device_time_scale, credential_set_ids } = this.run.input
    const { evacuation, maintenance_timeout_minutes, vsan_mode, evacuate_powered_off } = details
    const { max_unavailable, max_cpu_percent, max_memory_percent, lease_wait_minutes } = details
    return {
      job: { job_id, job_type, site, device_time_scale, credential_set_ids },
      owner_workflow_id: this.run.workflow_id,
      host: task.target,
      task_id: task.task_id,
      task_seq: task.seq,
      step_seq: task.stepSeq,
      round: task.round,
      tokens: { ...task.tokens },
      ...wishes,
      evacuation: {
        evacuation,
        maintenance_timeout_minutes,
        vsan_mode,
        evacuate_powered_off,
        max_unavailable,
        max_cpu_percent,
        max_memory_percent,
      },
      safety: { ignore_ha_admission: details.ha_admission === 'suspend', tolerated_host_ids },
      leave: leaveOf(start, task.round),
      verify_between: true,
      settle: details.health_gate,
      lease_wait_minutes,
    }
  }
}

/** A host that we ourselves left in maintenance (a retry) or were asked to return comes back in any case. */
function leaveOf(start: RollingStart, round: number): HostUpdateInput['leave'] {
  if (start.action === 'update_keep') return 'never'
  return start.action === 'update_return' || start.action === 'return' || round > 1 ? 'always' : 'as_found'
}

/** A child that ended without an answer (terminated by hand): nobody knows what it left. */
function lost(thrown: unknown, task: TaskRun): HostUpdateAnswer {
  const error = jobErrorOf(thrown)
  task.passLostCounter()
  return {
    outcome: 'unknown',
    error: { ...error, code: error.code === 'Cancelled' ? 'WorkerLost' : error.code },
    left_in_maintenance: true,
    state_left: 'not known',
    esxi: null,
    firmware: [],
    scp_backup_id: null,
    parts_not_started: [],
    reboots: 0,
    minutes_out: 0,
    warnings: [],
    task_seq: task.seq,
    step_seq: task.stepSeq,
  }
}

import { type ChildWorkflowHandle, condition } from '@temporalio/workflow'
import type { RollingStart } from '../../domain/rolling-types.js'
import type { HostUpdateAnswer, HostUpdateInput, hostUpdate } from '../host_update/workflow.js'
import { jobErrorOf } from '../lib/failure.js'
import { startHostUpdate, takeOverCounters, type Wishes } from '../lib/host-child.js'
import { ifOpen } from '../lib/signal-child.js'
import type { TaskRun } from '../lib/task-run.js'
import type { JobRun } from '../lib/with-job.js'
import { cancelSignal } from '../signals.js'
import type { RollingDetails } from './rolling-details.js'

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
    const { ha_admission, health_gate } = this.run.input.details
    const child = await startHostUpdate(this.run, task, wishes, {
      safety: { ignore_ha_admission: ha_admission === 'suspend', tolerated_host_ids },
      leave: leaveOf(start, task.round),
      settle: health_gate,
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
      takeOverCounters(task, answer)
      await this.onEnd(start, answer)
    } catch (thrown) {
      // Nobody awaits this: the loop takes it up, instead of waiting for a host that never counts as ended.
      this.#broken ??= { thrown }
    } finally {
      this.#running.delete(start.host_id)
      this.ended += 1
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

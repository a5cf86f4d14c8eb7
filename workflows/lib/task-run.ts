import { CancellationScope } from '@temporalio/workflow'
import type { StepPatch, TaskPatch } from '../../activities/contracts/jobs.js'
import type { Phase } from '../../domain/job-status.js'
import type { JobInput, Target, WaitingReason, WorkContext } from './job-input.js'
import { status } from './proxies.js'

/** More writes than one child makes for its row. */
const LOST_COUNTER_GAP = 100_000

/** One target of a job while it is worked on: its row, its steps and the context of its device calls. */
export class TaskRun {
  phase: Phase = 'queued'
  #step = 0
  readonly tokens: Record<string, number> = {}
  /** The sentence of the step in work. */
  note = ''
  /** Grows with each retry of the target. */
  round = 1

  constructor(
    readonly input: Pick<
      JobInput,
      'job_id' | 'job_type' | 'site' | 'device_time_scale' | 'credential_set_ids' | 'background'
    >,
    readonly task_id: string | null,
    readonly target: Target,
    /** Last counter written for this row; a child goes on from its parent's. */
    public seq = 0,
  ) {}

  /** The context of a device call for this target. */
  get context(): WorkContext {
    return {
      job_id: this.input.job_id,
      job_type: this.input.job_type,
      task_id: this.task_id,
      target_id: this.target.id,
      site: this.input.site,
      scale: this.input.device_time_scale,
      credential_set_ids: this.input.credential_set_ids,
      round: this.round,
      ...(this.note ? { note: this.note } : {}),
      ...(this.input.background ? { background: true } : {}),
      tokens: this.tokens,
    }
  }

  async update(patch: TaskPatch): Promise<void> {
    if (patch.phase) this.phase = patch.phase
    if (patch.phase_note) this.note = patch.phase_note
    if (!this.task_id) return
    this.seq += 1
    await status.write({ kind: 'task', job_id: this.input.job_id, task_id: this.task_id, state_seq: this.seq, patch })
  }

  /** Says why the target waits; an empty list ends the waiting. */
  async wait(reasons: WaitingReason[], note?: string): Promise<void> {
    await this.update({ waiting_for: reasons, ...(note === undefined ? {} : { phase_note: note }) })
  }

  /**
   * Runs one thing done to the target: the task shows `phase` and the sentence, a row of `job_steps` shows begin and end.
   * What `body` throws ends the step as failed and goes on up.
   */
  async step<T>(
    phase: Phase,
    kind: string,
    note: string,
    progress: number,
    body: () => Promise<T>,
    facts: Partial<StepPatch> = {},
  ): Promise<T> {
    this.#step += 1
    const step = { task_id: this.task_id, seq: this.#step, phase, kind, ...facts }
    await Promise.all([
      this.update({ status: 'running', phase, phase_note: note, progress, waiting_for: [], log: note }),
      status.write({ kind: 'step', job_id: this.input.job_id, step: { ...step, status: 'running' } }),
    ])
    try {
      const answer = await body()
      await this.#endStep({ ...step, status: 'completed' })
      return answer
    } catch (thrown) {
      await this.#endStep({ ...step, status: 'failed' })
      throw thrown
    }
  }

  /** A step that a cancel ended has ended too: its row must say so. */
  async #endStep(step: StepPatch): Promise<void> {
    await CancellationScope.nonCancellable(() => status.write({ kind: 'step', job_id: this.input.job_id, step }))
  }

  /** A child that ended without an answer never told how far it counted; what it may have written must be passed. */
  passLostCounter(): void {
    this.seq += LOST_COUNTER_GAP
  }

  /** Steps of a later round of the same target go on counting where the earlier one ended. */
  startStepsAt(seq: number): void {
    this.#step = seq
  }
  get stepSeq(): number {
    return this.#step
  }
}

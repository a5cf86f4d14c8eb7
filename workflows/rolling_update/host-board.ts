import type { RollingHostState, RollingProgress } from '../../domain/rolling-types.js'
import type { HostUpdateAnswer } from '../host_update/workflow.js'
import type { Controls } from '../lib/controls.js'
import type { TargetResult } from '../lib/job-input.js'
import type { TaskRun } from '../lib/task-run.js'

const BY_OUTCOME: Partial<Record<HostUpdateAnswer['outcome'], RollingHostState>> = {
  changed: 'succeeded',
  unchanged: 'unchanged',
  not_started: 'not_started',
}

/** Where each host of a cluster stands: what the rolling rule is told, what people see, what the result says. */
export class HostBoard {
  readonly #states = new Map<string, RollingHostState>()
  readonly #results = new Map<string, TargetResult>()
  readonly #rounds = new Map<string, number>()
  #retryQueue: string[] = []
  #accepted: string[] = []
  canariesReleased = false

  constructor(readonly tasks: TaskRun[]) {}

  task(host_id: string): TaskRun {
    return this.tasks.find((task) => task.target.id === host_id) as TaskRun
  }

  stateOf(host_id: string): RollingHostState {
    return this.#states.get(host_id) ?? 'pending'
  }

  failed(): string[] {
    return this.#inState('failed')
  }

  pending(): string[] {
    return this.tasks.map((task) => task.target.id).filter((id) => this.stateOf(id) === 'pending')
  }

  progress(): RollingProgress {
    const hosts = Object.fromEntries([...this.#states].map(([id, state]) => [id, { state }]))
    return {
      hosts,
      retry_queue: this.#retryQueue,
      accepted_failures: this.#accepted,
      canaries_released: this.canariesReleased,
    }
  }

  /** The job goes on without the hosts that have failed so far. */
  acceptFailures(): void {
    this.#accepted = this.failed()
  }

  /** A host is taken into work; returns how often it has been, from 1. */
  begin(host_id: string): number {
    const round = (this.#rounds.get(host_id) ?? 0) + 1
    this.#rounds.set(host_id, round)
    this.#retryQueue = this.#retryQueue.filter((id) => id !== host_id)
    this.#states.set(host_id, 'running')
    return round
  }

  /** The host serves on and may be tried again. */
  backToPending(host_id: string): void {
    this.#states.set(host_id, 'pending')
  }

  /** A host's end that needs no work. */
  async settle(host_id: string, state: 'unchanged' | 'skipped' | 'failed', why: string, code?: string): Promise<void> {
    const task = this.task(host_id)
    this.#states.set(host_id, state)
    this.#results.set(host_id, { target: named(task), outcome: state, message: why, ...(code ? { code } : {}) })
    const status = state === 'unchanged' ? 'completed' : state
    await task.update({ status, outcome: state, phase: 'done', progress: 100, phase_note: why, waiting_for: [] })
  }

  async endNotStarted(host_id: string, code: string, message: string): Promise<void> {
    const task = this.task(host_id)
    this.#states.set(host_id, 'not_started')
    this.#results.set(host_id, { target: named(task), outcome: 'not_started', code, message })
    await task.update({ status: 'cancelled', outcome: 'not_started', phase_note: message, waiting_for: [] })
  }

  /** Records how the work on a host ended. */
  async end(host_id: string, answer: HostUpdateAnswer): Promise<RollingHostState> {
    const task = this.task(host_id)
    const state = BY_OUTCOME[answer.outcome] ?? 'failed'
    this.#states.set(host_id, state)
    const { error, task_seq: _seq, step_seq: _step, outcome, ...facts } = answer
    const why = error ? { code: error.code, message: error.message } : {}
    this.#results.set(host_id, { target: named(task), outcome, ...facts, ...why })
    const failed = state === 'failed'
    await task.update({
      status: failed ? 'failed' : state === 'not_started' ? 'cancelled' : 'completed',
      outcome,
      error,
      result: { ...facts },
      waiting_for: [],
      ...(failed ? {} : { phase: 'done', progress: 100 }),
    })
    return state
  }

  /** Takes presses of skip and retry in: a skip before the host began, a retry of one that failed. */
  async takePresses(controls: Controls): Promise<void> {
    for (const asked of controls.retries.splice(0)) {
      const meant = this.failed().filter((id) => asked === null || asked === id || asked === this.task(id).task_id)
      for (const id of meant) if (!this.#retryQueue.includes(id)) this.#retryQueue.push(id)
    }
    for (const id of this.pending()) {
      const asked = controls.skipped.has(id) || controls.skipped.has(this.task(id).task_id ?? '')
      if (asked) await this.settle(id, 'skipped', 'Skipped on request.')
    }
  }

  /** One result per host, in the order of the job; what never began ends now. */
  async results(code: 'Cancelled' | 'FailedHostOut'): Promise<TargetResult[]> {
    for (const id of this.pending()) await this.endNotStarted(id, code, 'Not started.')
    return this.tasks.flatMap((task) => this.#results.get(task.target.id) ?? [])
  }

  #inState(wanted: RollingHostState): string[] {
    return [...this.#states].filter(([, state]) => state === wanted).map(([id]) => id)
  }
}

const named = (task: TaskRun) => ({ kind: task.target.kind, id: task.target.id, name: task.target.name })

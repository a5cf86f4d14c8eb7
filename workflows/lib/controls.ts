import { CancellationScope, condition, setHandler } from '@temporalio/workflow'
import { type CancelMode, sharperCancel } from '../../domain/job-status.js'
import { cancelSignal, controlsQuery, pauseSignal, resumeSignal, retrySignal, skipSignal } from '../signals.js'

/** Thrown at a safe point after a cancel was asked for. Everything above it cleans up and ends `cancelled`. */
export class CancelRequested extends Error {
  constructor(readonly mode: CancelMode) {
    super(`cancelled on request (${mode})`)
    this.name = 'CancelRequested'
  }
}

/** What people have asked of this job so far. Register it before the first await of a workflow. */
export class Controls {
  paused = false
  cancel: CancelMode | null = null
  readonly skipped = new Set<string>()
  /** Targets to take up again, in the order asked; null = all failed ones. */
  retries: (string | null)[] = []
  /** Grows with each press, so that waits can wake up. */
  presses = 0
  readonly #onCancel: ((mode: CancelMode) => void)[] = []

  register(): this {
    setHandler(pauseSignal, () => this.#press(() => (this.paused = true)))
    setHandler(resumeSignal, () => this.#press(() => (this.paused = false)))
    setHandler(skipSignal, ({ target_id }) => this.#press(() => this.skipped.add(target_id)))
    setHandler(retrySignal, ({ target_id }) => this.#press(() => this.retries.push(target_id)))
    setHandler(cancelSignal, ({ mode }) => this.requestCancel(mode))
    setHandler(controlsQuery, () => ({
      paused: this.paused,
      cancel: this.cancel,
      skipped: [...this.skipped],
      retried: this.retries.map((id) => id ?? 'all'),
    }))
    return this
  }

  /**
   * Runs the body of a workflow so that a cancel by Temporal's own command line or web page is heard as `abort`: work stops at
   * its next safe point, instead of being broken off where it must be finished.
   */
  heeding<T>(body: () => Promise<T>): Promise<T> {
    const asked = CancellationScope.current().cancelRequested
    return CancellationScope.nonCancellable(() => {
      // Heard inside this scope: out of a cancelled one no signal goes to a child.
      asked.catch(() => this.requestCancel('abort'))
      return body()
    })
  }

  /** Called at once when a cancel arrives or is sharpened; used to hand it on to children. */
  onCancel(listener: (mode: CancelMode) => void): void {
    this.#onCancel.push(listener)
    if (this.cancel) listener(this.cancel)
  }

  requestCancel(mode: CancelMode): void {
    this.#press(() => {
      const before = this.cancel
      this.cancel = sharperCancel(before, mode)
      if (this.cancel !== before) for (const listener of this.#onCancel) listener(this.cancel)
    })
  }

  /** Throws at a safe point when the job shall stop. `graceful` does not stop a target in work: pass `abort` there. */
  throwIfCancelled(least: CancelMode = 'graceful'): void {
    if (this.cancel === 'abort' || (this.cancel === 'graceful' && least === 'graceful'))
      throw new CancelRequested(this.cancel)
  }

  /** Waits for anything to be pressed, or the time to pass. True when something was pressed. */
  async pressedWithin(ms: number): Promise<boolean> {
    const before = this.presses
    return condition(() => this.presses > before, ms)
  }

  #press(effect: () => void): void {
    effect()
    this.presses += 1
  }
}

import { CancellationScope } from '@temporalio/workflow'
import type { StatusChange } from '../../activities/contracts/jobs.js'

/** Changes written together: a transaction of some ten milliseconds, in which other writers of events wait. */
const MOST_TOGETHER = 50

interface Waiting {
  change: StatusChange
  written: () => void
  failed: (why: unknown) => void
}

/**
 * The status rows of one workflow, written in order and by one local activity at a time; what comes meanwhile goes together
 * with the next.
 *
 * QUIRK temporalio 1.24: local activities that run beside each other end in one order and grouping live, and in another at
 * replay, so what follows them is scheduled in another order too ("Nondeterminism error: Activity id of scheduled event …
 * does not match"), and the job stands still after the death of its worker. Seen with 40 targets at once; with one at a time
 * there is only one order. Source: test/replay/wide-job.test.ts.
 */
export class StatusLane {
  readonly #waiting: Waiting[] = []
  #writing = false

  constructor(private readonly store: (changes: StatusChange[]) => Promise<void>) {}

  /** Resolves when the change is in the database; a cancelled scope does not wait for it. */
  async write(change: StatusChange): Promise<void> {
    const scope = CancellationScope.current()
    if (scope.consideredCancelled) await scope.cancelRequested
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ change, written: resolve, failed: reject })
    })
    if (!this.#writing) void CancellationScope.nonCancellable(() => this.#drain())
    // A scope that shields its own still hears of the request.
    await (scope.cancellable ? Promise.race([written, scope.cancelRequested]) : written)
  }

  async #drain(): Promise<void> {
    this.#writing = true
    // What the same turn of the workflow still has to say goes along.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, MOST_TOGETHER)
      try {
        await this.store(together.map(({ change }) => change))
        for (const { written } of together) written()
      } catch (thrown) {
        for (const { failed } of together) failed(thrown)
      }
    }
    this.#writing = false
  }
}

import { condition } from '@temporalio/workflow'

/** Lets so many bodies run at once; the others wait for their turn in the order in which they came. */
export class Turns {
  #free: number
  #next = 0
  #called = 0

  constructor(limit: number) {
    this.#free = limit
  }

  /** Waits for a turn, runs `body`, and gives the turn on, whatever becomes of it. */
  async take<T>(body: () => Promise<T>): Promise<T> {
    const number = this.#next
    this.#next += 1
    await condition(() => this.#free > 0 && this.#called === number)
    this.#called += 1
    this.#free -= 1
    try {
      return await body()
    } finally {
      this.#free += 1
    }
  }
}

/**
 * Simulated time. It runs `speed` times as fast as real time; a change of speed bends the line, it never jumps.
 * While a due callback runs, `now()` is the time it was due, so that chains of callbacks keep exact durations however
 * late the process was.
 */
export interface Clock {
  /** Simulated ms since 1970. */
  now(): number
  /** The same as RFC 3339 text, of now or of a given time. */
  iso(at?: number): string
  readonly speed: number
  /** Changes the factor from now on; throws RangeError unless 0 < factor <= 100000. */
  setSpeed(factor: number): void
  /** Runs `fn` once when simulated time has reached `due`; the answer cancels it. Not persistent: see agenda.ts. */
  at(due: number, fn: () => void): () => void
  /** Runs `fn` once after so many simulated ms; the answer cancels it. Not persistent: see agenda.ts. */
  after(simMs: number, fn: () => void): () => void
  /** Resolves after so many simulated ms. Not persistent. */
  sleep(simMs: number): Promise<void>
  /** Sets the time (a restored state, a reset); timers that wait stay and are due at their old times. */
  set(now: number): void
  /** Stops all timers for good. */
  stop(): void
}

interface Timer {
  due: number
  order: number
  fn: () => void
  cancelled: boolean
}

/** Longest pause of one real timer; Node overflows at 2^31 ms. */
const LONGEST_WAIT_MS = 60_000
export const MAX_SPEED = 100_000

/** A binary heap ordered by due time, then by order of arrival. */
class TimerHeap {
  private readonly items: Timer[] = []

  get first(): Timer | undefined {
    return this.items[0]
  }

  push(timer: Timer): void {
    const { items } = this
    items.push(timer)
    let i = items.length - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.before(i, parent)) break
      this.swap(i, parent)
      i = parent
    }
  }

  pop(): Timer | undefined {
    const { items } = this
    const first = items[0]
    const last = items.pop()
    if (first === undefined || last === undefined || items.length === 0) return first
    items[0] = last
    for (let i = 0; ; ) {
      const left = 2 * i + 1
      const right = left + 1
      let least = i
      if (left < items.length && this.before(left, least)) least = left
      if (right < items.length && this.before(right, least)) least = right
      if (least === i) return first
      this.swap(i, least)
      i = least
    }
  }

  private before(a: number, b: number): boolean {
    const x = this.items[a] as Timer
    const y = this.items[b] as Timer
    return x.due < y.due || (x.due === y.due && x.order < y.order)
  }

  private swap(a: number, b: number): void {
    const x = this.items[a] as Timer
    this.items[a] = this.items[b] as Timer
    this.items[b] = x
  }
}

/** Makes a clock that begins at `startAt` (simulated ms) with the given factor. */
export function createClock(startAt: number, speed: number): Clock {
  return new RunningClock(startAt, speed)
}

class RunningClock implements Clock {
  private base: number
  private realBase = performance.now()
  private factor: number
  private readonly heap = new TimerHeap()
  private order = 0
  private current: number | null = null
  private wait: NodeJS.Timeout | null = null
  private stopped = false

  constructor(startAt: number, speed: number) {
    checkSpeed(speed)
    this.base = startAt
    this.factor = speed
  }

  get speed(): number {
    return this.factor
  }

  now(): number {
    return this.current ?? this.flowing()
  }

  iso(at = this.now()): string {
    return new Date(at).toISOString()
  }

  setSpeed(factor: number): void {
    checkSpeed(factor)
    this.base = this.flowing()
    this.realBase = performance.now()
    this.factor = factor
    this.arm()
  }

  set(now: number): void {
    this.base = now
    this.realBase = performance.now()
    this.arm()
  }

  at(due: number, fn: () => void): () => void {
    const timer: Timer = { due, order: this.order++, fn, cancelled: false }
    this.heap.push(timer)
    if (this.heap.first === timer && this.current === null) this.arm()
    return () => {
      timer.cancelled = true
    }
  }

  after(simMs: number, fn: () => void): () => void {
    return this.at(this.now() + Math.max(0, simMs), fn)
  }

  sleep(simMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(simMs, resolve)
    })
  }

  stop(): void {
    this.stopped = true
    if (this.wait) clearTimeout(this.wait)
    this.wait = null
  }

  private flowing(): number {
    return this.base + (performance.now() - this.realBase) * this.factor
  }

  private arm(): void {
    if (this.wait) clearTimeout(this.wait)
    this.wait = null
    while (this.heap.first?.cancelled) this.heap.pop()
    const first = this.heap.first
    if (this.stopped || !first) return
    const realMs = (first.due - this.flowing()) / this.factor
    this.wait = setTimeout(() => this.run(), Math.min(Math.max(0, realMs), LONGEST_WAIT_MS))
  }

  /** Runs what is due, in order; a callback that throws ends the process loudly, for it is a bug of the lab. */
  private run(): void {
    try {
      for (let first = this.heap.first; first && !this.stopped; first = this.heap.first) {
        if (!first.cancelled && first.due > this.flowing()) break
        this.heap.pop()
        if (first.cancelled) continue
        this.current = first.due
        first.fn()
        this.current = null
      }
    } finally {
      this.current = null
      this.arm()
    }
  }
}

function checkSpeed(factor: number): void {
  if (!(factor > 0 && factor <= MAX_SPEED)) throw new RangeError(`speed must be above 0 and at most ${MAX_SPEED}`)
}

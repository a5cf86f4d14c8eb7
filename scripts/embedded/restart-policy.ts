const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5_000
const HEALTHY_AFTER_MS = 30_000

/**
 * How long to wait before a process that died is started again: the first time at once, then growing, at most 5 s.
 * A life of 30 s or more clears the past.
 */
export function createRestartPolicy(now: () => number = Date.now) {
  let deaths = 0
  let bornAt = now()
  return {
    born(): void {
      bornAt = now()
    },
    /** Milliseconds of pause after a death. */
    died(): number {
      if (now() - bornAt >= HEALTHY_AFTER_MS) deaths = 0
      deaths += 1
      return deaths === 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (deaths - 2))
    },
    /** Deaths in a row without a healthy life between. */
    get deaths(): number {
      return deaths
    },
  }
}

export type RestartPolicy = ReturnType<typeof createRestartPolicy>

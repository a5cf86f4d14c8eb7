import { setTimeout as sleep } from 'node:timers/promises'
import type { StartedProduct } from './product.js'

export interface Chaos {
  /** Ends the killing; resolves with how often it happened. */
  end: () => Promise<number>
}

const KILLS = 4
const FIRST_AFTER_MS = 3_000
const BETWEEN_MS = [2_500, 6_000] as const

/** Kills the worker with SIGKILL several times while a job runs; the supervisor starts it again each time. */
export function unleashChaos(
  product: StartedProduct,
  say: (text: string) => void,
  random: () => number = Math.random,
): Chaos {
  const stop = new AbortController()
  const done = killAgainAndAgain(product, say, random, stop.signal)
  return {
    end: () => {
      stop.abort()
      return done
    },
  }
}

async function killAgainAndAgain(
  product: StartedProduct,
  say: (text: string) => void,
  random: () => number,
  signal: AbortSignal,
): Promise<number> {
  let kills = 0
  let pause = FIRST_AFTER_MS
  while (kills < KILLS) {
    await sleep(pause, undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    const pid = await product.pid('worker')
    pause = pid === undefined ? 200 : BETWEEN_MS[0] + random() * (BETWEEN_MS[1] - BETWEEN_MS[0])
    if (pid === undefined) continue
    process.kill(pid, 'SIGKILL')
    kills += 1
    say(`killed the worker (process ${pid}) with SIGKILL, ${kills} of ${KILLS}`)
  }
  return kills
}

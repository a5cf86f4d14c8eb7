import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again until the answer is neither undefined nor false. Resolves with it, or with undefined when `limitMs`
 * real milliseconds are over. A throwing question counts as "not yet".
 */
export async function waitUntil<T>(
  question: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs: number,
  everyMs = 50,
): Promise<T | undefined> {
  for (const end = Date.now() + limitMs; ; await sleep(everyMs)) {
    try {
      const answer = await question()
      if (answer !== undefined && answer !== false) return answer
    } catch {
      // not yet
    }
    if (Date.now() >= end) return undefined
  }
}

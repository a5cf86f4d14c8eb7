import { describe } from 'vitest'

/** A program that nobody here wrote: ready to run, or the reason why it cannot be had on this machine. */
export type Part = { name: string; ready: true; path: string } | { name: string; ready: false; reason: string }

export const had = (name: string, path: string): Part => ({ name, ready: true, path })
export const missing = (name: string, reason: string): Part => ({ name, ready: false, reason })

/** Path of a part in a test that only runs when it is there. Throws otherwise. */
export function pathOf(part: Part): string {
  if (!part.ready) throw new Error(`${part.name}: ${part.reason}`)
  return part.path
}

/** The tests of one foreign program. One that cannot be had is skipped under its name and the reason. */
export function describeWith(parts: readonly Part[], title: string, tests: () => void): void {
  const reasons = parts.flatMap((part) => (part.ready ? [] : [`${part.name}: ${part.reason}`]))
  if (reasons.length === 0) describe(title, tests)
  else describe.skip(`${title} (not to be had: ${reasons.join('; ')})`, tests)
}

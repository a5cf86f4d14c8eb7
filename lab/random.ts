/**
 * Chance that can be repeated: every throw depends on the seed, a purpose and how often that purpose was asked before
 * (counted in the state), so the same seed and the same calls give the same site, also across a restart.
 */
import type { SimSite } from './model.js'

export interface Dice {
  /** 0 <= x < 1 */
  roll(purpose: string): number
  /** a whole number from `low` to `high`, both possible */
  between(purpose: string, low: number, high: number): number
  /** true with the given probability */
  chance(purpose: string, probability: number): boolean
}

/** A well-mixed 32-bit number out of a text (FNV-1a, then murmur's finaliser). */
export function hash32(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A stream of numbers 0 <= x < 1 out of a seed and a purpose (mulberry32); for building a site. */
export function stream(seed: number, purpose: string): () => number {
  let a = hash32(`${seed} ${purpose}`)
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Makes the dice over the counters in the state. */
export function createDice(stateOf: () => SimSite): Dice {
  const roll = (purpose: string): number => {
    const { seed, dice } = stateOf()
    const count = (dice[purpose] ?? 0) + 1
    dice[purpose] = count
    return hash32(`${seed} ${purpose} ${count}`) / 4_294_967_296
  }
  return {
    roll,
    between: (purpose, low, high) => low + Math.floor(roll(purpose) * (high - low + 1)),
    chance: (purpose, probability) => roll(purpose) < probability,
  }
}

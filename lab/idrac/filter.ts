import type { JsonValue } from '../model.js'
import type { JsonObject } from './recorded.js'

type Comparison = { property: string; operator: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'; value: string }

const COMPARISON = /^\s*\(?\s*([A-Za-z@.]+)\s+(eq|ne|gt|ge|lt|le)\s+(?:'([^']*)'|(\d+(?:\.\d+)?))\s*\)?\s*$/

/** Parses `A eq 'x' and B ge 'y'`; undefined when it is not of that form (times and texts need quotes on an iDRAC). */
export function parseFilter(text: string): Comparison[] | undefined {
  const found: Comparison[] = []
  for (const piece of text.split(/\s+and\s+/i)) {
    const match = COMPARISON.exec(piece)
    if (!match?.[1] || !match[2]) return undefined
    found.push({ property: match[1], operator: match[2] as Comparison['operator'], value: match[3] ?? match[4] ?? '' })
  }
  return found
}

/** Negative, zero or positive as sort functions want it; times compare as times, numbers as numbers, the rest as text. */
function compare(left: JsonValue | undefined, right: string): number {
  if (typeof left === 'number') return left - Number(right)
  const text = String(left ?? '')
  const [a, b] = [Date.parse(text), Date.parse(right)]
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(a) && !Number.isNaN(b)) return a - b
  return text < right ? -1 : text > right ? 1 : 0
}

function holds(member: JsonObject, { property, operator, value }: Comparison): boolean {
  const order = compare(member[property], value)
  const verdicts = { eq: order === 0, ne: order !== 0, gt: order > 0, ge: order >= 0, lt: order < 0, le: order <= 0 }
  return verdicts[operator]
}

/** The members for which every comparison holds. */
export function applyFilter(members: JsonObject[], comparisons: Comparison[]): JsonObject[] {
  return members.filter((member) => comparisons.every((comparison) => holds(member, comparison)))
}

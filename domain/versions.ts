/** How the first version stands to the second. `incomparable`: only equality can be told, and they are not equal. */
export type VersionOrder = 'newer' | 'older' | 'equal' | 'incomparable'

/** One piece of a version: digits without leading zeros, or letters. */
type Token = { digits: string } | { letters: string }

interface ParsedVersion {
  /** Versions of different shapes are not compared: `4301A56` says nothing about `2.1.3`. */
  shape: string
  segments: Token[][]
}

const NUMBER = /^\d+$/
const WORD = /^[A-Z]+$/
/** `A00`, `4301A56`. Segments that end in letters (`2B`) look like hex and are never ordered. */
const LETTERED = /^(\d*)([A-Z]+)(\d+)$/

const digits = (text: string): Token => ({ digits: text.replace(/^0+(?=\d)/, '') })

function parseSegment(segment: string): { shape: string; tokens: Token[] } | null {
  if (NUMBER.test(segment)) return { shape: 'n', tokens: [digits(segment)] }
  if (WORD.test(segment)) return { shape: `=${segment}`, tokens: [] }
  const match = LETTERED.exec(segment)
  if (!match) return null
  const [, head = '', letters = '', tail = ''] = match
  const front = head === '' ? [] : [digits(head)]
  return { shape: head === '' ? 'ln' : 'nln', tokens: [...front, { letters }, digits(tail)] }
}

function parseVersion(text: string): ParsedVersion | null {
  const raw = text.split(/[^A-Z0-9]+/).filter((segment) => segment !== '')
  const parsed = raw.map(parseSegment)
  const segments = parsed.filter((segment) => segment !== null)
  if (segments.length !== raw.length || !/\d/.test(text)) return null
  const shape = segments
    .map((segment) => segment.shape)
    .join('|')
    .replace(/(\|?n)*$/, '')
  return { shape, segments: segments.map((segment) => segment.tokens) }
}

function compareDigits(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b))
}

const ZERO: Token = { digits: '0' }

function compareToken(a: Token = ZERO, b: Token = ZERO): number {
  if ('digits' in a && 'digits' in b) return compareDigits(a.digits, b.digits)
  if ('letters' in a && 'letters' in b) return a.letters < b.letters ? -1 : Number(a.letters > b.letters)
  return 0
}

function compareSegments(a: Token[][], b: Token[][]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i] ?? [ZERO], b[i] ?? [ZERO]]
    for (let k = 0; k < Math.max(left.length, right.length); k++) {
      const order = compareToken(left[k], right[k])
      if (order !== 0) return order
    }
  }
  return 0
}

const orderOf = (difference: number): VersionOrder => (difference === 0 ? 'equal' : difference > 0 ? 'newer' : 'older')

/**
 * Compares two firmware versions of the same component (Dell, BIOS, `A00` forms).
 * Segments are split at everything that is no letter or digit; numbers compare as numbers, letter-digit segments as text
 * and then number, missing segments are zero. Where either has no digits, or the shapes differ, or a segment looks like
 * hex, only equality is told: guessing there would turn a downgrade into an update.
 */
export function compareVersions(a: string | null, b: string | null): VersionOrder {
  const [left, right] = [(a ?? '').trim().toUpperCase(), (b ?? '').trim().toUpperCase()]
  if (left === '' || right === '') return 'incomparable'
  if (left === right) return 'equal'
  const [first, second] = [parseVersion(left), parseVersion(right)]
  if (!first || !second || first.shape !== second.shape) return 'incomparable'
  return orderOf(compareSegments(first.segments, second.segments))
}

export interface EsxiVersion {
  major: number
  minor: number
  update: number
}

/** Reads `8.0.3`, `8.0 Update 3`, `8.0U3k`, `9.1.1.0`; null when it is none of these. */
export function parseEsxiVersion(text: string | null): EsxiVersion | null {
  const match = /^\s*(\d{1,2})\.(\d{1,2})(?:(?:\.|\s*U(?:pdate\s*)?)(\d{1,2})[a-z]?(?:\.\d+)*)?(?:\s|$)/i.exec(
    text ?? '',
  )
  if (!match) return null
  return { major: Number(match[1]), minor: Number(match[2]), update: Number(match[3] ?? 0) }
}

export interface EsxiRelease {
  version: string | null
  build: number | null
}

/**
 * Compares two ESXi releases: first the version, then the build, because 8.0.3 covers many patches, and because builds of
 * different lines overlap in time (a late 7.0 patch has a higher build than 8.0 GA).
 */
export function compareEsxi(a: EsxiRelease, b: EsxiRelease): VersionOrder {
  const [left, right] = [parseEsxiVersion(a.version), parseEsxiVersion(b.version)]
  if (!left || !right) return 'incomparable'
  const difference = left.major - right.major || left.minor - right.minor || left.update - right.update
  if (difference !== 0) return orderOf(difference)
  if (a.build === null || b.build === null) return 'incomparable'
  return orderOf(a.build - b.build)
}

/** Search filters (RFC 4511, 4.5.1.7): read from the wire, shown as text for the ledger, matched against entries. */
import type { DirectoryEntry } from '../model-directory.js'
import { BadBer, children, type Element } from './ber.js'
import { canonical } from './dn.js'
import { binaryOf, namesOf, valuesOf } from './entry.js'

export type Filter =
  | { kind: 'and' | 'or'; of: Filter[] }
  | { kind: 'not'; of: Filter }
  | { kind: 'equal' | 'greater' | 'less' | 'approx'; attribute: string; value: Buffer }
  | { kind: 'present'; attribute: string }
  | { kind: 'substring'; attribute: string; initial: string; any: string[]; final: string }
  | { kind: 'extensible'; rule: string; attribute: string; value: string }

/** Member or group of a group, followed through all groups between (Active Directory). */
export const IN_CHAIN = '1.2.840.113556.1.4.1941'
/** All bits of a number are set (Active Directory). */
export const BITS_AND = '1.2.840.113556.1.4.803'

const DEEPEST = 20

/** Reads a filter; throws BadBer. */
export function readFilter(element: Element, depth = 0): Filter {
  if (depth > DEEPEST) throw new BadBer('a filter of too many levels')
  const inner = (): Element[] => children(element.content)
  switch (element.tag) {
    case 0xa0:
      return { kind: 'and', of: inner().map((one) => readFilter(one, depth + 1)) }
    case 0xa1:
      return { kind: 'or', of: inner().map((one) => readFilter(one, depth + 1)) }
    case 0xa2:
      return { kind: 'not', of: readFilter(at(inner(), 0), depth + 1) }
    case 0xa3:
      return assertion('equal', inner())
    case 0xa4:
      return substring(inner())
    case 0xa5:
      return assertion('greater', inner())
    case 0xa6:
      return assertion('less', inner())
    case 0x87:
      return { kind: 'present', attribute: element.content.toString('utf8') }
    case 0xa8:
      return assertion('approx', inner())
    case 0xa9:
      return extensible(inner())
    default:
      throw new BadBer(`filter choice ${element.tag}`)
  }
}

function at(list: Element[], index: number): Element {
  const found = list[index]
  if (!found) throw new BadBer('a filter lacks a part')
  return found
}

function assertion(kind: 'equal' | 'greater' | 'less' | 'approx', parts: Element[]): Filter {
  return { kind, attribute: at(parts, 0).content.toString('utf8'), value: at(parts, 1).content }
}

function substring(parts: Element[]): Filter {
  const pieces = children(at(parts, 1).content)
  const textOf = (tag: number): string[] =>
    pieces.filter((piece) => piece.tag === tag).map((piece) => piece.content.toString('utf8'))
  const attribute = at(parts, 0).content.toString('utf8')
  return {
    kind: 'substring',
    attribute,
    initial: textOf(0x80)[0] ?? '',
    any: textOf(0x81),
    final: textOf(0x82)[0] ?? '',
  }
}

function extensible(parts: Element[]): Filter {
  const textOf = (tag: number): string => parts.find((part) => part.tag === tag)?.content.toString('utf8') ?? ''
  return { kind: 'extensible', rule: textOf(0x81), attribute: textOf(0x82), value: textOf(0x83) }
}

const escaped = (text: string): string =>
  text.replace(/[\\*()]|[^\x20-\x7e]/g, (sign) =>
    [...Buffer.from(sign)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
  )

/** The filter as RFC 4515 writes it. */
export function filterText(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.kind === 'and' ? '&' : '|'}${filter.of.map(filterText).join('')})`
    case 'not':
      return `(!${filterText(filter.of)})`
    case 'present':
      return `(${filter.attribute}=*)`
    case 'substring':
      return `(${filter.attribute}=${[filter.initial, ...filter.any, filter.final].map(escaped).join('*')})`
    case 'extensible':
      return `(${filter.attribute}:${filter.rule}:=${escaped(filter.value)})`
    default: {
      const sign = { equal: '=', greater: '>=', less: '<=', approx: '~=' }[filter.kind]
      return `(${filter.attribute}${sign}${escaped(filter.value.toString('utf8'))})`
    }
  }
}

/** What matching needs beside the entry: where a chain of groups leads. */
export interface MatchContext {
  /** the entry of this name, if there is one */
  entry(dn: string): DirectoryEntry | undefined
}

export function matches(filter: Filter, entry: DirectoryEntry, context: MatchContext): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.of.every((one) => matches(one, entry, context))
    case 'or':
      return filter.of.some((one) => matches(one, entry, context))
    case 'not':
      return !matches(filter.of, entry, context)
    case 'present':
      return filter.attribute.toLowerCase() === 'objectclass' || valuesOf(entry, filter.attribute).length > 0
    case 'substring':
      return valuesOf(entry, filter.attribute).some((value) => fitsPieces(value.toLowerCase(), filter))
    case 'extensible':
      return matchesRule(filter, entry, context)
    default:
      return compares(filter, entry)
  }
}

function compares(filter: Extract<Filter, { value: Buffer }>, entry: DirectoryEntry): boolean {
  const wanted = prepared(filter.value.toString('utf8'))
  if (filter.kind === 'equal' || filter.kind === 'approx') {
    const binary = binaryOf(entry, filter.attribute)
    if (binary) return binary.equals(filter.value)
    const same = namesOf(filter.attribute)
      ? (value: string) => canonical(value) === canonical(wanted)
      : (value: string) => prepared(value) === wanted
    return valuesOf(entry, filter.attribute).some(same)
  }
  return valuesOf(entry, filter.attribute).some((value) => {
    const order = byNumberOrText(prepared(value), wanted)
    return filter.kind === 'greater' ? order >= 0 : order <= 0
  })
}

/** Case and blanks at the ends or beside each other mean nothing in a comparison (RFC 4518, 2.2 and 2.6.1). */
const prepared = (text: string): string => text.toLowerCase().trim().replace(/ +/g, ' ')

function byNumberOrText(one: string, other: string): number {
  const numbers = [Number(one), Number(other)] as const
  if (one !== '' && other !== '' && numbers.every(Number.isFinite)) return numbers[0] - numbers[1]
  return one < other ? -1 : one > other ? 1 : 0
}

function fitsPieces(value: string, { initial, any, final }: Extract<Filter, { kind: 'substring' }>): boolean {
  if (!value.startsWith(initial.toLowerCase())) return false
  let from = initial.length
  for (const piece of any) {
    const found = value.indexOf(piece.toLowerCase(), from)
    if (found < 0) return false
    from = found + piece.length
  }
  return value.length - final.length >= from && value.endsWith(final.toLowerCase())
}

/** An unknown rule is undefined, which a server treats as no match. */
function matchesRule(
  { rule, attribute, value }: Extract<Filter, { kind: 'extensible' }>,
  entry: DirectoryEntry,
  context: MatchContext,
): boolean {
  if (rule === BITS_AND)
    return valuesOf(entry, attribute).some((own) => (Number(own) & Number(value)) === Number(value))
  if (rule !== IN_CHAIN || !namesOf(attribute)) return false
  const goal = canonical(value)
  const seen = new Set<string>()
  const queue = [...valuesOf(entry, attribute)]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const name = canonical(next)
    if (name === goal) return true
    if (seen.has(name)) continue
    seen.add(name)
    const further = context.entry(next)
    if (further) queue.push(...valuesOf(further, attribute))
  }
  return false
}

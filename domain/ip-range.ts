/** An inclusive run of IPv4 addresses as unsigned 32-bit numbers. */
export interface AddressSpan {
  first: number
  last: number
}

/** A parsed range: `text` is its canonical form. */
export interface IpRange extends AddressSpan {
  kind: 'cidr' | 'hyphen' | 'single'
  text: string
}

export type ParsedRange = { ok: true; range: IpRange } | { ok: false; message: string }

const OCTET = /^(?:0|[1-9]\d{0,2})$/

/** An IPv4 address as a number; null when it is none. Leading zeros are refused: some readers take them for octal. */
export function parseIpv4(text: string): number | null {
  const octets = text.trim().split('.')
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255)) return null
  return octets.reduce((value, octet) => value * 256 + Number(octet), 0)
}

/** The dotted form of a number. */
export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
}

const bad = (message: string): ParsedRange => ({ ok: false, message })

function parseCidr(text: string): ParsedRange {
  const [base = '', bits = ''] = text.split('/')
  const address = parseIpv4(base)
  const prefix = /^\d{1,2}$/.test(bits.trim()) ? Number(bits) : 33
  if (address === null) return bad(`${base.trim()} is not an IPv4 address.`)
  if (prefix > 32) return bad(`/${bits.trim()} is not a prefix length between 0 and 32.`)
  const size = 2 ** (32 - prefix)
  const network = Math.floor(address / size) * size
  const edge = prefix < 31 ? 1 : 0
  const range: IpRange = {
    kind: 'cidr',
    text: `${formatIpv4(network)}/${prefix}`,
    first: network + edge,
    last: network + size - 1 - edge,
  }
  return { ok: true, range }
}

function parseHyphen(text: string): ParsedRange {
  const [from = '', to = '', extra] = text.split('-')
  const [first, last] = [parseIpv4(from), parseIpv4(to)]
  if (first === null || last === null || extra !== undefined)
    return bad(`${text} is not a range of two IPv4 addresses.`)
  if (first > last) return bad(`${text} ends before it begins.`)
  return { ok: true, range: { kind: 'hyphen', text: `${formatIpv4(first)}-${formatIpv4(last)}`, first, last } }
}

/**
 * Reads `10.0.0.0/24`, `10.0.0.10-10.0.0.20` or a single IPv4 address. The network and the broadcast address of a CIDR
 * shorter than /31 are left out; the host part of a CIDR is cut off in the canonical text.
 */
export function parseRange(text: string): ParsedRange {
  const trimmed = text.trim()
  if (trimmed.includes('/')) return parseCidr(trimmed)
  if (trimmed.includes('-')) return parseHyphen(trimmed)
  const address = parseIpv4(trimmed)
  if (address === null) return bad(`${trimmed} is not an IPv4 address.`)
  return { ok: true, range: { kind: 'single', text: formatIpv4(address), first: address, last: address } }
}

/** Sorted, disjoint, non-touching spans that hold exactly the addresses of all given ones. */
export function mergeSpans(spans: readonly AddressSpan[]): AddressSpan[] {
  const merged: AddressSpan[] = []
  for (const span of [...spans].sort((a, b) => a.first - b.first || a.last - b.last)) {
    const top = merged.at(-1)
    if (top && span.first <= top.last + 1) top.last = Math.max(top.last, span.last)
    else merged.push({ first: span.first, last: span.last })
  }
  return merged
}

/** The addresses of the first that are not in the second; sorted and disjoint. */
export function subtractSpans(spans: readonly AddressSpan[], exclude: readonly AddressSpan[]): AddressSpan[] {
  const left: AddressSpan[] = []
  const cuts = mergeSpans(exclude)
  for (const span of mergeSpans(spans)) {
    let first = span.first
    for (const cut of cuts) {
      if (cut.last < first || cut.first > span.last) continue
      if (cut.first > first) left.push({ first, last: cut.first - 1 })
      first = cut.last + 1
    }
    if (first <= span.last) left.push({ first, last: span.last })
  }
  return left
}

/** Number of addresses; of merged spans each address counts once. */
export function countAddresses(spans: readonly AddressSpan[]): number {
  return spans.reduce((sum, span) => sum + (span.last - span.first + 1), 0)
}

/** Is the address in one of the spans? */
export function spansContain(spans: readonly AddressSpan[], address: string): boolean {
  const value = parseIpv4(address)
  return value !== null && spans.some((span) => span.first <= value && value <= span.last)
}

/**
 * The next addresses from a cursor, without ever expanding a range. The cursor is the next address as a number (null =
 * begin); it survives in a workflow, so that a new worker goes on exactly there. `spans` must be merged.
 */
export function nextBatch(
  spans: readonly AddressSpan[],
  cursor: number | null,
  size: number,
): { addresses: string[]; cursor: number | null } {
  const addresses: string[] = []
  for (const span of spans) {
    const begin = Math.max(span.first, cursor ?? span.first)
    for (let value = begin; value <= span.last; value++) {
      if (addresses.length === size) return { addresses, cursor: value }
      addresses.push(formatIpv4(value))
    }
  }
  return { addresses, cursor: null }
}

export interface ScanRanges {
  spans: AddressSpan[]
  count: number
  /** Addresses named more than once. */
  doubles: number
  excluded: number
  errors: { index: number; list: 'ip_ranges' | 'exclude_ranges'; message: string }[]
}

function parseList(texts: readonly string[], list: 'ip_ranges' | 'exclude_ranges', errors: ScanRanges['errors']) {
  const ranges: IpRange[] = []
  for (const [index, text] of texts.entries()) {
    const parsed = parseRange(text)
    if (parsed.ok) ranges.push(parsed.range)
    else errors.push({ index, list, message: parsed.message })
  }
  return ranges
}

/** What a scan over these texts means: merged spans without the exclusions, the count, and the texts that are wrong. */
export function scanRanges(ip_ranges: readonly string[], exclude_ranges: readonly string[]): ScanRanges {
  const errors: ScanRanges['errors'] = []
  const wanted = parseList(ip_ranges, 'ip_ranges', errors)
  const exclude = parseList(exclude_ranges, 'exclude_ranges', errors)
  const merged = mergeSpans(wanted)
  const spans = subtractSpans(merged, exclude)
  const count = countAddresses(spans)
  return {
    spans,
    count,
    doubles: countAddresses(wanted) - countAddresses(merged),
    excluded: countAddresses(merged) - count,
    errors,
  }
}

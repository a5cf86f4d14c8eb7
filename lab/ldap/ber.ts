/** The Basic Encoding Rules as far as LDAP uses them (RFC 4511, 5.1): definite lengths, short tags. */

export interface Element {
  tag: number
  content: Buffer
  /** where the next element begins */
  end: number
}

/** Bytes that are not BER; the connection ends. */
export class BadBer extends Error {}

export const TAG = { boolean: 0x01, integer: 0x02, octets: 0x04, enumerated: 0x0a, sequence: 0x30, set: 0x31 } as const

/** The element at `from`; null while its end has not arrived. Throws BadBer above `limit` bytes. */
export function readElement(bytes: Buffer, from = 0, limit = Number.MAX_SAFE_INTEGER): Element | null {
  const tag = bytes[from]
  const first = bytes[from + 1]
  if (tag === undefined || first === undefined) return null
  if ((tag & 0x1f) === 0x1f) throw new BadBer('long tags are not used by LDAP')
  const count = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || count > 4) throw new BadBer('indefinite or oversized length')
  if (bytes.length < from + 2 + count) return null
  const length = count === 0 ? first : bytes.readUIntBE(from + 2, count)
  if (length > limit) throw new BadBer(`an element of ${length} bytes`)
  const begin = from + 2 + count
  if (bytes.length < begin + length) return null
  return { tag, content: bytes.subarray(begin, begin + length), end: begin + length }
}

/** All elements inside a constructed one; throws BadBer for a torn one. */
export function children(content: Buffer): Element[] {
  const found: Element[] = []
  for (let at = 0; at < content.length; ) {
    const element = readElement(content, at)
    if (!element) throw new BadBer('an element ends beyond its parent')
    found.push(element)
    at = element.end
  }
  return found
}

export function readInteger(content: Buffer): number {
  if (content.length === 0 || content.length > 6) throw new BadBer('an integer of no or too many bytes')
  return content.readIntBE(0, content.length)
}

export function element(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const digits: number[] = []
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length, ...digits]), body])
}

export const sequence = (...parts: Buffer[]): Buffer => element(TAG.sequence, ...parts)

export function integer(value: number, tag: number = TAG.integer): Buffer {
  let length = 1
  while (value >= 2 ** (8 * length - 1)) length += 1
  const bytes = Buffer.alloc(length)
  bytes.writeIntBE(value, 0, length)
  return element(tag, bytes)
}

export const octets = (value: string | Buffer, tag: number = TAG.octets): Buffer =>
  element(tag, typeof value === 'string' ? Buffer.from(value, 'utf8') : value)

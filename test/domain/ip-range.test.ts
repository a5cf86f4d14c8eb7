import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forbiddenSpans, whyNotDeviceAddress } from '../../domain/device-address.js'
import {
  type AddressSpan,
  countAddresses,
  formatIpv4,
  mergeSpans,
  nextBatch,
  parseIpv4,
  parseRange,
  scanRanges,
  spansContain,
  subtractSpans,
} from '../../domain/ip-range.js'
import { assertProperty } from './cluster-fixture.js'

const all = (spans: AddressSpan[]) => nextBatch(spans, null, 1_000_000).addresses

describe('one range', () => {
  it.each([
    ['10.0.0.0/30', '10.0.0.0/30', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.6/30', '10.0.0.4/30', ['10.0.0.5', '10.0.0.6']],
    ['10.0.0.0/31', '10.0.0.0/31', ['10.0.0.0', '10.0.0.1']],
    ['10.0.0.7/32', '10.0.0.7/32', ['10.0.0.7']],
    [' 10.0.0.254 - 10.0.1.1 ', '10.0.0.254-10.0.1.1', ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']],
    ['192.168.1.9', '192.168.1.9', ['192.168.1.9']],
  ])('%s', (text, canonical, addresses) => {
    const parsed = parseRange(text)
    expect(parsed.ok && parsed.range.text).toBe(canonical)
    expect(parsed.ok && all([parsed.range])).toEqual(addresses)
  })

  it.each([
    '10.0.0.0/33',
    '10.0.0/24',
    '10.0.0.9-10.0.0.1',
    '10.0.0.256',
    '010.0.0.1',
    '',
    'a-b',
    '1.1.1.1-2.2.2.2-3.3.3.3',
    '::1',
  ])('refuses %j with a sentence', (text) => {
    const parsed = parseRange(text)
    expect(parsed.ok).toBe(false)
    expect(parsed.ok ? '' : parsed.message).toMatch(/\.$/)
  })

  it('counts the whole address space without expanding it', () => {
    expect(scanRanges(['0.0.0.0/0'], [])).toMatchObject({ count: 2 ** 32 - 2, doubles: 0 })
  })
})

it('counts doubles and exclusions, and points at bad texts', () => {
  const scan = scanRanges(
    ['10.0.0.0/24', '10.0.0.10-10.0.0.20', 'x'],
    ['10.0.0.1', '10.0.0.5-10.0.0.6', '11.0.0.1', '1/99'],
  )
  expect(scan).toMatchObject({ count: 251, doubles: 11, excluded: 3 })
  expect(scan.errors.map((entry) => [entry.list, entry.index])).toEqual([
    ['ip_ranges', 2],
    ['exclude_ranges', 3],
  ])
})

const spanArb = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 60 }))
  .map(([first, length]) => ({ first, last: first + length }))
const spansArb = fc.array(spanArb, { maxLength: 6 })
const inAny = (spans: AddressSpan[], value: number) => spans.some((span) => span.first <= value && value <= span.last)

describe('spans', () => {
  it('enumerates exactly the members, each once, in order, whatever the batch size', () => {
    assertProperty(
      fc.property(spansArb, spansArb, fc.integer({ min: 1, max: 97 }), (wanted, exclude, size) => {
        const spans = subtractSpans(wanted, exclude)
        const seen: string[] = []
        let cursor: number | null = null
        do {
          const batch = nextBatch(spans, cursor, size)
          expect(batch.addresses.length).toBeLessThanOrEqual(size)
          seen.push(...batch.addresses)
          cursor = batch.cursor
        } while (cursor !== null)
        const expected = Array.from({ length: 400 }, (_, i) => i).filter((i) => inAny(wanted, i) && !inAny(exclude, i))
        expect(seen).toEqual(expected.map(formatIpv4))
        expect(countAddresses(spans)).toBe(expected.length)
        expect(expected.every((value) => spansContain(spans, formatIpv4(value)))).toBe(true)
      }),
      10_000,
    )
  })

  it('merges into sorted spans with gaps between', () => {
    assertProperty(
      fc.property(spansArb, (spans) => {
        const merged = mergeSpans(spans)
        for (const [i, span] of merged.entries()) {
          const next = merged[i + 1]
          if (next) expect(next.first).toBeGreaterThan(span.last + 1)
        }
      }),
      10_000,
    )
  })

  it('reads what it writes', () => {
    assertProperty(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        expect(parseIpv4(formatIpv4(value))).toBe(value)
      }),
      10_000,
    )
  })
})

describe('addresses of devices', () => {
  const policy = { allowed_device_cidrs: [], lab_in_use: false }
  it.each([
    ['10.1.2.3', true],
    ['192.168.255.255', true],
    ['172.31.0.1', true],
    ['172.32.0.1', false],
    ['8.8.8.8', false],
    ['169.254.1.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['0.0.0.0', false],
    ['127.0.0.1', false],
    ['esx.example', false],
  ])('%s: %s', (address, allowed) => {
    expect(whyNotDeviceAddress(address, policy) === null).toBe(allowed)
  })

  it('takes loopback only while a lab is in use, and only the networks of the setting', () => {
    expect(whyNotDeviceAddress('127.20.0.1', { ...policy, lab_in_use: true })).toBeNull()
    expect(whyNotDeviceAddress('8.8.8.8', { ...policy, allowed_device_cidrs: ['8.8.8.0/24'] })).toBeNull()
    expect(whyNotDeviceAddress('10.0.0.1', { ...policy, allowed_device_cidrs: ['8.8.8.0/24'] })).not.toBeNull()
    expect(whyNotDeviceAddress('169.254.1.1', { ...policy, allowed_device_cidrs: ['0.0.0.0/0'] })).not.toBeNull()
    expect(spansContain(forbiddenSpans(false), '127.255.255.255')).toBe(true)
    expect(spansContain(forbiddenSpans(true), '127.20.0.1')).toBe(false)
  })
})

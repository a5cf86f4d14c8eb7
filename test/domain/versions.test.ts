import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareEsxi, compareVersions, parseEsxiVersion, type VersionOrder } from '../../domain/versions.js'
import { assertProperty } from './cluster-fixture.js'

describe('firmware versions', () => {
  const rows: [string, string, VersionOrder][] = [
    ['2.16.1', '2.13.0', 'newer'],
    ['2.9.0', '2.16.1', 'older'],
    ['6.10.00.00', '6.00.30.00', 'newer'],
    ['6.00.30.00', '6.0.30', 'equal'],
    ['1.8.2', '1.8.2', 'equal'],
    ['A12', 'A02', 'newer'],
    ['a02', 'A02', 'equal'],
    ['4301A56', '4239A36', 'newer'],
    ['4301A56', '4301A9', 'newer'],
    ['4.3.0-0002', '4.3.0-0001', 'newer'],
    ['OSC_1.1', 'OSC_1.0', 'newer'],
    ['OSC_1.1', '1.0', 'incomparable'],
    ['00.2A.2B', '00.2A.2B', 'equal'],
    ['00.2A.2B', '00.2A.2C', 'incomparable'],
    ['00.24.71', '00.11.3F', 'incomparable'],
    ['EDA5402Q', 'EDA5500Q', 'incomparable'],
    ['1.2.3', 'A02', 'incomparable'],
    ['unknown', 'unknown2', 'incomparable'],
    ['21.03.10', '15.10.02', 'newer'],
    ['99999999999999999999.1', '99999999999999999998.9', 'newer'],
    ['', '', 'incomparable'],
  ]
  it.each(rows)('%s to %s is %s', (a, b, expected) => {
    expect(compareVersions(a, b)).toBe(expected)
  })

  it('calls a missing version incomparable', () => {
    expect(compareVersions(null, '1.0')).toBe('incomparable')
    expect(compareVersions(null, null)).toBe('incomparable')
  })
})

const segment = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('A0', 'A1', 'B1', '4A1', '4A2', '5A1', '2A', 'OSC', '00', '01') },
)
const version = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.constantFrom('.', '-', '_'))
  .map(([parts, glue]) => parts.join(glue))

const MIRROR: Record<VersionOrder, VersionOrder> = {
  newer: 'older',
  older: 'newer',
  equal: 'equal',
  incomparable: 'incomparable',
}
const rank: Record<string, number> = { older: -1, equal: 0, newer: 1 }

describe('firmware versions are a partial order', () => {
  it('is reflexive and antisymmetric', () => {
    assertProperty(
      fc.property(version, version, (a, b) => {
        expect(compareVersions(a, a)).toBe('equal')
        expect(compareVersions(b, a)).toBe(MIRROR[compareVersions(a, b)])
      }),
      10_000,
    )
  })

  it('is transitive', () => {
    let chains = 0
    assertProperty(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, bc] = [compareVersions(a, b), compareVersions(b, c)]
        if (ab === 'incomparable' || bc === 'incomparable') return
        const [x = 0, y = 0] = [rank[ab], rank[bc]]
        if (x * y < 0) return
        chains++
        expect(rank[compareVersions(a, c)]).toBe(Math.sign(x + y))
      }),
      20_000,
    )
    expect(chains).toBeGreaterThan(1_000)
  })
})

describe('ESXi versions', () => {
  it.each([
    ['8.0.3', { major: 8, minor: 0, update: 3 }],
    ['8.0 Update 3', { major: 8, minor: 0, update: 3 }],
    ['8.0U3k', { major: 8, minor: 0, update: 3 }],
    ['9.1.1.0', { major: 9, minor: 1, update: 1 }],
    ['7.0', { major: 7, minor: 0, update: 0 }],
    ['ESXi', null],
    [null, null],
  ])('reads %s', (text, expected) => {
    expect(parseEsxiVersion(text)).toEqual(expected)
  })

  const release = (version: string | null, build: number | null) => ({ version, build })
  it('compares versions first and builds only inside one version', () => {
    expect(compareEsxi(release('8.0.0', 20_513_097), release('7.0.3', 24_585_291))).toBe('newer')
    expect(compareEsxi(release('8.0.3', 25_595_708), release('8.0.3', 24_280_767))).toBe('newer')
    expect(compareEsxi(release('8.0.3', 1), release('8.0 Update 3', 1))).toBe('equal')
    expect(compareEsxi(release('8.0.3', null), release('8.0.3', 1))).toBe('incomparable')
    expect(compareEsxi(release(null, 1), release('8.0.3', 1))).toBe('incomparable')
  })
})

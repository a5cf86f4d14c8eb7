import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexCatalog } from '../../domain/catalog-index.js'
import { bestPackage } from '../../domain/firmware-catalog.js'
import { judgeCompliance } from '../../domain/firmware-compliance.js'
import type { FirmwarePackage, FirmwareServer } from '../../domain/firmware-facts.js'
import { INVENTORY, MELLANOX, NO_PCI, pack, row, server } from './firmware-fixture.js'

const judge = (packages: FirmwarePackage[], changes: Partial<FirmwareServer> = {}) =>
  judgeCompliance(server(changes), indexCatalog(packages))
const bios = (version: string, changes = {}) => [row('BIOS.Setup.1-1', '159', version, changes)]
const itemOf = (
  packages: FirmwarePackage[],
  inventory: FirmwareServer['inventory'],
  changes: Partial<FirmwareServer> = {},
) => judge(packages, { inventory, ...changes }).items[0]

describe('one component', () => {
  const packages = [pack('b2', '159', '2.0.0', { criticality: 'urgent' }), pack('b1', '159', '1.9.0')]
  it.each([
    ['1.8.2', 'outdated', 'newer_available'],
    ['2.0.0', 'compliant', 'current'],
    ['2.1.0', 'compliant', 'newer_installed'],
    ['A05', 'unknown', 'incomparable'],
  ])('%s is %s (%s)', (version, status, reason) => {
    expect(itemOf(packages, bios(version))).toMatchObject({
      status,
      reason,
      offered: { entry_id: 'b2', version: '2.0.0' },
    })
  })

  it('that the catalogue does not know, or knows for others only, is never compliant', () => {
    expect(itemOf([pack('x', '1', '1')], bios('2.0.0'))).toMatchObject({
      status: 'unknown',
      reason: 'not_in_catalog',
      offered: null,
    })
    const other = itemOf([pack('x', '159', '2.0.0', { system_ids: ['0936'] })], bios('2.0.0'))
    expect(other).toMatchObject({ status: 'unknown', reason: 'not_for_this_system', offered: null })
    const linux = itemOf([pack('x', '159', '2.0.0', { package_type: 'LLXP' })], bios('1.0.0'))
    expect(linux).toMatchObject({ status: 'unknown', offered: null })
  })

  it('that cannot be updated is not called outdated', () => {
    expect(itemOf(packages, bios('1.0.0', { updateable: false }))).toMatchObject({
      status: 'unknown',
      reason: 'not_updateable',
    })
  })

  it('without a component id is matched by all four PCI ids', () => {
    const device = (ids: object) => [{ component_id: '0', pci: [{ ...MELLANOX, ...ids }] }]
    const rows = [row('InfiniBand.Slot.7-1', '0', '20.31.10.14', MELLANOX)]
    expect(itemOf([pack('m', '0', '22.1.0.0', { devices: device({}) })], rows)).toMatchObject({ status: 'outdated' })
    const open = device({ subvendor_id: null, subdevice_id: null })
    expect(itemOf([pack('m', '0', '22.1.0.0', { devices: open })], rows)).toMatchObject({ status: 'outdated' })
    expect(itemOf([pack('m', '0', '22.1.0.0', { devices: device({ subdevice_id: '0001' }) })], rows)).toMatchObject({
      offered: null,
    })
  })

  it('tells what it needs first, and stepping stones', () => {
    const needs = [
      { component: 'idrac' as const, component_id: '25227', min_version: '7.0.0.0', source: 'catalogue' },
      { component: 'bios' as const, component_id: '159', min_version: '1.9.0', source: 'catalogue' },
    ]
    const item = judge([pack('b', '159', '2.0.0', { prerequisites: needs })]).items[0]
    expect(item?.needs).toEqual([
      {
        component: 'idrac',
        min_version: '7.0.0.0',
        installed: '6.00.30.00',
        stepping_stone: false,
        source: 'catalogue',
      },
      { component: 'bios', min_version: '1.9.0', installed: '1.8.2', stepping_stone: true, source: 'catalogue' },
    ])
  })
})

describe('a server', () => {
  const all = INVENTORY.map((one, i) =>
    pack(`p${i}`, one.component_id ?? '', one.version, { devices: [{ component_id: one.component_id, pci: [one] }] }),
  )

  it('is compliant when all that could be compared is, and tells how much could not', () => {
    expect(judge(all)).toMatchObject({ status: 'compliant', outdated: 0, not_in_catalog: 0 })
    expect(judge(all.slice(0, 3))).toMatchObject({ status: 'compliant', not_in_catalog: INVENTORY.length - 3 })
  })

  it('is outdated by one component, counts the urgent ones, and unknown when nothing is known', () => {
    const newer = pack('new', '159', '9.0.0', { criticality: 'urgent' })
    expect(judge([...all, newer])).toMatchObject({ status: 'outdated', outdated: 1, urgent: 1 })
    expect(judge([])).toMatchObject({ status: 'unknown', not_in_catalog: INVENTORY.length })
    expect(judge(all, { inventory: null })).toMatchObject({ status: 'unknown', items: [] })
    // Of two that cannot be ordered the newer one counts, and then nobody can tell.
    expect(judge([...all, pack('odd', '159', 'A09', { release_date: '2030-01-01' })]).status).toBe('unknown')
    expect(judge([pack('odd', '159', 'A09')])).toMatchObject({ status: 'unknown', outdated: 0 })
  })

  it('that does not tell its system id is matched by its model where the board decides', () => {
    const one = { system_id: null, model: 'PowerEdge R630', inventory: bios('2.0') }
    expect(judge([pack('b', '159', '2.1', { models: ['R630'] })], one)).toMatchObject({ status: 'outdated' })
    expect(judge([pack('b', '159', '2.1', { models: ['R730'] })], one)).toMatchObject({ status: 'unknown' })
  })
})

it('finds by its index exactly what a walk over all packages finds', () => {
  const ids = fc.constantFrom('159', '25227', '108089', '0', null)
  const hex = fc.constantFrom('15B3', '15b3', '101B', '0009', null)
  const pci = fc.record({ vendor_id: hex, device_id: hex, subvendor_id: hex, subdevice_id: hex })
  const systems = fc.subarray(['090E', '0936', '0a1b'])
  const packages = fc.array(fc.record({ id: ids, pci: fc.array(pci, { maxLength: 2 }), systems, v: fc.nat(5) }), {
    maxLength: 12,
  })
  const rows = fc.record({ id: ids, pci, system: fc.constantFrom('090E', '0A1B', null) })
  fc.assert(
    fc.property(packages, rows, (list, found) => {
      const made = list.map((one, i) =>
        pack(`p${i}`, '', `1.${one.v}`, { system_ids: one.systems, devices: [{ component_id: one.id, pci: one.pci }] }),
      )
      const inventory = [
        { ...row('X', '', '1.0'), ...NO_PCI, ...found.pci, software_id: found.id, component_id: found.id },
      ]
      const one = server({ system_id: found.system, inventory })
      const index = indexCatalog(made)
      expect(bestPackage(inventory[0]!, one, index.candidates(inventory[0]!, found.system))).toEqual(
        bestPackage(inventory[0]!, one, made),
      )
    }),
    { numRuns: 3_000 },
  )
})

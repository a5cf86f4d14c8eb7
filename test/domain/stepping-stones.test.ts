import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FirmwarePackage } from '../../domain/firmware-facts.js'
import { planUpdates } from '../../domain/update-plan.js'
import type { UpdatePlan, UpdateSelection } from '../../domain/update-plan-types.js'
import { compareVersions } from '../../domain/versions.js'
import { pack, row, selection, server } from './firmware-fixture.js'

const needs = (component_id: string, min_version: string): Partial<FirmwarePackage> => ({
  prerequisites: [
    {
      component: ({ '159': 'bios', '25227': 'idrac', '27763': 'cpld' } as const)[component_id] ?? 'other',
      component_id,
      min_version,
      source: 'catalogue',
    },
  ],
})
const steps = (plan: UpdatePlan) =>
  plan.phases.flatMap((phase) =>
    phase.updates.map((update) => `${phase.kind}: ${update.package_id} ${update.from[0]} -> ${update.to}`),
  )
const codes = (plan: UpdatePlan) => plan.blockers.map((entry) => entry.code)
const plan = (packages: FirmwarePackage[], changes: Partial<UpdateSelection> = {}) =>
  planUpdates(server(), packages, selection(changes))

const newest = pack('new', '159', '1.13.2', needs('159', '1.12.1'))
const stone = pack('stone', '159', '1.12.1')

describe('stepping stones', () => {
  it('go first, with the reason, and the last step starts from what they leave', () => {
    const found = plan([newest, stone, pack('lower', '159', '1.9.0'), pack('between', '159', '1.12.9')])
    expect(steps(found)).toEqual(['prerequisite: stone 1.8.2 -> 1.12.1', 'host_reboot: new 1.12.1 -> 1.13.2'])
    expect(found).toMatchObject({ reboots: 2, bytes: 2_000, blockers: [], needs_maintenance: true })
    expect(found.phases[0]?.reason).toBe(
      'new.EXE needs an earlier version of itself, at least 1.12.1 first (catalogue).',
    )
  })

  it('are followed over several versions', () => {
    const chain = [newest, pack('stone', '159', '1.12.1', needs('159', '1.10.0')), pack('first', '159', '1.10.0')]
    expect(steps(plan(chain))).toEqual([
      'prerequisite: first 1.8.2 -> 1.10.0',
      'prerequisite: stone 1.10.0 -> 1.12.1',
      'host_reboot: new 1.12.1 -> 1.13.2',
    ])
  })

  it('are not needed where the version is there, and are named where no package leads to it', () => {
    const there = planUpdates(
      server({ inventory: [row('BIOS.Setup.1-1', '159', '1.12.5')] }),
      [newest, stone],
      selection(),
    )
    expect(steps(there)).toEqual(['host_reboot: new 1.12.5 -> 1.13.2'])
    expect(codes(plan([newest]))).toEqual(['PrerequisiteMissing'])
    expect(codes(plan([newest, { ...stone, system_ids: ['0936'] }]))).toEqual(['PrerequisiteMissing'])
    expect(codes(plan([newest, { ...stone, file_available: false }]))).toEqual(['PrerequisiteMissing'])
    expect(codes(plan([newest, pack('same', '159', '1.13.2', needs('159', '1.12.1'))]))).toEqual([
      'PrerequisiteMissing',
    ])
  })

  it('are not added to packages that were named one by one', () => {
    expect(codes(plan([newest, stone], { package_ids: ['new'] }))).toEqual(['PrerequisiteMissing'])
    expect(steps(plan([newest, stone], { package_ids: ['new', 'stone'] }))).toContain(
      'prerequisite: stone 1.8.2 -> 1.12.1',
    )
  })

  it('keep one device to itself: another adapter with the same name is no stone', () => {
    const nic = pack('nic', '108089', '22.0.0', needs('108089', '21.90.0'))
    const other = pack('other', '108090', '21.95.0')
    expect(codes(plan([nic, other]))).toEqual(['PrerequisiteMissing'])
  })
})

describe('other components that are needed first', () => {
  const nic = pack('nic', '108089', '22.0.0', needs('25227', '7.10.00.00'))
  const idrac = pack('idrac', '25227', '7.20.00.00', { criticality: 'optional' })

  it('are added in their newest version, though not critical enough by themselves', () => {
    const found = plan([nic, idrac, pack('older', '25227', '7.10.00.00', { criticality: 'optional' })])
    expect(steps(found)[0]).toBe('prerequisite: idrac 6.00.30.00 -> 7.20.00.00')
  })

  it('are not touched when they were excluded or only one component was asked for', () => {
    for (const changes of [
      { exclude_components: ['idrac' as const] },
      { components: ['nic' as const] },
      { component: 'nic' },
    ])
      expect(codes(plan([nic, idrac], changes))).toEqual(['PrerequisiteMissing'])
    const cpld = pack('cpld', '27763', '2.0.0')
    const bios = pack('bios', '159', '1.9.0', needs('27763', '2.0.0'))
    expect(codes(plan([bios, cpld]))).toEqual(['PrerequisiteMissing'])
    expect(steps(plan([bios, cpld], { components: ['bios', 'cpld'] }))[0]).toContain('prerequisite: cpld')
  })
})

describe('one component of a catalogue', () => {
  const packages = [
    pack('bios', '159', '1.9.0'),
    pack('nic', '108089', '22.0.0', { name: 'Broadcom 57414' }),
    pack('psu', '4', '2'),
  ]
  it.each([
    ['159', ['bios']],
    ['BIOS', ['bios']],
    ['broadcom', ['nic']],
    ['NIC.Integrated', ['nic']],
  ])('%s names %s', (component, ids) => {
    const found = plan(packages, { component, min_criticality: 'optional' })
    expect(found.phases.flatMap((phase) => phase.updates.map((update) => update.package_id))).toEqual(ids)
  })

  it('that no device has is not applicable', () => {
    const found = plan(packages, { component: 'fc', skip_not_applicable: false })
    expect(codes(found)).toEqual(['PackageNotApplicable'])
  })
})

it('never skips a version that a package asks for, whatever the catalogue offers', () => {
  const version = fc.integer({ min: 1, max: 12 })
  const entry = fc.record({ v: version, needs: fc.option(version, { nil: null }) })
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ v }) => v, maxLength: 8 }), version, (entries, installed) => {
      const packages = entries.map(({ v, needs: least }) =>
        pack(`p${v}`, '159', `1.${v}`, least === null ? {} : needs('159', `1.${least}`)),
      )
      const one = server({ inventory: [row('BIOS.Setup.1-1', '159', `1.${installed}`)] })
      const found = planUpdates(one, packages, selection())
      if (found.blockers.length > 0) return
      let now = `1.${installed}`
      for (const update of found.phases.flatMap((phase) => phase.updates)) {
        expect(update.from).toEqual([now])
        expect(compareVersions(update.to, now)).toBe('newer')
        const least = packages.find(({ id }) => id === update.package_id)?.prerequisites[0]?.min_version ?? now
        expect(['newer', 'equal']).toContain(compareVersions(now, least))
        now = update.to
      }
    }),
    { numRuns: 2_000 },
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classOfPackage, componentOfPackage, componentOfRow, systemIdText } from '../../domain/firmware-catalog.js'
import type { Component, FirmwarePackage } from '../../domain/firmware-facts.js'
import { planUpdates } from '../../domain/update-plan.js'
import type { UpdatePlan } from '../../domain/update-plan-types.js'
import { assertProperty } from './cluster-fixture.js'
import { INVENTORY, MELLANOX, pack, row, selection, server } from './firmware-fixture.js'

const ALL: Component[] = ['bios', 'idrac', 'cpld', 'nic', 'raid', 'psu', 'diagnostics', 'driver_pack', 'tpm']

const everything = (): FirmwarePackage[] => [
  pack('idrac', '25227', '6.10.00.00'),
  pack('cpld', '27763', '1.0.6'),
  pack('bios', '159', '1.9.2', { component_type: 'BIOS' }),
  pack('nic', '108089', '22.0.5'),
  pack('mlx', '', '20.35.10.12', { devices: [{ component_id: null, pci: [MELLANOX] }] }),
  pack('raid', '104298', '52.14.0-4000'),
  pack('diag', '25806', '4302A01'),
  pack('pack', '18981', '22.01.01'),
  pack('tpm', '109673', '7.2.3.0'),
]

const shape = (plan: UpdatePlan) =>
  plan.phases.map((phase) => `${phase.kind}: ${phase.updates.map((update) => update.package_id).join(' ')}`)

describe('order', () => {
  it('is direct, all host components with one reboot, CPLD alone, iDRAC last', () => {
    const plan = planUpdates(server(), everything(), selection({ components: ALL }))
    expect(shape(plan)).toEqual([
      'direct: diag pack',
      'host_reboot: bios raid mlx nic tpm',
      'cpld: cpld',
      'idrac: idrac',
    ])
    expect(plan.phases.map((phase) => [phase.apply_time, phase.reboot, phase.idrac_restart])).toEqual([
      ['Immediate', false, false],
      ['OnReset', true, false],
      ['OnReset', true, true],
      ['Immediate', false, true],
    ])
    expect(plan).toMatchObject({ reboots: 2, bytes: 9_000, needs_maintenance: true, blockers: [] })
    expect(plan.estimate_minutes).toBe(9 * 5 + 40 + 15 + 20)
  })

  it('needs no maintenance for direct components and the iDRAC', () => {
    const plan = planUpdates(server(), everything(), selection({ components: ['idrac', 'diagnostics'] }))
    expect(shape(plan)).toEqual(['direct: diag', 'idrac: idrac'])
    expect(plan).toMatchObject({ reboots: 0, needs_maintenance: false })
  })

  it('takes PSU, CPLD and TPM only when named', () => {
    const plan = planUpdates(server(), everything(), selection())
    expect(shape(plan)).toEqual(['direct: diag pack', 'host_reboot: bios raid mlx nic', 'idrac: idrac'])
    expect(
      plan.left_out
        .filter((entry) => entry.why === 'not_selected')
        .map((entry) => entry.component)
        .sort(),
    ).toEqual(['cpld', 'tpm'])
  })

  it('names rows without a package, and never calls them compliant', () => {
    expect(planUpdates(server(), everything(), selection()).not_in_catalog).toEqual(['PSU.Slot.1'])
  })
})

describe('prerequisites', () => {
  const needs = (component: Component, min_version: string | null) => ({
    prerequisites: [{ component, min_version, source: 'package' }],
  })

  it('makes a needed iDRAC an explicit first phase with the reason', () => {
    const packages = [pack('bios', '159', '1.9.2', needs('idrac', '6.10.00.00')), pack('idrac', '25227', '6.10.00.00')]
    const plan = planUpdates(server(), packages, selection())
    expect(shape(plan)).toEqual(['prerequisite: idrac', 'host_reboot: bios'])
    expect(plan.phases[0]?.reason).toContain('bios.EXE needs idrac of at least 6.10.00.00 first (package)')
    expect(plan.phases[0]).toMatchObject({ idrac_restart: true, reboot: false })
  })

  it('is content with what is installed', () => {
    const packages = [pack('bios', '159', '1.9.2', needs('idrac', '6.00.00.00')), pack('idrac', '25227', '6.10.00.00')]
    expect(shape(planUpdates(server(), packages, selection()))).toEqual(['host_reboot: bios', 'idrac: idrac'])
  })

  it('blocks when it is neither installed nor planned', () => {
    const plan = planUpdates(server(), [pack('bios', '159', '1.9.2', needs('cpld', '9.0'))], selection())
    expect(plan.blockers.map((entry) => entry.code)).toEqual(['PrerequisiteMissing'])
  })

  it('follows chains, and blocks on circles', () => {
    const chain = [
      pack('nic', '108089', '22.0.5', needs('bios', '1.9.2')),
      pack('bios', '159', '1.9.2', needs('idrac', '6.10.00.00')),
      pack('idrac', '25227', '6.10.00.00'),
    ]
    expect(shape(planUpdates(server(), chain, selection()))).toEqual([
      'prerequisite: idrac',
      'prerequisite: bios',
      'host_reboot: nic',
    ])
    const circle = [
      pack('bios', '159', '1.9.2', needs('idrac', '7.0')),
      pack('idrac', '25227', '7.0', needs('bios', '1.9.2')),
    ]
    expect(planUpdates(server(), circle, selection()).blockers.map((entry) => entry.code)).toContain(
      'PrerequisiteMissing',
    )
  })
})

describe('versions', () => {
  const only = (version: string, changes = {}) =>
    planUpdates(server(), [pack('bios', '159', version)], selection(changes))

  it('leaves the same version, a newer one, and what cannot be compared', () => {
    expect(only('1.8.2').left_out[0]?.why).toBe('unchanged')
    expect(only('1.7.0').left_out[0]?.why).toBe('newer_installed')
    expect(only('A02').left_out[0]?.why).toBe('incomparable')
    expect([only('1.8.2'), only('1.7.0'), only('A02')].flatMap((plan) => plan.phases)).toEqual([])
    expect(only('1.7.0').warnings.map((entry) => entry.code)).toEqual(['DowngradeRefused'])
  })

  it('goes back only when asked, and says so', () => {
    const plan = only('1.7.0', { allow_downgrade: true })
    expect(plan.phases[0]?.updates[0]).toMatchObject({
      downgrade: true,
      from: ['1.8.2'],
      to: '1.7.0',
      reversible: true,
    })
    expect(plan.warnings[0]?.message).toContain('goes back')
    expect(shape(only('1.8.2', { reinstall_same: true }))).toEqual(['host_reboot: bios'])
  })

  it('takes the highest of several packages, and the newer date among incomparable ones', () => {
    const several = [pack('a', '159', '1.9.0'), pack('b', '159', '1.10.0'), pack('c', '159', '1.9.9')]
    expect(shape(planUpdates(server(), several, selection()))).toEqual(['host_reboot: b'])
  })

  it('obeys the lowest criticality', () => {
    const optional = [pack('bios', '159', '1.9.2', { criticality: 'optional' })]
    expect(planUpdates(server(), optional, selection()).left_out[0]?.why).toBe('criticality')
    expect(shape(planUpdates(server(), optional, selection({ min_criticality: 'optional' })))).toEqual([
      'host_reboot: bios',
    ])
  })
})

describe('applicability', () => {
  const reasons = (changes: Partial<FirmwarePackage>, of = server()) =>
    planUpdates(of, [pack('x', '159', '9.9', changes)], selection({ package_ids: ['x'] })).not_applicable.map(
      (e) => e.message,
    )

  it('demands system id, package type and a device', () => {
    expect(reasons({ system_ids: ['0AAA'] })).toEqual(['The package is not for system id 090E.'])
    expect(reasons({ package_type: 'LLXP' })).toEqual(['An iDRAC does not take packages of type LLXP.'])
    expect(reasons({ package_type: null, filename: 'x.BIN' })).toEqual(['An iDRAC does not take Linux packages.'])
    expect(reasons({ devices: [{ component_id: '1', pci: [] }] })).toEqual([
      'No device of the server matches the package.',
    ])
    expect(reasons({ system_ids: ['090e'] })).toEqual([])
  })

  it('takes a board-bound package on a server without system id only by its model', () => {
    const old = server({ system_id: null, generation: 'idrac8', model: 'PowerEdge R630' })
    expect(reasons({}, old)).toHaveLength(1)
    expect(reasons({ models: ['R630'] }, old)).toEqual([])
  })

  it('is a blocker or a skip, as asked', () => {
    const wrong = [pack('x', '1', '9.9')]
    const skip = planUpdates(server(), wrong, selection({ package_ids: ['x'] }))
    expect([skip.blockers, skip.warnings.map((entry) => entry.code)]).toEqual([[], ['PackageNotApplicable']])
    const fail = planUpdates(server(), wrong, selection({ package_ids: ['x'], skip_not_applicable: false }))
    expect(fail.blockers.map((entry) => entry.code)).toEqual(['PackageNotApplicable'])
  })

  it('installs a named package also where versions cannot be compared', () => {
    const psu = [pack('psu', '108076', '00.2B.01')]
    expect(shape(planUpdates(server(), psu, selection({ package_ids: ['psu'] })))).toEqual(['host_reboot: psu'])
    expect(shape(planUpdates(server(), psu, selection({ components: ['psu'] })))).toEqual([])
  })

  it('uploads once for equal devices, and for one device when it is named', () => {
    const nic = [pack('nic', '108089', '22.0.5')]
    expect(planUpdates(server(), nic, selection()).phases[0]?.updates[0]?.fqdds).toEqual([
      'NIC.Integrated.1-1-1',
      'NIC.Integrated.1-2-1',
    ])
    const one = planUpdates(server(), nic, selection({ fqdd: 'NIC.Integrated.1-2-1' }))
    expect(one.phases[0]?.updates[0]?.fqdds).toEqual(['NIC.Integrated.1-2-1'])
  })

  it('fails or skips a missing file, as asked', () => {
    const gone = [pack('bios', '159', '1.9.2', { file_available: false })]
    expect(planUpdates(server(), gone, selection()).blockers.map((entry) => entry.code)).toEqual(['PackageNotFound'])
    const skipped = planUpdates(server(), gone, selection({ missing_files: 'skip' }))
    expect([skipped.blockers, skipped.left_out[0]?.why]).toEqual([[], 'missing_file'])
  })

  it('blocks when the inventory could not be read, and leaves devices that cannot be updated', () => {
    expect(planUpdates(server({ inventory: null }), everything(), selection()).blockers).toHaveLength(1)
    const locked = server({ inventory: [row('BIOS.Setup.1-1', '159', '1.0', { updateable: false })] })
    expect(planUpdates(locked, everything(), selection()).left_out[0]?.why).toBe('not_updateable')
  })
})

describe('words and classes', () => {
  it('finds the component of rows of both generations', () => {
    expect(INVENTORY.map(componentOfRow)).toEqual([
      'bios',
      'idrac',
      'cpld',
      'nic',
      'nic',
      'nic',
      'raid',
      'psu',
      'diagnostics',
      'driver_pack',
      'tpm',
    ])
    const old = (name: string) => componentOfRow(row('', '0', '1', { fqdd: null, name }))
    expect(
      [
        'PERC S130 Controller',
        'PCIe SSD in Slot 8 in Bay 1',
        'Power Supply.Slot.1',
        'Intel(R) Gigabit 4P I350-t rNDC',
        'BP13G+EXP 0:1',
        'System CPLD',
      ].map(old),
    ).toEqual(['raid', 'drive', 'psu', 'nic', 'backplane', 'cpld'])
  })

  it('sends at once only what is known to run at once', () => {
    expect(classOfPackage(pack('a', '25806', '1'))).toBe('direct')
    expect(classOfPackage(pack('a', '999999', '1'))).toBe('host_reboot')
    expect(classOfPackage(pack('a', '999999', '1', { component_class: 'direct' }))).toBe('host_reboot')
    expect(classOfPackage(pack('a', '25806', '1', { component_class: 'host_reboot' }))).toBe('host_reboot')
    expect(classOfPackage(pack('a', '25227', '1', { component_class: 'direct' }))).toBe('idrac')
    expect(componentOfPackage(pack('SAS-RAID_Firmware_X', '1', '1'))).toBe('raid')
    expect(systemIdText(2318)).toBe('090E')
  })
})

it('puts the iDRAC last and CPLD alone in every plan, one reboot for all host components, each package once', () => {
  const subset = fc.subarray(everything().map((entry) => entry.id))
  assertProperty(
    fc.property(subset, fc.subarray(ALL), (ids, components) => {
      const packages = everything().filter((entry) => ids.includes(entry.id))
      const plan = planUpdates(server(), packages, selection({ components }))
      const kinds = plan.phases.map((phase) => phase.kind)
      expect(kinds).toEqual([...kinds].sort((a, b) => RANK.indexOf(a) - RANK.indexOf(b)))
      expect(kinds.filter((kind) => kind === 'host_reboot').length).toBeLessThanOrEqual(1)
      for (const phase of plan.phases.filter((entry) => entry.kind === 'cpld')) expect(phase.updates).toHaveLength(1)
      const used = plan.phases.flatMap((phase) => phase.updates.map((update) => update.package_id))
      expect(new Set(used).size).toBe(used.length)
      expect(planUpdates(server(), [...packages].reverse(), selection({ components })).phases).toEqual(plan.phases)
    }),
    2_000,
  )
})

const RANK = ['prerequisite', 'direct', 'host_reboot', 'cpld', 'idrac']

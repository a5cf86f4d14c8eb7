import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBiosJobs } from '../../domain/bios-jobs.js'
import { type BootFacts, type BootWanted, decideBoot, isBootAsWanted } from '../../domain/boot-settings.js'

const facts = (changes: Partial<BootFacts> = {}): BootFacts => ({
  override_target: 'None',
  override_enabled: 'Disabled',
  override_mode: 'UEFI',
  uefi_target: null,
  boot_order: ['Boot0003', 'Boot0000', 'Boot0001'],
  targets: ['None', 'Pxe', 'Cd', 'UefiTarget'],
  takes_mode: true,
  bios_job_ids: [],
  ...changes,
})
const pxe = { override_target: 'Pxe', override_enabled: 'Once' }
const told = (wanted: BootWanted, changes: Partial<BootFacts> = {}) => {
  const decision = decideBoot(wanted, facts(changes))
  return decision.type === 'refuse' ? decision.blockers.map(({ code }) => code).join() : decision.type
}

describe('a boot override', () => {
  it.each<[BootWanted, Partial<BootFacts>, string]>([
    [{ target: 'Pxe', enabled: 'once' }, {}, 'send'],
    [{ target: 'Pxe', enabled: 'once' }, pxe, 'already'],
    [{ target: 'Pxe', enabled: 'continuous' }, pxe, 'send'],
    [{ target: 'Pxe', enabled: 'once', mode: 'uefi' }, pxe, 'already'],
    [{ target: 'Pxe', enabled: 'once', mode: 'legacy' }, pxe, 'send'],
    [{ target: 'Pxe', enabled: 'once', mode: 'legacy' }, { ...pxe, takes_mode: false }, 'Unsupported'],
    [{ target: 'Pxe', enabled: 'once', mode: 'uefi' }, { ...pxe, override_mode: null, takes_mode: false }, 'already'],
    [{ target: 'SDCard', enabled: 'once' }, {}, 'Unsupported'],
    [{ target: 'SDCard', enabled: 'once' }, { targets: [] }, 'send'],
    [{ target: 'None', enabled: 'once' }, {}, 'already'],
    [{ target: 'None', enabled: 'once' }, { override_enabled: 'Once' }, 'already'],
    [{ target: 'Pxe', enabled: 'disabled' }, { override_target: 'Pxe' }, 'already'],
    [{ target: 'Pxe', enabled: 'disabled' }, pxe, 'send'],
    [
      { target: 'UefiTarget', enabled: 'once', uefi_target: 'a' },
      { override_target: 'UefiTarget', override_enabled: 'Once', uefi_target: 'b' },
      'send',
    ],
    [
      { target: 'UefiTarget', enabled: 'once', uefi_target: 'b' },
      { override_target: 'UefiTarget', override_enabled: 'Once', uefi_target: 'b' },
      'already',
    ],
    [{ target: 'Pxe', enabled: 'once' }, { bios_job_ids: ['JID_1'] }, 'send'],
  ])('%j on %j: %s', (wanted, changes, answer) => {
    expect(told(wanted, changes)).toBe(answer)
  })

  it('that is refused says what the device offers', () => {
    const decision = decideBoot({ target: 'SDCard', enabled: 'once' }, facts())
    expect(decision).toMatchObject({ blockers: [{ data: { offered: ['None', 'Pxe', 'Cd', 'UefiTarget'] } }] })
  })
})

describe('a boot order', () => {
  it.each<[string[], Partial<BootFacts>, string]>([
    [['Boot0003', 'Boot0000', 'Boot0001'], {}, 'already'],
    [['Boot0000', 'Boot0003', 'Boot0001'], {}, 'send'],
    [['Boot0000', 'Boot0003'], {}, 'Unsupported'],
    [['Boot0000', 'Boot0003', 'Boot0009'], {}, 'Unsupported'],
    [['Boot0000', 'Boot0000', 'Boot0003', 'Boot0001'], {}, 'Unsupported'],
    [['Boot0000', 'Boot0003', 'Boot0001'], { bios_job_ids: ['JID_1'] }, 'PendingConfiguration'],
    [['Boot0003', 'Boot0000', 'Boot0001'], { bios_job_ids: ['JID_1'] }, 'already'],
  ])('%j on %j: %s', (boot_order, changes, answer) => {
    expect(told({ boot_order }, changes)).toBe(answer)
  })

  it('is taken when it is a permutation, and only then', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^Boot[0-9]{4}$/), { minLength: 1, maxLength: 6 })
    const shuffled = names.chain((there) => fc.tuple(fc.constant(there), fc.shuffledSubarray(there)))
    fc.assert(
      fc.property(shuffled, ([there, order]) => {
        const refused = told({ boot_order: order }, { boot_order: there }) === 'Unsupported'
        expect(refused).toBe(order.length < there.length)
        expect(isBootAsWanted({ boot_order: there }, facts({ boot_order: there }))).toBe(true)
      }),
    )
  })
})

describe('BIOS jobs in the queue', () => {
  const job = (name: string, job_type: string | null, raw_state: string) => ({ id: 'JID_1', name, job_type, raw_state })
  it.each([
    [job('Configure: BIOS.Setup.1-1', 'BIOSConfiguration', 'Scheduled'), 1],
    [job('ConfigBIOS:BIOS.Setup.1-1', null, 'New'), 1],
    [job('Inband', 'InbandBIOSConfiguration', 'Running'), 1],
    [job('Configure: BIOS.Setup.1-1', 'BIOSConfiguration', 'Completed'), 0],
    [job('Configure: BIOS.Setup.1-1', 'BIOSConfiguration', 'Failed'), 0],
    [job('Firmware Update: BIOS', 'FirmwareUpdate', 'Scheduled'), 0],
    [job('Configure: NIC.Integrated.1-1-1', 'NICConfiguration', 'Scheduled'), 0],
  ])('%j: %i', (one, open) => {
    expect(openBiosJobs([one])).toHaveLength(open)
  })
})

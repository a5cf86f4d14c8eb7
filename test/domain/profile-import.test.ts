import { describe, expect, test } from 'vitest'
import {
  kindOf,
  needsHost,
  newAddressOf,
  newPasswordOf,
  type ProfileContent,
  profileHead,
  selectedPart,
} from '../../domain/profile-content.js'
import { checkExportWish } from '../../domain/profile-export.js'
import { type ImportingServer, type ImportWish, judgeImport } from '../../domain/profile-import.js'
import { judgeImportEnd, judgePreviewEnd } from '../../domain/profile-verdict.js'

const profile = (fqdd: string, attributes: Record<string, string>, more: Partial<ProfileContent> = {}) => ({
  service_tag: 'ABC1234',
  model: 'PowerEdge R750',
  components: [{ fqdd, attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })) }],
  ...more,
})
const server: ImportingServer = {
  name: 'ABC1234',
  service_tag: 'ABC1234',
  model: 'PowerEdge R750',
  bios: { LogicalProc: 'Enabled', TpmSecurity: 'On', SecureBoot: 'Enabled' },
  host: null,
}
const wish: ImportWish = { components: ['ALL'], allow: [], shutdown_type: 'Graceful' }
const codes = (content: ProfileContent, changes: Partial<ImportWish> = {}, on = server) =>
  judgeImport(content, on, { ...wish, ...changes }).blockers.map((b) =>
    [b.code, b.data?.content].filter(Boolean).join(' '),
  )

describe('what a component is', () => {
  test.each([
    ['BIOS.Setup.1-1', 'BIOS'],
    ['iDRAC.Embedded.1', 'IDRAC'],
    ['NIC.Integrated.1-1-1', 'NIC'],
    ['RAID.Integrated.1-1', 'RAID'],
    ['Disk.Virtual.0:RAID.Integrated.1-1', 'RAID'],
    ['Enclosure.Internal.0-1:RAID.Integrated.1-1', 'RAID'],
    ['Disk.Bay.0:Enclosure.Internal.0-1:PCIeExtender.Slot.7', 'PCIeSSD'],
    ['FC.Slot.1-1', 'FC'],
    ['Something.New.1', 'other'],
  ])('%s is %s', (fqdd, kind) => expect(kindOf(fqdd)).toBe(kind))

  test('only settings of the iDRAC, the system and the controller need no host; what nobody knows does', () => {
    for (const fqdd of ['iDRAC.Embedded.1', 'System.Embedded.1', 'LifecycleController.Embedded.1', 'EventFilters.A.1'])
      expect(needsHost(profile(fqdd, { A: '1' }))).toBe(false)
    for (const fqdd of ['BIOS.Setup.1-1', 'NIC.Slot.1', 'Something.New.1'])
      expect(needsHost(profile(fqdd, { A: '1' }))).toBe(true)
  })

  test('chosen components limit what is looked at', () => {
    const both = profile('BIOS.Setup.1-1', { A: '1' })
    const content = { ...both, components: [...both.components, ...profile('iDRAC.Embedded.1', { B: '2' }).components] }
    expect(selectedPart(content, ['IDRAC']).components.map((one) => one.fqdd)).toEqual(['iDRAC.Embedded.1'])
    expect(selectedPart(content, ['ALL'])).toBe(content)
  })
})

describe('a profile is refused', () => {
  test.each([
    ['network', 'iDRAC.Embedded.1', { 'IPv4Static.1#Address': '10.0.0.1' }],
    ['network', 'iDRAC.Embedded.1', { 'NIC.1#Selection': 'LOM1' }],
    ['network', 'iDRAC.Embedded.1', { 'IPv6.1#Enable': 'Enabled' }],
    ['users', 'iDRAC.Embedded.1', { 'Users.2#Password': 'geheim' }],
    ['users', 'iDRAC.Embedded.1', { 'Users.2#SHA256Password': 'ABC' }],
    ['users', 'BIOS.Setup.1-1', { SetupPassword: 'geheim' }],
    ['raid_destructive', 'RAID.Integrated.1-1', { RAIDresetConfig: 'True' }],
    ['raid_destructive', 'Disk.Virtual.0:RAID.Integrated.1-1', { RAIDaction: 'Delete' }],
    ['raid_destructive', 'Disk.Virtual.0:RAID.Integrated.1-1', { RAIDinitOperation: 'Fast' }],
  ])('for %s in %s %o, unless that is allowed by its word; no value is told', (danger, fqdd, attributes) => {
    const content = profile(fqdd, attributes as Record<string, string>)
    expect(codes(content)).toEqual([`ScpForbiddenContent ${danger}`])
    expect(codes(content, { allow: [danger] })).toEqual([])
    expect(JSON.stringify(judgeImport(content, server, wish))).not.toMatch(/geheim/)
  })

  test('not for a withheld password, an ordinary attribute, or an array that is kept', () => {
    for (const [fqdd, attributes] of [
      ['iDRAC.Embedded.1', { 'Users.2#Password': '******', 'Users.2#UserName': 'root', 'NTPConfigGroup.1#NTP1': 'x' }],
      ['RAID.Integrated.1-1', { RAIDresetConfig: 'False', RAIDinitOperation: 'None', RAIDaction: 'Update' }],
      ['NIC.Slot.1-1', { WakeOnLan: 'Enabled' }],
    ] as const)
      expect(codes(profile(fqdd, attributes))).toEqual([])
  })

  test('for another service tag, another model, or nothing of the chosen components', () => {
    const bios = { LogicalProc: 'Enabled' }
    expect(codes(profile('BIOS.Setup.1-1', bios, { service_tag: 'XYZ9999' }))).toEqual([
      'ScpForbiddenContent other_service_tag',
    ])
    expect(
      codes(profile('BIOS.Setup.1-1', bios, { service_tag: 'XYZ9999' }), { allow: ['other_service_tag'] }),
    ).toEqual([])
    expect(codes(profile('BIOS.Setup.1-1', bios, { model: 'PowerEdge R640' }))).toEqual(['ScpInvalid'])
    expect(codes(profile('BIOS.Setup.1-1', bios, { model: 'R750', service_tag: 'abc1234' }))).toEqual([])
    expect(codes({ ...profile('x', {}), components: [] })).toEqual(['ScpInvalid'])
    const template = profile('BIOS.Setup.1-1', bios, { model: null, service_tag: null })
    expect(judgeImport(template, server, wish)).toMatchObject({ blockers: [], warnings: [{ code: 'ScpInvalid' }] })
  })

  test('for a TPM or Secure Boot change on a sealed host without a kept recovery key; unknown counts as sealed', () => {
    const change = profile('BIOS.Setup.1-1', { TpmSecurity: 'Off' })
    const same = profile('BIOS.Setup.1-1', { TpmSecurity: 'On' })
    const on = (tpm_sealed: boolean | null, recovery_key_stored = false) => ({
      ...server,
      host: { name: 'esx', tpm_sealed, recovery_key_stored },
    })
    expect(codes(change, {}, on(true))).toEqual(['RecoveryKeyMissing'])
    expect(codes(change, {}, on(null))).toEqual(['RecoveryKeyMissing'])
    expect([
      codes(change, {}, on(false)),
      codes(change, {}, on(true, true)),
      codes(same, {}, on(true)),
      codes(change),
    ]).toEqual([[], [], [], []])
  })
})

test('NoReboot never needs the host guard', () => {
  const content = profile('BIOS.Setup.1-1', { LogicalProc: 'Disabled' })
  expect(judgeImport(content, server, wish).reboots).toBe(true)
  expect(judgeImport(content, server, { ...wish, shutdown_type: 'NoReboot' }).reboots).toBe(false)
})

test('the new address and the new password of our user are found; others stay unknown', () => {
  const content = profile('iDRAC.Embedded.1', {
    'IPv4Static.1#Address': '10.0.0.7',
    'Users.2#UserName': 'root',
    'Users.2#Password': 'neu',
    'Users.3#UserName': 'other',
    'Users.3#Password': '****',
  })
  expect([newAddressOf(content), newPasswordOf(content, 'root'), newPasswordOf(content, 'other')]).toEqual([
    '10.0.0.7',
    'neu',
    null,
  ])
})

test('the head of a text tells format, tag and model, and refuses what is no profile', () => {
  const xml =
    '<?xml version="1.0"?>\n<!-- a > b -->\n<SystemConfiguration Model="R750" ServiceTag="ABC1234">\n</SystemConfiguration>\n'
  expect(profileHead(xml)).toEqual({ format: 'XML', service_tag: 'ABC1234', model: 'R750', contains_hashes: false })
  const json = JSON.stringify({ SystemConfiguration: { ServiceTag: 'ABC1234', Components: [{ IPMIKey: 1 }] } })
  expect(profileHead(json)).toEqual({ format: 'JSON', service_tag: 'ABC1234', model: null, contains_hashes: true })
  const base64 = Buffer.from(xml).toString('base64')
  for (const bad of [base64, '{', '[]', '<html></html>', xml.slice(0, -20), `<!DOCTYPE a>${xml}`])
    expect(profileHead(bad)).toBeNull()
})

describe('how an import ended', () => {
  const job = (message_id: string | null, raw_state = 'Completed') => ({ raw_state, message_id, message: 'said' })
  test.each([
    ['SYS053', 0, 'changed'],
    ['IDRAC.2.8.SYS053', 0, 'changed'],
    ['SYS053', 1, 'ScpPartial'],
    ['SYS054', 0, 'unchanged'],
    ['SYS066', 0, 'unchanged'],
    ['SYS069', 0, 'unchanged'],
    ['SYS055', 0, 'ScpPartial'],
    ['SYS016', 2, 'ScpPartial'],
    ['SYS033', 0, 'ScpPartial'],
    ['SYS060', 0, 'ScpPartial'],
    ['SYS051', 0, 'DeviceJobFailed'],
    ['SYS068', 0, 'staged'],
    ['SYS070', 0, 'staged'],
    ['SYS047', 0, 'ScpInvalid'],
    ['SYS090', 0, 'ScpInvalid'],
    ['SYS097', 0, 'LifecycleControllerNotReady'],
    ['SYS074', 0, 'DeviceBusy'],
    ['SYS072', 0, 'DeviceTimeout'],
    ['SYS999', 0, 'changed'],
  ])('%s with %i failed attributes is %s', (id, failed, expected) => {
    for (const state of ['Completed', 'Failed'] as const) {
      const verdict = judgeImportEnd(job(id, state), failed)
      const got = verdict.type === 'failed' ? verdict.code : verdict.type
      expect(got).toBe(id === 'SYS999' && state === 'Failed' ? 'DeviceJobFailed' : expected)
    }
  })

  test('an id means nothing while the job runs; a job that is gone is not judged', () => {
    expect(judgeImportEnd(job('SYS053', 'Running'), 0).type).toBe('running')
    expect(judgeImportEnd(job('JCP001', 'Scheduled'), 0).type).toBe('running')
    expect(judgeImportEnd(null, 0).type).toBe('vanished')
  })

  test('a preview is fine, refuses, or still runs', () => {
    expect(judgePreviewEnd(job('SYS081'), 0)).toEqual({ type: 'fine' })
    expect(judgePreviewEnd(job('SYS089'), 0)).toEqual({ type: 'fine' })
    expect(judgePreviewEnd(job('SYS082'), 0)).toMatchObject({ code: 'ScpPartial' })
    expect(judgePreviewEnd(job('SYS081'), 1)).toMatchObject({ code: 'ScpPartial' })
    expect(judgePreviewEnd(job('SYS062', 'Failed'), 0)).toMatchObject({ code: 'ScpInvalid' })
    expect(judgePreviewEnd(job('SYS081', 'Running'), 0)).toBeNull()
    expect(judgePreviewEnd(null, 0)).toBeNull()
  })
})

test('an export that the device cannot write is refused; one that lists nothing is asked', () => {
  const device = { name: 'A', generation: 'idrac8', components: ['ALL', 'BIOS'] }
  expect(checkExportWish(device, { components: ['BIOS'], format: 'XML' })).toEqual([])
  expect(checkExportWish(device, { components: ['FC'], format: 'JSON' }).map((b) => b.code)).toEqual([
    'Unsupported',
    'Unsupported',
  ])
  expect(checkExportWish({ ...device, components: [] }, { components: ['FC'], format: 'XML' })).toEqual([])
})

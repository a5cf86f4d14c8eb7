import { describe, expect, it } from 'vitest'
import { judgeUpgradePath } from '../../domain/esxi-paths.js'
import { preflightEsxi } from '../../domain/esxi-preflight.js'
import { chooseProfile, isAcceptable, releaseOfProfile } from '../../domain/esxi-profile.js'
import type { DepotProfile, EsxiPreflightFacts, EsxiPreflightRequest } from '../../domain/esxi-types.js'
import { blocker } from '../../domain/verdict.js'

const profile = (name: string, changes: Partial<DepotProfile> = {}): DepotProfile => ({
  name,
  vendor: 'Dell Inc.',
  acceptance_level: 'PartnerSupported',
  ...changes,
})

const DELL = profile('DEL-ESXi_803.24280767-A02')

const facts = (): EsxiPreflightFacts => ({
  host: {
    id: 'h1',
    name: 'esx-1',
    vendor: 'Dell Inc.',
    connection_state: 'connected',
    power_state: 'poweredOn',
    version: '7.0.3',
    build: 23_794_027,
    image_profile: 'DEL-ESXi-703_23794027-A24',
    reboot_required: false,
    lockdown_mode: 'lockdownDisabled',
    tpm_sealed: false,
    recovery_key_stored: false,
    recovery_key_readable: null,
    secure_boot: false,
    alarms: [],
  },
  vcenter: { version: '8.0.3', image_managed: false },
  safety: { safe: true, blockers: [] },
  vsan_resync_bytes: 0,
  ssh: { state: 'usable' },
  depot: {
    path: '/vmfs/volumes/ds/x.zip',
    visible: true,
    size_bytes: 100,
    expected_size_bytes: 100,
    sha256: 'AB',
    expected_sha256: 'ab',
    profiles: [DELL],
    error: null,
  },
  on_host: {
    acceptance_level: 'PartnerSupported',
    depot_free_bytes: 50e9,
    boot_bank_real: true,
    boot_device_bytes: 128e9,
    boot_device_kind: 'ssd',
    scratch_free_bytes: 4e9,
    update_running: null,
    community_vibs: [],
    unsigned_vibs: [],
    clock_offset_seconds: 1,
  },
  dry_run: {
    ok: true,
    result: { message: '', unchanged: false, vibs_installed: ['a'], vibs_removed: [], vibs_skipped: [] },
    warnings: [],
  },
})

const request = (changes: Partial<EsxiPreflightRequest> = {}): EsxiPreflightRequest => ({
  flavor: 'standard',
  allow_hardware_warnings: false,
  method: 'update',
  accept_removed_vibs: [],
  run_dry_run: true,
  path_overrides: [],
  ...changes,
})

type Change = (all: EsxiPreflightFacts) => void
const verdictAfter = (change: Change, wish: Partial<EsxiPreflightRequest> = {}) => {
  const all = facts()
  change(all)
  return preflightEsxi(all, request(wish))
}
const on =
  (change: Partial<NonNullable<EsxiPreflightFacts['on_host']>>): Change =>
  (all) => {
    if (all.on_host) Object.assign(all.on_host, change)
  }
const failing =
  (code: 'HardwareUnsupported' | 'VibConflict' | 'HardwareWarning', hardware_warning = false): Change =>
  (all) => {
    all.dry_run = { ok: false, failure: { error_class: 'X', code, text: 'tool text', hardware_warning } }
  }

describe('preflight', () => {
  it('is ready, with the way back closed by a new major version', () => {
    const verdict = preflightEsxi(facts(), request())
    expect(verdict).toMatchObject({
      verdict: 'ready',
      blockers: [],
      warnings: [],
      no_way_back: true,
      target: { version: '8.0.3', build: 24_280_767, profile: DELL.name },
      vibs: { install: ['a'] },
    })
    expect(verdict.checks.length).toBeGreaterThan(15)
  })

  it.each<[string, Change, Partial<EsxiPreflightRequest>?]>([
    ['HostStateUnknown', (all) => Object.assign(all.host, { connection_state: 'notResponding' })],
    ['HostStateUnknown', (all) => Object.assign(all.host, { power_state: null })],
    ['ImageManagedCluster', (all) => Object.assign(all, { vcenter: { version: '8.0.3', image_managed: true } })],
    ['ImageManagedCluster', (all) => Object.assign(all, { vcenter: { version: '8.0.3', image_managed: null } })],
    ['VcenterTooOld', (all) => Object.assign(all, { vcenter: { version: '8.0.2', image_managed: false } })],
    ['VcenterTooOld', (all) => Object.assign(all, { vcenter: { version: null, image_managed: false } })],
    ['SshUnavailable', (all) => Object.assign(all, { ssh: { state: 'failed' } })],
    ['SshUnavailable', (all) => Object.assign(all, { on_host: null })],
    ['RebootPending', (all) => Object.assign(all.host, { reboot_required: true })],
    ['RebootPending', (all) => Object.assign(all.host, { reboot_required: null })],
    [
      'HaFailover',
      (all) => Object.assign(all, { safety: { safe: false, blockers: [blocker('HaFailover', 'no reserve')] } }),
    ],
    ['UpgradePathUnsupported', (all) => Object.assign(all.host, { version: '6.5.0', build: 1 })],
    ['UpgradePathUnsupported', (all) => Object.assign(all.host, { version: '9.0.0', build: 25_000_000 })],
    ['UpgradePathUnsupported', (all) => Object.assign(all.host, { version: null })],
    ['DepotNotFound', (all) => Object.assign(all.depot, { visible: false })],
    ['HashMismatch', (all) => Object.assign(all.depot, { size_bytes: 99 })],
    ['HashMismatch', (all) => Object.assign(all.depot, { sha256: 'CD' })],
    ['DepotInvalid', (all) => Object.assign(all.depot, { profiles: null, error: 'no index.xml' })],
    ['ProfileNotFound', () => {}, { profile_name: 'ESXi-8.0U3-standard' }],
    ['ProfileAmbiguous', (all) => all.depot.profiles?.push(profile('DEL-ESXi_803.24280767-A03'))],
    ['AcceptanceLevel', on({ acceptance_level: 'VMwareCertified' })],
    ['AcceptanceLevel', on({ acceptance_level: null })],
    ['NotEnoughSpace', on({ depot_free_bytes: 1e9 })],
    ['NotEnoughSpace', on({ depot_free_bytes: null })],
    ['NotEnoughSpace', on({ boot_device_bytes: 4e9 })],
    ['NotEnoughSpace', on({ scratch_free_bytes: 1e6 })],
    ['BootDeviceLost', on({ boot_bank_real: false })],
    ['BootDeviceLost', on({ boot_bank_real: null })],
    ['UpdateLocked', on({ update_running: 'esxcli software profile update' })],
    ['HardwareUnsupported', failing('HardwareUnsupported')],
    ['HardwareWarning', failing('HardwareWarning', true)],
    ['VibConflict', failing('VibConflict')],
    ['EsxiUpdateFailed', (all) => Object.assign(all, { dry_run: null })],
    [
      'VibsWouldBeRemoved',
      (all) => all.dry_run?.ok && all.dry_run.result.vibs_removed.push('NSX_x'),
      { method: 'install' },
    ],
    ['RecoveryKeyMissing', (all) => Object.assign(all.host, { tpm_sealed: true, recovery_key_readable: false })],
    [
      'AcceptanceLevel',
      (all) => {
        Object.assign(all.host, { secure_boot: true })
        on({ unsigned_vibs: ['x'] })(all)
      },
    ],
  ])('%s (row %#)', (code, change, wish = {}) => {
    const verdict = verdictAfter(change, wish)
    expect(verdict.verdict).toBe('blocked')
    expect([...new Set(verdict.blockers.map((entry) => entry.code))]).toEqual([code])
    expect(verdict.blockers.every((entry) => entry.remedy.length > 5 && entry.target === 'esx-1')).toBe(true)
  })

  it.each<[string, Change, Partial<EsxiPreflightRequest>?]>([
    ['HardwareWarning', failing('HardwareWarning', true), { allow_hardware_warnings: true }],
    ['VibsWouldBeRemoved', (all) => all.dry_run?.ok && all.dry_run.result.vibs_removed.push('NSX_x')],
    ['AcceptanceLevel', on({ community_vibs: ['x'] })],
    ['NotEnoughSpace', on({ boot_device_kind: 'USB' })],
    ['NotEnoughSpace', on({ boot_device_bytes: 16e9 })],
    ['VerifyFailed', on({ clock_offset_seconds: -400 })],
    ['VsanResync', (all) => Object.assign(all, { vsan_resync_bytes: 5 })],
    ['RecoveryKeyMissing', (all) => Object.assign(all.host, { tpm_sealed: null })],
  ])('only warns: %s (row %#)', (code, change, wish = {}) => {
    const verdict = verdictAfter(change, wish)
    expect(verdict.verdict).toBe('ready_with_warnings')
    expect(verdict.warnings.map((entry) => entry.code)).toEqual([code])
  })

  it('is already current, whatever else', () => {
    const verdict = verdictAfter((all) =>
      Object.assign(all.host, { version: '8.0.3', build: 24_280_767, reboot_required: true }),
    )
    expect([verdict.verdict, verdict.blockers]).toEqual(['already_current', []])
  })

  it('ignores the package of the HA agent, and packages that were accepted by name', () => {
    const removes =
      (...names: string[]): Change =>
      (all) =>
        all.dry_run?.ok && all.dry_run.result.vibs_removed.push(...names)
    expect(verdictAfter(removes('VMware_bootbank_vmware-fdm_8.0')).verdict).toBe('ready')
    const accepted = { method: 'install' as const, accept_removed_vibs: ['nsx'] }
    expect(verdictAfter(removes('VMware_bootbank_nsx_1.0'), accepted).verdict).toBe('ready_with_warnings')
  })

  it('says "not checked" where SSH is off and may not be started', () => {
    const verdict = verdictAfter((all) => Object.assign(all, { ssh: { state: 'off' }, on_host: null, dry_run: null }))
    expect(verdict.verdict).toBe('ready_with_warnings')
    expect(verdict.checks.filter((entry) => entry.outcome === 'not_checked').length).toBeGreaterThan(2)
  })

  it('shows what could not be read of boot device and scratch as not checked', () => {
    const verdict = verdictAfter(on({ boot_device_bytes: null, scratch_free_bytes: null }))
    expect(verdict.verdict).toBe('ready')
    const open = verdict.checks.filter((entry) => entry.outcome === 'not_checked').map((entry) => entry.name)
    expect(open).toEqual(['boot_device', 'scratch_space'])
  })

  it('names the stepping stone', () => {
    expect(verdictAfter((all) => Object.assign(all.host, { version: '6.5.0', build: 1 })).stepping_stones).toEqual([
      '6.7',
    ])
  })
})

describe('upgrade paths', () => {
  const path = (from: string, to: string, builds: [number, number] = [1, 2]) =>
    judgeUpgradePath({ version: from, build: builds[0] }, { version: to, build: builds[1] })

  it.each([
    ['6.7.0', '8.0.3', { type: 'direct', major_change: true, back_in_time: false }],
    ['7.0.3', '8.0.0', { type: 'direct', major_change: true, back_in_time: false }],
    ['8.0.0', '8.0.3', { type: 'direct', major_change: false, back_in_time: false }],
    ['8.0.3', '9.1.1', { type: 'direct', major_change: true, back_in_time: false }],
    ['8.0.3', '9.5.0', { type: 'direct', major_change: true, back_in_time: false }],
    ['7.0.3', '9.0.0', { type: 'not_direct', stones: ['8.0'] }],
    ['6.5.0', '9.1.0', { type: 'not_direct', stones: ['6.7', '8.0'] }],
    ['8.0.3', '7.0.3', { type: 'downgrade' }],
    ['5.5.0', '8.0.0', { type: 'not_direct', stones: [] }],
    ['what', '8.0.0', { type: 'unknown' }],
  ] as const)('%s to %s', (from, to, expected) => {
    expect(path(from, to)).toEqual(expected)
  })

  it('sees the same build, an older patch, and a target built before the source', () => {
    expect(path('8.0.3', '8.0.3', [5, 5])).toEqual({ type: 'same_build' })
    expect(path('8.0.3', '8.0.3', [6, 5])).toEqual({ type: 'downgrade' })
    expect(path('7.0.3', '8.0.0', [24_585_291, 20_513_097])).toMatchObject({ type: 'direct', back_in_time: true })
  })

  it('lets an admin open and close steps', () => {
    const say = (from_version: string, to_version: string, allowed: boolean) => [{ from_version, to_version, allowed }]
    const from = { version: '7.0.3', build: 1 }
    expect(judgeUpgradePath(from, { version: '9.0.0', build: 2 }, say('7.0', '9.0', true)).type).toBe('direct')
    expect(judgeUpgradePath(from, { version: '8.0.3', build: 2 }, say('7.0.3', '8.0.3', false)).type).toBe('not_direct')
  })
})

describe('image profiles', () => {
  const wish = { flavor: 'standard' as const, vendor: 'Dell Inc.' }
  const plain = ['ESXi-8.0U3-24022510-standard', 'ESXi-8.0U3-24022510-no-tools'].map((name) =>
    profile(name, { vendor: 'VMware, Inc.' }),
  )
  const chosen = (profiles: DepotProfile[], changes = {}) => {
    const choice = chooseProfile(profiles, { ...wish, ...changes })
    return choice.type === 'chosen' ? choice.profile.name : choice.type
  }

  it('prefers the vendor on vendor hardware, and the flavour', () => {
    expect(chosen([...plain, DELL])).toBe(DELL.name)
    expect(chosen(plain)).toBe('ESXi-8.0U3-24022510-standard')
    expect(chosen(plain, { flavor: 'no-tools' })).toBe('ESXi-8.0U3-24022510-no-tools')
    expect(chosen([...plain, DELL], { vendor: 'HPE' })).toBe('ESXi-8.0U3-24022510-standard')
  })

  it('never guesses', () => {
    expect(chosen([DELL, profile('DEL-ESXi_802.23305546-A01')])).toBe('ambiguous')
    expect(chosen([DELL, profile('DEL-ESXi_802.23305546-A01')], { target_build: 23_305_546 })).toBe(
      'DEL-ESXi_802.23305546-A01',
    )
    expect(chosen([DELL], { target_build: 1 })).toBe('not_found')
    expect(chosen([DELL], { profile_name: DELL.name.toLowerCase() })).toBe('not_found')
    expect(chosen([])).toBe('not_found')
  })

  it.each([
    ['DEL-ESXi_803.24280767-A02', { version: '8.0.3', build: 24_280_767 }],
    ['DEL-ESXi-703_23794027-A24', { version: '7.0.3', build: 23_794_027 }],
    ['ESXi-8.0U3k-25595708-standard', { version: '8.0.3', build: 25_595_708 }],
    ['ESXi-9.1.1.0-25714478-standard', { version: '9.1.1', build: 25_714_478 }],
    ['HPE-Custom-AddOn_803.0.0.11.8.0-6', null],
    ['LVO_8.0.3-LVO.803.12.1', null],
  ])('reads %s', (name, expected) => {
    expect(releaseOfProfile(profile(name))).toEqual(expected)
  })

  it('ranks acceptance levels, in every spelling', () => {
    expect(isAcceptable('PartnerSupported', 'PartnerSupported')).toBe(true)
    expect(isAcceptable('VMwareCertified', 'partner')).toBe(true)
    expect(isAcceptable('CommunitySupported', 'PartnerSupported')).toBe(false)
    expect(isAcceptable('certified', 'community')).toBe(true)
    expect(isAcceptable('odd', 'PartnerSupported')).toBeNull()
  })
})

import { describe, expect, test } from 'vitest'
import { readRow, readRows } from '../../clients/esxi/esxcli-output.js'
import * as readers from '../../clients/esxi/fact-readers.js'
import { readProfileList } from '../../clients/esxi/profiles.js'
import { readTable } from '../../clients/esxi/table.js'
import { readUpdateOutcome } from '../../clients/esxi/update-outcome.js'
import { readUpdateFailure, readUpdateResult } from '../../clients/esxi/update-text.js'

const VERSION_TEXT = `   Product: VMware ESXi
   Version: 8.0.3
   Build: Releasebuild-24677879
   Update: 3
   Patch: 70
`

describe('version', () => {
  const expected = { product: 'VMware ESXi', version: '8.0.3', build: 24677879, update: '3', patch: '70' }
  const json = '{"Build":"Releasebuild-24677879","Patch":"70","Product":"VMware ESXi","Update":"3","Version":"8.0.3"}'

  test.each([
    ['text', VERSION_TEXT],
    ['an object', json],
    ['an array of one object', `[${json}]`],
    ['a banner before the JSON', `The time and date of this login have been sent to the system logs.\n\n${json}`],
    ['a banner that begins with a bracket', `[notice] authorised use only\n${json}`],
    ['other spelling of the keys', json.replaceAll('"Build"', '"build "').replaceAll('"Version"', '"VERSION"')],
  ])('is read from %s', (_name, text) => {
    expect(readers.readVersion(text)).toEqual(expected)
  })

  test.each([['command not found'], [''], ['{"x":1}']])('is unknown in %j', (text) => {
    expect(readers.readVersion(text)).toBeNull()
  })
})

describe('profile', () => {
  test.each([
    [
      '(Updated) DEL-ESXi_803.24280767-A02\n   Name: (Updated) DEL-ESXi_803.24280767-A02\n   Vendor: Dell Inc.\n',
      'DEL-ESXi_803.24280767-A02',
    ],
    [
      'ESXi-8.0U2b-23305546-standard\n   Name: ESXi-8.0U2b-23305546-standard\n   Vendor: VMware, Inc.\n',
      'ESXi-8.0U2b-23305546-standard',
    ],
    ['   Name: ESXi-6.7.0-20220104001-standard\n   Vendor: VMware, Inc.\n', 'ESXi-6.7.0-20220104001-standard'],
  ])('%# is read without the word Updated', (text, name) => {
    expect(readers.readProfile(text)?.name).toBe(name)
  })

  test('an empty name with a heading keeps the heading', () => {
    const text = '(Updated) ESXi-8.0U3-24022510-standard\n   Name:\n   Vendor: VMware, Inc.\n   Stateless Ready: True\n'
    expect(readers.readProfile(text)).toEqual({ name: 'ESXi-8.0U3-24022510-standard', vendor: 'VMware, Inc.' })
    expect(readers.readProfile('   Name:\n   Vendor: VMware, Inc.\n')).toBeNull()
  })
})

describe('tables', () => {
  const LIST = `Name                           Vendor        Acceptance Level  Creation Time        Modification Time
-----------------------------  ------------  ----------------  -------------------  -------------------
ESXi-8.0U2b-23305546-standard  VMware, Inc.  PartnerSupported  2024-02-29T00:00:00  2024-02-29T00:00:00
ESXi-8.0U2b-23305546-no-tools  VMware, Inc.  PartnerSupported  2024-02-29T00:00:00  2024-02-08T03:24:42
`

  test('the profiles of a depot are read with their exact names', () => {
    expect(readProfileList(LIST)).toEqual([
      {
        name: 'ESXi-8.0U2b-23305546-standard',
        vendor: 'VMware, Inc.',
        acceptance_level: 'PartnerSupported',
        created_at: '2024-02-29T00:00:00',
        modified_at: '2024-02-29T00:00:00',
      },
      {
        name: 'ESXi-8.0U2b-23305546-no-tools',
        vendor: 'VMware, Inc.',
        acceptance_level: 'PartnerSupported',
        created_at: '2024-02-29T00:00:00',
        modified_at: '2024-02-08T03:24:42',
      },
    ])
  })

  test('a table whose padding was lost is split on blanks', () => {
    const loose = `Name  Vendor  Acceptance Level  Creation Time  Modification Time
----  ------  ----------------  -------------  -----------------
DEL-ESXi_803.24280767-A02  Dell Inc.  PartnerSupported  2024-09-01T00:00:00  2024-09-01T00:00:00
`
    expect(readProfileList(loose)).toMatchObject([{ name: 'DEL-ESXi_803.24280767-A02', vendor: 'Dell Inc.' }])
  })

  test('the same list as JSON', () => {
    const json =
      '[{"AcceptanceLevel":"PartnerSupported","CreationTime":"2024","ModificationTime":"2024","Name":"A-1","Vendor":"Dell Inc."}]'
    expect(readProfileList(json)).toMatchObject([
      { name: 'A-1', vendor: 'Dell Inc.', acceptance_level: 'PartnerSupported' },
    ])
  })

  test('an empty cell does not shift the others', () => {
    const rows = readTable(
      'Mount Point        Volume Name  UUID\n-----------------  -----------  ----\n/vmfs/volumes/abc               u-1\n',
    )
    expect(rows).toEqual([{ mountpoint: '/vmfs/volumes/abc', volumename: '', uuid: 'u-1' }])
  })

  test('text without a ruler is no table', () => {
    expect(readTable('Name  Vendor\nA  B')).toBeNull()
    expect(readRows('nothing here')).toBeNull()
    expect(readProfileList('')).toBeNull()
  })
})

describe('other facts', () => {
  test('packages', () => {
    const json =
      '[{"AcceptanceLevel":"VMwareCertified","CreationDate":"2024-01-01","ID":"VMware_bootbank_esx-base_8.0.3","InstallDate":"2024-02-02","Name":"esx-base","Status":"","Vendor":"VMware","Version":"8.0.3-0.60"}]'
    expect(readers.readVibs(json)).toEqual([
      {
        name: 'esx-base',
        version: '8.0.3-0.60',
        vendor: 'VMware',
        acceptance_level: 'VMwareCertified',
        id: 'VMware_bootbank_esx-base_8.0.3',
        install_date: '2024-02-02',
      },
    ])
  })

  test.each([
    ['MountPoint', 'VolumeName'],
    ['Mount Point', 'Volume Name'],
  ])('file systems with the keys %s', (mount, volume) => {
    const json = JSON.stringify([
      { [mount]: '/vmfs/volumes/1', [volume]: 'ds1', UUID: '1', Mounted: true, Type: 'VMFS-6', Size: 100, Free: 40 },
    ])
    expect(readers.readFilesystems(json)).toEqual([
      {
        mount_point: '/vmfs/volumes/1',
        volume_name: 'ds1',
        uuid: '1',
        mounted: true,
        type: 'VMFS-6',
        size_bytes: 100,
        free_bytes: 40,
      },
    ])
  })

  test.each([
    ['/vmfs/volumes/0a1b', false],
    ['/tmp', true],
  ])('a boot bank at %s: in memory %s', (target, inMemory) => {
    const text = `lrwxrwxrwx    1 root     root            49 Jan  1 10:00 /altbootbank -> /vmfs/volumes/ffff
lrwxrwxrwx    1 root     root            49 Jan  1 10:00 /bootbank -> ${target}
bootstate=0
title=Loading VMware ESXi
build=8.0.3-0.60.24280767
updated=2
`
    const [boot, alternate] = readers.readBootBanks(text)
    expect(boot).toMatchObject({ name: 'bootbank', target, in_memory: inMemory, build: null })
    expect(alternate).toMatchObject({ in_memory: false, build: '8.0.3-0.60.24280767', boot_state: 0, updated: 2 })
  })

  test('a bank that is not shown is unknown, not fine', () => {
    expect(readers.readBootBanks('ls: /bootbank: No such file or directory')).toMatchObject([
      { in_memory: null },
      { in_memory: null },
    ])
  })

  test('encryption, acceptance and maintenance', () => {
    expect(
      readers.readEncryption(
        '   Mode: TPM\n   Require Executables Only From Installed VIBs: false\n   Require Secure Boot: true\n',
      ),
    ).toEqual({ mode: 'TPM', require_secure_boot: true, require_executables_only_from_installed_vibs: false })
    expect(readers.readAcceptance('PartnerSupported\n')).toBe('PartnerSupported')
    expect(readers.readAcceptance('Connect to localhost failed: x')).toBeNull()
    expect(readers.readMaintenance('Enabled\n')).toBe(true)
    expect(readers.readMaintenance('Disabled\n')).toBe(false)
    expect(readers.readMaintenance('')).toBeNull()
  })

  test('the host summary', () => {
    const text = `Listsummary:

(vim.host.Summary) {
   host = 'vim.HostSystem:ha-host',
   hardware = (vim.host.Summary.HardwareSummary) {
      vendor = "Dell Inc.",
      model = "PowerEdge R750",
   },
   runtime = (vim.host.RuntimeInfo) {
      connectionState = "connected",
      standbyMode = <unset>,
      bootTime = "2026-09-22T14:40:44.738Z",
      inMaintenanceMode = true,
   },
   quickStats = (vim.host.Summary.QuickStats) {
      overallCpuUsage = 812,
      uptime = 93211,
   },
}
`
    expect(readers.readHostSummary(text)).toEqual({
      in_maintenance_mode: true,
      uptime_seconds: 93_211,
      boot_time: '2026-09-22T14:40:44.738Z',
      vendor: 'Dell Inc.',
      model: 'PowerEdge R750',
    })
    expect(readers.readHostSummary(text.replace('93211', '<unset>')).uptime_seconds).toBeNull()
  })

  test.each([
    [
      '0xdf 0x4e 0x6a 0x86 0x5a 0xc8 0x4e 0x66 0x82 0x34 0x1a 0x56 0x3c 0xbf 0x7f 0x2e',
      'df4e6a86-5ac8-4e66-8234-1a563cbf7f2e',
    ],
    [
      '0x0 0x4e 0x6a 0x86 0x5a 0xc8 0x4e 0x66 0x82 0x34 0x1a 0x56 0x3c 0xbf 0x7f 0x2',
      '004e6a86-5ac8-4e66-8234-1a563cbf7f02',
    ],
    ['DF4E6A86-5AC8-4E66-8234-1A563CBF7F2E', 'df4e6a86-5ac8-4e66-8234-1a563cbf7f2e'],
    [null, null],
  ])('the UUID %j', (text, expected) => {
    expect(readers.readUuid(text)).toBe(expected)
  })

  test('recovery keys', () => {
    const text =
      'Recovery ID                             Key\n--------------------------------------  ---\n{1C-2D}                                 478269-039194-473926\n'
    expect(readers.readRecoveryKeys(text)).toEqual([{ recovery_id: '{1C-2D}', key: '478269-039194-473926' }])
  })

  test('a row of labels', () => {
    expect(readRow('   Serial Number: 12345E6\n   Vendor Name: Dell Inc.\n')).toEqual({
      serialnumber: '12345E6',
      vendorname: 'Dell Inc.',
    })
  })
})

const REBOOT_MESSAGE =
  'The update completed successfully, but the system needs to be rebooted for the changes to be effective.'
const OLD = `Update Result
   Message: ${REBOOT_MESSAGE}
   Reboot Required: true
   VIBs Installed: VMware_bootbank_esx-base_8.0.3, DEL_bootbank_x_1
   VIBs Removed: VMware_bootbank_esx-base_7.0.3
   VIBs Skipped:
`
const NEW = `Update Result
   Message: ${REBOOT_MESSAGE}
   VIBs Installed: VMware_bootbank_esx-base_8.0.3, DEL_bootbank_x_1
   VIBs Removed: VMware_bootbank_esx-base_7.0.3
   VIBs Skipped:
   Reboot Required: true
   DPU Results:
`

describe('result of an update', () => {
  test.each([
    ['6.x and 7.x', OLD],
    ['8.x and 9.x, in another order', NEW],
    ['an installation', NEW.replace('Update Result', 'Installation Result')],
  ])('is read by labels: %s', (_name, text) => {
    expect(readUpdateResult(text)).toEqual({
      message: REBOOT_MESSAGE,
      unchanged: false,
      reboot_required: true,
      vibs_installed: ['VMware_bootbank_esx-base_8.0.3', 'DEL_bootbank_x_1'],
      vibs_removed: ['VMware_bootbank_esx-base_7.0.3'],
      vibs_skipped: [],
    })
  })

  test('a host at the target is unchanged, a trial run is not', () => {
    const same = 'Update Result\n   Message: Host is not changed.\n   Reboot Required: false\n   VIBs Installed:\n'
    const trial =
      'Update Result\n   Message: Dryrun only, host not changed. The following installers will be applied: [BootBankInstaller, LockerInstaller]\n   Reboot Required: true\n'
    expect(readUpdateResult(same)).toMatchObject({ unchanged: true, reboot_required: false })
    expect(readUpdateResult(trial)).toMatchObject({ unchanged: false, reboot_required: true })
  })

  test('a missing label is unknown', () => {
    expect(readUpdateResult('Update Result\n   Message: Operation finished successfully.\n')).toMatchObject({
      reboot_required: null,
    })
  })

  test('code 0 without a result is a failure, a result with another code too', () => {
    expect(readUpdateOutcome(0, '')).toMatchObject({
      ok: false,
      failure: { code: 'EsxiUpdateFailed', error_class: 'unknown' },
    })
    expect(readUpdateOutcome(1, OLD)).toMatchObject({ ok: false })
    expect(readUpdateOutcome(0, `warning: old CPU\n${OLD}`)).toMatchObject({ ok: true, warnings: ['warning: old CPU'] })
  })

  test('a list of several kB is kept whole', () => {
    const names = Array.from({ length: 300 }, (_each, index) => `VMware_bootbank_package-${index}_8.0.3-0.60.24280767`)
    expect(readUpdateResult(OLD.replace('VIBs Skipped:', `VIBs Skipped: ${names.join(', ')}`))?.vibs_skipped).toEqual(
      names,
    )
  })
})

const fail = (name: string, text: string) => ` [${name}]\n ${text}\n Please refer to the log file for more details.\n`

describe('refusal of an update', () => {
  test.each([
    [
      'HardwareError',
      'Hardware precheck of profile ESXi-7.0U3s-24585291-standard failed with errors: <CPU_SUPPORT ERROR: The CPU in this host is not supported by ESXi 7.0.3. Please refer to the VMware Compatibility Guide (VCG) for the list of supported CPUs.>',
      'HardwareUnsupported',
    ],
    [
      'HardwareError',
      'Hardware precheck of profile X failed with warnings: <CPU_SUPPORT WARNING: The CPU in this host may not be supported in future ESXi releases. Please plan accordingly.>\n Apply --no-hardware-warning option to ignore the warnings and proceed with the transaction.',
      'HardwareWarning',
    ],
    [
      'NoMatchError',
      "No image profile found with name 'ESXi-8.0U3-standard'\n   id = ESXi-8.0U3-standard",
      'ProfileNotFound',
    ],
    [
      'MetadataDownloadError',
      "Could not download from depot at zip:/vmfs/volumes/d/x.zip?index.xml, skipping (('zip:', '', \"Error extracting index.xml from x: [Errno 2] No such file or directory: '/vmfs/volumes/d/x.zip'\"))",
      'DepotNotFound',
    ],
    ['MetadataDownloadError', "There is no item named 'index.xml' in the archive", 'DepotInvalid'],
    ['ValueError', 'Only server local file path is supported for offline bundles.', 'DepotNotFound'],
    [
      'DependencyError',
      'VIB DEL_bootbank_dcism_3.6.0.2249 requires esx-version >= 7.0.0, but the requirement cannot be satisfied within the ImageProfile.',
      'VibConflict',
    ],
    ['AcceptanceConfigError', 'acceptance level is community, which is not compliant', 'AcceptanceLevel'],
    ['ProfileValidationError', 'x does not have sha-256 gunzip checksum', 'VibConflict'],
    ['MaintenanceModeError', 'Maintenance mode is required', 'HostNotInMaintenance'],
    [
      'InstallationError',
      '[Errno 28] No space left on device\n   vibs = VMware_locker_tools-light_11.3.5',
      'NotEnoughSpace',
    ],
    ['InstallationError', 'something else', 'EsxiUpdateFailed'],
    ['LockingError', 'Another process is updating', 'UpdateLocked'],
    ['NewError', 'never seen', 'EsxiUpdateFailed'],
  ])('[%s] %s', (name, text, code) => {
    expect(readUpdateFailure(fail(name, text))).toMatchObject({ error_class: name, code })
  })

  test('hardware verdicts are taken apart, brackets inside them kept', () => {
    const failure = readUpdateFailure(
      fail(
        'HardwareError',
        "Hardware precheck of profile X failed with warnings: <CPU_SUPPORT OVERRIDEWARNING: The CPUs in this host are not supported by ESXi 8.0.0.> <UNSUPPORTED_DEVICES WARNING: This host has unsupported devices [<PciInfo 'Ethernet controller [8086:10e8 8086:a02c]'>]>",
      ),
    )
    expect(failure.hardware_warnings).toEqual([
      'CPU_SUPPORT OVERRIDEWARNING: The CPUs in this host are not supported by ESXi 8.0.0.',
      "UNSUPPORTED_DEVICES WARNING: This host has unsupported devices [<PciInfo 'Ethernet controller [8086:10e8 8086:a02c]'>]",
    ])
    expect(failure).toMatchObject({ hardware_warning: true, hardware_errors: [] })
  })

  test('names the packages and the values that follow', () => {
    const failure = readUpdateFailure(
      fail('DependencyError', 'VIB A requires B, but\n On platform embeddedEsx, VIB C requires D\n   vibs = A, C'),
    )
    expect(failure.vib_conflicts).toEqual(['VIB A requires B, but', 'On platform embeddedEsx, VIB C requires D'])
    expect(failure.data).toEqual({ vibs: 'A, C' })
  })

  test('a tool that cannot reach its agent is busy, not broken', () => {
    expect(readUpdateFailure('Connect to localhost failed: Connection failure')).toMatchObject({ code: 'DeviceBusy' })
  })
})

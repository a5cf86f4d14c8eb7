import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedfishClient } from '../../../clients/redfish/client.js'
import { openSession } from '../../../clients/redfish/session.js'
import { anonymousClient } from '../../helpers/redfish-client.js'
import { type Facts, READS, type ReadName, readEverything } from '../../helpers/redfish-reads.js'
import {
  type Json,
  loadRecording,
  type RecordingName,
  type ServedRecording,
  serveRecording,
  TEST_LOGIN,
} from '../../helpers/redfish-recording.js'

const ROOT = '/redfish/v1'
const SYS = `${ROOT}/Systems/System.Embedded.1`
const MGR = `${ROOT}/Managers/iDRAC.Embedded.1`
const CHA = `${ROOT}/Chassis/System.Embedded.1`
const UPD = `${ROOT}/UpdateService`
const BOOT = `${SYS}#Boot`

/**
 * One fact: where it stands in the recording (`file#field/field`), what stands there, and where our answer holds it. `told`
 * is what we make of it, where that differs; `id=…` in our place picks the row with that name.
 */
interface Row {
  from: string
  holds: unknown
  ours: string
  told?: unknown
}

const row = (from: string, holds: unknown, ours: string, ...told: unknown[]): Row =>
  told.length === 0 ? { from, holds, ours } : { from, holds, ours, told: told[0] }

const DISK = 'Disk.Bay.0:Enclosure.Internal.0-1'
const OLD_DISK = 'Disk.Bay.9:Enclosure.Internal.0-1:PCIeExtender.Slot.1'

const COMMON: Row[] = [
  row(`${ROOT}#Product`, 'Integrated Dell Remote Access Controller', 'root/is_idrac', true),
  row(`${SYS}#Manufacturer`, 'Dell Inc.', 'system/manufacturer'),
  row(`${SYS}#PowerState`, 'On', 'system/power_state'),
  row(`${SYS}#Status/HealthRollup`, 'OK', 'system/health'),
  row(`${SYS}#HostName`, '', 'system/host_name', null),
  row(`${SYS}#AssetTag`, '', 'system/asset_tag', null),
  row(`${SYS}#MemorySummary/TotalSystemMemoryGiB`, 512, 'system/memory_gib'),
  row(`${SYS}#ProcessorSummary/Count`, 2, 'system/processor_count'),
  row(`${MGR}#Status/Health`, 'OK', 'manager/health'),
  row(`${MGR}#GraphicalConsole/ServiceEnabled`, true, 'console/enabled'),
  row(`${MGR}#GraphicalConsole/MaxConcurrentSessions`, 6, 'console/sessions_most'),
  row(`${SYS}/Bios#Attributes/ProcVirtualization`, 'Enabled', 'bios/attributes/ProcVirtualization'),
  row(`${SYS}/Bios/Settings#Attributes`, {}, 'pending_bios'),
  row(`${SYS}/Bios#AttributeRegistry`, 'BiosAttributeRegistry.v1_0_3', 'bios/registry'),
  row(`${SYS}/Bios#@Redfish.Settings/SettingsObject/@odata.id`, `${SYS}/Bios/Settings`, 'bios/settings_path'),
  row(`${SYS}/Bios/BiosRegistry#Id`, 'BiosAttributeRegistry.v1_0_3', 'bios_registry/id'),
  row(`${BOOT}/BootSourceOverrideMode`, 'UEFI', 'boot/override_mode'),
  row(`${BOOT}/BootSourceOverrideTarget`, 'None', 'boot/override_target'),
  row(`${UPD}#HttpPushUri`, `${UPD}/FirmwareInventory`, 'update/push_uri'),
  row(`${UPD}#FirmwareInventory/@odata.id`, `${UPD}/FirmwareInventory`, 'update/inventory_path'),
  row(
    `${ROOT}/TaskService#Tasks/@odata.id`,
    `${ROOT}/TaskService/Tasks`,
    'task_path',
    `${ROOT}/TaskService/Tasks/JID_1`,
  ),
]

const ROWS: Record<RecordingName, Row[]> = {
  r630: [
    ...COMMON,
    row(`${ROOT}#Oem/Dell/ServiceTag`, 'TST0630', 'root/service_tag'),
    row(`${ROOT}#Oem/Dell/ManagerMACAddress`, '02:00:5E:28:5E:18', 'root/manager_mac', '02:00:5e:28:5e:18'),
    row(`${ROOT}#Vendor`, undefined, 'root/vendor', null),
    row(`${ROOT}#Vendor`, undefined, 'root/maker', 'Dell (Integrated Dell Remote Access Controller)'),
    row(`${ROOT}#RedfishVersion`, '1.4.0', 'root/redfish_version'),
    row(`${ROOT}#Links/Sessions/@odata.id`, '/redfish/v1/Sessions', 'root/sessions_path'),
    row(`${SYS}#SKU`, 'TST0630', 'system/service_tag'),
    row(`${SYS}#SerialNumber`, 'TD3287694R6592', 'system/service_tag', 'TST0630'),
    row(`${SYS}#Model`, 'PowerEdge R630', 'system/model'),
    row(`${SYS}#UUID`, '21404659-fcbd-b526-c160-2c586c65b493', 'system/uuid'),
    row(`${SYS}#BiosVersion`, '2.13.0', 'system/bios_version'),
    row(`${SYS}#LastResetTime`, undefined, 'system/last_reset_at', null),
    row(`${SYS}#Oem/Dell`, undefined, 'system/rollups', {}),
    row(`${MGR}#Model`, '13G Monolithic', 'manager/generation', 'idrac8'),
    row(`${MGR}#FirmwareVersion`, '2.81.81.81', 'manager/firmware_version'),
    row(`${MGR}#DateTime`, '2022-07-01T01:18:59-05:00', 'manager/date_time'),
    row(`${MGR}#Links/Oem/Dell/Jobs/@odata.id`, `${MGR}/Jobs`, 'manager/features/jobs', true),
    row(`${MGR}#Links/Oem/Dell/DellAttributes`, undefined, 'idrac_attributes', null),
    row(`${MGR}#Links/Oem/Dell/DellLCService`, undefined, 'readiness/supported', false),
    row(`${MGR}#Links/Oem/Dell/DelliDRACCardService`, undefined, 'console/tickets', false),
    row(`${MGR}#Links/Oem/Dell/DellLicenseCollection`, undefined, 'licences', null),
    row(`${MGR}#Links/Oem/Dell/DellJobService`, undefined, 'queue_fill', { current: null, maximum: null }),
    row(`${MGR}/LogServices#Members@odata.count`, 2, 'health/faults', null),
    row(
      `${MGR}/Logs/Sel#Members/0/Message`,
      'The input power for power supply 2 has been restored.',
      'sel/entries/0/message',
    ),
    row(`${MGR}/Logs/Sel#Members/0/EntryCode/0/Member`, 'Deassert', 'sel/entries/0/entry_code'),
    row(`${MGR}/Logs/Sel#Members/0/SensorType/0/Member`, 'Power Supply / Converter', 'sel/entries/0/sensor_type'),
    row(`${MGR}/Logs/Lclog#Members/0/MessageId`, 'USR0030', 'lifecycle/entries/0/message_id'),
    row(`${MGR}/Logs/Lclog#Members@odata.count`, 823, 'lifecycle/total'),
    row(`${MGR}/Logs/Lclog#Members@odata.nextLink`, `${MGR}/Logs/Lclog?$skip=50`, 'lifecycle/next'),
    row(
      `${CHA}/Thermal#Fans/0/MemberId`,
      '0x17||Fan.Embedded.1A',
      'thermal/component=fan:Fan.Embedded.1A/name',
      'System Board Fan1A',
    ),
    row(`${CHA}/Thermal#Fans/0/Reading`, 7440, 'thermal/component=fan:Fan.Embedded.1A/reading/rpm'),
    row(
      `${CHA}/Thermal#Temperatures/0/ReadingCelsius`,
      15,
      'thermal/component=temperature:SystemBoardInletTemp/reading/celsius',
    ),
    row(`${CHA}/Power#PowerSupplies/0/PowerInputWatts`, 900, 'power/component=psu:PSU.Slot.1/reading/input_watts'),
    row(
      `${CHA}/Power#PowerSupplies/0/Model`,
      'PWR SPLY,750W,RDNT,DELTA      ',
      'power/component=psu:PSU.Slot.1/reading/model',
      'PWR SPLY,750W,RDNT,DELTA',
    ),
    row(
      `${SYS}/Memory/iDRAC.Embedded.1#DIMMSLOTA1##CapacityMiB`,
      32768,
      'memory/component=dimm:DIMMSLOTA1/reading/capacity_mib',
    ),
    row(
      `${SYS}/Memory/iDRAC.Embedded.1#DIMMSLOTA1##OperatingSpeedMhz`,
      2133,
      'memory/component=dimm:DIMMSLOTA1/reading/speed_mhz',
    ),
    row(`${SYS}/Processors/CPU.Socket.1#TotalCores`, 12, 'processors/component=cpu:CPU.Socket.1/reading/cores'),
    row(
      `${SYS}/Storage/RAID.Embedded.1-1#Status/HealthRollup`,
      null,
      'storage/component=controller:RAID.Embedded.1-1/health',
      'Unknown',
    ),
    row(`${SYS}/Storage/Drives/${OLD_DISK}#CapacityBytes`, 0, `drives/fqdd=${OLD_DISK}/capacity_bytes`, null),
    row(`${SYS}/Storage/Drives/${OLD_DISK}#SerialNumber`, '', `drives/fqdd=${OLD_DISK}/serial_number`, null),
    row(`${SYS}/Storage/Drives/${OLD_DISK}#Revision`, 'EDA5402Q', `drives/fqdd=${OLD_DISK}/revision`),
    row(
      `${SYS}/EthernetInterfaces/NIC.Integrated.1-1-1#MACAddress`,
      '02:00:5E:A0:26:52',
      'ports/fqdd=NIC.Integrated.1-1-1/mac_address',
      '02:00:5e:a0:26:52',
    ),
    row(`${SYS}/EthernetInterfaces/NIC.Integrated.1-1-1#SpeedMbps`, 1000, 'ports/fqdd=NIC.Integrated.1-1-1/speed_mbps'),
    row(`${UPD}/FirmwareInventory/Installed-159-2.13.0#Version`, '2.13.0', 'firmware/id=Installed-159-2.13.0/version'),
    row(
      `${UPD}/FirmwareInventory/Installed-159-2.13.0#Updateable`,
      true,
      'firmware/id=Installed-159-2.13.0/updateable',
    ),
    row(`${UPD}/FirmwareInventory/Installed-159-2.13.0#Oem`, undefined, 'firmware/id=Installed-159-2.13.0/fqdd', null),
    row(
      `${SYS}/BootOptions/Boot0000#DisplayName`,
      'PCIe SSD in Slot 9 in Bay 1: ubuntu',
      'boot_options/reference=Boot0000/display_name',
    ),
    row(`${BOOT}/UefiTargetBootSourceOverride`, '', 'boot/uefi_target', null),
    row(`${BOOT}/BootOrder`, ['Boot0000', 'Boot0001'], 'boot/boot_order'),
    row(`${MGR}/VirtualMedia/CD#MediaTypes`, ['CD', 'DVD'], 'media_slots/id=CD/kind', 'cd'),
    row(`${MGR}/VirtualMedia/RemovableDisk#MediaTypes`, ['USBStick'], 'media_slots/id=RemovableDisk/kind', 'usb'),
    row(`${MGR}/VirtualMedia/CD#Inserted`, false, 'media_slots/id=CD/inserted'),
    row(`${SYS}#VirtualMedia`, undefined, 'media_slots/id=CD/of', 'manager'),
    row(`${UPD}#MultipartHttpPushUri`, undefined, 'update/multipart_uri', null),
    row(
      `${UPD}#Actions/#UpdateService.SimpleUpdate/TransferProtocol@Redfish.AllowableValues`,
      ['HTTP'],
      'update/simple_update/protocols',
    ),
    row(
      `${MGR}#Actions/Oem/OemManager.v1_1_0#OemManager.ExportSystemConfiguration/ShareParameters/Target@Redfish.AllowableValues`,
      ['ALL', 'IDRAC', 'BIOS', 'NIC', 'RAID'],
      'scp_targets',
    ),
    row(`${MGR}/Jobs#Members@odata.count`, 0, 'jobs', []),
  ],
  r750: [
    ...COMMON,
    row(`${ROOT}#Oem/Dell/ServiceTag`, 'TST0750', 'root/service_tag'),
    row(`${ROOT}#Vendor`, 'Dell', 'root/vendor'),
    row(`${ROOT}#RedfishVersion`, '1.13.1', 'root/redfish_version'),
    row(`${ROOT}#Links/Sessions/@odata.id`, '/redfish/v1/SessionService/Sessions', 'root/sessions_path'),
    row(`${SYS}#SKU`, 'TST0750', 'system/service_tag'),
    row(`${SYS}#Model`, 'PowerEdge R750', 'system/model'),
    row(`${SYS}#BiosVersion`, '1.8.2', 'system/bios_version'),
    row(`${SYS}#LastResetTime`, '2024-06-11T00:14:47-05:00', 'system/last_reset_at'),
    row(`${SYS}#Oem/Dell/DellSystem/SystemID`, 2318, 'system/system_id', '090E'),
    row(`${SYS}#Oem/Dell/DellSystem/SystemGeneration`, '15G Monolithic', 'system/system_generation'),
    row(`${SYS}#Oem/Dell/DellSystem/ExpressServiceCode`, '12234197418', 'system/express_service_code'),
    row(`${SYS}#Oem/Dell/DellSystem/PSRollupStatus`, 'OK', 'system/rollups/ps'),
    row(`${SYS}#Oem/Dell/DellSystem/IDSDMRollupStatus`, null, 'system/rollups/idsdm', undefined),
    row(`${SYS}#Oem/Dell/DellSystem/SysMemPrimaryStatus`, 'OK', 'system/rollups/memory'),
    row(`${MGR}#Model`, '15G Monolithic', 'manager/generation', 'idrac9'),
    row(`${MGR}#FirmwareVersion`, '6.00.30.00', 'manager/firmware_version'),
    row(`${MGR}#DateTime`, '2024-08-08T18:48:10-05:00', 'manager/date_time'),
    row(`${MGR}/LogServices/FaultList/Entries#Members@odata.count`, 0, 'health/faults', []),
    row(`${MGR}/LogServices/Sel/Entries#Members/0/Id`, '1024', 'sel/entries/0/entry_id', 1024),
    row(`${MGR}/LogServices/Sel/Entries#Members/0/EntryCode`, 'Assert', 'sel/entries/0/entry_code'),
    row(`${MGR}/LogServices/Sel/Entries#Members/0/SensorType`, null, 'sel/entries/0/sensor_type'),
    row(
      `${MGR}/LogServices/Lclog/Entries#Members/0/MessageId`,
      'IDRAC.2.7.USR0030',
      'lifecycle/entries/0/message_id',
      'USR0030',
    ),
    row(`${MGR}/LogServices/Lclog/Entries#Members/0/Oem/Dell/Category`, 'Audit', 'lifecycle/entries/0/category'),
    row(`${CHA}/Thermal#Fans/0/Reading`, 18600, 'thermal/component=fan:System Board Fan1A/reading/rpm'),
    row(
      `${CHA}/Thermal#Temperatures/0/UpperThresholdCritical`,
      99,
      'thermal/component=temperature:CPU1 Temp/reading/critical_celsius',
    ),
    row(
      `${CHA}/Thermal#Redundancy/0/Mode`,
      'N+m',
      'thermal/component=redundancy:System Board Fan Redundancy/reading/mode',
    ),
    row(
      `${CHA}/Power#PowerSupplies/0/Oem/Dell/DellPowerSupply/Id`,
      'PSU.Slot.1',
      'power/component=psu:PSU.Slot.1/name',
      'PS1 Status',
    ),
    row(`${CHA}/Power#PowerSupplies/0/FirmwareVersion`, '00.2A.2B', 'power/component=psu:PSU.Slot.1/reading/version'),
    row(`${CHA}/Power#PowerSupplies/0/LineInputVoltage`, 240, 'power/component=psu:PSU.Slot.1/reading/input_volts'),
    row(`${CHA}/Power#Voltages/0/ReadingVolts`, 240, 'power/component=voltage:PS1 Voltage 1/reading/volts'),
    row(
      `${SYS}/Memory/DIMM.Socket.A1#OperatingSpeedMhz`,
      3200,
      'memory/component=dimm:DIMM.Socket.A1/reading/speed_mhz',
    ),
    row(`${SYS}/Processors/CPU.Socket.1#TotalCores`, 18, 'processors/component=cpu:CPU.Socket.1/reading/cores'),
    row(
      `${SYS}/Processors/Video.Slot.2-1#ProcessorType`,
      'GPU',
      'processors/component=accelerator:Video.Slot.2-1/kind',
      'accelerator',
    ),
    row(`${SYS}/Storage/CPU.1#Status/HealthRollup`, 'OK', 'storage/component=controller:CPU.1/health'),
    row(
      `${SYS}/Storage/CPU.1/Drives/${DISK}#PredictedMediaLifeLeftPercent`,
      100,
      `storage/component=drive:${DISK}/reading/life_left_percent`,
    ),
    row(`${SYS}/Storage/CPU.1/Drives/${DISK}#SerialNumber`, '22D3X804AWH3', `drives/fqdd=${DISK}/serial_number`),
    row(`${SYS}/Storage/CPU.1/Drives/${DISK}#CapacityBytes`, 1920383410176, `drives/fqdd=${DISK}/capacity_bytes`),
    row(
      `${SYS}/EthernetInterfaces/NIC.Integrated.1-1-1#LinkStatus`,
      'LinkDown',
      'ports/fqdd=NIC.Integrated.1-1-1/link_status',
    ),
    row(
      `${MGR}/Oem/Dell/DellLicenses#Members/0/LicenseDescription`,
      ['iDRAC9 15g Enterprise License'],
      'licences/0/description',
      'iDRAC9 15g Enterprise License',
    ),
    row(`${MGR}/Oem/Dell/DellLicenses#Members/0/LicenseType`, 'Perpetual', 'licences/0/licence_type'),
    row(`${MGR}/Oem/Dell/DellLicenses#Members/0/LicenseEndDate`, null, 'licences/0/ends_at'),
    row(
      `${UPD}/FirmwareInventory/Installed-159-1.8.2__BIOS.Setup.1-1#Oem/Dell/DellSoftwareInventory/ComponentType`,
      'BIOS',
      'firmware/id=Installed-159-1.8.2__BIOS.Setup.1-1/component_type',
    ),
    row(
      `${UPD}/FirmwareInventory/Installed-159-1.8.2__BIOS.Setup.1-1#Id`,
      'Installed-159-1.8.2__BIOS.Setup.1-1',
      'firmware/id=Installed-159-1.8.2__BIOS.Setup.1-1/fqdd',
      'BIOS.Setup.1-1',
    ),
    row(
      `${UPD}/FirmwareInventory/Previous-25227-4.40.29.00__iDRAC.Embedded.1-1#Version`,
      '4.40.29.00',
      'firmware/id=Previous-25227-4.40.29.00__iDRAC.Embedded.1-1/kind',
      'previous',
    ),
    row(`${SYS}/BootOptions/Boot0002#BootOptionEnabled`, true, 'boot_options/reference=Boot0002/enabled'),
    row(`${BOOT}/BootOrder`, ['Boot0000', 'Boot0001', 'Boot0003', 'Boot0004', 'Boot0002'], 'boot/boot_order'),
    row(`${BOOT}/BootSourceOverrideEnabled`, 'Disabled', 'boot/override_enabled'),
    row(`${SYS}/VirtualMedia/1#MediaTypes`, ['CD', 'DVD', 'USBStick'], 'media_slots/id=1/kind', 'both'),
    row(`${SYS}/VirtualMedia/1#ConnectedVia`, 'NotConnected', 'media_slots/id=1/connected_via'),
    row(`${SYS}#VirtualMedia/@odata.id`, `${SYS}/VirtualMedia`, 'media_slots/id=1/of', 'system'),
    row(
      `${MGR}/Oem/Dell/DellAttributes/iDRAC.Embedded.1#Attributes/Lockdown.1.SystemLockdown`,
      'Disabled',
      'lockdown',
      false,
    ),
    row(
      `${MGR}/Oem/Dell/DellAttributes/iDRAC.Embedded.1#Attributes/VirtualMedia.1.Attached`,
      'AutoAttach',
      'media_gates/attach_mode',
    ),
    row(
      `${MGR}/Oem/Dell/DellAttributes/LifecycleController.Embedded.1#Attributes/LCAttributes.1.SystemID`,
      '090e',
      'lifecycle_attributes/LCAttributes.1.SystemID',
    ),
    row(
      `${MGR}/Oem/Dell/DellAttributes/System.Embedded.1#Id`,
      'SystemAttributes',
      'system_attributes/AcquisitionInfo.1.CostCenter',
      '',
    ),
    row(`${MGR}/Oem/Dell/DellJobService#CurrentNumberOfJobs`, 1, 'queue_fill/current'),
    row(`${MGR}/Oem/Dell/DellJobService#MaximumNumberOfJobs`, 256, 'queue_fill/maximum'),
    row(`${MGR}/Oem/Dell/Jobs/JID_102241909559#MessageId`, 'PR19', 'jobs/id=JID_102241909559/state_class', 'succeeded'),
    row(`${UPD}#MultipartHttpPushUri`, `${UPD}/MultipartUpload`, 'update/multipart_uri'),
    row(`${UPD}#MaxImageSizeBytes`, null, 'update/max_image_bytes'),
    row(
      `${UPD}#Actions/#UpdateService.StartUpdate/target`,
      `${UPD}/Actions/UpdateService.StartUpdate`,
      'update/start_update/target',
    ),
    row(
      `${UPD}#Actions/#UpdateService.SimpleUpdate/TransferProtocol@Redfish.AllowableValues`,
      ['HTTP', 'NFS', 'CIFS', 'TFTP', 'HTTPS'],
      'update/simple_update/protocols',
    ),
    row(
      `${MGR}/Oem/Dell/DellLCService#Actions/#DellLCService.GetRemoteServicesAPIStatus/target`,
      `${MGR}/Oem/Dell/DellLCService/Actions/DellLCService.GetRemoteServicesAPIStatus`,
      'readiness_target',
    ),
    row(
      `${MGR}/Oem/Dell/DelliDRACCardService#Actions/#DelliDRACCardService.GetKVMSession/target`,
      `${MGR}/Oem/Dell/DelliDRACCardService/Actions/DelliDRACCardService.GetKVMSession`,
      'console_target',
    ),
    row(`${ROOT}/SessionService/Sessions#Members@odata.count`, 3, 'console/sessions_open', 0),
  ],
}

/** How many of each there are, counted in the recordings. */
const COUNTS: Record<RecordingName, Partial<Record<ReadName, number>>> = {
  r630: {
    thermal: 19,
    power: 39,
    memory: 16,
    processors: 2,
    storage: 5,
    drives: 2,
    ports: 4,
    firmware: 17,
    boot_options: 2,
    media_slots: 2,
    jobs: 0,
  },
  r750: {
    thermal: 12,
    power: 51,
    memory: 16,
    processors: 3,
    storage: 6,
    drives: 3,
    ports: 5,
    firmware: 29,
    licences: 1,
    boot_options: 5,
    media_slots: 2,
    jobs: 1,
  },
}

/** The field of a recorded body that a row names. `##` divides file and field where the file's name holds a `#`. */
function recorded(name: RecordingName, from: string): unknown {
  const divider = from.includes('##') ? '##' : '#'
  const [file = '', fields = ''] = from.split(new RegExp(`${divider}(.*)`, 's'), 2)
  const body = loadRecording(name).get(file)
  expect(body, `${file} is in the recording`).toBeDefined()
  return pick(body, fields.split('/'))
}

function pick(value: unknown, parts: string[]): unknown {
  let current = value
  for (const part of parts) {
    const wanted = /^(component|id|fqdd|reference)=(.*)$/.exec(part)
    if (Array.isArray(current) && wanted) current = current.find((one: Json) => one[wanted[1] ?? ''] === wanted[2])
    else current = (current as Json | undefined)?.[part]
  }
  return current
}

describe.each(['r630', 'r750'] as const)('the facts of the recorded %s', (name) => {
  let device: ServedRecording
  let client: RedfishClient
  let facts: Facts

  beforeAll(async () => {
    device = await serveRecording(name)
    client = anonymousClient(device).client
    const { token } = await openSession(client, TEST_LOGIN)
    facts = await readEverything(client.withTokens({ current: async () => token, renew: async () => token }))
  })
  afterAll(async () => {
    await client.close()
    await device.close()
  })

  it.each(ROWS[name].map((one) => [one.from, one.ours, one] as const))('%s is %s', (_from, _ours, one) => {
    expect(recorded(name, one.from)).toEqual(one.holds)
    expect(pick(facts, one.ours.split('/'))).toEqual('told' in one ? one.told : one.holds)
  })

  it('there are as many of each as in the recording', () => {
    const counted = Object.keys(COUNTS[name]).map((key) => [key, (facts[key as ReadName] as unknown[]).length])
    expect(Object.fromEntries(counted)).toEqual(COUNTS[name])
  })

  it('no read is refused', () => {
    const refused = Object.entries(facts).filter(
      ([, answer]) => answer && typeof answer === 'object' && 'refused' in answer,
    )
    expect(refused).toEqual([])
  })
})

it('every read has a row', () => {
  const rows = Object.values(ROWS).flat()
  const tabled = new Set([...rows.map((one) => one.ours.split('/', 1)[0]), ...Object.keys(COUNTS.r750)])
  expect(Object.keys(READS).filter((read) => !tabled.has(read))).toEqual([])
})

import type { SimDisk, SimFirmware } from '../model-server.js'
import { healthOf, healthOfThing } from './health.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { collection, link, type Reader, ROOT, SYSTEM, shapeOf, type View } from './view.js'

const STORAGE = `${SYSTEM}/Storage`
const SAMPLE_DRIVE = `${STORAGE}/CPU.1/Drives/Disk.Bay.0:Enclosure.Internal.0-1`

type Controller = { id: string; firmware: SimFirmware | undefined; disks: SimDisk[] }

/** The controller that a drive hangs on: the last part of its FQDD, `CPU.1` for direct-attached NVMe. */
function controllerOf(view: View, disk: SimDisk): string {
  const last = disk.fqdd.split(':').at(-1) ?? ''
  if (/^(RAID|NonRAID|AHCI|BOSS)/.test(last)) return last
  const raid = view.server.firmware.find((row) => row.component === 'raid' || row.component === 'hba')
  return disk.protocol === 'NVMe' || !raid ? 'CPU.1' : raid.fqdd
}

function controllers(view: View): Controller[] {
  const { server } = view
  const own = server.firmware.filter((row) => row.component === 'raid' || row.component === 'hba')
  const ids = [
    ...new Set([...own.map((row) => row.fqdd), ...server.hardware.disks.map((disk) => controllerOf(view, disk))]),
  ]
  return ids.map((id) => ({
    id,
    firmware: own.find((row) => row.fqdd === id),
    disks: server.hardware.disks.filter((disk) => controllerOf(view, disk) === id),
  }))
}

const drivePath = (controller: string, fqdd: string): string => `${STORAGE}/${controller}/Drives/${fqdd}`

/** Links of all drives, as the enclosure lists them. */
export const driveLinks = (view: View): JsonObject[] =>
  controllers(view).flatMap(({ id, disks }) => disks.map((disk) => link(drivePath(id, disk.fqdd))))

function controllerRows(view: View, { id, firmware }: Controller): JsonObject[] {
  if (!firmware) return []
  return [
    {
      '@odata.id': `${STORAGE}/${id}#/StorageControllers/0`,
      '@odata.type': '#Storage.v1_11_0.StorageController',
      FirmwareVersion: firmware.version,
      Manufacturer: 'DELL',
      MemberId: '0',
      Model: firmware.name,
      Name: firmware.name,
      SpeedGbps: 12,
      Status: {
        Health: healthOfThing(view.server, id),
        HealthRollup: healthOf(view.server, 'storage'),
        State: 'Enabled',
      },
      SupportedControllerProtocols: ['PCIe'],
      SupportedDeviceProtocols: ['SAS', 'SATA', 'NVMe'],
    },
  ]
}

function storageBody(view: View, controller: Controller): JsonObject {
  const { id, disks, firmware } = controller
  const rows = controllerRows(view, controller)
  const health = healthOf(view.server, 'storage')
  return {
    '@odata.context': `${ROOT}/$metadata#Storage.Storage`,
    '@odata.id': `${STORAGE}/${id}`,
    '@odata.type': '#Storage.v1_11_0.Storage',
    Description: firmware?.name ?? 'PCIe SSD Subsystem',
    Drives: disks.map((disk) => link(drivePath(id, disk.fqdd))),
    'Drives@odata.count': disks.length,
    Id: id,
    Name: firmware?.name ?? 'PCIe SSD Subsystem',
    Oem: {
      Dell: {
        '@odata.type': '#DellOem.v1_3_0.DellOemResources',
        ...(firmware
          ? {
              DellController: {
                Id: id,
                Name: 'DellController',
                ControllerFirmwareVersion: firmware.version,
                PrimaryStatus: 'OK',
                SecurityStatus: 'EncryptionCapable',
              },
            }
          : {}),
      },
    },
    Status: { Health: health, HealthRollup: health, State: 'Enabled' },
    StorageControllers: rows,
    'StorageControllers@odata.count': rows.length,
    Volumes: link(`${STORAGE}/${id}/Volumes`),
  }
}

const volumesOf = (controller: Controller): string[] =>
  controller.firmware && controller.disks.length > 0 ? [`Disk.Virtual.0:${controller.id}`] : []

function driveBody(view: View, controller: Controller, disk: SimDisk): JsonObject {
  const row = view.server.firmware.find((one) => one.fqdd === disk.fqdd)
  const health = healthOfThing(view.server, disk.fqdd)
  const ssd = disk.media === 'SSD'
  return {
    ...shapeOf(view, SAMPLE_DRIVE, 'Actions', 'Assembly', 'Operations', 'Operations@odata.count'),
    '@odata.id': drivePath(controller.id, disk.fqdd),
    BlockSizeBytes: 512,
    CapableSpeedGbs: disk.protocol === 'NVMe' ? 16 : 12,
    CapacityBytes: disk.bytes,
    Description: disk.fqdd.split(':')[0] ?? disk.fqdd,
    EncryptionAbility: 'None',
    FailurePredicted: health === 'Critical',
    Id: disk.fqdd,
    Links: {
      Chassis: link(`${ROOT}/Chassis/Enclosure.Internal.0-1`),
      Volumes: volumesOf(controller).map((volume) => link(`${STORAGE}/${controller.id}/Volumes/${volume}`)),
      'Volumes@odata.count': volumesOf(controller).length,
    },
    Manufacturer: view.flags.untidy_data ? 'DELL  ' : 'DELL',
    MediaType: disk.media,
    Model: disk.name,
    Name: disk.fqdd.split(':')[0] ?? disk.fqdd,
    Oem: {
      Dell: {
        '@odata.type': '#DellOem.v1_3_0.DellOemResources',
        DellPhysicalDisk: {
          Id: disk.fqdd,
          Name: 'DellPhysicalDisk',
          RaidStatus: controller.firmware ? 'Online' : 'NonRAID',
          PredictiveFailureState: 'SmartAlertAbsent',
        },
      },
    },
    PredictedMediaLifeLeftPercent: ssd ? 98 : null,
    Protocol: disk.protocol,
    Revision: row?.version ?? 'DN01',
    RotationSpeedRPM: ssd ? null : 10_000,
    SerialNumber: disk.serial,
    Status: { Health: health, HealthRollup: health, State: 'Enabled' },
  }
}

const find = (view: View, id: string | undefined): Controller | undefined =>
  controllers(view).find((one) => one.id === id)

const readStorage: Reader = (view) =>
  collection(
    STORAGE,
    'StorageCollection',
    'Storage Collection',
    controllers(view).map(({ id }) => link(`${STORAGE}/${id}`)),
    'Collection Of Storage entities',
  )

const readController: Reader = (view, [id]) => {
  const controller = find(view, id)
  return controller && storageBody(view, controller)
}

const readDrive: Reader = (view, [id, fqdd]) => {
  const controller = find(view, id)
  const disk = controller?.disks.find((one) => one.fqdd === fqdd)
  return controller && disk && driveBody(view, controller, disk)
}

function volumeBody(view: View, controller: Controller): JsonObject {
  const volume = `Disk.Virtual.0:${controller.id}`
  return {
    '@odata.context': `${ROOT}/$metadata#Volume.Volume`,
    '@odata.id': `${STORAGE}/${controller.id}/Volumes/${volume}`,
    '@odata.type': '#Volume.v1_0_3.Volume',
    CapacityBytes: controller.disks.reduce((sum, disk) => sum + disk.bytes, 0),
    Description: 'Virtual Disk 0',
    Id: volume,
    Links: {
      Drives: controller.disks.map((disk) => link(drivePath(controller.id, disk.fqdd))),
      'Drives@odata.count': controller.disks.length,
    },
    Name: 'Virtual Disk 0',
    RAIDType: 'RAID5',
    Status: {
      Health: healthOf(view.server, 'storage'),
      HealthRollup: healthOf(view.server, 'storage'),
      State: 'Enabled',
    },
    VolumeType: 'StripedWithParity',
  }
}

const readVolumes: Reader = (view, [id = '']) => {
  const controller = find(view, id)
  const path = `${STORAGE}/${id}/Volumes`
  return (
    controller &&
    collection(
      path,
      'VolumeCollection',
      'Volume Collection',
      volumesOf(controller).map((volume) => link(`${path}/${volume}`)),
      'Collection Of Volume',
    )
  )
}

const readVolume: Reader = (view, [id, volume = '']) => {
  const controller = find(view, id)
  return controller && volumesOf(controller).includes(volume) ? volumeBody(view, controller) : undefined
}

export const storageReaders: Resource[] = [
  [pathPattern(STORAGE), readStorage],
  [pathPattern(`${STORAGE}/{id}`), readController],
  [pathPattern(`${STORAGE}/{id}/Drives/{drive}`), readDrive],
  [pathPattern(`${STORAGE}/{id}/Volumes`), readVolumes],
  [pathPattern(`${STORAGE}/{id}/Volumes/{volume}`), readVolume],
]

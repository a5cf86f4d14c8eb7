import type { LabCore } from '../core.js'
import type { SimVm } from '../model-vsphere.js'
import { pinsOf } from './placement.js'
import { bool, data, derived, int, reference, text, type VimData } from './values.js'

/** Virtual devices of a VM: a disk, a network card and a CD drive, and what pins it. */
export function vmDevices(core: LabCore, vm: SimVm): VimData[] {
  const pins = pinsOf(core, vm)
  const devices = [controller(), disk(core, vm), networkCard(), cdDrive(core, vm, pins.includes('connected_iso'))]
  if (pins.includes('passthrough')) devices.push(passthrough('VirtualPCIPassthroughDeviceBackingInfo'))
  if (pins.includes('vgpu')) devices.push(passthrough('VirtualPCIPassthroughVmiopBackingInfo'))
  return devices
}

function description(label: string): VimData {
  return data('Description', { label: text(label), summary: text(label) })
}

function controller(): VimData {
  return derived('ParaVirtualSCSIController', {
    key: int(1000),
    deviceInfo: description('SCSI controller 0'),
    controllerKey: int(100),
    unitNumber: int(3),
    busNumber: int(0),
    sharedBus: text('noSharing'),
  })
}

function disk(core: LabCore, vm: SimVm): VimData {
  return derived('VirtualDisk', {
    key: int(2000),
    deviceInfo: description('Hard disk 1'),
    backing: derived('VirtualDiskFlatVer2BackingInfo', {
      fileName: text(`[${vm.datastore}] ${vm.name}/${vm.name}.vmdk`),
      datastore: reference('Datastore', core.find.datastore(vm.vcenter, vm.datastore).moid),
      diskMode: text('persistent'),
      thinProvisioned: bool(true),
    }),
    controllerKey: int(1000),
    unitNumber: int(0),
    capacityInKB: int(41_943_040),
  })
}

function networkCard(): VimData {
  return derived('VirtualVmxnet3', {
    key: int(4000),
    deviceInfo: description('Network adapter 1'),
    backing: derived('VirtualEthernetCardNetworkBackingInfo', { deviceName: text('VM Network') }),
    connectable: connectable(true),
    controllerKey: int(100),
    unitNumber: int(7),
    macAddress: text('00:50:56:00:00:01'),
  })
}

function connectable(connected: boolean): VimData {
  return data('VirtualDeviceConnectInfo', {
    startConnected: bool(connected),
    allowGuestControl: bool(true),
    connected: bool(connected),
  })
}

function cdDrive(core: LabCore, vm: SimVm, isoConnected: boolean): VimData {
  const backing = isoConnected
    ? derived('VirtualCdromIsoBackingInfo', {
        fileName: text(`[${localDatastore(core, vm)}] iso/installer.iso`),
        datastore: undefined,
      })
    : derived('VirtualCdromRemotePassthroughBackingInfo', { deviceName: text(''), exclusive: bool(false) })
  return derived('VirtualCdrom', {
    key: int(3000),
    deviceInfo: description('CD/DVD drive 1'),
    backing,
    connectable: connectable(isoConnected),
    controllerKey: int(200),
    unitNumber: int(0),
  })
}

/** Name of the host's own datastore: where it has none, the name that an installer would have given it. */
function localDatastore(core: LabCore, vm: SimVm): string {
  const host = core.find.host(vm.host)
  const local = host.datastores.find((name) => core.find.datastore(vm.vcenter, name).hosts.length === 1)
  return local ?? `datastore1 (${host.name})`
}

function passthrough(backing: string): VimData {
  const facts =
    backing === 'VirtualPCIPassthroughVmiopBackingInfo'
      ? { vgpu: text('grid_a100-8c') }
      : {
          deviceName: text('NVMe SSD'),
          id: text('0000:65:00.0'),
          deviceId: text('a822'),
          systemId: text('BYPASS'),
          vendorId: int(5197),
        }
  return derived('VirtualPCIPassthrough', {
    key: int(13_000),
    deviceInfo: description('PCI device 0'),
    backing: derived(backing, facts),
    controllerKey: int(100),
    unitNumber: int(18),
  })
}

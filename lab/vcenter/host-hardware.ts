import type { SimServer } from '../model-server.js'
import type { SimHost } from '../model-vsphere.js'
import { array, bool, data, int, long, short, text, type VimData } from './values.js'

/** Identifiers of the hardware as an ESXi host reports them to vCenter. */
export function identifyingInfo(server: SimServer): VimData[] {
  const entry = (key: string, label: string, value: string): VimData =>
    data('HostSystemIdentificationInfo', {
      identifierValue: text(value),
      identifierType: data('ElementDescription', { label: text(label), summary: text(label), key: text(key) }),
    })
  return [
    entry('AssetTag', 'Asset Tag', ' No Asset Tag'),
    entry('ServiceTag', 'Service tag', server.service_tag),
    entry('OemSpecificString', 'OEM specific string', 'Dell System'),
    entry('OemSpecificString', 'OEM specific string', `5[0000]`),
    entry('SerialNumberTag', 'Serial number tag', server.service_tag),
  ]
}

/** `hardware` of a host. */
export function hostHardware(host: SimHost, server: SimServer): VimData {
  const cores = host.cpu.sockets * host.cpu.cores
  return data('HostHardwareInfo', {
    systemInfo: data('HostSystemInfo', {
      vendor: text('Dell Inc.'),
      model: text(server.model),
      uuid: text(server.uuid.toLowerCase()),
      otherIdentifyingInfo: array('HostSystemIdentificationInfo', identifyingInfo(server)),
      serialNumber: text(server.service_tag),
      vvolHostNQN: undefined,
      vvolHostId: undefined,
    }),
    cpuPowerManagementInfo: undefined,
    cpuInfo: data('HostCpuInfo', {
      numCpuPackages: short(host.cpu.sockets),
      numCpuCores: short(cores),
      numCpuThreads: short(cores * 2),
      hz: long(host.cpu.mhz * 1_000_000),
    }),
    cpuPkg: array(
      'HostCpuPackage',
      Array.from({ length: host.cpu.sockets }, (_, index) =>
        data('HostCpuPackage', {
          index: short(index),
          vendor: text(host.cpu.model.includes('AMD') ? 'amd' : 'intel'),
          hz: long(host.cpu.mhz * 1_000_000),
          busHz: long(100_000_000),
          description: text(host.cpu.model),
          threadId: undefined,
          cpuFeature: undefined,
        }),
      ),
    ),
    memorySize: long(host.memory_bytes),
    numaInfo: undefined,
    smcPresent: bool(false),
    pciDevice: undefined,
    cpuFeature: undefined,
    biosInfo: data('HostBIOSInfo', {
      biosVersion: text(biosVersion(server)),
      releaseDate: undefined,
      vendor: text('Dell Inc.'),
      majorRelease: undefined,
      minorRelease: undefined,
      firmwareMajorRelease: undefined,
      firmwareMinorRelease: undefined,
    }),
    reliableMemoryInfo: undefined,
    persistentMemoryInfo: undefined,
  })
}

/** `summary.hardware` of a host. */
export function hardwareSummary(host: SimHost, server: SimServer): VimData {
  const cores = host.cpu.sockets * host.cpu.cores
  return data('HostHardwareSummary', {
    vendor: text('Dell Inc.'),
    model: text(server.model),
    uuid: text(server.uuid.toLowerCase()),
    otherIdentifyingInfo: array('HostSystemIdentificationInfo', identifyingInfo(server)),
    memorySize: long(host.memory_bytes),
    cpuModel: text(host.cpu.model),
    cpuMhz: int(host.cpu.mhz),
    numCpuPkgs: short(host.cpu.sockets),
    numCpuCores: short(cores),
    numCpuThreads: short(cores * 2),
    numNics: int(host.vmnics.length),
    numHBAs: int(2),
  })
}

function biosVersion(server: SimServer): string {
  return server.firmware.find((row) => row.component === 'bios')?.version ?? ''
}

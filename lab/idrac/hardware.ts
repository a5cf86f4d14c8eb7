import { healthOfThing } from './health.js'
import { serialFor } from './personalise.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { collection, link, type Reader, SYSTEM, sample, type View } from './view.js'

const MEMORY = `${SYSTEM}/Memory`
const PROCESSORS = `${SYSTEM}/Processors`
const SAMPLE_DIMM = `${MEMORY}/DIMM.Socket.A1`
const SAMPLE_CPU = `${PROCESSORS}/CPU.Socket.1`

/** Socket names, filled from A1 and B1 upwards in turn. */
function dimmIds(view: View): string[] {
  const { cpu_count: cpus, dimm_count: count } = view.server.hardware
  return Array.from({ length: count }, (_, index) => {
    const bank = String.fromCharCode(65 + (index % Math.max(1, cpus)))
    return `DIMM.Socket.${bank}${Math.floor(index / Math.max(1, cpus)) + 1}`
  })
}

const cpuIds = (view: View): string[] =>
  Array.from({ length: view.server.hardware.cpu_count }, (_, index) => `CPU.Socket.${index + 1}`)

const readMemory: Reader = (view) =>
  collection(
    MEMORY,
    'MemoryCollection',
    'Memory Devices Collection',
    dimmIds(view).map((id) => link(`${MEMORY}/${id}`)),
    'Collection of memory devices for this system',
  )

const readDimm: Reader = (view, [id = '']) => {
  if (!dimmIds(view).includes(id)) return undefined
  const { server, profile } = view
  const label = id.replace('DIMM.Socket.', 'DIMM ')
  const mebibytes = Math.round((server.hardware.memory_gib * 1024) / Math.max(1, server.hardware.dimm_count))
  const ddr5 = profile.generation === '16G' || profile.generation === '17G'
  const cpu = `${PROCESSORS}/CPU.Socket.${id.startsWith('DIMM.Socket.B') ? 2 : 1}`
  const { Assembly: _assembly, Metrics: _metrics, ...body } = sample(view, SAMPLE_DIMM) ?? {}
  const oem = ((body.Oem as JsonObject).Dell as JsonObject).DellMemory as JsonObject
  return {
    ...body,
    '@odata.id': `${MEMORY}/${id}`,
    CapacityMiB: mebibytes,
    Description: label,
    DeviceLocator: label,
    Id: id,
    Links: {
      Chassis: link('/redfish/v1/Chassis/System.Embedded.1'),
      Processors: [link(cpu)],
      'Processors@odata.count': 1,
    },
    MemoryDeviceType: ddr5 ? 'DDR5' : 'DDR4',
    Name: label,
    Oem: {
      Dell: {
        '@odata.type': '#DellOem.v1_3_0.DellOemResources',
        DellMemory: { ...oem, Id: id, BankLabel: label.slice(5, 6), Model: ddr5 ? 'DDR5 DIMM' : 'DDR4 DIMM' },
      },
    },
    SerialNumber: serialFor(server, id, '3T64X230'),
    Status: { Health: healthOfThing(server, id), State: 'Enabled' },
    VolatileSizeMiB: mebibytes,
  }
}

const readProcessors: Reader = (view) =>
  collection(
    PROCESSORS,
    'ProcessorCollection',
    'ProcessorsCollection',
    cpuIds(view).map((id) => link(`${PROCESSORS}/${id}`)),
    'Collection of Processors for this System',
  )

const readProcessor: Reader = (view, [id = '']) => {
  const index = cpuIds(view).indexOf(id)
  if (index < 0) return undefined
  const { server } = view
  const { Assembly: _assembly, ...body } = sample(view, SAMPLE_CPU) ?? {}
  const oem = ((body.Oem as JsonObject).Dell as JsonObject).DellProcessor as JsonObject
  return {
    ...body,
    '@odata.id': `${PROCESSORS}/${id}`,
    Id: id,
    Links: { Chassis: link('/redfish/v1/Chassis/System.Embedded.1') },
    Model: server.hardware.cpu_model,
    Name: `CPU ${index + 1}`,
    Oem: { Dell: { '@odata.type': '#DellOem.v1_3_0.DellOemResources', DellProcessor: { ...oem, Id: id } } },
    Socket: id,
    Status: { Health: healthOfThing(server, id), State: 'Enabled' },
    TotalCores: server.hardware.cores_per_cpu,
    TotalEnabledCores: server.hardware.cores_per_cpu,
    TotalThreads: server.hardware.cores_per_cpu * 2,
  }
}

export const hardwareReaders: Resource[] = [
  [pathPattern(MEMORY), readMemory],
  [pathPattern(`${MEMORY}/{id}`), readDimm],
  [pathPattern(PROCESSORS), readProcessors],
  [pathPattern(`${PROCESSORS}/{id}`), readProcessor],
]

import type { RedfishClient } from './client.js'
import { distinct, toComponent } from './component.js'
import type { ComponentHealth } from './facts.js'
import { dellOf, type JsonObject, numberAt, objectAt, objectsOf, textAt } from './json.js'
import { chassisDocument, systemDocument } from './layout.js'
import { linksOf } from './links.js'
import { readIfThere } from './resource.js'
import { membersOf, readLinked, readPowerSubsystem, readThermalSubsystem } from './subsystem-health.js'

/** Fans, temperatures and fan redundancy. One GET; some more where the device has only the newer form. */
export async function readThermal(client: RedfishClient): Promise<ComponentHealth[]> {
  const chassis = await chassisDocument(client)
  const body = await readLinked(client, chassis, 'Thermal')
  return distinct(body ? thermalParts(body) : await readThermalSubsystem(client, chassis))
}

function thermalParts(body: JsonObject): ComponentHealth[] {
  const limits = { warning_celsius: 'UpperThresholdNonCritical', critical_celsius: 'UpperThresholdCritical' }
  return [
    ...objectsOf(body.Fans).map((fan) =>
      toComponent('fan', fan, textAt(fan, 'ReadingUnits') === 'Percent' ? { percent: 'Reading' } : { rpm: 'Reading' }),
    ),
    ...objectsOf(body.Temperatures).map((one) =>
      toComponent('temperature', one, { celsius: 'ReadingCelsius', ...limits }),
    ),
    ...redundancies(body),
  ]
}

/** Power supplies, voltages and their redundancy. One GET; some more where the device has only the newer form. */
export async function readPower(client: RedfishClient): Promise<ComponentHealth[]> {
  const chassis = await chassisDocument(client)
  const body = await readLinked(client, chassis, 'Power')
  return distinct(body ? powerParts(body) : await readPowerSubsystem(client, chassis))
}

function powerParts(body: JsonObject): ComponentHealth[] {
  const supply = {
    input_watts: 'PowerInputWatts',
    input_volts: 'LineInputVoltage',
    capacity_watts: 'PowerCapacityWatts',
    model: 'Model',
    version: 'FirmwareVersion',
  }
  return [
    ...objectsOf(body.PowerSupplies).map((one) => toComponent('psu', withSlot(one), supply)),
    ...objectsOf(body.Voltages).map((one) => toComponent('voltage', one, { volts: 'ReadingVolts' })),
    ...redundancies(body),
  ]
}

/** Where members are numbered, the slot stands in Dell's own block. */
function withSlot(supply: JsonObject): JsonObject {
  const slot = textAt(objectAt(dellOf(supply), 'DellPowerSupply'), 'Id')
  return slot === null ? supply : { ...supply, MemberId: slot }
}

function redundancies(body: JsonObject): ComponentHealth[] {
  return objectsOf(body.Redundancy).map((one) => toComponent('redundancy', one, { mode: 'Mode' }))
}

/** Memory modules. Paged. */
export async function readMemory(client: RedfishClient): Promise<ComponentHealth[]> {
  const fields = { capacity_mib: 'CapacityMiB', speed_mhz: 'OperatingSpeedMhz', part: 'PartNumber' }
  return distinct((await membersOfSystem(client, 'Memory')).map((one) => toComponent('dimm', one, fields)))
}

/** A graphics processor is listed among the processors too. */
function isCpu(processor: JsonObject): boolean {
  return (textAt(processor, 'ProcessorType') ?? 'CPU') === 'CPU'
}

/** Processors and accelerators. Paged. */
export async function readProcessors(client: RedfishClient): Promise<ComponentHealth[]> {
  const fields = { cores: 'TotalCores', model: 'Model', speed_mhz: 'MaxSpeedMHz' }
  const processors = await membersOfSystem(client, 'Processors')
  return distinct(processors.map((one) => toComponent(isCpu(one) ? 'cpu' : 'accelerator', one, fields)))
}

/** The members of a collection that the System links; none where it links none. */
export async function membersOfSystem(client: RedfishClient, name: string): Promise<JsonObject[]> {
  return membersOf(client, await systemDocument(client), name)
}

/** Storage controllers and their drives, with the drives' own predictions. One request per drive. */
export async function readStorage(client: RedfishClient): Promise<ComponentHealth[]> {
  const controllers = await membersOfSystem(client, 'Storage')
  const drives = await readDriveBodies(client, controllers)
  const fields = {
    capacity_bytes: 'CapacityBytes',
    failure_predicted: 'FailurePredicted',
    life_left_percent: 'PredictedMediaLifeLeftPercent',
  }
  return distinct([
    ...controllers.map((one) => toComponent('controller', one, {})),
    ...drives.map((one) => withPrediction(toComponent('drive', { ...one, CapacityBytes: capacityOf(one) }, fields))),
  ])
}

/**
 * QUIRK iDRAC8 2.81.81.81: a drive whose size it does not know has 0 bytes. Source: recording R630 2.81.81.81.
 */
export function capacityOf(drive: JsonObject): number | null {
  return numberAt(drive, 'CapacityBytes') || null
}

function withPrediction(drive: ComponentHealth): ComponentHealth {
  return drive.reading.failure_predicted === true ? { ...drive, faults: [...drive.faults, 'failure predicted'] } : drive
}

/** The bodies of all drives of these controllers, each once. A link that answers with an error is left out. */
export async function readDriveBodies(client: RedfishClient, controllers: JsonObject[]): Promise<JsonObject[]> {
  const links = new Set(controllers.flatMap((controller) => linksOf(controller.Drives)))
  const drives: JsonObject[] = []
  for (const link of links) {
    const body = await readIfThere(client, link)
    if (body) drives.push(body)
  }
  return drives
}

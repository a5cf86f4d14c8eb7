import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { readMembers } from './collection.js'
import { toHealth } from './enums.js'
import type { ComponentHealth } from './facts.js'
import { flagAt, type JsonObject, labelAt, numberAt, objectAt, objectsOf, textAt } from './json.js'
import { chassisDocument, systemDocument } from './layout.js'
import { linkAt } from './links.js'
import { readResource } from './resource.js'

type Kind = ComponentHealth['kind']

/** Stable name of a part: its FQDD where an id holds one (`0x17||Fan.Embedded.1A`, `iDRAC.Embedded.1#DIMMSLOTA1`). */
function keyOf(body: JsonObject): string {
  const id = labelAt(body, 'MemberId')
  const named = id !== null && !/^\d+$/.test(id) ? id : (labelAt(body, 'Id') ?? textAt(body, 'Name') ?? id ?? 'unnamed')
  return named.split(/\|\||#/).at(-1) ?? named
}

function readingOf(body: JsonObject, fields: Record<string, string>): ComponentHealth['reading'] {
  const reading: ComponentHealth['reading'] = {}
  for (const [name, key] of Object.entries(fields)) {
    const value = numberAt(body, key) ?? flagAt(body, key) ?? textAt(body, key)
    if (value !== null) reading[name] = value
  }
  return reading
}

/**
 * One part. A part that is absent has no health to be bad: while the host is off, sensors vanish, and that is no fault.
 */
function toComponent(kind: Kind, body: JsonObject, fields: Record<string, string>): ComponentHealth {
  const status = objectAt(body, 'Status')
  const state = textAt(status, 'State')
  const health = toHealth(textAt(status, 'HealthRollup') ?? textAt(status, 'Health'))
  const bad = health === 'Warning' || health === 'Critical'
  return {
    component: `${kind}:${keyOf(body)}`,
    kind,
    name: textAt(body, 'FanName') ?? textAt(body, 'Name') ?? keyOf(body),
    health: state === 'Absent' ? 'Unknown' : health,
    state,
    reading: readingOf(body, fields),
    faults: bad && state !== 'Absent' ? [`${health}${state ? ` (${state})` : ''}`] : [],
  }
}

async function readLinked(client: RedfishClient, holder: JsonObject, name: string): Promise<JsonObject | null> {
  const link = linkAt(holder, name)
  if (!link) return null
  try {
    return await readResource(client, link)
  } catch (error) {
    if (error instanceof DeviceError && ['NotFound', 'Unsupported', 'LicenseMissing'].includes(error.code)) return null
    throw error
  }
}

/** Fans, temperatures and fan redundancy. One GET. */
export async function readThermal(client: RedfishClient): Promise<ComponentHealth[]> {
  const body = await readLinked(client, await chassisDocument(client), 'Thermal')
  if (!body) return []
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

/** Power supplies, voltages and their redundancy. One GET. */
export async function readPower(client: RedfishClient): Promise<ComponentHealth[]> {
  const body = await readLinked(client, await chassisDocument(client), 'Power')
  if (!body) return []
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
  const slot = textAt(objectAt(supply, 'Oem', 'Dell', 'DellPowerSupply'), 'Id')
  return slot === null ? supply : { ...supply, MemberId: slot }
}

function redundancies(body: JsonObject): ComponentHealth[] {
  return objectsOf(body.Redundancy).map((one) => toComponent('redundancy', one, { mode: 'Mode' }))
}

/** Memory modules. Paged. */
export async function readMemory(client: RedfishClient): Promise<ComponentHealth[]> {
  const fields = { capacity_mib: 'CapacityMiB', speed_mhz: 'OperatingSpeedMhz', part: 'PartNumber' }
  return (await membersOf(client, 'Memory')).map((one) => toComponent('dimm', one, fields))
}

/** Processors. Paged. */
export async function readProcessors(client: RedfishClient): Promise<ComponentHealth[]> {
  const fields = { cores: 'TotalCores', model: 'Model', speed_mhz: 'MaxSpeedMHz' }
  return (await membersOf(client, 'Processors')).map((one) => toComponent('cpu', one, fields))
}

async function membersOf(client: RedfishClient, name: string): Promise<JsonObject[]> {
  const link = linkAt(await systemDocument(client), name)
  return link === null ? [] : readMembers(client, link)
}

/** Storage controllers and their drives, with the drives' own predictions. One request per drive. */
export async function readStorage(client: RedfishClient): Promise<ComponentHealth[]> {
  const controllers = await membersOf(client, 'Storage')
  const drives = await readDriveBodies(client, controllers)
  const fields = {
    capacity_bytes: 'CapacityBytes',
    failure_predicted: 'FailurePredicted',
    life_left_percent: 'PredictedMediaLifeLeftPercent',
  }
  return [
    ...controllers.map((one) => toComponent('controller', one, {})),
    ...drives.map((one) => withPrediction(toComponent('drive', one, fields))),
  ]
}

function withPrediction(drive: ComponentHealth): ComponentHealth {
  return drive.reading.failure_predicted === true ? { ...drive, faults: [...drive.faults, 'failure predicted'] } : drive
}

/** The bodies of all drives of these controllers, each once. A link that answers with an error is left out. */
export async function readDriveBodies(client: RedfishClient, controllers: JsonObject[]): Promise<JsonObject[]> {
  const links = new Set<string>()
  for (const controller of controllers) {
    for (const drive of objectsOf(controller.Drives)) {
      const link = drive['@odata.id']
      if (typeof link === 'string') links.add(link)
    }
  }
  const drives: JsonObject[] = []
  for (const link of links) {
    const body = await readLinked(client, { Drive: { '@odata.id': link } }, 'Drive')
    if (body) drives.push(body)
  }
  return drives
}

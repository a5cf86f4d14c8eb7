import type { RedfishClient } from './client.js'
import { readMembers } from './collection.js'
import { toComponent } from './component.js'
import type { ComponentHealth } from './facts.js'
import { type JsonObject, numberAt, objectAt, objectsOf, textAt } from './json.js'
import { linkAt } from './links.js'
import { isNotThere, readIfThere } from './resource.js'

/**
 * The newer form of a chassis' sensors: fans and supplies as resources of their own, temperatures and voltages among the
 * sensors. QUIRK iDRAC9 6.00.30.00 has both forms and marks the older one as deprecated. Source: recording R750 6.00.30.00.
 */
export async function readThermalSubsystem(client: RedfishClient, chassis: JsonObject): Promise<ComponentHealth[]> {
  const body = await readLinked(client, chassis, 'ThermalSubsystem')
  const fans = body ? await membersOf(client, body, 'Fans') : []
  return [
    ...fans.map((fan) => toComponent('fan', { ...fan, ...objectAt(fan, 'SpeedPercent') }, speedOf(fan))),
    ...(await sensorsOf(client, chassis, 'Temperature')).map((one) =>
      toComponent('temperature', withLimits(one), {
        celsius: 'Reading',
        warning_celsius: 'UpperCaution',
        critical_celsius: 'UpperCritical',
      }),
    ),
    ...redundancy(body, 'FanRedundancy'),
  ]
}

function speedOf(fan: JsonObject): Record<string, string> {
  return numberAt(objectAt(fan, 'SpeedPercent'), 'SpeedRPM') === null ? { percent: 'Reading' } : { rpm: 'SpeedRPM' }
}

function withLimits(sensor: JsonObject): JsonObject {
  const limit = (name: string) => objectAt(sensor, 'Thresholds', name)?.Reading
  return { ...sensor, UpperCaution: limit('UpperCaution'), UpperCritical: limit('UpperCritical') }
}

/** Supplies with what their metrics tell, voltages and redundancy in the newer form. One GET more per supply. */
export async function readPowerSubsystem(client: RedfishClient, chassis: JsonObject): Promise<ComponentHealth[]> {
  const body = await readLinked(client, chassis, 'PowerSubsystem')
  const supplies: ComponentHealth[] = []
  for (const supply of body ? await membersOf(client, body, 'PowerSupplies') : []) {
    const metrics = (await readLinked(client, supply, 'Metrics')) ?? undefined
    const read = (name: string) => objectAt(metrics, name)?.Reading
    const whole = { ...supply, InputPowerWatts: read('InputPowerWatts'), InputVoltage: read('InputVoltage') }
    supplies.push(toComponent('psu', whole, SUPPLY))
  }
  return [
    ...supplies,
    ...(await sensorsOf(client, chassis, 'Voltage')).map((one) => toComponent('voltage', one, { volts: 'Reading' })),
    ...redundancy(body, 'PowerSupplyRedundancy'),
  ]
}

const SUPPLY = {
  input_watts: 'InputPowerWatts',
  input_volts: 'InputVoltage',
  capacity_watts: 'PowerCapacityWatts',
  model: 'Model',
  version: 'FirmwareVersion',
}

function redundancy(body: JsonObject | null, name: string): ComponentHealth[] {
  return objectsOf(body?.[name]).map((one) =>
    toComponent('redundancy', { Name: name, ...one }, { mode: 'RedundancyType' }),
  )
}

async function sensorsOf(client: RedfishClient, chassis: JsonObject, type: string): Promise<JsonObject[]> {
  return (await membersOf(client, chassis, 'Sensors')).filter((sensor) => textAt(sensor, 'ReadingType') === type)
}

/** What a link of a holder leads to, or null where there is no link or nothing behind it. */
export async function readLinked(client: RedfishClient, holder: JsonObject, name: string): Promise<JsonObject | null> {
  const link = linkAt(holder, name)
  return link === null ? null : readIfThere(client, link)
}

/** The members of a linked collection; none where there is no link or nothing behind it. */
export async function membersOf(client: RedfishClient, holder: JsonObject, name: string): Promise<JsonObject[]> {
  const link = linkAt(holder, name)
  if (link === null) return []
  try {
    return await readMembers(client, link)
  } catch (error) {
    if (isNotThere(error)) return []
    throw error
  }
}

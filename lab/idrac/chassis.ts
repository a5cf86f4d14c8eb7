import type { SimServer } from '../model-server.js'
import { healthOf, healthOfThing } from './health.js'
import { serialFor } from './personalise.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { driveLinks } from './storage.js'
import { CHASSIS, type Reader, ROOT, sample, type View } from './view.js'

const ENCLOSURE = `${ROOT}/Chassis/Enclosure.Internal.0-1`

const isOn = (server: SimServer): boolean => server.power !== 'Off'

/** A number between low and high that belongs to this sensor now and moves a little with time. */
function reading(view: View, salt: string, low: number, high: number): number {
  const minute = Math.floor(view.core.clock.now() / 60_000)
  let h = 0
  for (const c of `${view.server.service_tag}${salt}${minute}`) h = (h * 31 + c.charCodeAt(0)) >>> 0
  return low + (h % (high - low + 1))
}

const NOT_KEPT = [
  'Assembly',
  'PCIeSlots',
  'PowerSubsystem',
  'Sensors',
  'ThermalSubsystem',
  'Power@Redfish.Deprecated',
  'Thermal@Redfish.Deprecated',
]

const readChassis: Reader = (view) => {
  const { server } = view
  const body = sample(view, CHASSIS) ?? {}
  for (const key of NOT_KEPT) delete body[key]
  const health = healthOf(server)
  const oem = ((body.Oem as JsonObject).Dell as JsonObject).DellChassis as JsonObject
  const newer = view.profile.redfishVersion !== '1.13.1'
  const ac = {
    '#DellOemChassis.ExtendedReset': {
      'FinalPowerState@Redfish.AllowableValues': ['On', 'Off'],
      'ResetType@Redfish.AllowableValues': ['PowerCycle'],
      target: `${CHASSIS}/Actions/Oem/DellOemChassis.ExtendedReset`,
    },
  }
  return {
    ...body,
    Actions: { ...(body.Actions as JsonObject), ...(newer ? { Oem: ac } : {}) },
    IndicatorLED: server.indicator_led,
    Links: { ...(body.Links as JsonObject), PCIeDevices: [], 'PCIeDevices@odata.count': 0 },
    Model: server.model,
    Oem: {
      Dell: { '@odata.type': '#DellOem.v1_3_0.DellOemResources', DellChassis: { ...oem, SystemID: server.system_id } },
    },
    PowerState: server.power,
    SKU: server.service_tag,
    SerialNumber: server.board_serial,
    Status: { Health: health, HealthRollup: health, State: 'Enabled' },
    UUID: server.uuid,
  }
}

const fanFqdd = (index: number): string => `Fan.Embedded.${index + 1}A`

function fans(view: View, recorded: JsonObject[]): JsonObject[] {
  return recorded.map((fan, index) => ({
    ...fan,
    Reading: isOn(view.server) ? reading(view, `fan ${index}`, 110, 140) * 60 : 0,
    Status: { Health: healthOfThing(view.server, fanFqdd(index)), State: isOn(view.server) ? 'Enabled' : 'Absent' },
  }))
}

function temperatures(view: View, recorded: JsonObject[]): JsonObject[] {
  return recorded.map((sensor) => ({
    ...sensor,
    // QUIRK iDRAC9 (several): sensors of a host that is off read null; that is no fault. Source: captured trees in NVIDIA/libredfish.
    ReadingCelsius: isOn(view.server)
      ? reading(view, String(sensor.Name), 24, 58)
      : String(sensor.Name).includes('Inlet')
        ? 22
        : null,
    Status: { Health: healthOf(view.server, 'temperature'), State: 'Enabled' },
  }))
}

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : [])

const readThermal: Reader = (view) => {
  const body = sample(view, `${CHASSIS}/Thermal`) ?? {}
  return { ...body, Fans: fans(view, objects(body.Fans)), Temperatures: temperatures(view, objects(body.Temperatures)) }
}

function supply(view: View, recorded: JsonObject, index: number): JsonObject {
  const { server } = view
  const fqdd = `PSU.Slot.${index + 1}`
  const row = server.firmware.find((one) => one.fqdd === fqdd)
  const watts = isOn(server) ? reading(view, fqdd, 150, 260) : 12
  const model = `PWR SPLY,${server.hardware.psu_watts}W,RDNT,ARTESYN`
  return {
    ...recorded,
    FirmwareVersion: row?.version ?? null,
    LastPowerOutputWatts: watts,
    Model: view.flags.untidy_data ? `${model}      ` : model,
    PowerCapacityWatts: server.hardware.psu_watts,
    PowerInputWatts: watts + 20,
    PowerOutputWatts: watts,
    SerialNumber: serialFor(server, fqdd, 'AWAZF5136C487M'),
    Status: { Health: healthOfThing(server, fqdd), State: 'Enabled' },
  }
}

const readPower: Reader = (view) => {
  const { server } = view
  const body = sample(view, `${CHASSIS}/Power`) ?? {}
  const consumed = isOn(server) ? reading(view, 'system', 300, 520) : 24
  const control = {
    ...objects(body.PowerControl)[0],
    PowerConsumedWatts: consumed,
    PowerMetrics: {
      AverageConsumedWatts: consumed - 2,
      IntervalInMin: 1,
      MaxConsumedWatts: consumed + 6,
      MinConsumedWatts: consumed - 8,
    },
  }
  return {
    ...body,
    PowerControl: [control],
    PowerSupplies: objects(body.PowerSupplies).map((one, index) => supply(view, one, index)),
  }
}

const readEnclosure: Reader = (view) => {
  const body = sample(view, ENCLOSURE)
  if (!body) return undefined
  const drives = driveLinks(view)
  return { ...body, Links: { ...(body.Links as JsonObject), 'Drives@odata.count': drives.length, Drives: drives } }
}

export const chassisReaders: Resource[] = [
  [pathPattern(CHASSIS), readChassis],
  [pathPattern(`${CHASSIS}/Thermal`), readThermal],
  [pathPattern(`${CHASSIS}/Power`), readPower],
  [pathPattern(ENCLOSURE), readEnclosure],
]

import type { SimServer } from '../model-server.js'
import { bootObject } from './boot.js'
import { dellRollup, healthOf } from './health.js'
import { serverDigits } from './personalise.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { firmwareOf, localTime, offsetTime, type Reader, ROOT, SYSTEM, sample, type View } from './view.js'

function expressServiceCode(tag: string): string {
  const value = Number.parseInt(tag, 36)
  return Number.isNaN(value) ? '0' : String(value)
}

const processorHealth = (server: SimServer): JsonObject => {
  const health = healthOf(server, 'processor')
  return { Health: health, HealthRollup: health, State: 'Enabled' }
}

function processorSummary(server: SimServer): JsonObject {
  const { cpu_count, cpu_model, cores_per_cpu } = server.hardware
  const cores = cpu_count * cores_per_cpu
  return {
    CoreCount: cores,
    Count: cpu_count,
    LogicalProcessorCount: cores * 2,
    Model: cpu_model,
    Status: processorHealth(server),
    ThreadingEnabled: true,
  }
}

function rollups(server: SimServer): JsonObject {
  const of = (part?: Parameters<typeof healthOf>[1]) => dellRollup(healthOf(server, part))
  return {
    CPURollupStatus: of('processor'),
    FanRollupStatus: of('fan'),
    PSRollupStatus: of('power_supply'),
    StorageRollupStatus: of('storage'),
    TempRollupStatus: of('temperature'),
    SysMemPrimaryStatus: of('memory'),
  }
}

/** `Oem.Dell.DellSystem`: the decimal system id is what Dell's catalogue matches (in hex). */
function dellSystem(view: View): JsonObject {
  const { server, profile } = view
  const oem = sample(view, SYSTEM)?.Oem as JsonObject | undefined
  const base = ((oem?.Dell as JsonObject | undefined)?.DellSystem ?? {}) as JsonObject
  const inventoried = `${new Date(server.boot.since).toISOString().slice(0, 19)}+00:00`
  return {
    ...base,
    ...rollups(server),
    ChassisServiceTag: server.service_tag,
    ExpressServiceCode: expressServiceCode(server.service_tag),
    LastSystemInventoryTime: inventoried,
    LastUpdateTime: inventoried,
    MaxCPUSockets: server.hardware.cpu_count,
    MaxDIMMSlots: Math.max(server.hardware.dimm_count, server.generation === '14G' ? 24 : 32),
    NodeID: server.service_tag,
    PopulatedDIMMSlots: server.hardware.dimm_count,
    SystemGeneration: `${profile.generation} Monolithic`,
    SystemID: server.system_id,
    UUID: server.uuid,
    PlatformGUID: `${serverDigits(server, 'platform', 8)}-${server.uuid.slice(9)}`,
    smbiosGUID: server.uuid,
  }
}

function lastReset(view: View): string {
  // QUIRK iDRAC9 (several): a time that was never taken reads 0000-00-00T00:00:00+00:00. Source: captured trees in NVIDIA/libredfish.
  return view.flags.untidy_data
    ? '0000-00-00T00:00:00+00:00'
    : offsetTime(view.server.reset_at ?? view.server.boot.since)
}

/** State of the system as Status words it. */
function systemStatus(server: SimServer): JsonObject {
  const health = healthOf(server)
  return { Health: health, HealthRollup: health, State: server.power === 'Off' ? 'StandbyOffline' : 'Enabled' }
}

const readSystem: Reader = (view) => {
  const { core, server, profile } = view
  const body = sample(view, SYSTEM) ?? {}
  const newer = profile.redfishVersion !== '1.13.1'
  const settings = {
    '@Redfish.Settings': {
      '@odata.context': `${ROOT}/$metadata#Settings.Settings`,
      '@odata.type': '#Settings.v1_3_5.Settings',
      SettingsObject: { '@odata.id': `${SYSTEM}/Settings` },
      SupportedApplyTimes: ['OnReset'],
    },
  }
  return {
    ...body,
    BiosVersion: firmwareOf(server, 'bios')?.version ?? null,
    Boot: bootObject(view, 'system'),
    HostName: server.power === 'On' && server.boot.phase === 'running' ? (server.host ?? '') : '',
    IndicatorLED: server.indicator_led,
    LastResetTime: lastReset(view),
    MemorySummary: {
      MemoryMirroring: 'System',
      Status: { Health: healthOf(server, 'memory'), HealthRollup: healthOf(server, 'memory'), State: 'Enabled' },
      TotalSystemMemoryGiB: server.hardware.memory_gib,
    },
    Model: server.model,
    Oem: { Dell: { '@odata.type': '#DellOem.v1_3_0.DellOemResources', DellSystem: dellSystem(view) } },
    PCIeDevices: [],
    'PCIeDevices@odata.count': 0,
    PCIeFunctions: [],
    'PCIeFunctions@odata.count': 0,
    PowerState: server.power,
    ProcessorSummary: processorSummary(server),
    SKU: server.service_tag,
    SerialNumber: server.board_serial,
    Status: systemStatus(server),
    UUID: server.uuid,
    ...(newer
      ? {
          ...settings,
          BootProgress: { LastState: core.lifecycle.bootProgress(server), LastStateTime: localTime(server.boot.since) },
        }
      : {}),
  }
}

export const systemReaders: Resource[] = [[pathPattern(SYSTEM), readSystem]]

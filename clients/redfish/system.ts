import { toBootFacts } from './boot.js'
import type { RedfishClient } from './client.js'
import { healthOf, toPowerState } from './enums.js'
import type { SystemFacts } from './facts.js'
import { dellOf, type JsonObject, numberAt, objectAt, textAt, textsOf, timeAt } from './json.js'
import { systemPath } from './layout.js'
import { findAction } from './links.js'
import { readResource } from './resource.js'

/** Reads the System resource: service tag, model, power, health, boot. One GET. */
export async function readSystem(client: RedfishClient): Promise<SystemFacts> {
  const path = await systemPath(client)
  const body = await readResource(client, path, { keep: ['PowerState', 'BiosVersion', 'SKU', 'Status'] })
  client.memory.set('system', Promise.resolve(body))
  return toSystemFacts(path, body)
}

/**
 * Makes facts of a System body.
 * QUIRK Dell (all): the service tag is `SKU`; `SerialNumber` is the board's. Source: both recordings.
 */
export function toSystemFacts(path: string, body: JsonObject): SystemFacts {
  const dell = objectAt(dellOf(body), 'DellSystem')
  const processors = objectAt(body, 'ProcessorSummary')
  const power = textAt(body, 'PowerState')
  return {
    path,
    service_tag: textAt(body, 'SKU')?.toUpperCase() ?? null,
    model: textAt(body, 'Model'),
    manufacturer: textAt(body, 'Manufacturer'),
    uuid: textAt(body, 'UUID')?.toLowerCase() ?? null,
    host_name: textAt(body, 'HostName'),
    asset_tag: textAt(body, 'AssetTag'),
    bios_version: textAt(body, 'BiosVersion'),
    power_state: toPowerState(power),
    health: healthOf(body),
    raw_power_state: power,
    boot_progress: textAt(objectAt(body, 'BootProgress'), 'LastState'),
    last_reset_at: timeAt(body, 'LastResetTime'),
    memory_gib: numberAt(objectAt(body, 'MemorySummary'), 'TotalSystemMemoryGiB'),
    processor_count: numberAt(processors, 'Count'),
    processor_model: textAt(processors, 'Model'),
    system_id: systemIdOf(dell),
    system_generation: textAt(dell, 'SystemGeneration'),
    express_service_code: textAt(dell, 'ExpressServiceCode'),
    rollups: rollupsOf(dell),
    reset_types: resetTypesOf(body),
    boot: toBootFacts(body),
  }
}

/** Dell's decimal system id as catalogues write it: 2318 is `090E`. */
function systemIdOf(dell: JsonObject | undefined): string | null {
  const id = numberAt(dell, 'SystemID')
  return id === null || id <= 0 || id > 0xffff ? null : id.toString(16).toUpperCase().padStart(4, '0')
}

/** `FanRollupStatus: OK` becomes `fan: OK`; nulls are left out. */
function rollupsOf(dell: JsonObject | undefined): Record<string, string> {
  const rollups: Record<string, string> = {}
  for (const [key, value] of Object.entries(dell ?? {})) {
    const name = key.endsWith('RollupStatus') ? key.slice(0, -'RollupStatus'.length) : null
    if (name && typeof value === 'string') rollups[name.toLowerCase()] = value
  }
  const memory = textAt(dell, 'SysMemPrimaryStatus')
  return memory === null ? rollups : { ...rollups, memory }
}

function resetTypesOf(body: JsonObject): string[] {
  return textsOf(findAction(body, 'ComputerSystem.Reset')?.info['ResetType@Redfish.AllowableValues'])
}

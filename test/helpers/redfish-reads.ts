import { DeviceError } from '../../clients/errors.js'
import { readBios, readPendingBios } from '../../clients/redfish/bios.js'
import { readBiosRegistry } from '../../clients/redfish/bios-changes.js'
import { readBoot, readBootOptions } from '../../clients/redfish/boot.js'
import type { RedfishClient } from '../../clients/redfish/client.js'
import {
  readMemory,
  readPower,
  readProcessors,
  readStorage,
  readThermal,
} from '../../clients/redfish/component-health.js'
import { readConsoleState } from '../../clients/redfish/console.js'
import { readAttributes, readLockdown } from '../../clients/redfish/dell/attributes.js'
import { readConsoleTarget } from '../../clients/redfish/dell/console.js'
import { listJobs, readJobQueueFill } from '../../clients/redfish/dell/jobs.js'
import { lifecycleAction } from '../../clients/redfish/dell/lifecycle.js'
import { readDrives, readLicences, readNetworkPorts } from '../../clients/redfish/hardware.js'
import { readHealth } from '../../clients/redfish/health.js'
import { readFirmwareInventory } from '../../clients/redfish/inventory.js'
import { readLogPage } from '../../clients/redfish/logs.js'
import { readManager } from '../../clients/redfish/manager.js'
import { readMediaGates } from '../../clients/redfish/media-gates.js'
import { readReadiness } from '../../clients/redfish/readiness.js'
import { readRoot } from '../../clients/redfish/root.js'
import { readScpTargets } from '../../clients/redfish/scp.js'
import { readSystem } from '../../clients/redfish/system.js'
import { taskPathOf } from '../../clients/redfish/tasks.js'
import { readUpdateRoutes } from '../../clients/redfish/update.js'
import { readMediaSlots } from '../../clients/redfish/virtual-media.js'

/** Every read that the product makes of a device by itself, by the name of its answer. */
export const READS = {
  root: readRoot,
  system: readSystem,
  manager: readManager,
  health: readHealth,
  thermal: readThermal,
  power: readPower,
  memory: readMemory,
  processors: readProcessors,
  storage: readStorage,
  drives: readDrives,
  ports: readNetworkPorts,
  licences: readLicences,
  firmware: readFirmwareInventory,
  sel: (client: RedfishClient) => readLogPage(client, 'sel'),
  lifecycle: (client: RedfishClient) => readLogPage(client, 'lifecycle'),
  bios: readBios,
  pending_bios: async (client: RedfishClient) => readPendingBios(client, await readBios(client)),
  bios_registry: async (client: RedfishClient) => readBiosRegistry(client, await readBios(client)),
  boot: readBoot,
  boot_options: readBootOptions,
  media_slots: readMediaSlots,
  media_gates: readMediaGates,
  update: readUpdateRoutes,
  jobs: listJobs,
  queue_fill: readJobQueueFill,
  task_path: (client: RedfishClient) => taskPathOf(client, 'JID_1'),
  readiness_target: (client: RedfishClient) => lifecycleAction(client, 'DellLCService.GetRemoteServicesAPIStatus'),
  readiness: readReadiness,
  idrac_attributes: (client: RedfishClient) => readAttributes(client, 'iDRAC'),
  system_attributes: (client: RedfishClient) => readAttributes(client, 'System'),
  lifecycle_attributes: (client: RedfishClient) => readAttributes(client, 'LifecycleController'),
  lockdown: readLockdown,
  console: readConsoleState,
  console_target: readConsoleTarget,
  scp_targets: readScpTargets,
} as const satisfies Record<string, (client: RedfishClient) => Promise<unknown>>

export type ReadName = keyof typeof READS
export type Facts = { [Name in ReadName]: Awaited<ReturnType<(typeof READS)[Name]>> | { refused: string; why: string } }

/** Asks everything, one after the other. A refusal in words is an answer; anything else that is thrown is thrown on. */
export async function readEverything(client: RedfishClient): Promise<Facts> {
  const facts: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(READS)) {
    try {
      facts[name] = await read(client)
    } catch (error) {
      if (!(error instanceof DeviceError)) throw new Error(`${name} broke`, { cause: error })
      facts[name] = { refused: error.code, why: error.message }
    }
  }
  return facts as Facts
}

import { DeviceError } from '../clients/errors.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import { readMemory, readPower, readProcessors, readStorage, readThermal } from '../clients/redfish/component-health.js'
import type { ComponentHealth } from '../clients/redfish/facts.js'
import { readFirmwareInventory } from '../clients/redfish/inventory.js'
import { readFaults } from '../clients/redfish/logs.js'
import { readManager } from '../clients/redfish/manager.js'
import { readSystem } from '../clients/redfish/system.js'
import { saveHealth } from '../db/stores/health.js'
import { updateServerFacts } from '../db/stores/servers.js'
import { saveFirmware } from './compliance.js'
import type { ServerActivities } from './contracts/server.js'
import type { Deps } from './deps.js'
import { firmwareItems, serverColumns } from './firmware-facts.js'
import { type AtServer, withServer } from './with-server.js'

/** Power, health and active faults of one server; with `components` also its parts and its firmware. An unreachable one becomes `Unknown`; its last values stay. */
export async function checkHealth(
  deps: Deps,
  input: Parameters<ServerActivities['checkHealth']>[0],
): ReturnType<ServerActivities['checkHealth']> {
  try {
    return await withServer(deps, input.context, input.server_id, 'inventory', (at) => look(deps, at, input))
  } catch (thrown) {
    if (thrown instanceof DeviceError && input.store) {
      const last_error = { code: thrown.code, message: thrown.message.slice(0, 500), at: new Date().toISOString() }
      await updateServerFacts(deps.db, input.server_id, { health_status: 'Unknown', last_error }, input.context.job_id)
    }
    throw thrown
  }
}

async function look(deps: Deps, at: AtServer, input: Parameters<ServerActivities['checkHealth']>[0]) {
  const system = await readSystem(at.client)
  refuseOtherServer(at.server.service_tag, system.service_tag)
  const manager = await readManager(at.client)
  const faults = (await readFaults(at.client)) ?? []
  const components = input.depth === 'components' ? await readComponents(at.client) : []
  if (input.store) {
    await updateServerFacts(deps.db, at.server.id, serverColumns(system, manager), input.context.job_id)
    await saveHealth(
      deps.db,
      at.server.id,
      components.map(({ name: _, ...item }) => item),
    )
    if (input.depth === 'components')
      await saveFirmware(
        deps.db,
        at.server.id,
        firmwareItems(await readFirmwareInventory(at.client)),
        input.context.job_id,
      )
  }
  return {
    health_status: system.health,
    power_state: system.power_state,
    faults: faults.slice(0, 50).map(({ message, severity, message_id }) => ({ message, severity, message_id })),
  }
}

/** A root that tells no tag (older iDRACs) lets a swapped device in; nothing of it is stored under the name of another. */
function refuseOtherServer(expected: string, seen: string | null): void {
  if (seen === null || seen.toUpperCase() === expected.toUpperCase()) return
  const text = `${seen} answers at the address of ${expected}.`
  throw new DeviceError('IdentityMismatch', text, { sent: true, answered: true, data: { seen, expected } })
}

/** Parts that a server does not have, or does not tell while it is off, are no faults: they are simply not listed. */
async function readComponents(client: RedfishClient): Promise<ComponentHealth[]> {
  const parts: ComponentHealth[] = []
  for (const read of [readThermal, readPower, readStorage, readMemory, readProcessors])
    parts.push(...(await read(client)))
  return parts
}

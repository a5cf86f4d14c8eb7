import type { RedfishClient } from './client.js'
import type { HealthFacts } from './facts.js'
import { readFaults } from './logs.js'
import { readSystem } from './system.js'

/** The headline of a server's health and its active faults: the System's rollup, then the fault list where there is one. */
export async function readHealth(client: RedfishClient): Promise<HealthFacts> {
  const system = await readSystem(client)
  return {
    health: system.health,
    power_state: system.power_state,
    rollups: system.rollups,
    faults: await readFaults(client),
  }
}

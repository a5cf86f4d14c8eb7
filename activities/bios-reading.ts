import { readBios, readPendingBios } from '../clients/redfish/bios.js'
import { readBiosRegistry } from '../clients/redfish/bios-changes.js'
import type { BiosFacts, SystemFacts } from '../clients/redfish/facts.js'
import { readSystem } from '../clients/redfish/system.js'
import { saveBiosConfiguration } from '../db/stores/bios-configurations.js'
import { type BiosRegistryFacts, type BiosValues, isPasswordAttribute } from '../domain/bios-attributes.js'
import type { Deps } from './deps.js'
import type { AtServer } from './with-server.js'

/** The BIOS of one server as it is now. Nothing of a password is in it. */
export interface BiosReading {
  system: SystemFacts
  bios: BiosFacts
  registry: BiosRegistryFacts
  attributes: BiosValues
  /** Values that wait for the next boot and differ from those in force. */
  pending: BiosValues
}

/** Registries kept in memory; one is over a megabyte on the wire. */
const MOST_REGISTRIES = 24
const registries = new Map<string, BiosRegistryFacts>()

/**
 * Reads attributes, pending values and the registry of a machine. A registry from memory is good for names and types; its
 * flags (`ReadOnly`, `Hidden`) are those of the machine that was read at that moment, so a judgement wants a `fresh` one.
 */
export async function readBiosNow(at: AtServer, registry_age: 'known' | 'fresh' = 'known'): Promise<BiosReading> {
  const system = await readSystem(at.client)
  const bios = await readBios(at.client)
  const waiting = await readPendingBios(at.client, bios)
  const registry = await registryOf(at, system, bios, registry_age)
  const types = new Map(registry.entries.map((entry) => [entry.name, entry.type]))
  const attributes = withoutPasswords(bios.attributes, types)
  const pending = Object.fromEntries(
    Object.entries(withoutPasswords(waiting, types)).filter(
      ([name, value]) => value !== null && value !== attributes[name],
    ),
  )
  return { system, bios, registry, attributes, pending }
}

/** QUIRK iDRAC8, iDRAC9: both call theirs `v1_0_3` with different contents, so model and BIOS version belong to the key. Source: R630 and R750 recordings. */
async function registryOf(
  at: AtServer,
  system: SystemFacts,
  bios: BiosFacts,
  age: 'known' | 'fresh',
): Promise<BiosRegistryFacts> {
  const key = [bios.registry, system.bios_version, system.system_id ?? system.model].join('|')
  const known = registries.get(key)
  if (known && age === 'known') return known
  const { entries, dependencies } = await readBiosRegistry(at.client, bios)
  const registry = { entries, rules: dependencies }
  const oldest = registries.keys().next()
  if (registries.size >= MOST_REGISTRIES && !oldest.done) registries.delete(oldest.value)
  registries.set(key, registry)
  return registry
}

function withoutPasswords(
  values: BiosValues,
  types: Map<string, Parameters<typeof isPasswordAttribute>[1]>,
): BiosValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isPasswordAttribute(name, types.get(name))))
}

/** Keeps a reading as a row of `bios_configurations`. */
export async function keepReading(
  deps: Deps,
  at: AtServer,
  job_id: string,
  reason: 'read' | 'before_write' | 'after_write',
  { attributes, pending, bios, system }: BiosReading,
): Promise<{ id: string; changed: boolean }> {
  return saveBiosConfiguration(deps.db, {
    server_id: at.server.id,
    job_id,
    reason,
    attributes,
    pending,
    registry_name: bios.registry,
    bios_version: system.bios_version,
  })
}

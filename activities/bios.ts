import { DeviceError } from '../clients/errors.js'
import { newestBiosConfiguration } from '../db/stores/bios-configurations.js'
import { updateServerFacts } from '../db/stores/servers.js'
import type { BiosValues } from '../domain/bios-attributes.js'
import { biosDifference } from '../domain/bios-difference.js'
import { type BiosReading, keepReading, readBiosNow } from './bios-reading.js'
import { discardPendingBios, planBios, stageForBoot, storedValues, unstageBios, verifyBios } from './bios-write.js'
import type { BiosActivities, BiosNow } from './contracts/bios.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { type AtServer, withServer } from './with-server.js'

/** Activities on the BIOS settings of one server. */
export function createBiosActivities(deps: Deps): BiosActivities {
  return {
    readBiosConfiguration: (input) =>
      withServer(deps, input.context, input.server_id, 'bios', (at) => tellBios(deps, at, input)),
    planBios: (input) => planBios(deps, input),
    discardPendingBios: (input) => discardPendingBios(deps, input),
    stageBios: (input) => stageForBoot(deps, input),
    unstageBios: (input) => unstageBios(deps, input),
    verifyBios: (input) => verifyBios(deps, input),
  }
}

type Read = Parameters<BiosActivities['readBiosConfiguration']>[0]

async function tellBios(deps: Deps, at: AtServer, input: Read): Promise<BiosNow> {
  const reading = await readCollected(at)
  const { attributes, pending, system } = reading
  const other = input.compare_with === null ? null : await storedValues(deps, input.compare_with)
  const { id, changed } = input.store
    ? await keepReading(deps, at, input.context.job_id, 'read', reading)
    : { id: null, changed: await differsFromNewest(deps, at, attributes) }
  if (input.store) {
    await updateServerFacts(deps.db, at.server.id, { bios_version: system.bios_version }, input.context.job_id)
  }
  const names = input.attributes ?? undefined
  return {
    configuration_id: id,
    attribute_count: Object.keys(attributes).length,
    pending_count: Object.keys(pending).length,
    changed_since_last: changed,
    ...(names ? named(attributes, names) : {}),
    ...(other ? { differences: biosDifference(other, attributes, names) } : {}),
  }
}

/** An inventory that was never collected does not come by waiting for it: the feature is switched off. */
async function readCollected(at: AtServer): Promise<BiosReading> {
  try {
    return await readBiosNow(at)
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) || thrown.facts.message_id !== 'SYS435') throw thrown
    throw new StepFailed(
      'Unsupported',
      `${thrown.message} Switch on Collect System Inventory on Restart (CSIOR) and the Lifecycle Controller, and restart the server once.`,
    )
  }
}

function named(attributes: BiosValues, names: string[]): Pick<BiosNow, 'attributes' | 'unknown_attributes'> {
  const known = names.filter((name) => Object.hasOwn(attributes, name))
  return {
    attributes: Object.fromEntries(known.map((name) => [name, attributes[name] ?? null])),
    unknown_attributes: names.filter((name) => !known.includes(name)),
  }
}

async function differsFromNewest(deps: Deps, at: AtServer, attributes: BiosValues): Promise<boolean> {
  const newest = await newestBiosConfiguration(deps.db, at.server.id)
  return newest === null || biosDifference(newest.attributes as BiosValues, attributes).length > 0
}

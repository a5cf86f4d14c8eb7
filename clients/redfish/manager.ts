import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { healthOf } from './enums.js'
import type { Generation, ManagerFacts } from './facts.js'
import { dellLinksOf, type JsonObject, textAt, textsOf, timeAt } from './json.js'
import { managerDocument, managerPath } from './layout.js'
import { findAction, linkAt, linksOf } from './links.js'
import { readResource } from './resource.js'

/** Reads the Manager resource: generation, firmware, clock, features. One GET. */
export async function readManager(client: RedfishClient): Promise<ManagerFacts> {
  const path = await managerPath(client)
  const body = await readResource(client, path, { keep: ['FirmwareVersion', 'Model', 'Status'] })
  client.memory.set('manager', Promise.resolve(body))
  return toManagerFacts(path, body)
}

/**
 * The generation by the first word of the Manager's model: `12G`…`17G`. Firmware versions are never compared across
 * generations, since iDRAC10 began anew at 1.x.
 */
export function generationOf(model: string | null): Generation {
  const number = Number(/^(\d{2})G/.exec(model ?? '')?.[1] ?? Number.NaN)
  if (number === 12) return 'idrac7'
  if (number === 13) return 'idrac8'
  if (number >= 14 && number <= 16) return 'idrac9'
  return number >= 17 ? 'idrac10' : 'unknown'
}

/** Makes facts of a Manager body. A feature is there when its link or action is there. */
export function toManagerFacts(path: string, body: JsonObject): ManagerFacts {
  const model = textAt(body, 'Model')
  const links = dellLinksOf(body)
  return {
    path,
    model,
    generation: generationOf(model),
    firmware_version: textAt(body, 'FirmwareVersion'),
    health: healthOf(body),
    date_time: timeAt(body, 'DateTime'),
    uuid: textAt(body, 'UUID')?.toLowerCase() ?? null,
    reset_types: textsOf(findAction(body, 'Manager.Reset')?.info['ResetType@Redfish.AllowableValues']),
    features: {
      jobs: linkAt(links, 'Jobs') !== null,
      lifecycle_service: linkAt(links, 'DellLCService') !== null,
      job_service: linkAt(links, 'DellJobService') !== null,
      attributes: linksOf(links?.DellAttributes).length > 0,
      console_tickets: linkAt(links, 'DelliDRACCardService') !== null,
      scp: findAction(body, 'OemManager.ExportSystemConfiguration') !== null,
    },
  }
}

/**
 * Restarts the iDRAC: one POST, never repeated. The host keeps running; sessions and mounts are lost for about 3 minutes.
 * @throws DeviceError `Unsupported` (not sent) when the device does not offer it; unclear errors are settled by its log.
 */
export async function resetManager(client: RedfishClient): Promise<void> {
  const action = findAction(await managerDocument(client), 'Manager.Reset')
  const offered = textsOf(action?.info['ResetType@Redfish.AllowableValues'])
  if (!action || (offered.length > 0 && !offered.includes('GracefulRestart'))) {
    throw new DeviceError('Unsupported', 'The iDRAC offers no graceful restart.', { sent: false, answered: false })
  }
  const body = { ResetType: 'GracefulRestart' }
  await client.send({ method: 'POST', path: action.target, body, recorded_body: body })
}

import { DeviceError } from '../../errors.js'
import type { RedfishClient } from '../client.js'
import { dellLinksOf, type JsonObject, textAt } from '../json.js'
import { managerDocument, managerPath, remembered } from '../layout.js'
import { findAction, linkAt } from '../links.js'
import { generationOf } from '../manager.js'
import { readIfThere } from '../resource.js'

/**
 * The target of an action of the Lifecycle Controller service, or null where this firmware has none.
 * QUIRK iDRAC9 3.x–4.x (and iDRAC7/8 where they have it): the service stands under `/redfish/v1/Dell/Managers/…` and is
 * not linked from the Manager.
 * Source: dell/iDRAC-Redfish-Scripting GetRemoteServicesAPIStatusREDFISH.py.
 */
export async function lifecycleAction(client: RedfishClient, name: string): Promise<string | null> {
  const service = await remembered(client, 'dell:lifecycle', () => readLifecycleService(client))
  return findAction(service ?? undefined, name)?.target ?? null
}

async function readLifecycleService(client: RedfishClient): Promise<JsonObject | null> {
  const manager = await managerDocument(client)
  const link = linkAt(dellLinksOf(manager), 'DellLCService')
  if (link !== null) return readIfThere(client, link)
  if (!['idrac7', 'idrac8', 'idrac9'].includes(generationOf(textAt(manager, 'Model')))) return null
  const oldPath = (await managerPath(client)).replace('/redfish/v1/', '/redfish/v1/Dell/')
  return readIfThere(client, `${oldPath}/DellLCService`)
}

/**
 * Writes a comment into the Lifecycle log, so that the device's own log names our job. One POST; at most 256 characters go out.
 * @throws DeviceError `Unsupported` (not sent) where this firmware has no such call.
 */
export async function writeLifecycleNote(client: RedfishClient, comment: string): Promise<void> {
  const target = await lifecycleAction(client, 'DellLCService.InsertCommentInLCLog')
  if (!target) throw new DeviceError('Unsupported', 'It takes no log comments.', { sent: false, answered: false })
  const body = { Comment: comment.slice(0, 256) }
  await client.send({ method: 'POST', path: target, body, recorded_body: body })
}

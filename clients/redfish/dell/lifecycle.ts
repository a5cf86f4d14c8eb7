import { DeviceError } from '../../errors.js'
import type { RedfishClient } from '../client.js'
import type { JsonObject } from '../json.js'
import { managerDocument, managerPath, remembered } from '../layout.js'
import { findAction, linkAt } from '../links.js'
import { readResource } from '../resource.js'

/**
 * The target of an action of the Lifecycle Controller service, or null where this firmware has none.
 * QUIRK iDRAC9 3.x–4.x: the service stands under `/redfish/v1/Dell/Managers/…` and is not linked from the Manager.
 * Source: dell/iDRAC-Redfish-Scripting GetRemoteServicesAPIStatusREDFISH.py.
 */
export async function lifecycleAction(client: RedfishClient, name: string): Promise<string | null> {
  const service = await remembered(client, 'dell:lifecycle', () => readLifecycleService(client))
  return findAction(service ?? undefined, name)?.target ?? null
}

async function readLifecycleService(client: RedfishClient): Promise<JsonObject | null> {
  const link = linkAt(await managerDocument(client), 'Links', 'Oem', 'Dell', 'DellLCService')
  const oldPath = (await managerPath(client)).replace('/redfish/v1/', '/redfish/v1/Dell/')
  try {
    return await readResource(client, link ?? `${oldPath}/DellLCService`)
  } catch (error) {
    if (error instanceof DeviceError && (error.code === 'NotFound' || error.code === 'Unsupported')) return null
    throw error
  }
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

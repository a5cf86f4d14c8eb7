import { DeviceError } from '../../errors.js'
import type { RedfishClient } from '../client.js'
import { dellLinksOf, textAt } from '../json.js'
import { managerDocument } from '../layout.js'
import { findAction, linkAt } from '../links.js'
import { missingInAnswer } from '../refusals.js'
import { readIfThere } from '../resource.js'

/** A one-time login for the remote console. Secret: seal it at once, never log it. */
export interface ConsoleTicket {
  temp_username: string
  temp_password: string
}

/** Where console tickets are asked for, or null where this firmware has none (iDRAC7/8). One GET. */
export async function readConsoleTarget(client: RedfishClient): Promise<string | null> {
  const link = linkAt(dellLinksOf(await managerDocument(client)), 'DelliDRACCardService')
  const service = link === null ? null : await readIfThere(client, link)
  return findAction(service ?? undefined, 'DelliDRACCardService.GetKVMSession')?.target ?? null
}

/**
 * Asks for a console ticket: one POST, under a session that must stay alive until the page is open. A lost answer may be
 * asked for again; the orphan dies by itself. Neither session name nor ticket is recorded.
 * @param sessionName random, at most 32 characters
 * @throws DeviceError `LicenseMissing`, `SessionLimit`
 */
export async function requestConsoleTicket(
  client: RedfishClient,
  target: string,
  sessionName: string,
): Promise<ConsoleTicket> {
  if (!/^[A-Za-z0-9]{8,32}$/.test(sessionName)) {
    throw new DeviceError('InvalidRequest', 'A session name has 8 to 32 letters and digits.', {
      sent: false,
      answered: false,
    })
  }
  const answer = await client.send({
    method: 'POST',
    path: target,
    body: { SessionTypeName: sessionName },
    recorded_body: {},
    secrets: [sessionName],
  })
  const username = textAt(answer.body, 'TempUsername')
  const password = textAt(answer.body, 'TempPassword')
  if (username === null || password === null) throw missingInAnswer('the console ticket', answer.status)
  return { temp_username: username, temp_password: password }
}

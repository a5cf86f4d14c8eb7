import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { type JsonObject, textAt } from './json.js'
import { rootDocument } from './layout.js'
import { safePath } from './links.js'
import { isIdrac, makerOf, serviceTagOf, sessionsPath } from './root.js'

export interface SessionCredentials {
  username: string
  password: string
}

export interface OpenedSession {
  /** Secret; it is the login. */
  token: string
  /** Path of the session; whoever has the account may delete it. */
  session_uri: string
  /** The login worked, but the account must get a new password before it may do anything. */
  password_change_required: boolean
}

/**
 * Logs in: one POST (after the root has said where). The password is neither recorded nor kept, and never sent twice, and
 * never to a service that says that it is no iDRAC, or that of another server than the one expected.
 * @throws DeviceError `IdentityMismatch` (not sent), `AuthFailed` (wrong: never repeat it), `SessionLimit` (table full), `PasswordChangeRequired`,
 * `NotFound` (Redfish switched off). During a lock-out the device refuses connections: `DeviceUnreachable`.
 */
export async function openSession(
  client: RedfishClient,
  credentials: SessionCredentials,
  expected_tag: string | null = null,
): Promise<OpenedSession> {
  const root = await rootDocument(client)
  if (isIdrac(root) === false) throw notAnIdrac(root)
  const tag = serviceTagOf(root)
  if (expected_tag !== null && tag !== null && tag !== expected_tag.toUpperCase())
    throw anotherServer(tag, expected_tag)
  const path = sessionsPath(root)
  const answer = await client.send({
    method: 'POST',
    path,
    token: null,
    mutation: false,
    body: { UserName: credentials.username, Password: credentials.password },
    recorded_body: { UserName: credentials.username },
    secrets: [credentials.password],
  })
  const place = answer.location ?? textAt(answer.body, '@odata.id')
  if (!answer.token || !place) {
    throw new DeviceError('ProtocolError', 'The login was answered without a token or without its place.', {
      sent: true,
      answered: false,
      status: answer.status,
    })
  }
  return {
    token: answer.token,
    session_uri: safePath(place, client.origin),
    password_change_required: answer.messages.some((message) => message.id.endsWith('PasswordChangeRequired')),
  }
}

function notAnIdrac(root: JsonObject): DeviceError {
  const text = `${makerOf(root)} answers there, not an iDRAC; no password was sent.`
  return new DeviceError('IdentityMismatch', text, { sent: false, answered: false })
}

function anotherServer(tag: string, expected_tag: string): DeviceError {
  const text = `${tag} answers there, ${expected_tag} is expected; no password was sent.`
  return new DeviceError('IdentityMismatch', text, {
    sent: false,
    answered: false,
    data: { seen: tag, expected: expected_tag },
  })
}

/**
 * Deletes a session by its own token, or (left over from another worker) by the token of the client. Gone already is fine.
 * @throws DeviceError only when the device could not be asked.
 */
export async function closeSession(
  client: RedfishClient,
  session: { session_uri: string; token?: string },
): Promise<void> {
  try {
    await client.send({
      method: 'DELETE',
      path: session.session_uri,
      mutation: false,
      ...(session.token === undefined ? {} : { token: session.token }),
    })
  } catch (error) {
    const gone = error instanceof DeviceError && [401, 404].includes(error.facts.status ?? 0)
    if (!gone) throw error
  }
}

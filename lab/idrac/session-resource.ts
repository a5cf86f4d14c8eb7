import type { SimSession } from '../model-server.js'
import { type ConsoleSession, consolesOf } from './console-sessions.js'
import type { JsonObject } from './recorded.js'
import { collection, link, type Reader, ROOT, type View } from './view.js'

const PATH = `${ROOT}/SessionService/Sessions`

/** Body of one session. The password is never shown. */
export function sessionBody(_view: View, session: SimSession): JsonObject {
  return {
    '@odata.context': `${ROOT}/$metadata#Session.Session`,
    '@odata.id': `${PATH}/${session.id}`,
    '@odata.type': '#Session.v1_3_0.Session',
    ClientOriginIPAddress: session.client,
    Description: 'User Session',
    Id: session.id,
    Name: 'User Session',
    Password: null,
    SessionType: 'Redfish',
    UserName: session.user,
  }
}

/** Body of an open console: not made by a login, and not ended by deleting the login's session. */
function consoleBody(one: ConsoleSession): JsonObject {
  return {
    '@odata.context': `${ROOT}/$metadata#Session.Session`,
    '@odata.id': `${PATH}/${one.id}`,
    '@odata.type': '#Session.v1_3_0.Session',
    ClientOriginIPAddress: one.client,
    Description: 'User Session',
    Id: one.id,
    Name: 'User Session',
    Password: null,
    SessionType: 'KVMIP',
    UserName: one.user,
  }
}

/** The open sessions, newest first. */
export const readSessions: Reader = (view) =>
  collection(
    PATH,
    'SessionCollection',
    'Session Collection',
    [...consolesOf(view), ...view.server.idrac.sessions].reverse().map(({ id }) => link(`${PATH}/${id}`)),
  )

/** One open session. */
export const readSession: Reader = (view, [id]) => {
  const session = view.server.idrac.sessions.find((one) => one.id === id)
  const console = consolesOf(view).find((one) => one.id === id)
  return session ? sessionBody(view, session) : console && consoleBody(console)
}

import { randomUUID } from 'node:crypto'
import { type Answer, type ApplianceCall, type OpenSession, refusal } from './appliance.js'

/** QUIRK OpenManage Enterprise: 100 sessions a user, then `CURS1209`. Source: dell/dellemc-openmanage-ansible-modules ome.py. */
const MOST_SESSIONS = 100
const IDLE_MS = 30 * 60_000

/** Logs in: 201 with the token in a header and the id in the body. */
export function openSession(call: ApplianceCall, body: unknown): Answer {
  const { core, appliance, flags, sessions } = call
  const { UserName: user, Password: password, SessionType: type } = (body ?? {}) as Record<string, unknown>
  if (type !== 'API' && type !== 'GUI') return refusal(400, 'CGEN1006', 'Unable to complete the request.')
  if (user !== appliance.username || password !== appliance.password) {
    core.judge.loginFailed(appliance.name)
    return refusal(401, 'CUSR1233', 'Unable to authenticate the user.')
  }
  dropIdle(call)
  if (flags.session_table_full || sessions.length >= MOST_SESSIONS)
    return refusal(400, 'CURS1209', 'Unable to create a session because the maximum number of sessions is reached.')
  const session: OpenSession = { id: randomUUID(), token: randomUUID(), user, used_at: core.clock.now() }
  sessions.push(session)
  return {
    status: 201,
    headers: { 'x-auth-token': session.token },
    body: {
      '@odata.context': '/api/$metadata#SessionService.Session',
      '@odata.type': '#SessionService.Session',
      '@odata.id': `/api/SessionService/Sessions('${session.id}')`,
      Id: session.id,
      Description: 'admin',
      Name: 'API',
      UserName: user,
      Password: null,
      Roles: ['ADMINISTRATOR'],
    },
  }
}

function dropIdle({ core, flags, sessions }: ApplianceCall): void {
  const limit = flags.session_expires_s > 0 ? flags.session_expires_s * 1000 : IDLE_MS
  for (const session of [...sessions])
    if (core.clock.now() - session.used_at > limit) sessions.splice(sessions.indexOf(session), 1)
}

/** The session of a token, if it is still there. */
export function sessionOf(call: ApplianceCall, token: string | undefined): OpenSession | undefined {
  dropIdle(call)
  const session = call.sessions.find((one) => one.token === token)
  if (session) session.used_at = call.core.clock.now()
  return session
}

/** Deletes a session by its id; 204. */
export function closeSession({ sessions }: ApplianceCall, id: string): Answer {
  const at = sessions.findIndex((one) => one.id === id)
  if (at < 0) return refusal(404, 'CGEN1004', 'Unable to find the session.')
  sessions.splice(at, 1)
  return { status: 204 }
}

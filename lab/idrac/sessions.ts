import { randomBytes } from 'node:crypto'
import type { LabCore } from '../core.js'
import type { SimServer, SimSession } from '../model-server.js'
import { type Answer, done, refusal } from './answers.js'
import { logMessage } from './log-writer.js'
import type { Call, Route } from './route.js'
import { pathPattern } from './route.js'
import { sessionBody } from './session-resource.js'
import { ROOT, type View } from './view.js'

/** `WebServer.1.MaxNumberOfSessions` of the recorded iDRAC9. */
export const MAX_SESSIONS = 8
/** `SessionService.SessionTimeout`, simulated. */
export const SESSION_TIMEOUT_MS = 1_800_000
/** `IPBlocking.1`: FailCount 3 in FailWindow 60 s blocks for PenaltyTime 60 s. */
const FAIL_COUNT = 3
const FAIL_WINDOW_MS = 60_000
const PENALTY_MS = 60_000

export const SESSIONS = `${ROOT}/SessionService/Sessions`

/** Drops sessions that were idle for too long, and tells the judge how many are open. */
export function expireSessions(core: LabCore, server: SimServer): void {
  const now = core.clock.now()
  const { idrac } = server
  const before = idrac.sessions.length
  idrac.sessions = idrac.sessions.filter((session) => now - session.last_used_at < SESSION_TIMEOUT_MS)
  if (idrac.sessions.length !== before) core.judge.sessions(server.name, idrac.sessions.length, MAX_SESSIONS)
}

/** Is this address refused at the moment, after three wrong passwords within a minute? */
export function isBlocked(core: LabCore, server: SimServer): boolean {
  const { blocked_until: until } = server.idrac
  return until !== null && core.clock.now() < until
}

/** Counts a wrong password; the third within 60 s blocks connections for 60 s (simulated). */
export function wrongPassword(view: View, user: string, client: string): void {
  const { core, server } = view
  core.judge.loginFailed(server.name)
  logMessage(core, server, { id: 'USR0031', args: [user, client, 'REDFISH'] }, 'Audit', 'Warning')
  if (core.judge.recentFailures(server.name, FAIL_WINDOW_MS) < FAIL_COUNT) return
  server.idrac.blocked_until = core.clock.now() + PENALTY_MS
  core.judge.lockedOut(server.name)
  logMessage(
    core,
    server,
    { id: 'USR0034', args: [user, client, 'REDFISH', String(PENALTY_MS / 1000)] },
    'Audit',
    'Warning',
  )
}

const isRight = (server: SimServer, user: string, password: string): boolean =>
  user === server.idrac.username && password === server.idrac.password

function noteLogin(view: View, user: string, client: string): void {
  logMessage(view.core, view.server, { id: 'USR0030', args: [user, client, 'REDFISH'] }, 'Audit')
}

function basicCredentials(header: string): { user: string; password: string } | undefined {
  const [scheme, value] = header.split(' ')
  if (scheme?.toLowerCase() !== 'basic' || !value) return undefined
  const text = Buffer.from(value, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

function bySession(view: View, token: string): SimSession | undefined {
  expireSessions(view.core, view.server)
  const session = view.server.idrac.sessions.find((one) => one.token === token)
  if (session) session.last_used_at = view.core.clock.now()
  return session
}

/** Who makes this request, or the refusal: 401 `SYS415`/`SYS416`, `SYS468` for a token beside an Authorization header. */
export function authenticate(
  view: View,
  headers: Call['headers'],
  client: string,
): { user: string; token?: string } | Answer {
  const token = headers['x-auth-token']
  if (typeof token === 'string') {
    if (headers.authorization !== undefined) return refusal(view, 400, { id: 'SYS468' })
    const session = bySession(view, token)
    return session ? { user: session.user, token } : unauthorised(view, 'SYS415')
  }
  if (headers.authorization === undefined) return unauthorised(view, 'SYS416')
  const given = basicCredentials(headers.authorization)
  if (!given) return unauthorised(view, 'SYS416')
  if (!isRight(view.server, given.user, given.password)) {
    wrongPassword(view, given.user, client)
    return unauthorised(view, 'SYS415')
  }
  noteLogin(view, given.user, client)
  return { user: given.user }
}

function unauthorised(view: View, id: 'SYS415' | 'SYS416'): Answer {
  const answer = refusal(view, 401, { id })
  return { ...answer, headers: { 'WWW-Authenticate': 'Basic realm="RedfishService"' } }
}

function openSession({ view, client }: Call, user: string): SimSession {
  const { core, server } = view
  const now = core.clock.now()
  const face = server.idrac.face
  const number = (typeof face.next_session === 'number' ? face.next_session : 1) + 1
  face.next_session = number
  const session = {
    id: String(number),
    token: randomBytes(16).toString('hex'),
    user,
    client,
    created_at: now,
    last_used_at: now,
  }
  server.idrac.sessions.push(session)
  core.judge.sessions(server.name, server.idrac.sessions.length, MAX_SESSIONS)
  noteLogin(view, user, client)
  return session
}

function createSession(call: Call): Answer {
  const { view, body, client } = call
  const { UserName: user, Password: password } = body
  if (typeof user !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['UserName'] })
  if (typeof password !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['Password'] })
  if (!isRight(view.server, user, password)) {
    wrongPassword(view, user, client)
    return unauthorised(view, 'SYS415')
  }
  expireSessions(view.core, view.server)
  if (view.flags.session_table_full || view.server.idrac.sessions.length >= MAX_SESSIONS)
    return refusal(view, 503, { id: 'RAC0218' })
  const session = openSession(call, user)
  const location = `${SESSIONS}/${session.id}`
  return {
    status: 201,
    headers: { 'X-Auth-Token': session.token, Location: location },
    body: sessionBody(view, session),
  }
}

function deleteSession({ view, params, path }: Call): Answer {
  const { core, server } = view
  const session = server.idrac.sessions.find((one) => one.id === params[0])
  if (!session) return refusal(view, 404, { id: 'SYS403', args: [path.split('/').at(-1) ?? ''] })
  server.idrac.sessions = server.idrac.sessions.filter((one) => one !== session)
  core.judge.sessions(server.name, server.idrac.sessions.length, MAX_SESSIONS)
  logMessage(core, server, { id: 'USR0032', args: [session.user, session.client, 'REDFISH'] }, 'Audit')
  return done(view, undefined)
}

/** Login and logout. They change nothing of the device, so they are no mutations. */
export const sessionRoutes: Route[] = [
  { method: 'POST', pattern: pathPattern(SESSIONS), mutation: false, open: true, act: createSession },
  { method: 'POST', pattern: pathPattern(`${SESSIONS}/Members`), mutation: false, open: true, act: createSession },
  { method: 'DELETE', pattern: pathPattern(`${SESSIONS}/{id}`), mutation: false, early: true, act: deleteSession },
]

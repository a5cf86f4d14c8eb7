import { randomBytes } from 'node:crypto'
import type { SimVcenter } from '../model-vsphere.js'
import type { CallContext, VcenterContext } from './context.js'
import { bool, data, dateTime, int, text, type VimData } from './values.js'
import { VimFault } from './vim-faults.js'

type Session = SimVcenter['sessions'][number]

/** Idle time after which a session ends: 120 minutes in 8.0. */
const IDLE_LIMIT_MS = 120 * 60_000
/** Concurrent sessions of one vCenter 8.0. */
const SESSION_LIMIT = 3000
/** Single sign-on locks an account after five wrong passwords within three minutes, for five. */
const LOCK_FAILURES = 5
const LOCK_WINDOW_MS = 180_000
const UNLOCK_MS = 300_000
/** The built-in administrator is never locked. */
const NEVER_LOCKED = 'administrator@vsphere.local'

const invalidLogin = (): VimFault =>
  new VimFault('InvalidLogin', 'Cannot complete login due to an incorrect user name or password.')

/** Removes sessions that were idle too long or that the personality ends. */
export function expireSessions(context: VcenterContext): void {
  const { core } = context
  const vcenter = context.vcenter()
  const now = core.clock.now()
  const life = core.flags(context.name).session_expires_s
  const ended = vcenter.sessions.filter(
    (session) => now - session.last_used_at > IDLE_LIMIT_MS || (life > 0 && now - session.created_at > life * 1000),
  )
  if (ended.length === 0) return
  vcenter.sessions = vcenter.sessions.filter((session) => !ended.includes(session))
  for (const session of ended) context.memory.drop(session.id)
  core.judge.sessions(context.name, vcenter.sessions.length, SESSION_LIMIT)
}

/** The session that a cookie names, touched; undefined where it is unknown or over. */
export function sessionOf(context: VcenterContext, cookie: string | undefined): Session | undefined {
  expireSessions(context)
  const id = cookie && /vmware_soap_session="?([0-9a-f]+)"?/.exec(cookie)?.[1]
  const session = context.vcenter().sessions.find((one) => one.id === id)
  if (session) session.last_used_at = context.core.clock.now()
  return session
}

/** Logs in. Throws InvalidLogin for a wrong pair, and for a locked account whatever the password. */
export function login(context: CallContext, user: string, password: string): VimData {
  const { core } = context
  const vcenter = context.vcenter()
  const account = user.toLowerCase()
  if (isLocked(context, account)) {
    core.judge.loginFailed(context.name)
    throw invalidLogin()
  }
  if (account !== vcenter.username.toLowerCase() || password !== vcenter.password) {
    noteFailure(context, account)
    throw invalidLogin()
  }
  if (context.session) throw new VimFault('InvalidLogin', 'The session is already logged in.')
  if (vcenter.sessions.length >= SESSION_LIMIT) {
    throw new VimFault('SystemError', 'The maximum number of sessions has been exceeded.', {
      reason: text('session limit'),
    })
  }
  const now = core.clock.now()
  const session: Session = { id: randomBytes(20).toString('hex'), user, created_at: now, last_used_at: now }
  vcenter.sessions.push(session)
  core.judge.sessions(context.name, vcenter.sessions.length, SESSION_LIMIT)
  context.session = session
  context.setCookie = `vmware_soap_session="${session.id}"; Path=/; HttpOnly; Secure; `
  return userSession(context, session)
}

/** Ends the session of the call. */
export function logout(context: CallContext): void {
  const vcenter = context.vcenter()
  const id = context.session?.id
  vcenter.sessions = vcenter.sessions.filter((session) => session.id !== id)
  if (id) context.memory.drop(id)
  context.core.judge.sessions(context.name, vcenter.sessions.length, SESSION_LIMIT)
}

/** UserSession of a session; the key is not the cookie. */
export function userSession(context: CallContext, session: Session): VimData {
  return data('UserSession', {
    key: text(`52${session.id.slice(0, 6)}-${session.id.slice(6, 10)}-${session.id.slice(10, 14)}`),
    userName: text(accountName(session.user)),
    fullName: text(session.user),
    loginTime: dateTime(session.created_at),
    lastActiveTime: dateTime(session.last_used_at),
    locale: text('en'),
    messageLocale: text('en'),
    extensionSession: bool(false),
    ipAddress: text(context.remoteAddress),
    userAgent: text(context.userAgent),
    callCount: int(0),
  })
}

/** `administrator@vsphere.local` is shown as `VSPHERE.LOCAL\Administrator`. */
export function accountName(user: string): string {
  const [name = '', domain] = user.split('@')
  return domain ? `${domain.toUpperCase()}\\${name.charAt(0).toUpperCase()}${name.slice(1)}` : user
}

interface Failures {
  times: number[]
  locked_until: number
}

function failuresOf(context: VcenterContext, account: string): Failures {
  const all = (context.vcenter().face.login_failures ?? {}) as unknown as Record<string, Failures>
  context.vcenter().face.login_failures = all as never
  all[account] ??= { times: [], locked_until: 0 }
  return all[account]
}

function isLocked(context: VcenterContext, account: string): boolean {
  return failuresOf(context, account).locked_until > context.core.clock.now()
}

function noteFailure(context: VcenterContext, account: string): void {
  const { core } = context
  const now = core.clock.now()
  core.judge.loginFailed(context.name)
  const failures = failuresOf(context, account)
  failures.times = [...failures.times.filter((time) => now - time < LOCK_WINDOW_MS), now]
  if (account === NEVER_LOCKED || failures.times.length < LOCK_FAILURES) return
  failures.locked_until = now + UNLOCK_MS
  failures.times = []
  core.judge.lockedOut(context.name)
}

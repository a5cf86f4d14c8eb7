import { z } from 'zod'
import { endSession, findLocalLogin, type LocalLogin, openSession, readRoles } from '../../db/stores/accounts.js'
import { writeAudit } from '../../db/stores/audit.js'
import { endAuthSession } from '../../db/stores/auth-sessions.js'
import { readActivitySettings } from '../../db/stores/settings.js'
import { highestRole, ROLES, type Role } from '../../domain/permissions.js'
import { signInAtDirectory } from '../auth/directory-login.js'
import { isRightPassword } from '../auth/local-login.js'
import { hashToken, newSessionToken, SESSION_COOKIE } from '../auth/secrets.js'
import { Problem } from '../errors.js'
import { type Answer, type Route, type RouteContext, route } from '../route.js'
import type { Services } from '../services.js'
import { ownPasswordRoute } from './own-password.js'

const credentials = z.strictObject({
  username: z
    .string()
    .min(1)
    .max(255)
    .regex(/^\P{Cc}+$/u, 'no control characters'),
  password: z.string().min(1).max(1024),
})
const user = z.object({
  id: z.uuid(),
  username: z.string(),
  display_name: z.string().nullable(),
  role: z.enum(ROLES).describe('The highest of the roles'),
  roles: z.array(z.enum(ROLES)).describe('All roles; rights are their union'),
})
const sessionOutput = z
  .object({ token: z.string(), expires_at: z.iso.datetime(), user: user.extend({ must_change_password: z.boolean() }) })
  .meta({ id: 'Session' })

/** Signing in and out, and the caller's own account. */
export function sessionRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'POST',
      path: '/sessions',
      permission: 'open',
      summary: 'Signs in; the token is also set as an HttpOnly cookie',
      never_stored: true,
      body: credentials,
      output: sessionOutput,
      handler: (context) => signIn(services, context),
    }),
    route({
      method: 'GET',
      path: '/sessions/current',
      permission: 'signed_in',
      summary: 'Who is signed in',
      output: user,
      handler: async ({ user: caller }) => ({
        body: {
          id: caller.user_id,
          username: caller.username,
          display_name: caller.display_name,
          ...shownRoles(caller.roles),
        },
      }),
    }),
    route({
      method: 'DELETE',
      path: '/sessions/current',
      permission: 'signed_in',
      summary: 'Signs out',
      output: null,
      handler: async ({ user: caller }) => {
        if (caller.session_id) {
          await endSession(db, caller.session_id, 'signed out')
          await endAuthSession(db, caller.session_id)
        }
        return { headers: { 'set-cookie': cookieText(services, '', 0) } }
      },
    }),
    ownPasswordRoute(services),
  ]
}

const shownRoles = (roles: Role[]) => ({ role: highestRole(roles), roles })

/** Somebody who may come in. */
interface Admitted {
  user_id: string
  username: string
  display_name: string | null
  /** Never none. */
  roles: Role[]
  must_change_password: boolean
  /** The hash that the password was found right against; null: somebody else judged it. */
  judged_hash: string | null
  noteSession?: (session_id: string) => Promise<void>
}

/** A local account of this name decides alone, so that it works with the directory away; else the directory is asked. */
async function signIn(
  services: Services,
  context: RouteContext<unknown, unknown, z.output<typeof credentials>>,
): Promise<Answer> {
  const { db } = services.database
  const { username } = context.body
  const admitted = await whoComesIn(services, context)
  if (!admitted) throw notLetIn()
  const settings = await readActivitySettings(db)
  const token = newSessionToken()
  const session = await openSession(
    db,
    {
      user_id: admitted.user_id,
      token_hash: hashToken(token),
      max_hours: settings.session_max_hours,
      idle_minutes: settings.session_idle_minutes,
      ip: context.ip,
      user_agent: context.req.get('user-agent')?.slice(0, 300) ?? null,
    },
    admitted.judged_hash,
  )
  if (!session) {
    await audit(services, context, 'login.failed', admitted.user_id, username)
    throw notLetIn()
  }
  await admitted.noteSession?.(session.id)
  const { user_id: id, display_name, roles, must_change_password } = admitted
  await audit(services, context, 'login.ok', id, username, { roles })
  return {
    body: {
      token,
      expires_at: session.expires_at,
      user: { id, username: admitted.username, display_name, ...shownRoles(roles), must_change_password },
    },
    headers: { 'set-cookie': cookieText(services, token, settings.session_max_hours * 3600) },
  }
}

const notLetIn = () =>
  new Problem('InvalidCredentials', 'User or password is wrong, or the account is locked for a while.')

async function whoComesIn(
  services: Services,
  context: RouteContext<unknown, unknown, z.output<typeof credentials>>,
): Promise<Admitted | null> {
  const { username, password } = context.body
  const login = await findLocalLogin(services.database.db, username)
  const failed = () => audit(services, context, 'login.failed', login?.profile.id ?? null, username)
  try {
    const admitted = login ? await admitLocal(services, login, password) : await admitFromDirectory(services, context)
    if (!admitted) await failed()
    return admitted
  } catch (thrown) {
    await failed()
    throw thrown
  }
}

async function admitLocal(services: Services, login: LocalLogin, password: string): Promise<Admitted | null> {
  const roles = await admit(services, login, password)
  const { id: user_id, username, display_name } = login.profile
  const { must_change: must_change_password, password_hash: judged_hash } = login
  return roles.length > 0 ? { user_id, username, display_name, roles, must_change_password, judged_hash } : null
}

async function admitFromDirectory(
  services: Services,
  { body, ip, request_id }: RouteContext<unknown, unknown, z.output<typeof credentials>>,
): Promise<Admitted | null> {
  const found = await signInAtDirectory(services, { ...body, ip, request_id })
  return found && { ...found, must_change_password: false, judged_hash: null }
}

/** The roles of who may come in; none for a wrong password, a locked or disabled account, or one without a role. */
async function admit(services: Services, login: LocalLogin, password: string): Promise<Role[]> {
  const right = await isRightPassword(services, login, password)
  return right && !login.profile.disabled_at ? readRoles(services.database.db, login.profile.id) : []
}

function audit(
  services: Services,
  context: RouteContext<unknown, unknown, unknown>,
  action: string,
  user_id: string | null,
  username: string,
  after?: Record<string, unknown>,
): Promise<void> {
  return writeAudit(services.database.db, {
    actor_id: user_id,
    actor_label: username.slice(0, 255),
    actor_ip: context.ip,
    action,
    object_kind: 'session',
    after: after ?? null,
    request_id: context.request_id,
  })
}

function cookieText(services: Services, value: string, max_age_seconds: number): string {
  const secure = services.config.tls || services.config.behind_proxy ? '; Secure' : ''
  return `${SESSION_COOKIE}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${max_age_seconds}${secure}`
}

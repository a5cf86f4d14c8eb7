import { openDirectory } from '../../clients/ldap/directory.js'
import { directoryFailure } from '../../clients/ldap/failures.js'
import { type PersonAccess, readAccess } from '../../clients/ldap/person-access.js'
import { readRoles } from '../../db/stores/accounts.js'
import { noteAuthSession } from '../../db/stores/auth-sessions.js'
import { chargeDirectoryLogin, reserveDirectoryLogin, settleDirectoryLogin } from '../../db/stores/directory-logins.js'
import { saveDirectoryPerson } from '../../db/stores/directory-people.js'
import { openBindPassword, readDirectorySettings } from '../../db/stores/directory-settings.js'
import { isDirectoryUsername } from '../../domain/ldap-roles.js'
import type { Role } from '../../domain/permissions.js'
import { Problem } from '../errors.js'
import type { Services } from '../services.js'
import { withDirectoryAccess } from './directory-access.js'
import { checkPassword } from './passwords.js'

export interface DirectoryLoginRequest {
  username: string
  password: string
  ip: string | null
  request_id: string
}

/** Somebody whom the directory let in, before a session is made. */
export interface DirectoryLogin {
  user_id: string
  username: string
  display_name: string | null
  /** Those of the directory and those given by hand. */
  roles: Role[]
  /** Writes down the session that was made of it. */
  noteSession(session_id: string): Promise<void>
}

/**
 * Signs somebody in at the company directory. null: not let in, whatever the reason; the answer must not tell more. The attempt
 * is counted before anything is sent, and the limit is below that of directories, so guessing here never locks anybody there.
 * @throws Problem `NoRoleMapped` (only after a right password), `DirectoryUnavailable`
 */
export async function signInAtDirectory(
  services: Services,
  request: DirectoryLoginRequest,
): Promise<DirectoryLogin | null> {
  const { db } = services.database
  const settings = await readDirectorySettings(db)
  const { username, password, ip } = request
  if (!settings.enabled || !isDirectoryUsername(username)) return refuse(password)
  const attempt = await reserveDirectoryLogin(db, { username, source_ip: ip })
  if (!attempt.allowed) return refuse(password)
  const asked: Asked = { reached: false, server: null, dn: null }
  try {
    const bind_password = await openBindPassword(db, services.keys())
    const access = await withDirectoryAccess(
      services,
      settings,
      bind_password,
      { user_id: null, request_id: request.request_id },
      async (way) => {
        const directory = await openDirectory(way)
        try {
          asked.server = directory.server
          const user = await directory.findUser(username)
          if (!user) return refuse(password)
          asked.dn = user.dn
          if (!(await chargeDirectoryLogin(db, attempt.attempt_id, user.username)).allowed) return refuse(password)
          asked.reached = true
          await directory.checkPassword(user, password)
          await settleDirectoryLogin(db, attempt.attempt_id, 'ok')
          return await readAccess(directory, user, {
            mappings: settings.group_mappings,
            default_role: settings.default_role,
          })
        } finally {
          await directory.close()
        }
      },
    )
    if (access) return await admit(services, request, asked, access)
    await settleDirectoryLogin(db, attempt.attempt_id, 'refused')
    await note(services, request, asked, 'InvalidCredentials')
    return null
  } catch (thrown) {
    return notLetIn(services, request, asked, attempt.attempt_id, thrown)
  }
}

interface Asked {
  /** A password may have been judged. */
  reached: boolean
  server: string | null
  dn: string | null
}

/** Takes as long as a local account with a wrong password. */
async function refuse(password: string): Promise<null> {
  await checkPassword(null, password)
  return null
}

async function admit(
  services: Services,
  request: DirectoryLoginRequest,
  asked: Asked,
  access: PersonAccess,
): Promise<DirectoryLogin | null> {
  const { user, role, roles, groups } = access
  const { username, directory_id, dn, display_name, email } = user
  const person = { username, directory_id, dn, display_name, email, roles }
  if (role === null) {
    await note(services, request, asked, 'NoRoleMapped')
    throw new Problem(
      'NoRoleMapped',
      'User and password are right, but no group of this user is mapped to a role here.',
    )
  }
  const saved = await saveDirectoryPerson(services.database.db, person)
  if (saved.outcome === 'name_taken') {
    await note(services, request, asked, 'StateConflict')
    return null
  }
  if (saved.shut_out) {
    await note(services, request, asked, 'AccountDisabled', { user_id: saved.user_id })
    return null
  }
  const { user_id } = saved
  return {
    user_id,
    username,
    display_name,
    roles: await readRoles(services.database.db, user_id),
    noteSession: (session_id) => note(services, request, asked, 'ok', { user_id, session_id, role, groups }),
  }
}

async function notLetIn(
  services: Services,
  request: DirectoryLoginRequest,
  asked: Asked,
  attempt_id: number,
  thrown: unknown,
): Promise<null> {
  const { db } = services.database
  const failure = directoryFailure(thrown)
  const judged = asked.reached && (failure?.may_have_judged ?? true)
  await settleDirectoryLogin(db, attempt_id, judged ? 'refused' : 'no_answer')
  if (!failure) throw thrown
  await note(services, request, asked, failure.code)
  services.log.warn(
    { code: failure.code, server: asked.server, request_id: request.request_id },
    'not signed in at the directory',
  )
  if (failure.code === 'InvalidCredentials' || failure.code === 'AccountDisabled') return null
  throw new Problem('DirectoryUnavailable', 'The company directory cannot be asked now. Local accounts work as ever.', {
    status: 503,
  })
}

async function note(
  services: Services,
  { username, ip }: DirectoryLoginRequest,
  { server, dn }: Asked,
  outcome: string,
  more: { user_id?: string; session_id?: string; role?: Role; groups?: string[] } = {},
): Promise<void> {
  await noteAuthSession(services.database.db, { kind: 'login', username, dn, server, source_ip: ip, outcome, ...more })
}

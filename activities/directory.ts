import { DeviceError } from '../clients/errors.js'
import { checkDirectory } from '../clients/ldap/check-directory.js'
import type { Directory } from '../clients/ldap/directory.js'
import type { DirectoryUser } from '../clients/ldap/people.js'
import { readAccess } from '../clients/ldap/person-access.js'
import { noteAuthSession } from '../db/stores/auth-sessions.js'
import { chargeDirectoryLogin, reserveDirectoryLogin, settleDirectoryLogin } from '../db/stores/directory-logins.js'
import { findDirectoryPerson, saveDirectoryPerson } from '../db/stores/directory-people.js'
import {
  openBindPassword,
  type PublicDirectorySettings,
  readDirectorySettings,
} from '../db/stores/directory-settings.js'
import { takeOwnSecret } from '../db/stores/sealed-secrets.js'
import type { FailureCode } from '../domain/failures.js'
import { mayReusePassword } from '../domain/ldap-roles.js'
import type { DirectoryActivities, DirectoryTest, LoginTrial } from './contracts/directory.js'
import type { Deps } from './deps.js'
import { directoryAccess, withDirectory } from './directory-access.js'
import { syncDirectoryPeople } from './directory-sync.js'
import { StepFailed } from './failures.js'

type Asked = Parameters<DirectoryActivities['findDirectoryPerson']>[0]
type Tried = Parameters<DirectoryActivities['tryDirectoryLogin']>[0]

/** Activities on the company directory. */
export function createDirectoryActivities(deps: Deps): DirectoryActivities {
  return {
    findDirectoryPerson: (input) => answered(input, (trial) => lookUp(deps, input, trial, async () => undefined)),
    tryDirectoryLogin: (input) => tryLogin(deps, input),
    keepLoginTrial: (input) => keepLoginTrial(deps, input),
    testDirectory: (input) => testDirectory(deps, input),
    syncDirectoryPeople: (input) => syncDirectoryPeople(deps, input),
  }
}

const emptyTrial = (username: string): LoginTrial => ({
  authenticated: false,
  username,
  dn: null,
  role: null,
  groups: [],
  code: null,
  reason: null,
  server: null,
  person: null,
})

/** A directory that says no, or nothing, is an answer about the login: only the database is asked again. */
async function answered(input: Asked, ask: (trial: LoginTrial) => Promise<void>): Promise<LoginTrial> {
  const trial = emptyTrial(input.username)
  try {
    await ask(trial)
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) && !(thrown instanceof StepFailed)) throw thrown
    refuse(trial, thrown.code, thrown.message)
  }
  return trial
}

function refuse(trial: LoginTrial, code: FailureCode, reason: string): void {
  Object.assign(trial, { code, reason })
}

/** The person, `prove` (the password, or nothing), then groups and role; fills in the trial on the way. */
async function lookUp(
  deps: Deps,
  { job_id, username }: Asked,
  trial: LoginTrial,
  prove: (directory: Directory, user: DirectoryUser) => Promise<void>,
): Promise<void> {
  await withDirectory(deps, job_id, async (directory, settings) => {
    trial.server = directory.server
    const user = await directory.findUser(username)
    if (!user) return refuse(trial, 'InvalidCredentials', 'The directory knows nobody of this name.')
    Object.assign(trial, { dn: user.dn, username: user.username })
    await prove(directory, user)
    const { role, roles, groups } = await readAccess(directory, user, rulesOf(settings))
    const { directory_id, display_name, email, state } = user
    Object.assign(trial, { role, groups, person: { directory_id, display_name, email, roles } })
    if (state !== 'ok') return refuse(trial, 'AccountDisabled', `The account is ${state} in the directory.`)
    if (role === null) return refuse(trial, 'NoRoleMapped', 'No group of this person is mapped to a role.')
    const known = await findDirectoryPerson(deps.db, { ...user, roles })
    if (known?.disabled_how === 'admin') refuse(trial, 'AccountDisabled', 'An admin has disabled this person here.')
  })
}

const rulesOf = ({ group_mappings, default_role }: PublicDirectorySettings) => ({
  mappings: group_mappings,
  default_role,
})

/** The secret first: whatever comes after, it is gone. */
async function tryLogin(deps: Deps, input: Tried): Promise<LoginTrial> {
  const { db, keys } = deps
  const { secret_ref, requested_by, username, source_ip, job_id } = input
  const password = requested_by
    ? await takeOwnSecret(db, keys, secret_ref, { purpose: 'idm_authenticate', owner_user_id: requested_by })
    : null
  return answered(input, async (trial) => {
    if (password === null) {
      throw new StepFailed(
        'SecretExpired',
        'The password was used already or has expired; what came of it is not known. Try again.',
      )
    }
    const attempt = await reserveDirectoryLogin(db, { username, source_ip, job_id })
    if (!attempt.allowed) throw tooMany(attempt.retry_at)
    let judged = false
    try {
      await lookUp(deps, input, trial, async (directory, user) => {
        const charged = await chargeDirectoryLogin(db, attempt.attempt_id, user.username)
        if (!charged.allowed) throw tooMany(charged.retry_at)
        judged = true
        await directory.checkPassword(user, password)
        await settleDirectoryLogin(db, attempt.attempt_id, 'ok')
        trial.authenticated = true
      })
      await settleDirectoryLogin(db, attempt.attempt_id, 'refused')
    } catch (thrown) {
      await settleDirectoryLogin(db, attempt.attempt_id, judged ? 'refused' : 'no_answer')
      throw thrown
    }
  })
}

const tooMany = (retry_at: string) =>
  new StepFailed('AccountDisabled', `Too many wrong passwords; nothing was sent. It may be tried again at ${retry_at}.`)

/** The row is that of the job: a repeat writes the same one. */
async function keepLoginTrial(
  deps: Deps,
  { job_id, trial, update_profile, source_ip }: Parameters<DirectoryActivities['keepLoginTrial']>[0],
): Promise<{ user_id: string | null }> {
  const { username, dn, role, groups, person, code, server } = trial
  let user_id: string | null = null
  if (update_profile && code === null && trial.authenticated && dn !== null && person) {
    user_id = (await saveDirectoryPerson(deps.db, { username, dn, ...person })).user_id
  }
  const outcome = code ?? 'ok'
  await noteAuthSession(deps.db, {
    id: job_id,
    kind: 'test',
    user_id,
    username,
    dn,
    server,
    role,
    groups,
    source_ip,
    outcome,
  })
  return { user_id }
}

async function testDirectory(
  deps: Deps,
  { job_id, settings, secret_ref, requested_by, username }: Parameters<DirectoryActivities['testDirectory']>[0],
): Promise<DirectoryTest> {
  const { db, keys } = deps
  const saved = await readDirectorySettings(db)
  const stored = { ...saved, ...settings } as PublicDirectorySettings
  let password = mayReusePassword(saved.servers, stored.servers) ? await openBindPassword(db, keys) : null
  if (secret_ref) {
    password = requested_by
      ? await takeOwnSecret(db, keys, secret_ref, { purpose: 'idm_test', owner_user_id: requested_by })
      : null
    if (password === null)
      throw new StepFailed(
        'SecretExpired',
        'The password of the service account was used already or has expired. Try again.',
      )
  }
  return checkDirectory(directoryAccess(deps, job_id, stored, password), rulesOf(saved), username)
}

import { z } from 'zod'
import type { Db } from '../../db/connect.js'
import { findLocalLogin, getUser, type Person } from '../../db/stores/accounts.js'
import type { Caller } from '../../db/stores/callers.js'
import { changeUser, lockUser } from '../../db/stores/users.js'
import { ROLES } from '../../domain/permissions.js'
import { auditDeed } from '../audit-trail.js'
import { dropFirstPassword, FIRST_ADMIN } from '../auth/first-admin.js'
import { hashPassword, refuseWeak } from '../auth/passwords.js'
import { Problem } from '../errors.js'
import { type Answer, idParams, type Route, type RouteContext, route } from '../route.js'
import type { Services } from '../services.js'
import { personSchema, userView } from './people.js'

const patchBody = z.strictObject({
  display_name: z.string().max(255).nullable().optional(),
  email: z.string().max(255).nullable().optional(),
  disabled: z
    .boolean()
    .optional()
    .describe('true ends sessions, revokes tokens for good and keeps the person out, whatever a directory says'),
  roles: z.array(z.enum(ROLES)).max(4).optional().describe('Given by hand; those of the directory stay'),
  password: z
    .string()
    .max(256)
    .optional()
    .meta({ writeOnly: true })
    .describe('Of the local account of somebody else, who is asked to change it; ends the sessions'),
})

type Body = z.output<typeof patchBody>
type Context = RouteContext<{ id: string }, unknown, Body>

/** Changing one person. */
export function userRoute(services: Services): Route[] {
  return [
    route({
      method: 'PATCH',
      path: '/users/:id',
      permission: 'admin',
      summary: 'Changes name, roles given by hand, password, or whether a person may sign in',
      params: idParams,
      body: patchBody,
      output: personSchema,
      handler: (context) => change(services, context),
    }),
  ]
}

async function change(services: Services, context: Context): Promise<Answer> {
  const { db } = services.database
  const { body, user: caller } = context
  const { password, ...fields } = body
  const found = await mustGet(db, context.params.id)
  const password_hash = password === undefined ? undefined : await judgedHash(services, password, found, caller)
  const after = await db.transaction(async (tx) => {
    const before = await lockUser(tx, found.id)
    if (!before) throw unknown()
    context.checkVersion(before.version)
    refuseOwnLockout(body, before, caller)
    const changed = await changeUser(tx, before.id, { ...fields, password_hash }, caller)
    if (!changed) throw unknown()
    await auditDeed(tx, context, {
      action: 'user.update',
      object_kind: 'user',
      object_id: before.id,
      object_label: before.username,
      before: { roles: before.roles, disabled_at: before.disabled_at },
      after: { ...body, roles: changed.roles, disabled_at: changed.disabled_at },
    })
    return changed
  })
  if (password_hash && after.username === FIRST_ADMIN) dropFirstPassword(services.config.data_dir)
  return { body: userView(after), version: after.version }
}

/**
 * The hash of a password that an admin sets for somebody else.
 * @throws {Problem} `StateConflict` for the own account, which asks for the current password elsewhere, and for people of the
 * directory, who have no password here; `InvalidRequest` for a weak one
 */
async function judgedHash(services: Services, password: string, person: Person, caller: Caller): Promise<string> {
  if (person.id === caller.user_id) {
    throw new Problem('StateConflict', 'The own password is changed with POST /users/me/password.', {
      errors: [{ pointer: '/password', detail: 'not for the own account' }],
    })
  }
  if (!(await findLocalLogin(services.database.db, person.username))) {
    throw new Problem('StateConflict', 'The password of this person is kept by the directory; change it there.', {
      errors: [{ pointer: '/password', detail: 'only for local accounts' }],
    })
  }
  refuseWeak(password, person.username, '/password')
  return hashPassword(password)
}

function refuseOwnLockout({ disabled, roles }: Body, before: Person, caller: Caller): void {
  if (before.id !== caller.user_id) return
  const given_elsewhere = before.grants.some((grant) => grant.role === 'admin' && grant.source === 'directory')
  const loses_admin = roles !== undefined && !roles.includes('admin') && !given_elsewhere
  if (disabled || loses_admin)
    throw new Problem('StateConflict', 'Nobody locks the own account out; another admin may.')
}

const unknown = () => new Problem('NotFound', 'There is no such user.')

async function mustGet(db: Db, id: string): Promise<Person> {
  const user = await getUser(db, id)
  if (!user) throw unknown()
  return user
}

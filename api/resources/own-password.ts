import { z } from 'zod'
import { endSessionsOf, findLocalLogin, setPassword } from '../../db/stores/accounts.js'
import type { Caller } from '../../db/stores/callers.js'
import { lockUser } from '../../db/stores/users.js'
import { auditDeed } from '../audit-trail.js'
import { dropFirstPassword, FIRST_ADMIN } from '../auth/first-admin.js'
import { isRightPassword } from '../auth/local-login.js'
import { hashPassword, refuseWeak } from '../auth/passwords.js'
import { Problem } from '../errors.js'
import { type Answer, type Route, type RouteContext, route } from '../route.js'
import type { Services } from '../services.js'

const passwords = z.strictObject({
  current_password: z.string().max(1024).meta({ writeOnly: true }),
  new_password: z.string().max(1024).meta({ writeOnly: true }),
})

/** Changing the own password. */
export function ownPasswordRoute(services: Services): Route {
  return route({
    method: 'POST',
    path: '/users/me/password',
    permission: 'signed_in',
    summary: "Changes the caller's own local password and ends the other sessions",
    body: passwords,
    output: null,
    status: 204,
    handler: (context) => changePassword(services, context),
  })
}

/** Wrong current passwords count as those of sign-ins do: a session that somebody found open is no place to guess. */
async function changePassword(
  services: Services,
  context: RouteContext<unknown, unknown, z.output<typeof passwords>>,
): Promise<Answer> {
  const { db } = services.database
  const { user: caller, body } = context
  if (caller.origin === 'token') throw new Problem('Forbidden', 'A token changes no password; sign in.')
  const login = await findLocalLogin(db, caller.username)
  if (!login) throw new Problem('StateConflict', 'Your password is kept by the directory; change it there.')
  if (!(await isRightPassword(services, login, body.current_password))) {
    await auditDeed(db, context, deed('password.refused', caller))
    throw wrongPassword()
  }
  refuseWeak(body.new_password, caller.username, '/new_password')
  if (body.new_password === body.current_password) {
    throw new Problem('InvalidRequest', 'The new password is the current one.', {
      errors: [{ pointer: '/new_password', detail: 'same as the current one' }],
    })
  }
  const password_hash = await hashPassword(body.new_password)
  await db.transaction(async (tx) => {
    await lockUser(tx, caller.user_id)
    const now = await findLocalLogin(tx, caller.username)
    if (now?.password_hash !== login.password_hash) throw wrongPassword()
    await setPassword(tx, caller.user_id, password_hash, { must_change: false })
    await endSessionsOf(tx, caller.user_id, 'password changed', caller.session_id)
    await auditDeed(tx, context, deed('password.change', caller))
  })
  if (caller.username === FIRST_ADMIN) dropFirstPassword(services.config.data_dir)
  return {}
}

const deed = (action: string, { user_id, username }: Caller) => ({
  action,
  object_kind: 'user',
  object_id: user_id,
  object_label: username,
})

const wrongPassword = () =>
  new Problem('InvalidCredentials', 'The current password is wrong, or the account is locked for a while.', {
    status: 403,
  })

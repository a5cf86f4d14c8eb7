import { z } from 'zod'
import { endSessionsOf, getUser, type Person } from '../../db/stores/accounts.js'
import { changeUser } from '../../db/stores/users.js'
import { ROLES } from '../../domain/permissions.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { type Answer, idParams, type Route, type RouteContext, route } from '../route.js'
import type { Services } from '../services.js'
import { personSchema, userView } from './people.js'

const patchBody = z.strictObject({
  display_name: z.string().max(255).nullable().optional(),
  email: z.string().max(255).nullable().optional(),
  disabled: z.boolean().optional().describe('true ends the sessions and keeps the person out'),
  roles: z.array(z.enum(ROLES)).max(4).optional().describe('Given by hand; those of the directory stay'),
})

/** Changing one person. */
export function userRoute(services: Services): Route[] {
  return [
    route({
      method: 'PATCH',
      path: '/users/:id',
      permission: 'admin',
      summary: 'Changes name, roles given by hand, or whether a person may sign in',
      params: idParams,
      body: patchBody,
      output: personSchema,
      handler: (context) => change(services, context),
    }),
  ]
}

async function change(
  services: Services,
  context: RouteContext<{ id: string }, unknown, z.output<typeof patchBody>>,
): Promise<Answer> {
  const { db } = services.database
  const { body, user: caller } = context
  const before = await mustGet(services, context.params.id)
  context.checkVersion(before.version)
  const losesAdmin = body.roles !== undefined && !body.roles.includes('admin') && before.roles.includes('admin')
  if (before.id === caller.user_id && (body.disabled || losesAdmin)) {
    throw new Problem('StateConflict', 'Nobody locks the own account out; another admin may.')
  }
  const after = await db.transaction(async (tx) => {
    const changed = await changeUser(tx, before.id, body, caller.user_id)
    if (!changed) throw new Problem('NotFound', 'There is no such user.')
    if (body.disabled) await endSessionsOf(tx, before.id, 'account disabled')
    await auditDeed(tx, context, {
      action: 'user.update',
      object_kind: 'user',
      object_id: before.id,
      object_label: before.username,
      before: { roles: before.roles, disabled_at: before.disabled_at },
      after: body,
    })
    return changed
  })
  return { body: userView(after), version: after.version }
}

async function mustGet(services: Services, id: string): Promise<Person> {
  const user = await getUser(services.database.db, id)
  if (!user) throw new Problem('NotFound', 'There is no such user.')
  return user
}

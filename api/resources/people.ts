import { and, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { type ApiToken, apiTokens, profiles, userRoles } from '../../db/schema/people.js'
import {
  createLocalAccount,
  getApiToken,
  getUser,
  insertApiToken,
  listUsers,
  revokeApiToken,
  type UserRow,
} from '../../db/stores/accounts.js'
import { isAllowed, ROLES } from '../../domain/permissions.js'
import { auditDeed } from '../audit-trail.js'
import { hashPassword, refuseWeak } from '../auth/passwords.js'
import { hashToken, newApiToken } from '../auth/secrets.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, mapPage, queryFlag, sortedPage, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const grantSchema = rowSchema(userRoles, ['user_id'], { role: z.enum(ROLES) })
const userSchema = rowSchema(profiles, ['preferences'], { roles: z.array(z.enum(ROLES)) }).meta({ id: 'User' })
export const personSchema = rowSchema(profiles, ['preferences'], {
  roles: z.array(z.enum(ROLES)),
  grants: z.array(grantSchema),
}).meta({ id: 'Person' })
/** A person without the own preferences. */
export const userView = <User extends Pick<UserRow, 'preferences'>>({ preferences: _own, ...shown }: User) => shown
const tokenSchema = rowSchema(apiTokens, ['token_hash']).meta({ id: 'ApiToken' })
/** A token changes once: when it is revoked. */
const versionOf = (token: ApiToken) => Date.parse(token.revoked_at ?? token.created_at)
const DAY_MS = 86_400_000
const tokenView = ({ token_hash: _hash, ...shown }: ApiToken) => shown

export function userRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/users',
      permission: 'audit',
      summary: 'People with their roles, by name',
      query: listQuery(['username'], {
        q: z.string().max(255).optional(),
        role: z.enum(ROLES).optional(),
        disabled: queryFlag.optional(),
      }),
      output: listOutput(userSchema),
      handler: async ({ query }) => {
        const { q = '', role, disabled } = query
        const users = (await listUsers(db)).filter(
          (user) =>
            `${user.username} ${user.display_name ?? ''}`.toLowerCase().includes(q.toLowerCase()) &&
            (role === undefined || user.roles.includes(role)) &&
            (disabled === undefined || disabled === (user.disabled_at !== null)),
        )
        return { body: sortedPage(users.map(userView), query, (user) => user.username) }
      },
    }),
    route({
      method: 'GET',
      path: '/users/:id',
      permission: 'audit',
      summary: 'One person, with where each role comes from',
      params: idParams,
      output: personSchema,
      handler: async ({ params }) => {
        const found = await getUser(db, params.id)
        if (!found) throw new Problem('NotFound', 'There is no such user.')
        return { body: userView(found), version: found.version }
      },
    }),
    route({
      method: 'POST',
      path: '/users',
      permission: 'admin',
      summary: 'Adds a local account with one role',
      body: z.strictObject({
        username: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'letters, digits, . _ @ -'),
        password: z.string().max(256).meta({ writeOnly: true }),
        role: z.enum(ROLES),
        display_name: z.string().max(255).nullish(),
      }),
      output: userSchema,
      handler: async (context) => {
        const { username, password, role, display_name = null } = context.body
        refuseWeak(password, username, '/password')
        const password_hash = await hashPassword(password)
        const granted_by = context.user.user_id
        const user = await db.transaction(async (tx) => {
          const made = await createLocalAccount(tx, { username, password_hash, role, display_name, granted_by })
          await auditDeed(tx, context, {
            action: 'user.create',
            object_kind: 'user',
            object_id: made.id,
            object_label: username,
            after: { roles: [role] },
          })
          return made
        })
        return { body: { ...userView(user), roles: [role] }, headers: { location: `/api/v1/users/${user.id}` } }
      },
    }),
  ]
}

export function tokenRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/tokens',
      permission: 'signed_in',
      summary: "The caller's API tokens (admins and auditors: all), without their secret",
      query: listQuery(['name'], {}),
      output: listOutput(tokenSchema),
      handler: async ({ query, user }) => {
        const { limit, cursor, count, sort } = query
        const all = isAllowed(user.roles, 'audit')
        const where = [and(isNull(apiTokens.revoked_at), all ? undefined : eq(apiTokens.user_id, user.user_id))]
        const { descending } = sortOf(sort)
        const key = { expression: sql`${apiTokens.name}`, type: 'text' as const, descending }
        return {
          body: mapPage(
            await listRows(db, { table: apiTokens, id: sql`${apiTokens.id}`, where, sort: key, limit, cursor, count }),
            tokenView,
          ),
        }
      },
    }),
    route({
      method: 'POST',
      path: '/tokens',
      permission: 'signed_in',
      summary: 'Makes an API token; it is shown once',
      never_stored: true,
      body: z.strictObject({
        name: z.string().min(1).max(100),
        role: z.enum(ROLES).optional().describe('At most what the user has'),
        expires_in_days: z.int().min(1).max(365).default(90),
        allowed_cidrs: z
          .array(z.union([z.cidrv4(), z.cidrv6()]))
          .max(50)
          .default([]),
      }),
      output: tokenSchema.extend({ token: z.string() }),
      handler: async (context) => {
        if (context.user.origin === 'token') throw new Problem('Forbidden', 'A token makes no tokens; sign in.')
        const { token, prefix } = newApiToken()
        const { name, role = null, expires_in_days, allowed_cidrs } = context.body
        const expires_at = new Date(Date.now() + expires_in_days * DAY_MS).toISOString()
        const row = await insertApiToken(db, {
          user_id: context.user.user_id,
          name,
          prefix,
          token_hash: hashToken(token),
          role,
          allowed_cidrs,
          expires_at,
        })
        if (!row) throw new Problem('Unauthenticated', 'The account was disabled.')
        await auditDeed(db, context, {
          action: 'token.create',
          object_kind: 'token',
          object_id: row.id,
          object_label: name,
          after: { role, expires_at },
        })
        return { body: { ...tokenView(row), token } }
      },
    }),
    route({
      method: 'GET',
      path: '/tokens/:id',
      permission: 'signed_in',
      summary: 'One API token, without its secret',
      params: idParams,
      output: tokenSchema,
      handler: async ({ params, user }) => {
        const token = await getApiToken(db, params.id)
        const all = isAllowed(user.roles, 'audit')
        if (!token || (!all && token.user_id !== user.user_id)) throw new Problem('NotFound', 'There is no such token.')
        return { body: tokenView(token), version: versionOf(token) }
      },
    }),
    route({
      method: 'DELETE',
      path: '/tokens/:id',
      permission: 'signed_in',
      summary: 'Revokes an API token',
      params: idParams,
      output: null,
      handler: async (context) => {
        const token = await getApiToken(db, context.params.id)
        const { user } = context
        // A token that got into other hands ends itself, not the others of its owner.
        const own = token?.user_id === user.user_id && (user.origin !== 'token' || token.id === user.token_id)
        if (!token || (!own && !user.roles.includes('admin'))) throw new Problem('NotFound', 'There is no such token.')
        context.checkVersion(versionOf(token))
        await revokeApiToken(db, token.id)
        await auditDeed(db, context, {
          action: 'token.revoke',
          object_kind: 'token',
          object_id: token.id,
          object_label: token.name,
        })
        return {}
      },
    }),
  ]
}
